/** CREATE and UPDATE STATISTICS: DuckDB keeps its own, so the catalog holds their names and when they were made. */
import { TSqlError } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { now } from '../../catalog/store';
import { physicalName } from '../bind/tables';
import type { StatementOf } from '../syntax/ast-statements';
import { columnIn, need, replace } from './ddl-names';
import type { Interpreter } from './interpreter';

export async function createStatistics(i: Interpreter, s: StatementOf<'createStatistics'>): Promise<void> {
  const table = need(i, s.table, ['U', 'ET']);
  if (table.statistics?.some((x) => x.name.toLowerCase() === s.name.toLowerCase()))
    throw new TSqlError(1927, `There are already statistics on table '${table.name}' named '${s.name}'.`);
  const made = {
    name: s.name,
    columns: s.columns.map((c) => columnIn(table, c).name),
    auto: false,
    ...(s.filter ? { filter: s.filter } : {}),
    ...(await date(i, table)),
  };
  await replace(i, table, { ...table, statistics: [...(table.statistics ?? []), made] });
}

export async function updateStatistics(i: Interpreter, s: StatementOf<'updateStatistics'>): Promise<void> {
  const table = need(i, s.table, ['U', 'V', 'ET']);
  const known = [...(table.statistics ?? []), ...(table.indexes ?? [])].map((x) => x.name.toLowerCase());
  const missing = s.names.find((name) => !known.includes(name.toLowerCase()));
  if (missing !== undefined)
    throw new TSqlError(2767, `Could not locate statistics '${missing}' in the system catalogs.`);
  if (!table.statistics) return;
  const updated = await date(i, table);
  const chosen = (name: string): boolean =>
    !s.names.length || s.names.some((x) => x.toLowerCase() === name.toLowerCase());
  await replace(i, table, {
    ...table,
    statistics: table.statistics.map((x) => (chosen(x.name) ? { ...x, ...updated } : x)),
  });
}

/** Statistics of a table without rows have no date. */
async function date(i: Interpreter, table: ObjectInfo): Promise<{ updated?: string }> {
  if (table.kind !== 'U') return { updated: now() };
  const rows = await i.state.rows(`SELECT 1 FROM ${physicalName(table)} LIMIT 1`);
  return rows.length ? { updated: now() } : {};
}
