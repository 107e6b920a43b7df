import pLimit from 'p-limit';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, throwIfStopped } from '../../common/errors';
import type { Progress } from '../../common/progress';
import { openBronze } from '../lake';
import { createBronze } from './bronze-tables';
import { copyCsvFile } from './csv-tables';
import { batchesOf, copyEventFiles } from './event-files';
import { copiedFiles, type Outcome } from './ledger';
import { pendingCsvFiles, pendingEventFiles, type PendingCsv, type PendingEvents } from './pending';
import { isConnectionLost, messageOf, openWarehouse, type Warehouse } from './warehouse';

export interface CopyOptions {
  progress: Progress;
  signal?: AbortSignal;
}

export interface CopySummary {
  /** Files copied by this call. */
  files: number;
  rows: number;
  failed: { file: string; reason: string }[];
  /** Rows by bronze table. */
  tables: Record<string, number>;
  seconds: number;
}

/** Tables that are copied at a time, the largest first; a table's files go one after the other. */
const parallelTables = 3;

/** The files of one table. */
interface Job {
  readonly bytes: number;
  readonly run: () => Promise<void>;
}

/**
 * Copies the files of bronze that are not in `bronze.load_ledger` yet into the bronze tables, which it creates. Copying
 * twice, or after a kill in the middle, changes nothing; a file that fails is in the ledger with its reason, does not stop
 * the others, and is tried again by the next copy. One copy at a time.
 * @throws MedStreamError MS32xx the lake, MS3301 and MS3302 the warehouse, MS1004 stopped
 */
export async function copy(settings: Settings, options: CopyOptions): Promise<CopySummary> {
  const started = performance.now();
  const { signal } = options;
  throwIfStopped(signal);
  const bronze = await openBronze(settings, signal);
  const warehouse = await openWarehouse(settings, parallelTables, signal);
  const summary: CopySummary = { files: 0, rows: 0, failed: [], tables: {}, seconds: 0 };
  try {
    for (const statement of createBronze()) await warehouse.query(statement);
    const copied = await copiedFiles(warehouse);
    const csvFiles = await pendingCsvFiles(bronze, copied, signal);
    const batches = batchesOf(await pendingEventFiles(bronze, copied, signal));
    const task = options.progress.start('copy', 'files', csvFiles.length + batches.flat().length);
    const note = (outcomes: readonly Outcome[]) => {
      for (const outcome of outcomes) add(summary, outcome);
      task.advance(outcomes.length);
    };
    const limit = pLimit(parallelTables);
    const jobs = jobsOf(settings, warehouse, csvFiles, batches, note).sort((a, b) => b.bytes - a.bytes);
    const results = await Promise.allSettled(jobs.map(({ run }) => limit(run)));
    task.done();
    const broken = results.find((result) => result.status === 'rejected');
    if (broken) throw broken.reason;
  } catch (error) {
    throw warehouseError(error);
  } finally {
    await warehouse.close().catch(() => undefined);
  }
  summary.seconds = Math.round(performance.now() - started) / 1000;
  return summary;
}

function jobsOf(
  settings: Settings,
  warehouse: Warehouse,
  csvFiles: readonly PendingCsv[],
  batches: readonly PendingEvents[][],
  note: (outcomes: readonly Outcome[]) => void,
): Job[] {
  const events = async (): Promise<void> => {
    for (const batch of batches) note(await copyEventFiles(settings, warehouse, batch));
  };
  const rows = async (files: readonly PendingCsv[]): Promise<void> => {
    for (const file of files) note([await copyCsvFile(settings, warehouse, file)]);
  };
  const tables = [...new Set(csvFiles.map(({ table }) => table))];
  return [
    { bytes: bytesOf(batches.flat()), run: events },
    ...tables.map((table) => {
      const files = csvFiles.filter((file) => file.table === table);
      return { bytes: bytesOf(files), run: () => rows(files) };
    }),
  ];
}

const bytesOf = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

function add(summary: CopySummary, { file, rows, reason }: Outcome): void {
  if (reason !== undefined) {
    summary.failed.push({ file: file.sourceFile, reason });
    return;
  }
  summary.files++;
  summary.rows += rows;
  summary.tables[file.table] = (summary.tables[file.table] ?? 0) + rows;
}

function warehouseError(error: unknown): unknown {
  if (error instanceof MedStreamError) return error;
  const lost = isConnectionLost(error);
  return new MedStreamError({
    code: 'MS3302',
    what: lost ? 'The connection to Synapse was lost.' : 'Synapse refused a statement of copy.',
    where: 'schema bronze',
    why: messageOf(error),
    next: 'Run medstream copy again: files that were copied are in the ledger and are not copied twice.',
    exitCode: lost ? ExitCode.unreachable : ExitCode.failed,
    cause: error,
  });
}
