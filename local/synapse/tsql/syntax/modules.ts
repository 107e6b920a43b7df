/** Views, procedures, functions and their parameters. */
import { TSqlError } from '../../contract';
import { refusedByPool } from '../errors';
import type { Parameter, Statement, StatementBody } from './ast-statements';
import type { Query, TypeName } from './ast';
import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parseQuery } from './query';
import { parseStatement } from './statements';
import { parseTableOptions } from './tables';
import { parseTypeName } from './type-name';
import type { Mode } from './definitions';

export function parseView(c: Cursor, mode: Mode, isMaterialized = false): StatementBody {
  c.expect('VIEW');
  const name = c.name();
  const columns = c.is('(') ? c.parenthesized(() => c.identifier()) : undefined;
  let materialized;
  if (isMaterialized) {
    c.expect('WITH');
    materialized = parseTableOptions(c, true);
  } else if (c.accept('WITH'))
    c.list(() => {
      if (!c.isAny('SCHEMABINDING', 'VIEW_METADATA')) throw c.error();
      c.refuse(`A view with ${c.token.upper}`);
      c.take();
    });
  c.expect('AS');
  const query: Query = parseQuery(c);
  if (c.accept('WITH', 'CHECK')) throw refusedByPool('WITH CHECK OPTION', c.line);
  return { kind: 'createView', name, columns, query, mode, materialized };
}

function parseParameters(c: Cursor): Parameter[] {
  if (c.token.kind !== 'variable') return [];
  return c.list((): Parameter => {
    const name = c.variable();
    c.declare(name);
    c.accept('AS');
    const type = parseTypeName(c);
    if (c.accept('NOT', 'NULL') || c.accept('NULL')) {
      // Nullability of a parameter has no effect here.
    }
    const value = c.accept('=') ? parseExpr(c) : undefined;
    const output = c.accept('OUTPUT') || c.accept('OUT');
    if (c.is('READONLY')) c.refuse('A table-valued parameter');
    const readonly = c.accept('READONLY');
    return { name, type, default: value, output, ...(readonly ? { readonly } : {}) };
  });
}
function parseParenthesizedParameters(c: Cursor): Parameter[] {
  if (!c.accept('(')) return parseParameters(c);
  const parameters = parseParameters(c);
  c.expect(')');
  return parameters;
}
function skipModuleOptions(c: Cursor): void {
  if (!c.accept('WITH')) return;
  c.list(() => {
    if (c.accept('EXECUTE', 'AS')) c.take();
    else if (c.isAny('SCHEMABINDING', 'RECOMPILE', 'RETURNS')) {
      const option = c.take().upper;
      if (option === 'RETURNS') c.expect('NULL', 'ON', 'NULL', 'INPUT');
    } else if (c.accept('CALLED')) c.expect('ON', 'NULL', 'INPUT');
    else if (c.is('INLINE')) {
      c.expect('INLINE', '=');
      c.take();
    } else throw c.error();
  });
}
/** Msg 137 of a variable that the module declares nowhere. */
function demandDeclared(node: unknown, declared: ReadonlySet<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const { kind, name, variable, line } = node as { kind?: unknown; name?: unknown; variable?: unknown; line?: unknown };
  const used = kind === 'variable' || kind === 'setVariable' ? name : kind === 'assign' ? variable : undefined;
  if (typeof used === 'string' && !used.startsWith('@@') && !declared.has(used.toLowerCase()))
    throw new TSqlError(
      137,
      `Must declare the scalar variable "${used}".`,
      2,
      15,
      typeof line === 'number' ? line : undefined,
    );
  for (const child of Object.values(node)) demandDeclared(child, declared);
}
function parseModuleBody(c: Cursor): Statement[] {
  const body: Statement[] = [];
  c.inModule = true;
  while (c.accept(';'));
  while (c.token.kind !== 'end') body.push(parseStatement(c));
  if (!body.length) throw c.error();
  demandDeclared(body, c.declared);
  return body;
}

export function parseProcedure(c: Cursor, mode: Mode): StatementBody {
  c.take();
  const name = c.name();
  const parameters = parseParenthesizedParameters(c);
  skipModuleOptions(c);
  c.expect('AS');
  return { kind: 'createProcedure', name, parameters, body: parseModuleBody(c), mode };
}

export function parseFunction(c: Cursor, mode: Mode): StatementBody {
  c.take();
  const name = c.name();
  if (!c.is('(')) throw c.error();
  const parameters = parseParenthesizedParameters(c);
  c.expect('RETURNS');
  if (c.token.kind === 'variable') throw refusedByPool('A multi-statement table-valued function', c.line);
  let returns: TypeName | 'table';
  if (c.is('TABLE')) {
    c.take();
    returns = 'table';
  } else returns = parseTypeName(c);
  skipModuleOptions(c);
  c.accept('AS');
  return { kind: 'createFunction', name, parameters, returns, body: parseModuleBody(c), mode };
}
