import { synapseUrl } from '../../azure/data-lake';
import type { Settings } from '../../azure/settings';
import { copyLines } from './copy-into';
import { failed, isStop, RowCountError } from './csv-tables';
import { recordOutcomes, type Outcome } from './ledger';
import type { PendingEvents } from './pending';
import { text } from './sql';
import { withStagingTable } from './staging';
import { isConnectionLost, type Warehouse } from './warehouse';

/** Files in one COPY INTO, and their bytes: many small files of `land --follow` cost one statement, not one each. */
const filesPerStatement = 200;
const bytesPerStatement = 512 << 20;

/** Cuts the files into batches of one hub each, in order. */
export function batchesOf(files: readonly PendingEvents[]): PendingEvents[][] {
  const batches: PendingEvents[][] = [];
  let bytes = 0;
  for (const file of files) {
    const batch = batches.at(-1);
    if (
      batch &&
      batch[0]!.hub === file.hub &&
      batch.length < filesPerStatement &&
      bytes + file.bytes <= bytesPerStatement
    ) {
      batch.push(file);
      bytes += file.bytes;
    } else {
      batches.push([file]);
      bytes = file.bytes;
    }
  }
  return batches;
}

/**
 * Copies a batch of NDJSON files by one COPY INTO. Where the batch fails, each file is copied alone, so that one bad file
 * does not stop the others.
 */
export async function copyEventFiles(
  settings: Settings,
  warehouse: Warehouse,
  batch: readonly PendingEvents[],
): Promise<Outcome[]> {
  try {
    return await copyBatch(settings, warehouse, batch);
  } catch (error) {
    if (isStop(error) || isConnectionLost(error)) throw error;
    if (batch.length === 1) return [await failed(warehouse, batch[0]!, error)];
    const outcomes: Outcome[] = [];
    for (const file of batch) outcomes.push(...(await copyEventFiles(settings, warehouse, [file])));
    return outcomes;
  }
}

async function copyBatch(
  settings: Settings,
  warehouse: Warehouse,
  batch: readonly PendingEvents[],
): Promise<Outcome[]> {
  const urls = batch.map(({ path }) => synapseUrl(settings, 'bronze', path));
  return withStagingTable(warehouse, 'encounters_raw', '[line] varchar(max) NULL', async (staging) => {
    await warehouse.query(copyLines(staging, urls));
    const files = `(${batch.map(fileRow).join('\nUNION ALL ')})`;
    const counts = await warehouse.query<{ source_file: string; n: number }>(
      `SELECT f.source_file, COUNT(*) AS n FROM (${positions(staging)}) AS s INNER JOIN ${files} AS f
ON s.partition_id = f.partition_id AND s.sequence BETWEEN f.first_sequence AND f.last_sequence GROUP BY f.source_file`,
    );
    const rowsOf = new Map(counts.map((row) => [row.source_file, Number(row.n)]));
    for (const file of batch) {
      const rows = rowsOf.get(file.sourceFile) ?? 0;
      if (file.rows !== null && rows !== file.rows) throw new RowCountError(file.rows, rows);
    }
    const outcomes = batch.map((file) => ({ file, rows: rowsOf.get(file.sourceFile) ?? 0 }));
    await warehouse.transaction([
      `DELETE FROM bronze.encounters_raw WHERE [_source_file] IN (${batch.map(({ sourceFile }) => text(sourceFile)).join(', ')})`,
      `INSERT INTO bronze.encounters_raw ([line], [_load_id], [_source_file], [_loaded_at])
SELECT s.line, 'stream', f.source_file, SYSUTCDATETIME()
FROM (${positions(staging)}) AS s INNER JOIN ${files} AS f
ON s.partition_id = f.partition_id AND s.sequence BETWEEN f.first_sequence AND f.last_sequence
OPTION (LABEL = 'medstream:copy:encounters_raw')`,
      ...recordOutcomes(outcomes),
    ]);
    return outcomes;
  });
}

/**
 * Partition and sequence of each line, which tell its file. They are read by position, not as JSON, because every line
 * begins with `{"partition":<n>,"sequence":<n>,` (ingestion/land/event-file.ts).
 */
function positions(staging: string): string {
  const sequence = `CHARINDEX(',"sequence":', line)`;
  const offset = `CHARINDEX(',"offset":', line)`;
  return `SELECT line, CAST(SUBSTRING(line, 14, ${sequence} - 14) AS int) AS partition_id,
CAST(SUBSTRING(line, ${sequence} + 12, ${offset} - ${sequence} - 12) AS bigint) AS sequence FROM ${staging}`;
}

function fileRow({ sourceFile, partition, first, last }: PendingEvents): string {
  return `SELECT ${text(sourceFile)} AS source_file, ${partition} AS partition_id, CAST(${first} AS bigint) AS first_sequence, CAST(${last} AS bigint) AS last_sequence`;
}
