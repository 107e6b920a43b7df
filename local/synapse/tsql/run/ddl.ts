/** CREATE, ALTER, DROP and RENAME of tables, views, modules, schemas, indexes and statistics. */
import { mkdirSync, rmSync } from 'node:fs';
import { TSqlError, type Command, type Surface } from '../../contract';
import { localPath } from '../../lake/paths';
import { fullUrl, text } from '../../lake/sources';
import { mayDefine } from '../../catalog/security';
import { key, type ColumnInfo, type IndexInfo, type ObjectInfo, type ObjectKind } from '../../catalog/model';
import { now } from '../../catalog/store';
import { bindQuery, namedColumns } from '../bind/query';
import { insertSql, sequenceName } from '../bind/dml';
import { applyMasks, checkMask } from '../bind/masking';
import { collationOf, expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import { inlineFunction, physicalName } from '../bind/sources';
import { alreadyExists, cannotFind, invalidObject, notSupported, refusedByPool } from '../errors';
import type { ColumnDefinition, KeyConstraint, Name, Statement, StatementOf, TableOptions } from '../syntax/ast';
import { convert } from '../types/convert';
import { duckType, INT, MAX, resolveType, varchar } from '../types/sql-types';
import { ident, quote } from '../types/typed';
import { alterTable } from './alter-table';
import { computedColumns, constraintSql } from './constraints';
import type { Interpreter } from './interpreter';
import { splitName } from './metadata-functions';
import { isOn } from './session-options';
import { addTableVariable, createType } from './table-types';

export async function ddl(i: Interpreter, s: Statement): Promise<void> {
  const { state } = i;
  if (s.kind === 'accepted') return i.done('ddl');
  demandDdl(i, s);
  state.refuseInTransactionUnlessTemp(s);
  switch (s.kind) {
    case 'createSchema':
      await createSchema(i, s.name);
      break;
    case 'dropSchema':
      await dropSchema(i, s.name, s.ifExists);
      break;
    case 'transfer':
      await transfer(i, s.schema, s.name);
      break;
    case 'createTable':
      await createTable(i, s);
      break;
    case 'alterTable':
      await alterTable(i, s);
      break;
    case 'createView':
      await createView(i, s);
      break;
    case 'createProcedure':
    case 'createFunction':
      await createModule(i, s);
      break;
    case 'createType':
      await createType(i, s, await columnsOf(i, s.columns ?? [], s.name.at(-1)!));
      break;
    case 'drop':
      for (const name of s.names) await drop(i, s, name);
      break;
    case 'rename':
      if (s.column) await renameColumn(i, s.name, s.column, s.to);
      else await renameObjects(i, [s]);
      break;
    case 'createIndex':
    case 'dropIndex':
    case 'alterIndex':
      await indexes(i, s);
      break;
    case 'createStatistics': {
      const table = need(i, s.table);
      if (table.statistics?.some((x) => x.name.toLowerCase() === s.name.toLowerCase()))
        throw new TSqlError(1927, `There are already statistics on table '${table.name}' named '${s.name}'.`);
      const columns = s.columns.map((c) => columnIn(table, c).name);
      await replace(i, table, {
        ...table,
        statistics: [...(table.statistics ?? []), { name: s.name, columns, auto: false }],
      });
      break;
    }
    case 'updateStatistics':
      need(i, s.table);
      break;
    case 'createDataSource':
    case 'createFileFormat':
      await namedOptions(i, s);
      break;
    case 'createExternalTable':
      await createExternalTable(i, s);
      break;
    default:
      throw notSupported(s.kind, s.span.line);
  }
  i.done('ddl');
}

function demandDdl(i: Interpreter, s: Statement): void {
  const permission =
    s.kind === 'createTable' || s.kind === 'createExternalTable'
      ? 'CREATE TABLE'
      : s.kind === 'createView'
        ? 'CREATE VIEW'
        : s.kind === 'createProcedure'
          ? 'CREATE PROCEDURE'
          : s.kind === 'createFunction'
            ? 'CREATE FUNCTION'
            : s.kind === 'createSchema'
              ? 'CREATE SCHEMA'
              : 'ALTER';
  if (isTempStatement(s) || i.state.owner > 0) return;
  if (!mayDefine(i.state.catalog.snapshot, i.state.user, permission)) {
    if (s.kind === 'drop') throw cannotFind(s.type, s.names[0]!.join('.'));
    if (permission === 'ALTER')
      throw new TSqlError(1088, 'Cannot find the object because it does not exist or you do not have permissions.', 9);
    throw new TSqlError(262, `${permission} permission denied in database '${i.env.database}'.`, 1, 14);
  }
}
export const isTempStatement = (s: Statement): boolean =>
  ((s.kind === 'createTable' || s.kind === 'ctas') && s.name.at(-1)!.startsWith('#')) ||
  (s.kind === 'drop' && s.type === 'table' && s.names.every((n) => n.at(-1)!.startsWith('#')));

export function need(i: Interpreter, name: Name, kinds: readonly ObjectKind[] = ['U']): ObjectInfo {
  const found = i.env.object(name);
  if (!found || !kinds.includes(found.kind))
    throw new TSqlError(
      1088,
      `Cannot find the object "${name.join('.')}" because it does not exist or you do not have permissions.`,
      9,
    );
  return found;
}
export function columnIn(table: ObjectInfo, name: string): ColumnInfo {
  const found = table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new TSqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
  return found;
}
/** Replaces an object's entry, with DuckDB statements when its table changes too. */
export async function replace(
  i: Interpreter,
  old: ObjectInfo,
  changed: ObjectInfo,
  sql: readonly string[] = [],
): Promise<void> {
  if (old.temp) {
    for (const statement of sql) await i.state.run(statement);
    i.state.temp.set(changed.name.toLowerCase(), changed);
    return;
  }
  await i.state.define(sql, { removed: [old], added: [{ ...changed, modified: now() }] });
}
/** Schema and name for a new object. Msg 2760 and 2714. */
function newName(i: Interpreter, name: Name, replaces = false): { schema: string; name: string } {
  const schemaName = (name.length > 1 ? name.at(-2) : '') || 'dbo';
  if (name.length > 2 && name.at(-3) && name.at(-3)!.toLowerCase() !== i.env.database.toLowerCase()) i.env.object(name);
  const schema = i.state.catalog.snapshot.schemas.get(schemaName.toLowerCase());
  if (!schema)
    throw new TSqlError(
      2760,
      `The specified schema name "${schemaName}" either does not exist or you do not have permission to use it.`,
    );
  const last = name.at(-1)!;
  if (last.length > 128)
    throw new TSqlError(
      103,
      `The identifier that starts with '${last.slice(0, 128)}' is too long. Maximum length is 128.`,
      4,
      15,
    );
  if (!replaces && i.state.catalog.snapshot.objects.has(key(schema.name, last))) throw alreadyExists(last);
  return { schema: schema.name, name: last };
}

async function createSchema(i: Interpreter, name: string): Promise<void> {
  const { state } = i;
  const { schemas } = state.catalog.snapshot;
  if (
    schemas.has(name.toLowerCase()) ||
    ['sys', 'information_schema', 'tsql', 'main', 'temp'].includes(name.toLowerCase())
  )
    throw alreadyExists(name);
  await state.define([`CREATE SCHEMA IF NOT EXISTS ${ident(name)}`], () => {
    const now_ = state.catalog.currentSettings().schemas;
    if (now_.some((s) => s.name.toLowerCase() === name.toLowerCase())) throw alreadyExists(name);
    return { settings: { schemas: [...now_, { id: state.catalog.newId(), name, owner: 'dbo' }] } };
  });
}
async function dropSchema(i: Interpreter, name: string, ifExists: boolean): Promise<void> {
  const { snapshot } = i.state.catalog;
  const schema = snapshot.schemas.get(name.toLowerCase());
  if (!schema) {
    if (ifExists) return;
    throw new TSqlError(
      15151,
      `Cannot drop the schema '${name}', because it does not exist or you do not have permission.`,
    );
  }
  const inside = [...snapshot.objects.values()].find((o) => o.schema.toLowerCase() === name.toLowerCase());
  if (inside)
    throw new TSqlError(
      3729,
      `Cannot DROP SCHEMA '${name}' because it is being referenced by object '${inside.name}'.`,
    );
  if (schema.name === 'dbo') throw new TSqlError(15150, "Cannot drop the schema 'dbo'.");
  await i.state.define([`DROP SCHEMA ${ident(schema.name)}`], () => ({
    settings: { schemas: i.state.catalog.currentSettings().schemas.filter((s) => s.id !== schema.id) },
  }));
}

/** Columns as the catalog keeps them. A column without NULL or NOT NULL allows NULL. */
export function makeColumn(c: ColumnDefinition, id: number, table: string, surface?: Surface): ColumnInfo {
  const type = c.computed ? INT : resolveType(c.type);
  if (c.mask) checkMask(c.mask);
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

async function createTable(i: Interpreter, s: StatementOf<'createTable'>): Promise<void> {
  const last = s.name.at(-1)!;
  const columns = await columnsOf(i, s.columns, last);
  for (const c of s.columns)
    if (c.default)
      await i.translate((b) => convert(expr(b, new Scope(undefined), c.default!.expr), resolveType(c.type)));
  duplicates(columns, last);
  checkOptions(columns, s.options, s.keys);
  const keys = [
    ...s.keys,
    ...s.columns
      .filter((c) => c.primaryKey || c.unique)
      .map(
        (c): KeyConstraint => ({
          kind: c.primaryKey ? 'primary key' : 'unique',
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
async function columnsOf(
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
const HEAP: TableOptions = {
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
  if (options.index === 'CLUSTERED COLUMNSTORE' && options.explicitDistribution) {
    // The documented limit: a columnstore takes no (max) types.
  }
}
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
export async function partitionValue(
  i: Interpreter,
  node: Parameters<typeof expr>[2],
  type: ColumnInfo['type'],
): Promise<string> {
  const value = await i.value(node, type);
  const rows = await i.state.rows(`SELECT CAST(${value.sql} AS VARCHAR)`);
  return String(rows[0]?.[0]);
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
  if (identity)
    sql.unshift(
      `CREATE ${object.temp ? 'TEMP ' : ''}SEQUENCE ${sequenceName(object)} START ${identity.seed} INCREMENT ${identity.increment}${identity.increment < 0 ? ' MINVALUE -9223372036854775808' : ''}`,
    );
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
    s.name.at(-1)!,
  );
  const named = namedColumns(bound.columns, s.columns, s.name.at(-1)!);
  const columns = named.map(
    (c, n): ColumnInfo => ({
      id: n + 1,
      name: c.name,
      type: c.type.name === 'sql_variant' ? varchar(8000) : bound.columns[n]!.isNull ? INT : c.type,
      nullable: c.nullable,
      ...(c.collation === 'bin'
        ? { collation: 'Latin1_General_100_BIN2' }
        : c.collation === 'cs'
          ? { collation: 'Latin1_General_CS_AS' }
          : {}),
    }),
  );
  checkOptions(columns, s.options, []);
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
    return i.state.run(sql);
  });
  i.done(command, rows);
}

async function createView(i: Interpreter, s: StatementOf<'createView'>): Promise<void> {
  const old = i.env.object(s.name);
  if (s.mode === 'alter' && old?.kind !== 'V') throw invalidObject(s.name.join('.'));
  if (old && s.mode === 'create') throw alreadyExists(s.name.at(-1)!);
  if (old && old.kind !== 'V') throw alreadyExists(s.name.at(-1)!);
  if (s.name.at(-1)!.startsWith('#')) throw new TSqlError(4103, `"${s.name.at(-1)}": Temporary views are not allowed.`);
  const place = newName(i, s.name, old !== undefined);
  const bound = await i.translate((b) => bindQuery(b, s.query, undefined, {}));
  const names = s.columns ?? bound.columns.map((c) => c.name);
  const nameless = names.indexOf('');
  if (nameless >= 0)
    throw new TSqlError(
      4511,
      `Create View or Function failed because no column name was specified for column ${nameless + 1}.`,
    );
  const twice = names.find((name, n) => names.findIndex((x) => x.toLowerCase() === name.toLowerCase()) !== n);
  if (twice !== undefined)
    throw new TSqlError(
      4506,
      `Column names in each view or function must be unique. Column name '${twice}' in view or function '${place.name}' is specified more than once.`,
    );
  const columns = namedColumns(bound.columns, s.columns, place.name).map(
    (c, n): ColumnInfo => ({ id: n + 1, name: c.name, type: c.type, nullable: c.nullable }),
  );
  const object: ObjectInfo = {
    id: old?.id ?? i.state.catalog.newId(),
    ...place,
    kind: 'V',
    created: old?.created ?? now(),
    modified: now(),
    columns,
    definition: i.source.slice(s.span.start, s.span.end),
    ...(s.materialized
      ? { materialized: true, distribution: s.materialized.distribution, hashColumns: s.materialized.hashColumns }
      : {}),
  };
  await i.state.define([], { removed: old ? [old] : [], added: [object] });
}

async function createModule(
  i: Interpreter,
  s: StatementOf<'createProcedure'> | StatementOf<'createFunction'>,
): Promise<void> {
  const kind: ObjectKind = s.kind === 'createProcedure' ? 'P' : s.returns === 'table' ? 'IF' : 'FN';
  const old = i.env.object(s.name);
  if (s.mode === 'alter' && !old) throw invalidObject(s.name.join('.'));
  if (old && (s.mode === 'create' || old.kind !== kind)) throw alreadyExists(s.name.at(-1)!);
  const temp = s.name.at(-1)!.startsWith('#');
  const place = temp ? { schema: 'dbo', name: s.name.at(-1)! } : newName(i, s.name, old !== undefined);
  const object: ObjectInfo = {
    id: old?.id ?? i.state.catalog.newId(),
    ...place,
    kind,
    created: old?.created ?? now(),
    modified: now(),
    columns: [],
    definition: i.source.slice(s.span.start, s.span.end),
  };
  let { columns } = object;
  for (const p of s.parameters) i.type(p.type);
  if (kind === 'IF' && s.kind === 'createFunction') {
    const args = s.parameters.map((p) => ({
      sql: `CAST(NULL AS ${duckType(resolveType(p.type))})`,
      type: resolveType(p.type),
      nullable: true,
    }));
    const bound = await i.translate((b) => inlineFunction(b, object, args));
    columns = namedColumns(bound.columns, undefined, place.name).map((c, n) => ({
      id: n + 1,
      name: c.name,
      type: c.type,
      nullable: c.nullable,
    }));
  }
  if (s.kind === 'createFunction' && kind === 'FN') {
    const flat = s.body.flatMap((x) => (x.kind === 'block' ? x.body : [x]));
    if (flat.at(-1)?.kind !== 'return')
      throw new TSqlError(455, 'The last statement included within a function must be a return statement.', 2);
  }
  if (temp) {
    if (i.state.surface !== 'server') throw refusedByPool('A temporary procedure', s.span.line);
    i.state.temp.set(object.name.toLowerCase(), { ...object, temp: true });
    return;
  }
  await i.state.define([], { removed: old ? [old] : [], added: [{ ...object, columns }] });
}

const DROP_KINDS: Readonly<Record<string, readonly ObjectKind[]>> = {
  table: ['U'],
  view: ['V'],
  procedure: ['P'],
  function: ['FN', 'IF'],
  'external table': ['ET'],
  'security policy': ['SP'],
  type: ['TT'],
};
const DROP_WORDS: Readonly<Record<string, string>> = {
  U: 'table',
  V: 'view',
  P: 'procedure',
  FN: 'function',
  IF: 'function',
};
async function drop(i: Interpreter, s: StatementOf<'drop'>, name: Name): Promise<void> {
  const { state } = i;
  const kinds = DROP_KINDS[s.type];
  const shown = name.join('.');
  if (!kinds) return dropOther(i, s, name);
  const object = i.env.object(name);
  if (!object || !kinds.includes(object.kind)) {
    if (s.ifExists && !object) return;
    if (object && s.ifExists === false && object.kind in DROP_WORDS) {
      const word = DROP_WORDS[object.kind]!;
      throw new TSqlError(
        3705,
        `Cannot use DROP ${s.type.toUpperCase()} with '${shown}' because '${shown}' is a ${word}. Use DROP ${word.toUpperCase()}.`,
      );
    }
    if (s.ifExists) return;
    throw cannotFind(s.type, shown);
  }
  if (object.temp) {
    if (object.kind === 'U') await state.run(`DROP TABLE ${physicalName(object)}`);
    if (object.columns.some((c) => c.identity)) await state.run(`DROP SEQUENCE IF EXISTS ${sequenceName(object)}`);
    state.temp.delete(object.name.toLowerCase());
    return;
  }
  const policy = [...state.catalog.snapshot.objects.values()].find((o) =>
    o.policy?.predicates.some((p) => p.table === object.id || i.env.object(p.functionName)?.id === object.id),
  );
  if (policy)
    throw new TSqlError(
      3729,
      `Cannot DROP ${s.type.toUpperCase()} '${shown}' because it is being referenced by object '${policy.name}'.`,
    );
  const sql = object.kind === 'U' ? [`DROP TABLE ${physicalName(object)}`] : [];
  if (object.columns.some((c) => c.identity)) sql.push(`DROP SEQUENCE IF EXISTS ${sequenceName(object)}`);
  await state.define(sql, () => {
    const { permissions } = state.catalog.currentSettings();
    const kept = permissions.filter((p) => !(p.class === 'OBJECT' && p.target === String(object.id)));
    return { removed: [object], settings: kept.length === permissions.length ? {} : { permissions: kept } };
  });
}
async function dropOther(i: Interpreter, s: StatementOf<'drop'>, name: Name): Promise<void> {
  const { state } = i;
  const shown = name.join('.');
  if (s.type === 'statistics') {
    const table = need(i, name.slice(0, -1));
    const rest = (table.statistics ?? []).filter((x) => x.name.toLowerCase() !== name.at(-1)!.toLowerCase());
    if (rest.length === (table.statistics?.length ?? 0)) throw cannotFind('statistics', shown);
    return replace(i, table, { ...table, statistics: rest });
  }
  const lower = name.at(-1)!.toLowerCase();
  if (s.type === 'external data source' || s.type === 'external file format') {
    const field = s.type === 'external data source' ? 'dataSources' : 'fileFormats';
    if (!state.catalog.snapshot[field].has(lower)) {
      if (s.ifExists) return;
      throw cannotFind(s.type, shown);
    }
    await state.define([], () => ({
      settings: { [field]: state.catalog.currentSettings()[field].filter((x) => x.name.toLowerCase() !== lower) },
    }));
    return;
  }
  if (s.type === 'login') return;
  const found = state.catalog.snapshot.principals.get(lower);
  if (!found) {
    if (s.ifExists) return;
    throw new TSqlError(
      15151,
      `Cannot drop the ${s.type} '${shown}', because it does not exist or you do not have permission.`,
    );
  }
  if (found.fixed) throw new TSqlError(15150, `Cannot drop the ${s.type} '${shown}'.`);
  if (found.type === 'R' && state.catalog.snapshot.members.some((m) => m.role === found.id))
    throw new TSqlError(15144, 'The role has members. It must be empty before it can be dropped.');
  await state.define([], () => {
    const all = state.catalog.currentSettings();
    return {
      settings: {
        principals: all.principals.filter((p) => p.id !== found.id),
        members: all.members.filter((m) => m.member !== found.id),
        permissions: all.permissions.filter((p) => p.grantee !== found.id),
      },
    };
  });
}

/**
 * RENAME OBJECT statements that stand together in a batch, as one change of the catalog: readers never meet the moment between
 * `x TO x_old` and `x_new TO x`. A pool keeps that moment short by its locks, but promises nothing.
 */
export async function renameTogether(i: Interpreter, renames: readonly StatementOf<'rename'>[]): Promise<void> {
  i.state.refuseInTransaction();
  for (const s of renames) demandDdl(i, s);
  await renameObjects(i, renames);
  for (const _ of renames) i.done('ddl');
}

async function renameObjects(
  i: Interpreter,
  renames: readonly { readonly name: Name; readonly to: string }[],
): Promise<void> {
  const objects = new Map(i.state.catalog.snapshot.objects);
  const before = new Map<number, ObjectInfo>();
  const sql: string[] = [];
  for (const { name, to } of renames) {
    const known = i.env.object(name, objects);
    if (!known)
      throw new TSqlError(
        15225,
        `No item by the name of '${name.join('.')}' could be found in the current database '${i.env.database}', given that @itemtype was input as '(null)'.`,
        1,
        11,
      );
    if (known.temp) throw refusedByPool('RENAME of a temporary table');
    if (!['U', 'V', 'ET'].includes(known.kind)) throw notSupported('RENAME of a procedure or function');
    if (objects.has(key(known.schema, to)))
      throw new TSqlError(
        15335,
        `Error: The new name '${to}' is already in use as a OBJECT name and would cause a duplicate that is not permitted.`,
        1,
        11,
      );
    if (!before.has(known.id)) before.set(known.id, known);
    if (known.kind === 'U') sql.push(`ALTER TABLE ${physicalName(known)} RENAME TO ${ident(to)}`);
    objects.delete(key(known.schema, known.name));
    objects.set(key(known.schema, to), { ...known, name: to, modified: now() });
  }
  const removed = [...before.values()];
  await i.state.define(sql, { removed, added: [...objects.values()].filter(({ id }) => before.has(id)) });
}
export async function renameColumn(i: Interpreter, name: Name, from: string, to: string): Promise<void> {
  const table = need(i, name);
  const column = columnIn(table, from);
  if (table.columns.some((c) => c.name.toLowerCase() === to.toLowerCase()))
    throw new TSqlError(4705, `Column name '${to}' already exists.`);
  const swap = (n: string): string => (n.toLowerCase() === column.name.toLowerCase() ? to : n);
  await replace(
    i,
    table,
    {
      ...table,
      columns: table.columns.map((c) => (c === column ? { ...c, name: to } : c)),
      hashColumns: table.hashColumns?.map(swap),
      indexes: table.indexes?.map((x) => ({ ...x, columns: x.columns.map((c) => ({ ...c, name: swap(c.name) })) })),
      statistics: table.statistics?.map((x) => ({ ...x, columns: x.columns.map(swap) })),
      ...(table.partition ? { partition: { ...table.partition, column: swap(table.partition.column) } } : {}),
    },
    [`ALTER TABLE ${physicalName(table)} RENAME COLUMN ${ident(column.name)} TO ${ident(to)}`],
  );
}
/** sp_rename: a pool takes it for columns only. */
export async function renameObject(i: Interpreter, from: string, to: string, type: string): Promise<void> {
  const parts = splitName(from);
  if (type.toUpperCase() === 'COLUMN' && parts.length < 2)
    throw new TSqlError(
      15248,
      'Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong.',
      1,
      11,
    );
  if (type.toUpperCase() === 'COLUMN') return renameColumn(i, parts.slice(0, -1), parts.at(-1)!, to);
  if (type.toUpperCase() !== 'OBJECT') throw refusedByPool(`sp_rename of type ${type}`);
  return renameObjects(i, [{ name: parts, to }]);
}

async function transfer(i: Interpreter, schemaName: string, name: Name): Promise<void> {
  const object = i.env.object(name);
  if (!object || object.temp)
    throw new TSqlError(
      15151,
      `Cannot find the object '${name.join('.')}', because it does not exist or you do not have permission.`,
    );
  const place = newName(i, [schemaName, object.name]);
  const moved = { ...object, ...place, modified: now() };
  const sql =
    object.kind === 'U'
      ? [
          `CREATE TABLE ${physicalName(moved)} (${object.columns.map(columnSql).join(', ')})`,
          `INSERT INTO ${physicalName(moved)} SELECT * FROM ${physicalName(object)}`,
          `DROP TABLE ${physicalName(object)}`,
        ]
      : [];
  await i.state.define(sql, { removed: [object], added: [moved] });
}

async function indexes(
  i: Interpreter,
  s: StatementOf<'createIndex'> | StatementOf<'dropIndex'> | StatementOf<'alterIndex'>,
): Promise<void> {
  const table = need(i, s.table, ['U', 'V']);
  const list = table.indexes ?? [];
  const has = list.some((x) => x.name.toLowerCase() === s.name.toLowerCase());
  if (s.kind === 'alterIndex') {
    if (s.name !== 'ALL' && !has) throw new TSqlError(2727, `Cannot find index '${s.name}'.`, 1, 11);
    return;
  }
  if (s.kind === 'dropIndex') {
    if (!has) {
      if (s.ifExists) return;
      throw new TSqlError(
        3701,
        `Cannot drop the index '${s.table.join('.')}.${s.name}', because it does not exist or you do not have permission.`,
        7,
        11,
      );
    }
    const rest = list.filter((x) => x.name.toLowerCase() !== s.name.toLowerCase());
    return replace(i, table, { ...table, indexes: rest });
  }
  if (s.unique && i.state.surface !== 'server') throw refusedByPool('A UNIQUE index', s.span.line);
  if (has)
    throw new TSqlError(
      1913,
      `The operation failed because an index or statistics with name '${s.name}' already exists on table '${s.table.join('.')}'.`,
    );
  s.columns.forEach((c) => columnIn(table, c.name));
  const made: IndexInfo = { name: s.name, type: s.type.toUpperCase() as IndexInfo['type'], columns: s.columns };
  const rest = s.type === 'nonclustered' ? list : list.filter((x) => x.type === 'NONCLUSTERED');
  await replace(i, table, { ...table, indexes: s.type === 'nonclustered' ? [...rest, made] : [made, ...rest] });
}

async function namedOptions(
  i: Interpreter,
  s: StatementOf<'createDataSource'> | StatementOf<'createFileFormat'>,
): Promise<void> {
  const { state } = i;
  const field = s.kind === 'createDataSource' ? 'dataSources' : 'fileFormats';
  if (state.catalog.snapshot[field].has(s.name.toLowerCase()))
    throw new TSqlError(46502, `Type with name '${s.name}' already exists.`);
  if (s.kind === 'createDataSource' && !text(s.options.LOCATION))
    throw new TSqlError(46525, 'External data source options: LOCATION is missing.');
  if (
    s.kind === 'createFileFormat' &&
    !['PARQUET', 'DELIMITEDTEXT', 'ORC', 'RCFILE', 'DELTA', 'JSON'].includes(
      (text(s.options.FORMAT_TYPE) ?? '').toUpperCase(),
    )
  )
    throw new TSqlError(46513, 'External file format: FORMAT_TYPE is not valid.');
  await state.define([], () => ({
    settings: {
      [field]: [
        ...state.catalog.currentSettings()[field],
        { id: state.catalog.newId(), name: s.name, options: s.options },
      ],
    },
  }));
}

async function createExternalTable(i: Interpreter, s: StatementOf<'createExternalTable'>): Promise<void> {
  const { state } = i;
  const place = newName(i, s.name);
  const source = text(s.options.DATA_SOURCE);
  const format = text(s.options.FILE_FORMAT);
  if (!source || !state.catalog.snapshot.dataSources.has(source.toLowerCase()))
    throw new TSqlError(12703, `Referenced external data source "${source ?? ''}" not found.`);
  const found = format ? state.catalog.snapshot.fileFormats.get(format.toLowerCase()) : undefined;
  if (format && !found) throw new TSqlError(12704, `Referenced external file format "${format}" not found.`);
  const base = {
    id: state.catalog.newId(),
    ...place,
    kind: 'ET' as const,
    created: now(),
    modified: now(),
    external: s.options,
  };
  if (!s.query) {
    await state.define([], {
      added: [{ ...base, columns: s.columns!.map((c, n) => makeColumn(c, n + 1, place.name)) }],
    });
    return;
  }
  const bound = await i.translate((b) => applyMasks(b, bindQuery(b, s.query!, undefined, { top: true })));
  const columns = namedColumns(bound.columns, undefined, place.name).map(
    (c, n): ColumnInfo => ({ id: n + 1, name: c.name, type: c.type, nullable: c.nullable }),
  );
  const url = fullUrl(state, text(s.options.LOCATION) ?? '', source);
  const folder = localPath(url, state.catalog.options.lakeRoot, state.catalog.options.lakeAccount).replace(/\/+$/, '');
  const parquet = (text(found?.options.FORMAT_TYPE) ?? 'PARQUET').toUpperCase() === 'PARQUET';
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/QID${base.id}_${Date.now()}_0.${parquet ? 'parquet' : 'txt'}`;
  const items = columns.map(
    (c, n) =>
      `CAST(t.c${n} AS ${c.type.name === 'datetime' || c.type.name === 'smalldatetime' ? 'TIMESTAMP' : duckType(c.type)}) AS ${ident(c.name)}`,
  );
  const o = (found?.options.FORMAT_OPTIONS ?? {}) as { FIELD_TERMINATOR?: string; STRING_DELIMITER?: string };
  const csv = `FORMAT csv, HEADER false, DELIM ${quote(o.FIELD_TERMINATOR ?? ',')}${o.STRING_DELIMITER ? `, QUOTE ${quote(o.STRING_DELIMITER)}` : ''}`;
  let rows = 0;
  try {
    rows = await state.define([], { added: [{ ...base, columns }] }, () =>
      state.run(
        `COPY (SELECT ${items.join(', ')} FROM (${bound.sql}) AS t(${columns.map((_, n) => `c${n}`).join(', ')})) TO ${quote(file)} (${parquet ? 'FORMAT parquet' : csv})`,
      ),
    );
  } catch (failure) {
    rmSync(file, { force: true });
    throw failure;
  }
  state.rowCount = rows;
}
export { MAX };
