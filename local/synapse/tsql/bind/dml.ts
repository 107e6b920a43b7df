/** UPDATE and DELETE, and what they share with INSERT and MERGE. */
import { TSqlError } from '../../contract';
import { invalidColumn, invalidObject, notSupported, refusedByPool } from '../errors';
import type { ColumnInfo, ObjectInfo } from '../../catalog/model';
import type { Assignment, StatementOf } from '../syntax/ast-statements';
import type { Cte, Name, Source } from '../syntax/ast';
import { assign } from '../types/convert';
import { ident } from '../types/typed';
import { binary } from './arithmetic';
import type { Binder } from './binder';
import { cteTarget, throughCte } from './dml-through-cte';
import { condition, expr } from './expr';
import { maskedValue } from './masking';
import { defineCte, withKeyword } from './query';
import { type BoundSource, reference, Scope } from './scope';
import { bindObject, physicalName } from './tables';
import { bindSources } from './sources';
import { defaultOf } from './insert';

/** The table that a statement changes. */
export function target(b: Binder, name: Name): ObjectInfo {
  const object = b.env.object(name);
  if (!object || !['U', 'V', 'ET'].includes(object.kind)) {
    if (b.env.systemView(name)) throw new TSqlError(259, 'Ad hoc updates to system catalogs are not allowed.');
    throw invalidObject(name.filter(Boolean).join('.'));
  }
  if (object.kind === 'V') throw refusedByPool('Changing rows through a view');
  if (object.kind === 'ET') throw new TSqlError(46519, 'DML Operations are not supported with External tables.');
  return object;
}
export function columnOf(table: ObjectInfo, name: string): ColumnInfo {
  const found = table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (!found) throw invalidColumn(name);
  return found;
}
export const place = (b: Binder, table: ObjectInfo, column: ColumnInfo): { table: string; column: string } => ({
  table: table.temp ? `tempdb.dbo.${table.name}` : `${b.env.database}.${table.schema}.${table.name}`,
  column: column.name,
});

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
  const source = byAlias ?? (object ? sourceOf(scope, object, name) : undefined);
  if (source) {
    const table = source.object === undefined ? undefined : tableOf(b, source, from, object);
    if (!source.rowid || !table) throw notSupported(`Changing rows of '${name.join('.')}', which is not a table`);
    return { source, table, sql };
  }
  const table = target(b, name);
  const own = bindObject(b, scope, table, name);
  return { source: scope.sources.at(-1)!, table, sql: sql ? `${sql} CROSS JOIN ${own}` : ` FROM ${own}` };
}
/** The source that reads the table: of several the one without an alias. */
function sourceOf(scope: Scope, object: ObjectInfo, name: Name): BoundSource | undefined {
  const all = scope.sources.filter((s) => s.object === object.id);
  if (all.length < 2) return all[0];
  const own = all.filter((s) => s.exposed.at(-1)!.toLowerCase() === object.name.toLowerCase());
  if (own.length !== 1) throw new TSqlError(8154, `The table '${name.join('.')}' is ambiguous.`);
  return own[0];
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

export function assignments(
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

/** WITH d AS (SELECT …, ROW_NUMBER() … FROM t) UPDATE d …, DELETE FROM d WHERE rn > 1 */
const targetCte = (s: StatementOf<'update'> | StatementOf<'delete'>): Cte | undefined =>
  s.target.length === 1 && !s.from.length
    ? s.ctes.find((c) => c.name.toLowerCase() === s.target[0]!.toLowerCase())
    : undefined;

export function updateSql(b: Binder, s: StatementOf<'update'>): { sql: string; table: ObjectInfo } {
  const scope = new Scope(undefined);
  const cte = targetCte(s);
  let table!: ObjectInfo;
  let columns: readonly string[] = [];
  const { prefix, sql } = withCtes(
    b,
    s.ctes.filter((c) => c !== cte),
    () => {
      const through = cte && cteTarget(b, cte, 'UPDATE', (name) => target(b, name));
      const found = through ?? changed(b, scope, s.target, s.from);
      if (through) scope.sources.push(through.source);
      const wanted = through ? throughCte(s.set, through) : s.set;
      table = found.table;
      b.env.demand(
        'UPDATE',
        table,
        wanted.map((a) => a.column.at(-1)!),
      );
      const set = assignments(b, scope, found.source, table, wanted);
      const where = s.where ? ` WHERE ${scope.within('WHERE', () => condition(b, scope, s.where!))}` : '';
      const values = set.map((x, i) => `${x.sql} AS v${i}`).join(', ');
      const rows = `SELECT ${found.source.rowid} AS r, ${values}${found.sql}${where}${top(b, scope, s.top)}`;
      columns = set.map((x, i) => `${ident(x.column.name)} = s.v${i}`);
      return s.from.length ? `SELECT DISTINCT ON (r) * FROM (${rows})` : rows;
    },
  );
  const changes = `SET ${columns.join(', ')} FROM (${prefix}${sql}) AS s WHERE t.rowid = s.r`;
  return { sql: `UPDATE ${physicalName(table)} AS t ${changes}`, table };
}
function top(b: Binder, scope: Scope, t: StatementOf<'update'>['top']): string {
  if (!t) return '';
  if (t.percent || t.ties) throw notSupported('TOP PERCENT in UPDATE or DELETE');
  return ` LIMIT CAST(${expr(b, scope, t.count).sql} AS BIGINT)`;
}

export function deleteSql(b: Binder, s: StatementOf<'delete'>): { sql: string; table: ObjectInfo } {
  const scope = new Scope(undefined);
  const cte = targetCte(s);
  let table!: ObjectInfo;
  const { prefix, sql } = withCtes(
    b,
    s.ctes.filter((c) => c !== cte),
    () => {
      const found = cte ? cteTarget(b, cte, 'DELETE', (name) => target(b, name)) : changed(b, scope, s.target, s.from);
      if (cte) scope.sources.push(found.source);
      table = found.table;
      b.env.demand('DELETE', table);
      const where = s.where ? ` WHERE ${scope.within('WHERE', () => condition(b, scope, s.where!))}` : '';
      return `SELECT ${found.source.rowid}${found.sql}${where}${top(b, scope, s.top)}`;
    },
  );
  return { sql: `DELETE FROM ${physicalName(table)} WHERE rowid IN (${prefix}${sql})`, table };
}
