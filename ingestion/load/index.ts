import pLimit from 'p-limit';
import path from 'node:path';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, throwIfStopped } from '../../common/errors';
import type { Progress } from '../../common/progress';
import { listDataFolder, type SourceFile } from '../../common/synthea/data-folder';
import { syntheaFiles, type SyntheaFile } from '../../common/synthea/header-families';
import { openBronze } from '../lake';
import { sweepStaging } from '../staging-sweeper';
import { newestLoad } from './landed';
import type { LoadKind } from './manifest';
import { decide, loadIdOf, type PlannedFile, type TablePlan } from './plan';
import { publishTable } from './publish';
import { later } from './watermark';
import { filterFrom, refusedScan, scanFile } from './scan';

export interface LoadOptions {
  /** Folder with Synthea CSV files of any family: plain, `.gz`, split, or one folder per run. */
  data: string;
  /** The rows since the last load are added and replace older ones, instead of a new snapshot. */
  incremental?: boolean;
  /** With `incremental`: rows up to this many days before the last load's newest row are taken again; default 30. */
  overlapDays?: number;
  /** Only says what would be done. */
  dryRun?: boolean;
  progress: Progress;
  signal?: AbortSignal;
}

export interface LoadedFile {
  /** Name below the data folder. */
  file: string;
  table: SyntheaFile;
  /** Rows in the lake's file; `rowsRead` = `rows` + all of `skipped`. */
  rows: number;
  rowsRead: number;
  skipped: Record<string, number>;
  badLines: { line: number; reason: string }[];
  /** Bytes of the CSV content at the source. */
  bytes: number;
  /** Families with exactly this header, such as `ABCD`; '' where none has it. */
  family: string;
  status: 'landed' | 'unchanged' | 'refused';
  reason?: string;
  drift: string[];
}

export interface LoadSummary {
  loadId: string;
  kind: LoadKind;
  dryRun: boolean;
  files: LoadedFile[];
  /** CSV files in the folder that MedStream does not load. */
  ignored: string[];
  seconds: number;
}

const parallelScans = 2;
const parallelTables = 4;

/**
 * Copies the batch files of a data folder to `bronze/reference/<table>/load=<load id>/` with a manifest each. Files whose
 * content is the newest load already are left; a table with a bad header is refused with the reason and the rest goes on;
 * bad lines are counted, named and kept beside the file.
 * @throws MedStreamError MS21xx the folder, MS32xx the lake, MS1004 stopped
 */
export async function load(settings: Settings, options: LoadOptions): Promise<LoadSummary> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const folder = path.resolve(options.data);
  const kind: LoadKind = options.incremental ? 'incremental' : 'full';
  const { files, ignored } = await listDataFolder(folder);
  if (!files.some(({ table }) => table === 'patients')) throw noPatients(folder);
  const bronze = await openBronze(settings, options.signal);
  if (!options.dryRun) await sweepStaging(bronze);
  const plans = await planTables(bronze, files, kind, options);
  const loadId = loadIdOf(path.basename(folder), kind, plans);
  const landing = plans.filter(({ status }) => status === 'land');
  if (!options.dryRun) {
    const bytes = landing.flatMap(({ files: inTable }) => inTable).reduce((sum, { scan }) => sum + scan.bytes, 0);
    const task = options.progress.start('load', 'bytes', bytes);
    const identity = { loadId, kind, source: path.basename(folder), startedAt };
    const work = { signal: options.signal, onBytes: (count: number) => task.advance(count) };
    await allOrFirstError(parallelTables, landing, (plan) => publishTable(bronze, plan, identity, work)).finally(() =>
      task.done(),
    );
  }
  return {
    loadId,
    kind,
    dryRun: options.dryRun ?? false,
    files: plans.flatMap(describePlan),
    ignored,
    seconds: Math.round(performance.now() - started) / 1000,
  };
}

/** Reads every file once and compares it to what the lake holds. */
async function planTables(
  bronze: DataLakeFileSystemClient,
  files: readonly SourceFile[],
  kind: LoadKind,
  options: LoadOptions,
): Promise<TablePlan[]> {
  const task = options.progress.start('check', 'files', files.length);
  const tables = syntheaFiles.filter((table) => files.some((file) => file.table === table));
  try {
    return await allOrFirstError(parallelScans, tables, async (table) => {
      const newest = await newestLoad(bronze, table, options.signal);
      const watermark = newest?.files.reduce<string | null>((max, file) => later(max, file.watermark), null) ?? null;
      const filter = kind === 'incremental' ? filterFrom(watermark, options.overlapDays ?? 30) : undefined;
      const scanned: PlannedFile[] = [];
      for (const source of files.filter((file) => file.table === table)) {
        throwIfStopped(options.signal);
        scanned.push({ source, scan: await scanOrRefuse(source, filter, options.signal) });
        task.advance(1);
      }
      return { table, files: scanned, filter, watermark, newest, status: decide(scanned, newest, kind) };
    });
  } finally {
    task.done();
  }
}

/** A file that cannot be read is refused like one with a bad header: the rest goes on. */
async function scanOrRefuse(source: SourceFile, filter: TablePlan['filter'], signal?: AbortSignal) {
  try {
    return await scanFile(source, filter, undefined, { signal });
  } catch (error) {
    if (!(error instanceof MedStreamError) || error.code !== 'MS2104') throw error;
    return refusedScan(source, error.message);
  }
}

function describePlan({ files, status, newest }: TablePlan): LoadedFile[] {
  const first = files.find(({ scan }) => scan.refused);
  return files.map(({ source, scan }) => ({
    file: source.name,
    table: source.table,
    rows: scan.rows,
    rowsRead: scan.rowsRead,
    skipped: scan.skipped,
    badLines: scan.badLines,
    bytes: scan.bytes,
    family: scan.check.family ?? '',
    status: status === 'land' ? ('landed' as const) : status,
    ...(status === 'refused' ? { reason: scan.refused ?? `${first!.source.name} of the same table was refused` } : {}),
    ...(status === 'unchanged' ? { reason: `in the lake since load ${newest!.load_id}` } : {}),
    drift: scan.check.drift,
  }));
}

/** Runs a bounded number at a time; after a failure nothing new begins, and what runs is awaited. */
async function allOrFirstError<In, Out>(
  parallel: number,
  items: readonly In[],
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const limit = pLimit(parallel);
  let failed = false;
  const results = await Promise.allSettled(
    items.map((item) =>
      limit(async () => {
        if (failed) return undefined as never;
        try {
          return await work(item);
        } catch (error) {
          failed = true;
          throw error;
        }
      }),
    ),
  );
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected) throw rejected.reason;
  return results.map((result) => (result as PromiseFulfilledResult<Out>).value);
}

function noPatients(folder: string): MedStreamError {
  return new MedStreamError({
    code: 'MS2102',
    what: 'There is no patients.csv in the data folder.',
    where: folder,
    why: 'Every other file refers to patients; without them nothing can be joined.',
    next: 'Give the folder that Synthea wrote (output/csv); parts patients-1.csv, … and .gz are read too.',
    exitCode: ExitCode.usage,
  });
}
