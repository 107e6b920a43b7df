/** What SQL Server checks and computes in a table, and a pool has not: keys, CHECK conditions, computed columns. */
import type { ColumnInfo, ObjectInfo } from '../../catalog/model';
import { condition, expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import type { ColumnDefinition, KeyConstraint } from '../syntax/ast-statements';
import type { Expr } from '../syntax/ast';
import { duckType } from '../types/sql-types';
import { ident } from '../types/typed';
import type { Interpreter } from './interpreter';

/** A scope in which the columns of a table that is being made are known; DuckDB knows them without a qualifier. */
function scopeOf(columns: readonly ColumnInfo[]): Scope {
  const scope = new Scope(undefined);
  scope.sources.push({
    alias: '',
    exposed: [''],
    columns: columns.map((c) => ({ name: c.name, type: c.type, nullable: c.nullable, sql: ident(c.name) })),
  });
  return scope;
}

/** Types of computed columns come from their expressions. */
export async function computedColumns(
  i: Interpreter,
  definitions: readonly ColumnDefinition[],
  columns: readonly ColumnInfo[],
): Promise<ColumnInfo[]> {
  const stored = columns.filter((_, n) => !definitions[n]!.computed);
  const result: ColumnInfo[] = [];
  for (const [n, column] of columns.entries()) {
    const { computed } = definitions[n]!;
    if (!computed) {
      result.push(column);
      continue;
    }
    const value = await i.translate((b) => expr(b, scopeOf(stored), computed.expr));
    const sql = `CAST(${value.sql} AS ${duckType(value.type)})`;
    result.push({ ...column, type: value.type, nullable: true, computed: { text: computed.text, sql } });
  }
  return result;
}

/** Constraints of CREATE TABLE as DuckDB has them. */
export async function constraintSql(
  i: Interpreter,
  object: ObjectInfo,
  keys: readonly KeyConstraint[],
  checks: readonly Expr[],
): Promise<string[]> {
  const sql = keys
    .filter((k) => k.enforced)
    .map((k) => `${k.kind === 'primary key' ? 'PRIMARY KEY' : 'UNIQUE'} (${k.columns.map(ident).join(', ')})`);
  for (const check of checks)
    sql.push(`CHECK (${await i.translate((b) => condition(b, scopeOf(object.columns), check))})`);
  return sql;
}
