/** Column definitions and constraints of CREATE TABLE and ALTER TABLE. */
import { TSqlError } from '../../contract';
import type { ColumnDefinition, KeyConstraint } from './ast-statements';
import type { Expr } from './ast';
import type { Cursor } from './cursor';
import { parseExpr, parsePredicate } from './expressions';
import { parseTypeName } from './type-name';

export interface Columns {
  readonly columns: ColumnDefinition[];
  readonly keys: KeyConstraint[];
  readonly checks: Expr[];
}

export function parseColumnDefinitions(c: Cursor): Columns {
  const result: Columns = { columns: [], keys: [], checks: [] };
  c.parenthesized(() => parseColumnOrKey(c, result));
  return result;
}

export function parseColumnOrKey(c: Cursor, result: Columns): void {
  let name: string | undefined;
  if (c.accept('CONSTRAINT')) name = c.identifier();
  if (c.isAny('PRIMARY', 'UNIQUE')) result.keys.push(parseKey(c, name));
  else if (c.is('CHECK')) {
    c.refuse('A CHECK constraint');
    result.checks.push(parseCheck(c));
  } else if (c.is('FOREIGN')) {
    c.refuse('A FOREIGN KEY constraint');
    c.expect('FOREIGN', 'KEY');
    c.parenthesized(() => c.identifier());
    skipReference(c);
  } else if (name !== undefined) throw c.error();
  else result.columns.push(parseColumn(c));
}

/** PRIMARY KEY | UNIQUE [NONCLUSTERED] (columns) NOT ENFORCED: a pool knows no enforced key. */
export function parseKey(c: Cursor, name: string | undefined): KeyConstraint {
  const kind = c.accept('PRIMARY', 'KEY') ? 'primary key' : (c.expect('UNIQUE'), 'unique');
  const clustered = c.accept('CLUSTERED');
  if (!clustered) c.accept('NONCLUSTERED');
  const columns = c.parenthesized(() => {
    const column = c.identifier();
    if (!c.accept('ASC')) c.accept('DESC');
    return column;
  });
  const enforced = !c.accept('NOT', 'ENFORCED');
  if (enforced) refuseEnforced(c);
  return { kind, name, columns, clustered, ...(enforced ? { enforced } : {}) };
}
function parseCheck(c: Cursor): Expr {
  c.expect('CHECK', '(');
  const condition = parsePredicate(c);
  c.expect(')');
  return condition;
}
function refuseEnforced(c: Cursor): void {
  if (c.surface === 'server') return;
  const text =
    'Enforced unique constraints are not supported. To create an unenforced unique constraint you must include the NOT ENFORCED syntax as part of your statement.';
  throw new TSqlError(104467, text, 1, 16, c.line);
}

/** REFERENCES t (c) ON DELETE …: taken, but not enforced. */
function skipReference(c: Cursor): void {
  c.expect('REFERENCES');
  c.name();
  if (c.is('(')) c.parenthesized(() => c.identifier());
  while (c.accept('ON')) {
    c.take();
    if (c.accept('NO')) c.expect('ACTION');
    else if (c.accept('SET')) c.take();
    else c.expect('CASCADE');
  }
}

/** Strings in the text are in single quotes: it is read again where QUOTED_IDENTIFIER may be another. */
export function parseDefault(c: Cursor): { expr: Expr; text: string } {
  const first = c.token;
  const expr = parseExpr(c);
  let text = '';
  let at = first.start;
  for (const token of c.tokens.slice(c.tokens.indexOf(first))) {
    if (token.start >= c.lastEnd) break;
    if (token.kind !== 'string' || c.sql[token.start] !== '"') continue;
    text += `${c.sql.slice(at, token.start)}'${token.text.replaceAll("'", "''")}'`;
    at = token.end;
  }
  return { expr, text: text + c.sql.slice(at, c.lastEnd) };
}

export function parseColumn(c: Cursor): ColumnDefinition {
  const name = c.identifier();
  if (c.is('AS')) {
    c.refuse('A computed column');
    c.take();
    const computed = parseDefault(c);
    c.accept('PERSISTED');
    if (c.accept('NOT')) c.expect('NULL');
    return { name, type: { name: 'computed', args: [] }, computed };
  }
  const type = parseTypeName(c);
  let column: ColumnDefinition = { name, type };
  for (;;) {
    if (c.is('NOT', 'NULL') || c.is('NULL')) {
      const repeated = column.nullable === undefined ? column.repeated : 'NULL';
      const nullable = !c.accept('NOT');
      c.expect('NULL');
      column = { ...column, nullable, ...(repeated ? { repeated } : {}) };
    } else if (c.accept('COLLATE')) column = { ...column, type: { ...type, collation: c.take().text } };
    else if (c.accept('IDENTITY')) column = { ...column, identity: parseIdentity(c) };
    else if (c.accept('MASKED', 'WITH')) column = { ...column, mask: parseMask(c) };
    else if (
      c.is('CONSTRAINT') ||
      c.isAny('DEFAULT', 'PRIMARY', 'UNIQUE', 'CHECK', 'REFERENCES', 'FOREIGN', 'SPARSE', 'ROWGUIDCOL')
    )
      column = parseColumnConstraint(c, column);
    else return column;
  }
}
function parseIdentity(c: Cursor): { seed: number; increment: number } {
  if (!c.accept('(')) return { seed: 1, increment: 1 };
  const seed = c.integer();
  c.expect(',');
  const increment = c.integer();
  c.expect(')');
  return { seed, increment };
}
/** MASKED WITH (FUNCTION = 'default()') */
export function parseMask(c: Cursor): string {
  c.expect('(', 'FUNCTION', '=');
  const mask = c.string();
  c.expect(')');
  return mask;
}
function parseColumnConstraint(c: Cursor, column: ColumnDefinition): ColumnDefinition {
  const name = c.accept('CONSTRAINT') ? c.identifier() : undefined;
  if (c.accept('DEFAULT')) {
    const repeated = column.default ? 'DEFAULT' : column.repeated;
    return { ...column, defaultName: name, default: parseDefault(c), ...(repeated ? { repeated } : {}) };
  }
  if (c.isAny('PRIMARY', 'UNIQUE')) {
    const primary = c.accept('PRIMARY', 'KEY') || !c.accept('UNIQUE');
    if (!c.accept('CLUSTERED')) c.accept('NONCLUSTERED');
    const enforced = !c.accept('NOT', 'ENFORCED');
    if (enforced) refuseEnforced(c);
    const key = primary ? { primaryKey: true } : { unique: true };
    return { ...column, ...key, ...(name === undefined ? {} : { keyName: name }), ...(enforced ? { enforced } : {}) };
  }
  if (c.is('CHECK')) {
    c.refuse('A CHECK constraint');
    return { ...column, checks: [...(column.checks ?? []), parseCheck(c)] };
  }
  if (c.isAny('REFERENCES', 'FOREIGN')) {
    c.refuse('A FOREIGN KEY constraint');
    if (c.accept('FOREIGN')) c.expect('KEY');
    skipReference(c);
    return column;
  }
  if (c.isAny('SPARSE', 'ROWGUIDCOL')) {
    c.refuse(`${c.token.upper} column`);
    c.take();
    return column;
  }
  throw c.error();
}
