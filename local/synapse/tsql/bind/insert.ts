/** INSERT: defaults, identity values, conversions. */
import { type SqlType, TSqlError } from '../../contract';
import type { ColumnInfo, ObjectInfo } from '../../catalog/model';
import type { Expr, SelectItem } from '../syntax/ast';
import { parseBatch } from '../syntax/statements';
import { assign, convert } from '../types/convert';
import { unevenRows } from '../errors';
import { duckType, INT, unify } from '../types/sql-types';
import { ident, NULL, quote, type Typed } from '../types/typed';
import { type Binder, type BoundQuery, freshAlias, type OutputColumn } from './binder';
import { expr } from './expr';
import { applyMasks } from './masking';
import { bindItem } from './select';
import { Scope } from './scope';
import { physicalName } from './tables';
import { columnOf, place } from './dml';

/** The default of a column as an expression; NULL without one. */
export function defaultOf(b: Binder, column: ColumnInfo): Typed {
  if (!column.default) return NULL;
  const statement = parseBatch(`SELECT ${column.default.text}`, 'server')[0];
  const item =
    statement?.kind === 'select' && statement.query.body.kind === 'select' ? statement.query.body.items[0] : undefined;
  return item?.kind === 'item' ? expr(b, new Scope(undefined), item.expr) : NULL;
}
export const sequenceName = (table: ObjectInfo): string =>
  table.temp ? `temp.${ident(`identity_${table.id}`)}` : `tsql.${ident(`identity_${table.id}`)}`;

/** The rows of an INSERT; `values` tells VALUES from a query. */
export interface InsertRows extends BoundQuery {
  readonly values?: true;
}

/** `INSERT INTO t (all columns) SELECT …` with defaults, identity values and conversions. */
export function insertSql(
  b: Binder,
  table: ObjectInfo,
  names: readonly string[] | undefined,
  rows: InsertRows,
  identityInsert: boolean,
): string {
  const stored = table.columns.filter((c) => !c.computed);
  const writable = stored.filter((c) => !c.identity || identityInsert);
  const given = names ? names.map((name) => columnOf(table, name)) : writable;
  if (given.some((c) => c.identity) && !identityInsert)
    throw new TSqlError(
      544,
      `Cannot insert explicit value for identity column in table '${table.name}' when IDENTITY_INSERT is set to OFF.`,
    );
  const twice = given.find((c, i) => given.indexOf(c) !== i);
  if (twice)
    throw new TSqlError(
      264,
      `The column name '${twice.name}' is specified more than once in the SET clause or column list of an INSERT.`,
    );
  if (rows.columns.length !== given.length) {
    if (!names) throw new TSqlError(213, 'Column name or number of supplied values does not match table definition.');
    if (rows.values) {
      const [number, more] = rows.columns.length < given.length ? [109, 'more'] : [110, 'fewer'];
      throw new TSqlError(
        number,
        `There are ${more} columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
        1,
        15,
      );
    }
    throw rows.columns.length < given.length
      ? new TSqlError(
          120,
          'The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.',
          1,
          15,
        )
      : new TSqlError(
          121,
          'The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.',
          1,
          15,
        );
  }
  const query = applyMasks(b, rows);
  const alias = freshAlias(b);
  const computed = given.find((c) => c.computed);
  if (computed)
    throw new TSqlError(
      271,
      `The column "${computed.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
    );
  const values = stored.map((column): string => {
    const i = given.indexOf(column);
    if (i >= 0)
      return assign(
        { ...query.columns[i]!, sql: `${alias}.c${i}`, literal: undefined },
        column.type,
        place(b, table, column),
      ).sql;
    if (column.identity) return `CAST(nextval(${quote(sequenceName(table))}) AS ${duckType(column.type)})`;
    const value = defaultOf(b, column);
    return value.isNull
      ? `CAST(NULL AS ${duckType(column.type)})`
      : assign(value, column.type, place(b, table, column)).sql;
  });
  return `INSERT INTO ${physicalName(table)} SELECT ${values.join(', ')} FROM (${query.sql}) AS ${alias}(${query.columns.map((_, i) => `c${i}`).join(', ') || 'c0'})`;
}

/** The list of an OUTPUT clause over the rows that went in; DuckDB's RETURNING knows the columns by their names. */
export function outputClause(b: Binder, table: ObjectInfo, items: readonly SelectItem[]): OutputColumn[] {
  const scope = new Scope(undefined);
  scope.sources.push({
    alias: '',
    exposed: ['inserted'],
    columns: table.columns.map((c) => ({ name: c.name, type: c.type, nullable: c.nullable, sql: ident(c.name) })),
  });
  return items.flatMap((item) => bindItem(b, scope, item));
}

/** VALUES (…): DEFAULT stands for the column's default. */
export function valuesQuery(
  b: Binder,
  table: ObjectInfo,
  names: readonly string[] | undefined,
  row: readonly Expr[],
): InsertRows {
  const given = names
    ? names.map((name) => columnOf(table, name))
    : table.columns.filter((c) => !c.identity && !c.computed);
  const scope = new Scope(undefined);
  const columns = row.map((node, i) => {
    const column = given[i];
    const value =
      node.kind === 'literal' && node.type === 'default'
        ? column
          ? defaultOf(b, column)
          : NULL
        : expr(b, scope, node);
    return { ...value, name: '' };
  });
  return { sql: `SELECT ${columns.map((c) => c.sql).join(', ')}`, columns, values: true };
}

/** Rows of VALUES one after the other; each has the types of its own values. */
export function unionAll(rows: readonly InsertRows[]): InsertRows {
  const [first] = rows;
  if (rows.length === 1) return first!;
  if (rows.some((row) => row.columns.length !== first!.columns.length)) throw unevenRows();
  const columns = first!.columns.map((column, n) => {
    const all = rows.map((row) => row.columns[n]!);
    const type = all.reduce<SqlType | undefined>(
      (known, x) => (x.isNull ? known : known ? unify(known, x.type) : x.type),
      undefined,
    );
    const { name } = column;
    return { sql: '', name, type: type ?? INT, nullable: true, ...(type ? {} : { isNull: true as const }) };
  });
  const selects = rows.map((row) => `SELECT ${row.columns.map((x, n) => convert(x, columns[n]!.type).sql).join(', ')}`);
  return { sql: selects.join(' UNION ALL '), columns, values: true };
}
