import { synapseUrl } from '../../azure/data-lake';
import type { Settings } from '../../azure/settings';
import { textColumn } from './bronze-tables';
import { copyCsv } from './copy-into';
import { recordOutcomes, type Outcome } from './ledger';
import type { PendingCsv } from './pending';
import { name, text } from './sql';
import { withStagingTable } from './staging';
import { isConnectionLost, messageOf, type Warehouse } from './warehouse';

/**
 * Copies one CSV file into its bronze table. One statement per file, since COPY INTO does not tell from which file a row
 * came; the rows become visible together with the ledger row, or not at all.
 */
export async function copyCsvFile(settings: Settings, warehouse: Warehouse, file: PendingCsv): Promise<Outcome> {
  try {
    const known = await addNewColumns(warehouse, file);
    const columns = file.header.map(textColumn).join(', ');
    return await withStagingTable(warehouse, file.table, columns, async (staging) => {
      await warehouse.query(copyCsv(staging, file.header, file.lineEnd, [synapseUrl(settings, 'bronze', file.path)]));
      const [counted] = await warehouse.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${staging}`);
      const rows = Number(counted!.n);
      if (file.rows !== null && rows !== file.rows) throw new RowCountError(file.rows, rows);
      const names = file.header.map((column) => name(known.get(column.toLowerCase()) ?? column)).join(', ');
      const source = file.header.map(name).join(', ');
      const target = `bronze.${file.table}`;
      // Rows bear the very time of their ledger row: the models find the rows of a load by it (includes/staging.js).
      await warehouse.transaction([
        ...recordOutcomes([{ file, rows }]),
        `DELETE FROM ${target} WHERE [_source_file] = ${text(file.sourceFile)}`,
        `INSERT INTO ${target} (${names}, [_load_id], [_source_file], [_loaded_at])
SELECT ${source}, ${text(file.loadId)}, ${text(file.sourceFile)}, (SELECT MAX(ledger.copied_at) FROM bronze.load_ledger ledger WHERE ledger.source_file = ${text(file.sourceFile)}) FROM ${staging}
OPTION (LABEL = 'medstream:copy:${file.table}')`,
      ]);
      return { file, rows };
    });
  } catch (error) {
    return failed(warehouse, file, error);
  }
}

export class RowCountError extends Error {
  constructor(expected: number, got: number) {
    super(`the lake's manifest counts ${expected} rows, COPY INTO read ${got}; nothing of the file was published`);
  }
}

/** Records the failure of a file, unless the warehouse is gone: then the whole copy fails. */
export async function failed(warehouse: Warehouse, file: Outcome['file'], error: unknown): Promise<Outcome> {
  if (isStop(error) || isConnectionLost(error)) throw error;
  const outcome = { file, rows: 0, reason: messageOf(error) };
  await warehouse.transaction(recordOutcomes([outcome]));
  return outcome;
}

export function isStop(error: unknown): boolean {
  return (error as { code?: string }).code === 'MS1004';
}

/** Adds the columns that the bronze table lacks; returns its columns by lower-case name. */
async function addNewColumns(warehouse: Warehouse, file: PendingCsv): Promise<Map<string, string>> {
  const rows = await warehouse.query<{ name: string }>(
    `SELECT COLUMN_NAME AS name FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'bronze' AND TABLE_NAME = ${text(file.table)}`,
  );
  const known = new Map(rows.map((row) => [row.name.toLowerCase(), row.name]));
  for (const column of file.header) {
    if (known.has(column.toLowerCase())) continue;
    await warehouse.query(`ALTER TABLE bronze.${file.table} ADD ${textColumn(column)}`);
    known.set(column.toLowerCase(), column);
  }
  return known;
}
