/** Control of flow: IF, BEGIN, TRY, transactions, THROW, RAISERROR, RETURN, DECLARE. */
import { refusedByPool, syntaxError } from '../errors';
import type { Expr } from './ast';
import type { Statement, StatementBody } from './ast-statements';
import { parseColumnDefinitions } from './columns';
import { Cursor } from './cursor';
import { parseExpr, parsePredicate } from './expressions';
import { parseAssignmentOperator, parseQuery } from './query';
import { parseTypeName } from './type-name';
import { parseStatement } from './statements';

export function parseDeclare(c: Cursor): StatementBody {
  c.expect('DECLARE');
  const variables = c.list(() => {
    if (c.token.kind === 'word' && c.peek().upper === 'CURSOR') throw refusedByPool('A cursor', c.line);
    const name = c.variable();
    c.declare(name);
    c.accept('AS');
    if (c.is('TABLE')) {
      c.refuse('A table variable');
      c.take();
      return { name, type: { name: 'table', args: [] }, table: parseColumnDefinitions(c) };
    }
    if (c.is('CURSOR')) throw refusedByPool('A cursor', c.line);
    const type = parseTypeName(c);
    return { name, type, value: c.accept('=') ? parseExpr(c) : undefined };
  });
  return { kind: 'declare', variables };
}

/** WAITFOR DELAY 'hh:mm:ss' | TIME 'hh:mm:ss' */
export function parseWaitFor(c: Cursor): StatementBody {
  c.expect('WAITFOR');
  const until = c.accept('TIME');
  if (!until) c.expect('DELAY');
  return { kind: 'waitFor', until, value: parseExpr(c) };
}

export function parseIf(c: Cursor): StatementBody {
  c.expect('IF');
  const condition = parsePredicate(c);
  const yes = parseStatement(c);
  const otherwise = c.accept('ELSE') ? parseStatement(c) : undefined;
  return { kind: 'if', condition, yes, otherwise };
}

export function parseBegin(c: Cursor): StatementBody {
  if (c.isAny('BEGIN') && ['TRAN', 'TRANSACTION', 'DISTRIBUTED'].includes(c.peek().upper)) return parseTransaction(c);
  c.expect('BEGIN');
  if (c.is('TRY')) {
    c.take();
    const body = parseUntilEnd(c);
    c.expect('END', 'TRY');
    while (c.accept(';'));
    c.expect('BEGIN', 'CATCH');
    const handler = parseUntilEnd(c);
    c.expect('END', 'CATCH');
    return { kind: 'try', body, handler };
  }
  if (c.is('ATOMIC')) throw refusedByPool('BEGIN ATOMIC', c.line);
  const body = parseUntilEnd(c);
  if (!body.length) throw c.error();
  c.expect('END');
  return { kind: 'block', body };
}
function parseUntilEnd(c: Cursor): Statement[] {
  const body: Statement[] = [];
  while (c.accept(';'));
  while (!c.is('END')) {
    if (c.token.kind === 'end') throw c.error();
    body.push(parseStatement(c));
  }
  return body;
}

export function parseTransaction(c: Cursor): StatementBody {
  const action = c.take().text.toLowerCase() as 'begin' | 'commit' | 'rollback' | 'save';
  if (c.is('DISTRIBUTED')) throw refusedByPool('BEGIN DISTRIBUTED TRANSACTION', c.line);
  if (action === 'save') throw refusedByPool('SAVE TRANSACTION', c.line);
  const word = c.accept('TRANSACTION') || c.accept('TRAN') || c.accept('WORK');
  let name: string | undefined;
  if (
    word &&
    (c.isIdentifier() || c.token.kind === 'variable') &&
    !c.is('RENAME', 'OBJECT') &&
    !c.is('THROW') &&
    !c.is('COPY', 'INTO')
  )
    name = c.take().text;
  if (name !== undefined) c.refuse('A named transaction');
  return { kind: 'transaction', action, name };
}

export function parseThrow(c: Cursor): StatementBody {
  c.expect('THROW');
  const { kind } = c.token;
  if (kind !== 'integer' && kind !== 'variable') return { kind: 'throw' };
  const number = parseExpr(c);
  c.expect(',');
  const message = parseExpr(c);
  c.expect(',');
  return { kind: 'throw', args: [number, message, parseExpr(c)] };
}

export function parseRaiserror(c: Cursor): StatementBody {
  c.expect('RAISERROR');
  const args = c.parenthesized(() => parseExpr(c));
  if (c.accept('WITH'))
    c.list(() => {
      if (!c.isAny('NOWAIT', 'LOG', 'SETERROR')) throw c.error();
      c.take();
    });
  if (args.length < 3) throw c.error();
  return { kind: 'raiserror', args };
}

export function parseReturn(c: Cursor): StatementBody {
  c.expect('RETURN');
  const { token } = c;
  if (token.upper === 'SELECT' || (token.upper === '(' && returnsQuery(c)))
    return { kind: 'return', query: parseReturnedQuery(c) };
  const hasValue =
    ['string', 'nstring', 'integer', 'decimal', 'float', 'money', 'hex', 'variable', 'quoted'].includes(token.kind) ||
    [
      '(',
      '-',
      '+',
      '~',
      'NULL',
      'CASE',
      'CAST',
      'CONVERT',
      'TRY_CAST',
      'TRY_CONVERT',
      'LEFT',
      'RIGHT',
      'COALESCE',
      'NULLIF',
    ].includes(token.upper) ||
    (token.kind === 'word' && (c.peek().upper === '(' || c.peek().upper === '.') && c.isIdentifier());
  if (hasValue && !c.inModule)
    throw syntaxError('', token.line, 178, 'A RETURN statement with a return value cannot be used in this context.');
  return { kind: 'return', value: hasValue ? parseExpr(c) : undefined };
}
/** RETURN (SELECT …) is a table only in an inline function; a scalar subquery works the same way there. */
function returnsQuery(c: Cursor): boolean {
  let ahead = 0;
  while (c.peek(ahead).upper === '(') ahead++;
  return c.peek(ahead).upper === 'SELECT' || c.peek(ahead).upper === 'WITH';
}
function parseReturnedQuery(c: Cursor): ReturnType<typeof parseQuery> {
  if (c.is('(') && (c.peek().upper === 'WITH' || c.peek().upper === 'SELECT' || c.peek().upper === '(')) {
    c.take();
    const query = parseReturnedQuery(c);
    c.expect(')');
    return query;
  }
  return parseQuery(c);
}

export function parseSetVariable(c: Cursor): StatementBody {
  const name = c.variable();
  const assignment = parseAssignmentOperator(c);
  if (!assignment) throw c.error();
  const value: Expr = parseExpr(c);
  return { kind: 'setVariable', name, op: assignment.op, value };
}
