/** Statements that change rows: UPDATE, DELETE, MERGE, TRUNCATE TABLE, COPY INTO. */
import { TSqlError } from '../../contract';
import { isDateOrder } from '../../catalog/date-order';
import { HEAP, createTableAs } from './create-table';
import { notSupported } from '../errors';
import { parseBatch } from '../syntax/statements';
import { copyInto } from '../../lake/copy';
import { deleteSql, target, updateSql } from '../bind/dml';
import { mergeSql } from '../bind/merge';
import { physicalName } from '../bind/tables';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';
import { refuseReadonly } from './table-values';

export async function update(i: Interpreter, s: StatementOf<'update'>): Promise<void> {
  refuseReadonly(i.state, s.target);
  i.state.label = s.option?.label ?? i.state.label;
  const { sql, table } = await i.translate((b) => updateSql(b, s));
  i.done('update', await i.change(sql, table, 'UPDATE'));
}

export async function remove(i: Interpreter, s: StatementOf<'delete'>): Promise<void> {
  refuseReadonly(i.state, s.target);
  i.state.label = s.option?.label ?? i.state.label;
  const { sql } = await i.translate((b) => deleteSql(b, s));
  i.done('delete', await i.change(sql));
}

export async function merge(i: Interpreter, s: StatementOf<'merge'>): Promise<void> {
  const { state } = i;
  refuseReadonly(state, s.target);
  state.label = s.option?.label ?? state.label;
  const { sql, twice } = await i.translate((b) => mergeSql(b, s));
  const changed = await state.atomic(async () => {
    if (twice !== undefined && (await state.rows(twice)).length)
      throw new TSqlError(
        8672,
        'The MERGE statement attempted to UPDATE or DELETE the same row more than once. This happens when a target row matches more than one source row. A MERGE statement cannot UPDATE/DELETE the same row of the target table multiple times. Refine the ON clause to ensure a target row matches at most one source row, or use the GROUP BY clause to group the source rows.',
      );
    return state.run(sql);
  });
  i.done('merge', changed);
}

export async function truncate(i: Interpreter, s: StatementOf<'truncate'>): Promise<void> {
  i.state.refuseInTransaction();
  const known = i.env.object(s.table);
  if (known?.kind === 'V')
    throw new TSqlError(4708, `Could not truncate object '${known.name}' because it is not a table.`);
  if (!known)
    throw new TSqlError(
      4701,
      `Cannot find the object "${s.table.at(-1)}" because it does not exist or you do not have permissions.`,
    );
  const table = await i.translate((b) => target(b, s.table));
  i.env.demand('ALTER', table);
  await i.change(`DELETE FROM ${physicalName(table)}`);
  i.done('other');
}

/** AUTO_CREATE_TABLE: a table with the columns of the Parquet files, and their rows. */
async function createFromFiles(i: Interpreter, s: StatementOf<'copy'>): Promise<void> {
  if (!/^parquet$/i.test(String(s.options.FILE_TYPE)))
    throw notSupported('COPY INTO with AUTO_CREATE_TABLE from files other than Parquet', s.span.line);
  const paths = s.paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ');
  const [select] = parseBatch(
    `SELECT * FROM OPENROWSET(BULK (${paths}), FORMAT = 'PARQUET') AS files`,
    i.state.surface,
  );
  const { query } = select as StatementOf<'select'>;
  await createTableAs(i, { kind: 'ctas', name: s.table, query, options: HEAP, span: s.span }, 'copy');
}

export async function copy(i: Interpreter, s: StatementOf<'copy'>): Promise<void> {
  const { state } = i;
  state.label = s.option?.label ?? state.label;
  if (!i.env.object(s.table) && /^on$/i.test(String(s.options.AUTO_CREATE_TABLE ?? ''))) return createFromFiles(i, s);
  const table = await i.translate((b) => target(b, s.table));
  i.env.demand('INSERT', table);
  const load = (): Promise<number> => state.atomic(() => copyInto(state, i.env, table, s));
  const order = s.options.DATEFORMAT === undefined ? state.dateOrder : String(s.options.DATEFORMAT).toLowerCase();
  if (!isDateOrder(order)) throw new TSqlError(103010, `Parse error: DATEFORMAT = '${order}' is no order of dates.`);
  i.done('copy', await state.inDateOrder(order, load));
}
