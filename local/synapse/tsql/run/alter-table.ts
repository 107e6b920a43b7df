/** ALTER TABLE: columns, defaults, masks, constraints. */
import { TSqlError } from '../../contract';
import { mayDefine, maySecure } from '../../catalog/security';
import type { ColumnInfo, IndexInfo, ObjectInfo } from '../../catalog/model';
import { expr } from '../bind/expr';
import { defaultOf } from '../bind/insert';
import { checkMask } from '../bind/masking';
import { Scope } from '../bind/scope';
import { physicalName } from '../bind/tables';
import { notSupported } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import { assign, convert } from '../types/convert';
import { duckType, typeText } from '../types/sql-types';
import { ident } from '../types/typed';
import { duplicateColumns, nullableKey } from './column-rules';
import { columnIn, need, replace } from './ddl-names';
import { changePartitions, switchPartition } from './alter-partitions';
import { checkPoolColumns, columnSql, makeColumn } from './create-table';
import type { Interpreter } from './interpreter';

export async function alterTable(i: Interpreter, s: StatementOf<'alterTable'>): Promise<void> {
  const { action } = s;
  const found = i.env.object(s.name);
  if (!found || found.kind !== 'U')
    throw new TSqlError(
      4902,
      `Cannot find the object "${s.name.join('.')}" because it does not exist or you do not have permissions.`,
    );
  const table = found;
  const name = physicalName(table);
  switch (action.kind) {
    case 'addColumns':
      return addColumns(i, table, action);
    case 'alterColumn':
      return alterColumn(i, table, makeColumn(action.column, 0, table.name));
    case 'mask': {
      if (
        !maySecure(i.state.catalog.snapshot, i.state.user) &&
        !mayDefine(i.state.catalog.snapshot, i.state.user, 'ALTER ANY MASK')
      )
        throw new TSqlError(1088, 'Cannot find the object.', 9);
      const column = columnIn(table, action.column);
      if (action.mask) checkMask(action.mask, column);
      return replace(i, table, {
        ...table,
        columns: table.columns.map((c) => (c === column ? { ...c, mask: action.mask } : c)),
      });
    }
    case 'dropColumns': {
      for (const column of action.names) {
        const current = need(i, s.name);
        const c = current.columns.find((x) => x.name.toLowerCase() === column.toLowerCase());
        if (!c) {
          if (action.ifExists) continue;
          throw new TSqlError(
            4924,
            `ALTER TABLE DROP COLUMN failed because column '${column}' does not exist in table '${table.name}'.`,
          );
        }
        refuseDependents(current, c);
        if (current.columns.length === 1)
          throw new TSqlError(
            4923,
            `ALTER TABLE DROP COLUMN failed because '${column}' is the only data column in table '${table.name}'.`,
          );
        await replace(
          i,
          current,
          {
            ...current,
            columns: current.columns.filter((x) => x !== c),
            statistics: current.statistics?.filter(
              (x) => !x.columns.some((n) => n.toLowerCase() === column.toLowerCase()),
            ),
          },
          [`ALTER TABLE ${name} DROP COLUMN ${ident(c.name)}`],
        );
      }
      return;
    }
    case 'dropConstraint': {
      for (const constraint of action.names) {
        const current = need(i, s.name);
        const lower = constraint.toLowerCase();
        const index = current.indexes?.find((x) => x.name.toLowerCase() === lower && (x.primaryKey || x.unique));
        const column = current.columns.find((c) => c.default?.name.toLowerCase() === lower);
        if (!index && !column) {
          if (action.ifExists) continue;
          throw new TSqlError(3728, `'${constraint}' is not a constraint.`);
        }
        await replace(i, current, {
          ...current,
          indexes: current.indexes?.filter((x) => x !== index),
          columns: current.columns.map((c) => (c === column ? { ...c, default: undefined } : c)),
        });
      }
      return;
    }
    case 'addDefault': {
      const column = columnIn(table, action.column);
      if (column.default) throw new TSqlError(1781, 'Column already has a DEFAULT bound to it.');
      await i.translate((b) => convert(expr(b, new Scope(undefined), action.expr), column.type));
      return replace(i, table, {
        ...table,
        columns: table.columns.map((c) =>
          c === column
            ? { ...c, default: { name: action.name ?? `DF__${table.name}__${c.name}`, text: action.text } }
            : c,
        ),
      });
    }
    case 'rebuild':
      return;
    case 'split':
    case 'merge':
      return changePartitions(i, table, action.kind, action.value);
    case 'switch':
      return switchPartition(i, table, action);
  }
}

/** What keeps a column from being dropped: its default, keys, statistics, partitions and the distribution. */
function refuseDependents(table: ObjectInfo, column: ColumnInfo): void {
  const isNamed = (names: readonly string[] | undefined): boolean =>
    names?.some((n) => n.toLowerCase() === column.name.toLowerCase()) ?? false;
  const key = table.indexes?.find((x) => isNamed(x.columns.map((k) => k.name)));
  const statistic = table.statistics?.find((x) => !x.auto && isNamed(x.columns));
  const dependent = column.default
    ? `object '${column.default.name}'`
    : key
      ? `${key.primaryKey || key.unique ? 'object' : 'index'} '${key.name}'`
      : statistic
        ? `statistics '${statistic.name}'`
        : isNamed(table.hashColumns) || isNamed(table.partition && [table.partition.column])
          ? `object '${table.name}'`
          : undefined;
  if (dependent)
    throw new TSqlError(
      4922,
      `The ${dependent} is dependent on column '${column.name}'. ALTER TABLE DROP COLUMN ${column.name} failed because one or more objects access this column.`,
      9,
    );
}

const isColumnstore = (table: ObjectInfo): boolean =>
  !table.temp && (table.indexes?.some((x) => x.type === 'CLUSTERED COLUMNSTORE') ?? false);

async function addColumns(
  i: Interpreter,
  table: ObjectInfo,
  action: Extract<StatementOf<'alterTable'>['action'], { kind: 'addColumns' }>,
): Promise<void> {
  const sql: string[] = [];
  const columns = [...table.columns];
  const name = physicalName(table);
  for (const definition of action.columns) {
    const column = makeColumn(definition, Math.max(0, ...columns.map((c) => c.id)) + 1, table.name);
    if (columns.some((c) => c.name.toLowerCase() === column.name.toLowerCase()))
      throw new TSqlError(
        2705,
        `Column names in each table must be unique. Column name '${column.name}' in table '${table.schema}.${table.name}' is specified more than once.`,
        4,
      );
    checkPoolColumns(i, [column], isColumnstore(table));
    if (column.identity) throw notSupported('ALTER TABLE ADD with IDENTITY');
    const value = column.default ? await i.translate((b) => convert(defaultOf(b, column), column.type)) : undefined;
    sql.push(`ALTER TABLE ${name} ADD COLUMN ${ident(column.name)} ${duckType(column.type)}`);
    if (!column.nullable && !value) {
      const rows = await i.state.rows(`SELECT 1 FROM ${name} LIMIT 1`);
      if (rows.length)
        throw new TSqlError(
          4901,
          `ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified. Column '${column.name}' cannot be added to non-empty table '${table.name}' because it does not satisfy these conditions.`,
        );
    }
    if (value && !column.nullable) sql.push(`UPDATE ${name} SET ${ident(column.name)} = ${value.sql}`);
    if (!column.nullable) sql.push(`ALTER TABLE ${name} ALTER COLUMN ${ident(column.name)} SET NOT NULL`);
    columns.push(column);
  }
  for (const k of action.keys) {
    duplicateColumns(k.columns, 'index');
    if (k.kind !== 'primary key') continue;
    if (table.indexes?.some((x) => x.primaryKey))
      throw new TSqlError(8110, `Cannot add multiple PRIMARY KEY constraints to table '${table.name}'.`, 0);
    if (k.columns.some((c) => columnIn({ ...table, columns }, c).nullable)) throw nullableKey(table.name);
  }
  const keys = action.keys.map(
    (k): IndexInfo => ({
      name: k.name ?? `${k.kind === 'unique' ? 'UQ' : 'PK'}__${table.name}`,
      type: 'NONCLUSTERED',
      columns: k.columns.map((c) => ({ name: columnIn({ ...table, columns }, c).name, descending: false })),
      ...(k.kind === 'unique' ? { unique: true } : { primaryKey: true }),
    }),
  );
  for (const k of keys)
    if (table.indexes?.some((x) => x.name.toLowerCase() === k.name.toLowerCase()))
      throw new TSqlError(2714, `There is already an object named '${k.name}' in the database.`, 5);
  await rebuildable(i, table, { ...table, columns, indexes: [...(table.indexes ?? []), ...keys] }, sql);
}

/** DuckDB cannot ALTER a table twice in one transaction after changing its rows: then the table is built anew. */
async function rebuildable(
  i: Interpreter,
  old: ObjectInfo,
  changed: ObjectInfo,
  sql: readonly string[],
): Promise<void> {
  if (!sql.some((x) => x.startsWith('UPDATE'))) return replace(i, old, changed, sql);
  const next = `${ident(old.schema)}.${ident(`${old.name}__rebuild`)}`;
  const items: string[] = [];
  for (const c of changed.columns) {
    if (old.columns.some((x) => x.name === c.name)) items.push(ident(c.name));
    else
      items.push(
        c.default && !c.nullable
          ? await i.translate((b) => convert(defaultOf(b, c), c.type).sql)
          : `CAST(NULL AS ${duckType(c.type)})`,
      );
  }
  await replace(i, old, changed, [
    `CREATE TABLE ${next} (${changed.columns.map(columnSql).join(', ')})`,
    `INSERT INTO ${next} SELECT ${items.join(', ')} FROM ${physicalName(old)}`,
    `DROP TABLE ${physicalName(old)}`,
    `ALTER TABLE ${next} RENAME TO ${ident(old.name)}`,
  ]);
}

async function alterColumn(i: Interpreter, table: ObjectInfo, wanted: ColumnInfo): Promise<void> {
  const old = table.columns.find((c) => c.name.toLowerCase() === wanted.name.toLowerCase());
  if (!old)
    throw new TSqlError(
      4924,
      `ALTER TABLE ALTER COLUMN failed because column '${wanted.name}' does not exist in table '${table.name}'.`,
    );
  if (table.hashColumns?.some((h) => h.toLowerCase() === old.name.toLowerCase()))
    throw new TSqlError(4922, `ALTER TABLE ALTER COLUMN ${old.name} failed because the table is distributed on it.`);
  const name = physicalName(table);
  checkPoolColumns(i, [wanted], isColumnstore(table));
  const value = assign({ sql: ident(old.name), type: old.type, nullable: true }, wanted.type, {
    table: table.name,
    column: old.name,
  });
  const sql: string[] = [];
  if (duckType(old.type) !== duckType(wanted.type) || typeText(old.type) !== typeText(wanted.type)) {
    const bad = await i.state.rows(`SELECT count(${value.sql}) FROM ${name}`);
    if (bad.length)
      sql.push(
        `ALTER TABLE ${name} ALTER COLUMN ${ident(old.name)} SET DATA TYPE ${duckType(wanted.type)} USING ${value.sql}`,
      );
  }
  if (old.nullable !== wanted.nullable) {
    if (!wanted.nullable) {
      const nulls = await i.state.rows(`SELECT 1 FROM ${name} WHERE ${ident(old.name)} IS NULL LIMIT 1`);
      if (nulls.length)
        throw new TSqlError(
          515,
          `Cannot insert the value NULL into column '${old.name}', table '${table.name}'; column does not allow nulls. UPDATE fails.`,
          2,
        );
    }
    sql.push(`ALTER TABLE ${name} ALTER COLUMN ${ident(old.name)} ${wanted.nullable ? 'DROP' : 'SET'} NOT NULL`);
  }
  await replace(
    i,
    table,
    {
      ...table,
      columns: table.columns.map((c) =>
        c === old
          ? {
              ...c,
              type: wanted.type,
              nullable: wanted.nullable,
              ...(wanted.collation ? { collation: wanted.collation } : {}),
            }
          : c,
      ),
    },
    sql,
  );
}
