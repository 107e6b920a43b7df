/** EXEC procedure args, EXEC @rc = procedure, EXEC ('text'), EXECUTE AS. */
import { TSqlError } from '../../contract';
import type { Argument, StatementBody } from './ast-statements';
import type { Expr } from './ast';
import type { Cursor } from './cursor';
import { parseExpr } from './expressions';

export function parseExecute(c: Cursor): StatementBody {
  if (!c.accept('EXEC')) c.expect('EXECUTE');
  if (c.is('(')) {
    c.take();
    const text: Expr = parseExpr(c);
    c.expect(')');
    return { kind: 'execute', text, args: [] };
  }
  let result: string | undefined;
  if (c.token.kind === 'variable' && c.peek().upper === '=') {
    result = c.variable();
    c.take();
  }
  if (c.token.kind === 'variable') return { kind: 'execute', callee: parseExpr(c), result, args: parseArguments(c) };
  return parseCall(c, result);
}

/** `procedure args`, after EXEC or at the head of a batch. */
export function parseCall(c: Cursor, result?: string): StatementBody {
  const procedure = c.name();
  const args = parseArguments(c);
  if (c.accept('WITH')) c.expect('RECOMPILE');
  return { kind: 'execute', procedure, result, args };
}

function parseArguments(c: Cursor): Argument[] {
  const { kind, upper } = c.token;
  const begins =
    ['string', 'nstring', 'integer', 'decimal', 'float', 'money', 'hex', 'variable', 'quoted'].includes(kind) ||
    ['-', '+', 'NULL', 'DEFAULT'].includes(upper) ||
    (kind === 'word' && c.isIdentifier() && isBareWord(c));
  if (!begins) return [];
  const args: Argument[] = [];
  c.list(() => {
    const { line } = c;
    const argument = parseArgument(c);
    if (argument.name === undefined && args.at(-1)?.name !== undefined)
      throw new TSqlError(
        119,
        `Must pass parameter number ${args.length + 1} and subsequent parameters as '@name = value'. After the form '@name = value' has been used, all subsequent parameters must be passed in the form '@name = value'.`,
        1,
        15,
        line,
      );
    if (argument.output && argument.value.kind !== 'variable')
      throw new TSqlError(
        179,
        'Cannot use the OUTPUT option when passing a constant to a stored procedure.',
        1,
        15,
        line,
      );
    args.push(argument);
  });
  return args;
}
/** `EXEC sp_help orders`: an unquoted word is a string. A word that begins a statement is not. */
function isBareWord(c: Cursor): boolean {
  return !c.is('RENAME', 'OBJECT') && !c.is('COPY', 'INTO') && !c.is('THROW') && c.peek().upper !== ':';
}
function parseArgument(c: Cursor): Argument {
  let name: string | undefined;
  if (c.token.kind === 'variable' && c.peek().upper === '=') {
    name = c.variable();
    c.take();
  }
  const { token } = c;
  let value: Expr;
  if (token.kind === 'word' && c.isIdentifier() && c.peek().upper !== '(') {
    value = { kind: 'literal', type: 'nstring', text: c.name().join('.') };
  } else value = parseExpr(c);
  const output = c.accept('OUTPUT') || c.accept('OUT');
  return { name, value, output };
}

/** EXECUTE AS USER = 'name' | LOGIN = 'name' */
export function parseExecuteAs(c: Cursor): StatementBody {
  if (!c.accept('EXEC')) c.expect('EXECUTE');
  c.expect('AS');
  if (!c.accept('USER')) c.expect('LOGIN');
  c.expect('=');
  const user = c.string();
  if (c.accept('WITH')) c.expect('NO', 'REVERT');
  return { kind: 'executeAs', user };
}
