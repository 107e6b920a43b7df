/** The numbers of IDENTITY columns that a session was given, on SQL Server's surface (a pool has no such functions). */
import type { ColumnInfo, ObjectInfo } from '../../catalog/model';
import { ident, type Typed } from '../types/typed';
import type { Interpreter } from './interpreter';
import type { State } from './state';

/** The column whose numbers an INSERT into `table` must notice. */
export const noticed = (state: State, table: ObjectInfo | undefined): ColumnInfo | undefined =>
  state.surface === 'server' ? table?.columns.find((column) => column.identity) : undefined;

/** Runs an INSERT and keeps the last number it gave. Returns the rows inserted. */
export async function insertNumbered(
  i: Interpreter,
  sql: string,
  table: ObjectInfo,
  { name }: ColumnInfo,
): Promise<number> {
  const { state } = i;
  const rows = await i.naming(table, 'INSERT', () => state.rows(`${sql} RETURNING ${ident(name)}`));
  const last = rows.at(-1)?.[0];
  if (last === undefined || last === null) return rows.length;
  state.lastIdentity = String(last);
  if (state.frames.length > 1) state.frame.identity = state.lastIdentity;
  else state.batchIdentity = state.lastIdentity;
  return rows.length;
}

const number = (value: string | undefined): Typed => ({
  sql: `CAST(${value ?? 'NULL'} AS DECIMAL(38,0))`,
  type: { name: 'decimal', precision: 38, scale: 0 },
  nullable: true,
});
/** @@IDENTITY */
export const lastIdentity = (state: State): Typed => number(state.lastIdentity);
/** SCOPE_IDENTITY(): of this procedure, or of the session's batches. */
export const scopeIdentity = (state: State): Typed =>
  number(state.frames.length > 1 ? state.frame.identity : state.batchIdentity);
