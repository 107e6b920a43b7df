/** CREATE TABLE, CREATE TABLE AS SELECT, table variables. */
import { type Command, type Surface, TSqlError } from '../../contract';
import { mayDefine } from '../../catalog/security';
import type { ColumnInfo, Identity, IndexInfo, ObjectInfo } from '../../catalog/model';
import { now } from '../../catalog/store';
import { bindQuery, namedColumns } from '../bind/query';
import { insertSql, sequenceName } from '../bind/insert';
import { applyMasks, checkMask } from '../bind/masking';
import { collationOf, expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import { physicalName } from '../bind/tables';
import { alreadyExists, refusedByPool } from '../errors';
import type { ColumnDefinition, KeyConstraint, StatementOf, TableOptions } from '../syntax/ast-statements';
import type { Name } from '../syntax/ast';
import { convert } from '../types/convert';
import { duckType, INT, MAX, resolveType, varchar } from '../types/sql-types';
import { ident } from '../types/typed';
import { computedColumns, constraintSql } from './constraints';
import { duplicateBoundary, partitionValue, sortBoundaries } from './boundaries';
import { checkColumnRules, notNullInKeys } from './column-rules';
import type { Interpreter } from './interpreter';
import { isOn } from './session-options';
import { addTableVariable } from './table-types';
import { newName } from './ddl-names';

/** Columns as the catalog keeps them. A column without NULL or NOT NULL allows NULL. */
export function makeColumn(c: ColumnDefinition, id: number, table: string, surface?: Surface): ColumnInfo {
  const type = c.computed ? INT : resolveType(c.type, { column: c.name });
  if (c.mask) checkMask(c.mask, { name: c.name, type });
  if (c.type.collation) collationOf(c.type.collation);
  if (
    c.identity &&
    !['int', 'bigint', ...(surface === 'server' ? ['smallint', 'tinyint', 'decimal'] : [])].includes(type.name)
  )
    throw new TSqlError(2749, `Identity column '${c.name}' must be of data type int or bigint.`);
  return {
    id,
    name: c.name,
    type,
    nullable: c.nullable ?? !(c.identity || c.primaryKey),
    ...(c.identity ? { identity: c.identity } : {}),
    ...(c.default ? { default: { name: c.defaultName ?? `DF__${table}__${c.name}`, text: c.default.text } } : {}),
    ...(c.mask ? { mask: c.mask } : {}),
    ...(c.type.collation ? { collation: c.type.collation } : {}),
  };
}
export const columnSql = (c: ColumnInfo): string =>
  `${ident(c.name)} ${duckType(c.type)}${c.computed ? ` GENERATED ALWAYS AS (${c.computed.sql})` : c.nullable ? '' : ' NOT NULL'}`;

export async function createTable(i: Interpreter, s: StatementOf<'createTable'>): Promise<void> {
  const last = s.name.at(-1)!;
  checkColumnRules(s.columns, s.keys, s.name.join('.'));
  const columns = notNullInKeys(await columnsOf(i, s.columns, last), s.columns, s.keys);
  for (const c of s.columns)
    if (c.default)
      await i.translate((b) => convert(expr(b, new Scope(undefined), c.default!.expr), resolveType(c.type)));
  duplicates(columns, s.name.join('.'));
  checkOptions(columns, s.options, s.keys);
  checkPoolColumns(i, columns, inColumnstore(s.name, s.options));
  const keys = [
    ...s.keys,
    ...s.columns
      .filter((c) => c.primaryKey || c.unique)
      .map(
        (c): KeyConstraint => ({
          kind: c.primaryKey ? 'primary key' : 'unique',
          name: c.keyName,
          columns: [c.name],
          clustered: false,
          enforced: c.enforced,
        }),
      ),
  ];
  const object = await tableObject(i, s.name, columns, s.options, keys);
  const checks = [...s.checks, ...s.columns.flatMap((c) => c.checks ?? [])];
  await define(i, object, undefined, await constraintSql(i, object, keys, checks));
}
export async function columnsOf(
  i: Interpreter,
  definitions: readonly ColumnDefinition[],
  table: string,
): Promise<ColumnInfo[]> {
  const columns = definitions.map((c, n) => makeColumn(c, n + 1, table, i.state.surface));
  if (i.state.surface === 'server' && !isOn(i.state.options, 'ANSI_NULL_DFLT_ON'))
    columns.forEach((c, n) => (columns[n] = { ...c, nullable: definitions[n]!.nullable ?? false }));
  return definitions.some((c) => c.computed) ? computedColumns(i, definitions, columns) : columns;
}
/** DECLARE @name TABLE (…) */
export async function declareTable(
  i: Interpreter,
  name: string,
  table: NonNullable<StatementOf<'declare'>['variables'][number]['table']>,
): Promise<void> {
  const statement: StatementOf<'createTable'> = {
    kind: 'createTable',
    name: [name],
    ...table,
    options: HEAP,
    span: { start: 0, end: 0, line: 1 },
  };
  await createTable(i, statement);
}
/** DECLARE @name type, for a table type. */
export async function declareTableOf(i: Interpreter, name: string, type: ObjectInfo): Promise<void> {
  await define(i, { ...type, name, kind: 'U', temp: true, distribution: 'ROUND_ROBIN', hashColumns: [], indexes: [] });
}
/** What SELECT INTO makes: round robin, with a clustered columnstore index. */
export const SELECT_INTO: TableOptions = {
  distribution: 'ROUND_ROBIN',
  hashColumns: [],
  index: 'CLUSTERED COLUMNSTORE',
  indexColumns: [],
  explicitDistribution: true,
};
export const HEAP: TableOptions = {
  distribution: 'ROUND_ROBIN',
  hashColumns: [],
  index: 'HEAP',
  indexColumns: [],
  explicitDistribution: false,
};
function duplicates(columns: readonly { readonly name: string }[], table: string): void {
  const seen = new Set<string>();
  for (const c of columns) {
    if (seen.has(c.name.toLowerCase()))
      throw new TSqlError(
        2705,
        `Column names in each table must be unique. Column name '${c.name}' in table '${table}' is specified more than once.`,
        3,
      );
    seen.add(c.name.toLowerCase());
  }
}
function checkOptions(columns: readonly ColumnInfo[], options: TableOptions, keys: readonly KeyConstraint[]): void {
  const find = (name: string): ColumnInfo => {
    const found = columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
    if (!found) throw new TSqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
    return found;
  };
  options.hashColumns.forEach(find);
  options.indexColumns.forEach((c) => find(c.name));
  keys.forEach((k) => k.columns.forEach(find));
  if (options.partition) find(options.partition.column);
}
/** What a pool's tables may not have: (max) types in a columnstore, sql_variant. */
export function checkPoolColumns(i: Interpreter, columns: readonly ColumnInfo[], isColumnstore: boolean): void {
  if (i.state.surface === 'server') return;
  for (const c of columns) {
    if (c.type.name === 'sql_variant') throw refusedByPool('Type sql_variant');
    if (c.type.length === MAX && isColumnstore)
      throw new TSqlError(
        35343,
        `The statement failed. Column '${c.name}' has a data type that cannot participate in a columnstore index. Omit column '${c.name}'.`,
      );
  }
}
/** A temporary table takes (max) types, whatever its index. */
const inColumnstore = (name: Name, options: TableOptions): boolean =>
  options.index === 'CLUSTERED COLUMNSTORE' && !name.at(-1)!.startsWith('#');
async function tableObject(
  i: Interpreter,
  name: Name,
  columns: readonly ColumnInfo[],
  options: TableOptions,
  keys: readonly KeyConstraint[],
): Promise<ObjectInfo> {
  const last = name.at(-1)!;
  const variable = last.startsWith('@');
  const temp = last.startsWith('#') || variable;
  if (temp && i.state.temp.has(last.toLowerCase())) throw alreadyExists(last);
  if (last.startsWith('##') && i.state.surface !== 'server') throw refusedByPool('A global temporary table');
  const place = temp ? { schema: 'dbo', name: last } : newName(i, name);
  const values: string[] = [];
  if (options.partition) {
    const type = columns.find((c) => c.name.toLowerCase() === options.partition!.column.toLowerCase())!.type;
    for (const v of options.partition.values) values.push(await partitionValue(i, v, type));
    values.forEach((v, n) => {
      const place = values.indexOf(v) + 1;
      if (place <= n) throw duplicateBoundary(7708, place);
    });
    values.splice(0, values.length, ...(await sortBoundaries(i, values, type)));
  }
  const index: IndexInfo = {
    name: options.index === 'HEAP' ? '' : `ClusteredIndex_${place.name.replace('#', '')}`,
    type: options.index,
    columns: options.indexColumns,
  };
  const more = keys.map(
    (k, n): IndexInfo => ({
      name: k.name ?? `${k.kind === 'unique' ? 'UQ' : 'PK'}__${place.name}__${n + 1}`,
      type: 'NONCLUSTERED',
      columns: k.columns.map((c) => ({ name: c, descending: false })),
      ...(k.kind === 'unique' ? { unique: true } : { primaryKey: true }),
    }),
  );
  return {
    id: i.state.catalog.newId(),
    ...place,
    kind: 'U',
    created: now(),
    modified: now(),
    columns,
    distribution: options.distribution,
    hashColumns: options.hashColumns,
    indexes: [index, ...more],
    ...(options.partition
      ? { partition: { column: options.partition.column, right: options.partition.right, values } }
      : {}),
    ...(temp ? { temp: true } : {}),
  };
}
/** The numbers of an IDENTITY column. */
const sequenceSql = (table: ObjectInfo, { seed, increment }: Identity, start: number | bigint = seed): string =>
  `CREATE ${table.temp ? 'TEMP ' : ''}SEQUENCE ${sequenceName(table)} START ${start} INCREMENT ${increment}${increment < 0 ? ' MINVALUE -9223372036854775808' : ''}`;

/** The numbers of an inherited IDENTITY column go on after those that its table was made with. */
async function goOn(i: Interpreter, table: ObjectInfo): Promise<void> {
  const column = table.columns.find((c) => c.identity);
  if (!column) return;
  const { increment } = column.identity!;
  const last = `${increment > 0 ? 'max' : 'min'}(${ident(column.name)})`;
  const [row] = await i.state.rows(`SELECT CAST(${last} + ${increment} AS VARCHAR) FROM ${physicalName(table)}`);
  const next = row?.[0];
  await i.state.run(sequenceSql(table, column.identity!, typeof next === 'string' ? BigInt(next) : undefined));
}

/** Makes the DuckDB table (and its sequence) with the catalog's entry; `fill` runs in the same transaction. */
async function define(
  i: Interpreter,
  made: ObjectInfo,
  fill?: () => Promise<number>,
  constraints: readonly string[] = [],
): Promise<number> {
  const object = made.name.startsWith('@') ? await addTableVariable(i, made.name, made) : made;
  const { state } = i;
  const sql = [
    `CREATE ${object.temp ? 'TEMP ' : ''}TABLE ${physicalName(object)} (${[...object.columns.map(columnSql), ...constraints].join(', ')})`,
  ];
  const identity = object.columns.find((c) => c.identity)?.identity;
  if (identity && !fill) sql.unshift(sequenceSql(object, identity));
  if (!object.temp) return state.define(sql, { added: [object] }, fill ?? (async () => 0));
  return state.atomic(async () => {
    for (const statement of sql) await state.run(statement);
    if (object.name.startsWith('@')) return 0;
    state.temp.set(object.name.toLowerCase(), object);
    try {
      return fill ? await fill() : 0;
    } catch (failure) {
      state.temp.delete(object.name.toLowerCase());
      throw failure;
    }
  });
}

/** CREATE TABLE AS SELECT and SELECT INTO: types and nullability come from the expressions. */
export async function createTableAs(
  i: Interpreter,
  s: StatementOf<'ctas'>,
  command: Command = 'select into',
): Promise<void> {
  if (!s.name.at(-1)!.startsWith('#')) {
    i.state.refuseInTransaction();
    if (i.state.owner === 0 && !mayDefine(i.state.catalog.snapshot, i.state.user, 'CREATE TABLE'))
      throw new TSqlError(262, `CREATE TABLE permission denied in database '${i.env.database}'.`, 1, 14);
  }
  const bound = await i.translate((b) => applyMasks(b, bindQuery(b, s.query, undefined, { top: true })));
  duplicates(
    bound.columns.filter((c) => c.name),
    s.name.join('.'),
  );
  const named = namedColumns(bound.columns, s.columns, s.name.at(-1)!);
  const columns = named.map(
    (c, n): ColumnInfo => ({
      id: n + 1,
      name: c.name,
      type:
        c.type.name === 'sql_variant' && i.state.surface === 'server'
          ? varchar(8000)
          : bound.columns[n]!.isNull
            ? INT
            : c.type,
      nullable: c.nullable,
      ...(c.identity?.inherited ? { identity: { seed: c.identity.seed, increment: c.identity.increment } } : {}),
      ...(c.collation === 'bin'
        ? { collation: 'Latin1_General_100_BIN2' }
        : c.collation === 'cs'
          ? { collation: 'Latin1_General_CS_AS' }
          : {}),
    }),
  );
  checkOptions(columns, s.options, []);
  checkPoolColumns(i, columns, inColumnstore(s.name, s.options));
  const object = await tableObject(i, s.name, columns, s.options, []);
  const rows = await define(i, object, async () => {
    const sql = await i.translate((b) => {
      const target = { ...object, columns: columns.map((c) => ({ ...c, nullable: true })) };
      b.next += 1000;
      return insertSql(
        b,
        target,
        undefined,
        { sql: bound.sql, columns: bound.columns.map((c) => ({ ...c, mask: undefined })) },
        true,
      );
    });
    const inserted = await i.state.run(sql);
    await goOn(i, object);
    return inserted;
  });
  i.done(command, rows);
}
