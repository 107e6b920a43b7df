/** Column definitions and constraints of CREATE TABLE and ALTER TABLE. */
import { refusedByPool } from '../errors';
import type { ColumnDefinition, Expr, KeyConstraint } from './ast';
import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parseTypeName } from './type-name';

export interface Columns {
  readonly columns: ColumnDefinition[];
  readonly keys: KeyConstraint[];
}

export function parseColumnDefinitions(c: Cursor): Columns {
  const result: Columns = { columns: [], keys: [] };
  c.parenthesized(() => parseColumnOrKey(c, result));
  return result;
}

export function parseColumnOrKey(c: Cursor, result: Columns): void {
  let name: string | undefined;
  if (c.accept('CONSTRAINT')) name = c.identifier();
  if (c.isAny('PRIMARY', 'UNIQUE')) result.keys.push(parseKey(c, name));
  else if (name !== undefined || c.isAny('FOREIGN', 'CHECK')) {
    throw refusedByPool(
      c.is('FOREIGN') ? 'A FOREIGN KEY constraint' : c.is('CHECK') ? 'A CHECK constraint' : `Constraint '${name}'`,
      c.line,
    );
  } else result.columns.push(parseColumn(c));
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
  if (!c.accept('NOT', 'ENFORCED')) throw refusedByPool(`An enforced ${kind.toUpperCase()} constraint`, c.line);
  return { kind, name, columns, clustered };
}

export function parseDefault(c: Cursor): { expr: Expr; text: string } {
  const { start } = c.token;
  const expr = parseExpr(c);
  return { expr, text: c.sql.slice(start, c.lastEnd) };
}

export function parseColumn(c: Cursor): ColumnDefinition {
  const name = c.identifier();
  if (c.is('AS')) throw refusedByPool('A computed column', c.line);
  const type = parseTypeName(c);
  let column: ColumnDefinition = { name, type };
  for (;;) {
    if (c.accept('NOT', 'NULL')) column = { ...column, nullable: false };
    else if (c.accept('NULL')) column = { ...column, nullable: true };
    else if (c.accept('COLLATE')) column = { ...column, type: { ...type, collation: c.take().text } };
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
  if (c.accept('DEFAULT')) return { ...column, defaultName: name, default: parseDefault(c) };
  if (c.isAny('PRIMARY', 'UNIQUE')) {
    const primary = c.accept('PRIMARY', 'KEY') || !c.accept('UNIQUE');
    if (!c.accept('CLUSTERED')) c.accept('NONCLUSTERED');
    if (!c.accept('NOT', 'ENFORCED'))
      throw refusedByPool(`An enforced ${primary ? 'PRIMARY KEY' : 'UNIQUE'} constraint`, c.line);
    return primary ? { ...column, primaryKey: true } : { ...column, unique: true };
  }
  if (c.is('CHECK')) throw refusedByPool('A CHECK constraint', c.line);
  if (c.isAny('REFERENCES', 'FOREIGN')) throw refusedByPool('A FOREIGN KEY constraint', c.line);
  if (c.isAny('SPARSE', 'ROWGUIDCOL')) throw refusedByPool(`${c.token.upper} column`, c.line);
  throw c.error();
}
