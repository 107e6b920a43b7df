/** INSERT, UPDATE, DELETE and MERGE to DuckDB. */
import { TSqlError, type SqlType } from '../../contract';
import { invalidColumn, invalidObject, notSupported, refusedByPool } from '../errors';
import type { ColumnInfo, ObjectInfo } from '../../catalog/model';
import type { Assignment, Cte, Expr, Name, SelectItem, Source, StatementOf } from '../syntax/ast';
import { parseBatch } from '../syntax/statements';
import { assign, convert } from '../types/convert';
import { duckType, INT, unify } from '../types/sql-types';
import { ident, NULL, quote, type Typed } from '../types/typed';
import { binary } from './arithmetic';
import { freshAlias, type Binder, type BoundQuery, type OutputColumn } from './binder';
import { condition, expr } from './expr';
import { applyMasks, maskedValue } from './masking';
import { bindQuery, defineCte, namedColumns, withKeyword } from './query';
import { bindItem } from './select';
import { reference, Scope, type BoundSource } from './scope';
import { bindObject, bindSource, bindSources, physicalName } from './sources';

/** The table that a statement changes. */
export function target(b: Binder, name: Name): ObjectInfo {
  const object = b.env.object(name);
  if (!object || !['U', 'V', 'ET'].includes(object.kind)) {
    if (b.env.systemView(name)) throw new TSqlError(259, 'Ad hoc updates to system catalogs are not allowed.');
    throw invalidObject(name.filter(Boolean).join('.'));
  }
  if (object.kind === 'V') throw notSupported('Changing rows through a view');
  if (object.kind === 'ET') throw new TSqlError(46519, 'DML Operations are not supported with External tables.');
  return object;
}
function columnOf(table: ObjectInfo, name: string): ColumnInfo {
  const found = table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (!found) throw invalidColumn(name);
  return found;
}
const place = (b: Binder, table: ObjectInfo, column: ColumnInfo): { table: string; column: string } => ({
  table: table.temp ? `tempdb.dbo.${table.name}` : `${b.env.database}.${table.schema}.${table.name}`,
  column: column.name,
});

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
  if (rows.some((row) => row.columns.length !== first!.columns.length))
    throw new TSqlError(
      10709,
      'The number of columns for each row in a table value constructor must be the same.',
      1,
      15,
    );
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

/** Binds `ctes` around `action`; the SQL of their WITH clause comes with the result. */
export function withCtes(b: Binder, ctes: readonly Cte[], action: () => string): { prefix: string; sql: string } {
  const names = new Map(b.ctes.at(-1));
  b.ctes.push(names);
  try {
    const parts = ctes.map((cte) => defineCte(b, names, cte));
    return { sql: action(), prefix: parts.length ? `${withKeyword(b)} ${parts.join(', ')} ` : '' };
  } finally {
    b.ctes.pop();
  }
}

/** The source of FROM that the statement changes: by alias, or by name; put there when FROM does not have it. */
function changed(
  b: Binder,
  scope: Scope,
  name: Name,
  from: readonly Source[],
): { source: BoundSource; table: ObjectInfo; sql: string } {
  const sql = bindSources(b, scope, from);
  const last = name.at(-1)!.toLowerCase();
  const byAlias =
    name.length === 1
      ? scope.sources.find((s) => s.exposed.length === 1 && s.exposed[0]!.toLowerCase() === last)
      : undefined;
  const object = b.env.object(name);
  const source = byAlias ?? (object ? scope.sources.find((s) => s.object === object.id) : undefined);
  if (source) {
    const table = source.object === undefined ? undefined : tableOf(b, source, from, object);
    if (!source.rowid || !table) throw notSupported(`Changing rows of '${name.join('.')}', which is not a table`);
    return { source, table, sql };
  }
  const table = target(b, name);
  const own = bindObject(b, scope, table, name);
  return { source: scope.sources.at(-1)!, table, sql: sql ? `${sql} CROSS JOIN ${own}` : ` FROM ${own}` };
}
function tableOf(
  b: Binder,
  source: BoundSource,
  from: readonly Source[],
  object: ObjectInfo | undefined,
): ObjectInfo | undefined {
  if (object && object.id === source.object) return object;
  const found: ObjectInfo[] = [];
  const visit = (s: Source): void => {
    if (s.kind === 'table') {
      const o = b.env.object(s.name);
      if (o && o.id === source.object) found.push(o);
    } else if (s.kind === 'join') {
      visit(s.left);
      visit(s.right);
    }
  };
  from.forEach(visit);
  return found[0];
}

function assignments(
  b: Binder,
  scope: Scope,
  source: BoundSource,
  table: ObjectInfo,
  set: readonly Assignment[],
): { column: ColumnInfo; sql: string }[] {
  const result = set.map((a) => {
    const column = columnOf(table, a.column.at(-1)!);
    if (column.identity) throw new TSqlError(8102, `Cannot update identity column '${column.name}'.`);
    const isDefault = a.value.kind === 'literal' && a.value.type === 'default';
    let value = isDefault ? defaultOf(b, column) : scope.within('SET', () => expr(b, scope, a.value));
    if (a.op) value = binary(a.op, reference(source, source.columns.find((c) => c.name === column.name)!), value);
    return { column, sql: assign(maskedValue(value), column.type, place(b, table, column)).sql };
  });
  const twice = result.find((x, i) => result.findIndex((y) => y.column === x.column) !== i);
  if (twice)
    throw new TSqlError(
      264,
      `The column name '${twice.column.name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause.`,
    );
  if (table.hashColumns?.some((name) => result.some((x) => x.column.name.toLowerCase() === name.toLowerCase())))
    throw refusedByPool(`Updating distribution column '${table.hashColumns[0]}'`);
  return result;
}

export function updateSql(b: Binder, s: StatementOf<'update'>): { sql: string; table: ObjectInfo } {
  const scope = new Scope(undefined);
  let table!: ObjectInfo;
  const { prefix, sql } = withCtes(b, s.ctes, () => {
    const found = changed(b, scope, s.target, s.from);
    table = found.table;
    b.env.demand(
      'UPDATE',
      table,
      s.set.map((a) => a.column.at(-1)!),
    );
    const set = assignments(b, scope, found.source, table, s.set);
    const where = s.where ? ` WHERE ${scope.within('WHERE', () => condition(b, scope, s.where!))}` : '';
    const values = set.map((x, i) => `${x.sql} AS v${i}`).join(', ');
    const rows = `SELECT ${found.source.rowid} AS r, ${values}${found.sql}${where}${top(b, scope, s.top)}`;
    const once = s.from.length ? `SELECT DISTINCT ON (r) * FROM (${rows})` : rows;
    return `SET ${set.map((x, i) => `${ident(x.column.name)} = s.v${i}`).join(', ')} FROM (@@WITH@@${once}) AS s WHERE t.rowid = s.r`;
  });
  return { sql: `UPDATE ${physicalName(table)} AS t ${sql.replace('@@WITH@@', () => prefix)}`, table };
}
function top(b: Binder, scope: Scope, t: StatementOf<'update'>['top']): string {
  if (!t) return '';
  if (t.percent || t.ties) throw notSupported('TOP PERCENT in UPDATE or DELETE');
  return ` LIMIT CAST(${expr(b, scope, t.count).sql} AS BIGINT)`;
}

export function deleteSql(b: Binder, s: StatementOf<'delete'>): { sql: string; table: ObjectInfo } {
  const cte =
    s.target.length === 1 && !s.from.length
      ? s.ctes.find((c) => c.name.toLowerCase() === s.target[0]!.toLowerCase())
      : undefined;
  if (cte) return deleteThroughCte(b, s, cte);
  const scope = new Scope(undefined);
  let table!: ObjectInfo;
  const { prefix, sql } = withCtes(b, s.ctes, () => {
    const found = changed(b, scope, s.target, s.from);
    table = found.table;
    b.env.demand('DELETE', table);
    const where = s.where ? ` WHERE ${scope.within('WHERE', () => condition(b, scope, s.where!))}` : '';
    return `SELECT ${found.source.rowid}${found.sql}${where}${top(b, scope, s.top)}`;
  });
  return { sql: `DELETE FROM ${physicalName(table)} WHERE rowid IN (${prefix}${sql})`, table };
}
/** WITH d AS (SELECT …, ROW_NUMBER() … FROM t) DELETE FROM d WHERE rn > 1 */
function deleteThroughCte(b: Binder, s: StatementOf<'delete'>, cte: Cte): { sql: string; table: ObjectInfo } {
  const { body } = cte.query;
  const only =
    body.kind === 'select' &&
    body.from.length === 1 &&
    body.from[0]!.kind === 'table' &&
    !body.groupBy.length &&
    !body.distinct
      ? body.from[0]
      : undefined;
  if (!only || only.kind !== 'table' || body.kind !== 'select') throw notSupported(`DELETE through '${cte.name}'`);
  const table = target(b, only.name);
  b.env.demand('DELETE', table);
  const others = s.ctes.filter((c) => c !== cte);
  const { prefix, sql } = withCtes(b, others, () => {
    const bound = bindQuery(b, cte.query, undefined);
    const alias = freshAlias(b);
    const columns = namedColumns(bound.columns, cte.columns, cte.name);
    const scope = new Scope(undefined);
    scope.sources.push({ alias, exposed: [cte.name], columns });
    // The source of the common table expression is the first table alias inside it.
    const source = /\bFROM (?:"[^"]*"\.)?"[^"]*" AS (t\d+)\b/.exec(bound.sql)?.[1];
    if (!source) throw notSupported(`DELETE through '${cte.name}'`);
    const withRowid = bound.sql.replace(/^SELECT /, `SELECT ${source}.rowid, `);
    const where = s.where ? ` WHERE ${scope.within('WHERE', () => condition(b, scope, s.where!))}` : '';
    return `SELECT ${alias}.r FROM (${withRowid}) AS ${alias}(r, ${columns.map((c) => ident(c.name)).join(', ')})${where}${top(b, scope, s.top)}`;
  });
  return { sql: `DELETE FROM ${physicalName(table)} WHERE rowid IN (${prefix}${sql})`, table };
}

/** A MERGE; `twice` finds a row that more than one row of the source would change, which is Msg 8672. */
export interface MergeSql {
  readonly sql: string;
  readonly twice?: string;
}

export function mergeSql(b: Binder, s: StatementOf<'merge'>): MergeSql {
  const table = target(b, s.target);
  const changes: string[] = [];
  let twice: string | undefined;
  for (const clause of s.clauses)
    b.env.demand({ update: 'UPDATE', delete: 'DELETE', insert: 'INSERT' }[clause.action.kind], table);
  const scope = new Scope(undefined);
  const { prefix, sql } = withCtes(b, s.ctes, () => {
    const into = bindObject(b, scope, table, [s.alias ?? s.target.at(-1)!]);
    if (into.startsWith('(')) throw notSupported('MERGE into a table with a security policy');
    const own = scope.sources[0]!;
    const using = bindSource(b, scope, s.source, false);
    const on = condition(b, scope, s.on);
    const clauses = s.clauses.map((clause) => {
      const when =
        clause.when === 'matched' ? 'MATCHED' : clause.when === 'not matched' ? 'NOT MATCHED' : 'NOT MATCHED BY SOURCE';
      const and = clause.condition ? ` AND ${condition(b, scope, clause.condition)}` : '';
      if (clause.when === 'matched') changes.push(and ? `(TRUE${and})` : 'TRUE');
      return `WHEN ${when}${and} THEN ${mergeAction(b, scope, own, table, clause.action)}`;
    });
    if (changes.length)
      twice = `SELECT 1 FROM ${into} JOIN ${using} ON ${on} WHERE ${changes.join(' OR ')} GROUP BY ${own.rowid} HAVING count(*) > 1 LIMIT 1`;
    return `MERGE INTO ${into} USING ${using} ON ${on} ${clauses.join(' ')}`;
  });
  return { sql: prefix + sql, ...(twice === undefined ? {} : { twice: prefix + twice }) };
}
function mergeAction(
  b: Binder,
  scope: Scope,
  own: BoundSource,
  table: ObjectInfo,
  action: StatementOf<'merge'>['clauses'][number]['action'],
): string {
  if (action.kind === 'delete') return 'DELETE';
  if (action.kind === 'update')
    return `UPDATE SET ${assignments(b, scope, own, table, action.set)
      .map((x) => `${ident(x.column.name)} = ${x.sql}`)
      .join(', ')}`;
  const given = action.columns
    ? action.columns.map((name) => columnOf(table, name))
    : table.columns.filter((c) => !c.identity);
  if (action.values && action.values.length !== given.length)
    throw new TSqlError(10709, 'The number of columns for each row in a table value constructor must be the same.');
  const all = table.columns.map((column) => {
    const i = given.indexOf(column);
    if (column.identity) return `CAST(nextval(${quote(sequenceName(table))}) AS ${duckType(column.type)})`;
    const node = i >= 0 ? action.values?.[i] : undefined;
    const value =
      node && !(node.kind === 'literal' && node.type === 'default') ? expr(b, scope, node) : defaultOf(b, column);
    return value.isNull
      ? `CAST(NULL AS ${duckType(column.type)})`
      : assign(value, column.type, place(b, table, column)).sql;
  });
  return `INSERT (${table.columns.map((c) => ident(c.name)).join(', ')}) VALUES (${all.join(', ')})`;
}
