import type { Command } from 'commander';
import { ExitCode } from '../../common/errors';
import { load, type LoadedFile, type LoadSummary } from '../../ingestion/load';
import { byReason, count, counted, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { wholeNumber } from '../options';
import { withServices } from '../services';

interface Options {
  data: string;
  incremental?: boolean;
  overlapDays: number;
  dryRun?: boolean;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'load',
    'copy the batch files of a Synthea folder to bronze',
    'medstream load --data data/\nmedstream load --data data/ --incremental --dry-run',
  )
    .requiredOption('--data <dir>', 'folder with Synthea CSV files (split files and .csv.gz too)')
    .option('--incremental', 'add the rows since the last load instead of a new snapshot')
    .option(
      '--overlap-days <n>',
      'with --incremental: take rows again that lie so many days before the newest one (late rows)',
      wholeNumber(0, 36_500),
      30,
    )
    .option('--dry-run', 'only say what would be done');
  runsAs<Options>(command, (context, options) =>
    withServices(context, ['dataLake'], async ({ settings }) => {
      const { data, incremental, overlapDays, dryRun } = options;
      const summary = await load(settings, {
        data,
        incremental,
        overlapDays,
        dryRun,
        progress: context.progress,
        signal: context.signal,
      });
      const refused = summary.files.some(({ status }) => status === 'refused');
      return { json: summary, text: describe(summary), exitCode: refused ? ExitCode.failed : ExitCode.done };
    }),
  );
}

function describe(summary: LoadSummary): string {
  const { files, ignored, kind, loadId, dryRun } = summary;
  const rows = files.map((file) => [
    file.file,
    count(file.rowsRead),
    count(file.status === 'landed' ? file.rows : 0),
    skippedOf(file),
    file.family || '-',
    dryRun && file.status === 'landed' ? 'would land' : file.status,
  ]);
  const landed = files.filter(({ status }) => status === 'landed');
  const landedRows = landed.reduce((sum, file) => sum + file.rows, 0);
  const closing = landed.length
    ? `${dryRun ? 'Would land' : 'Landed'} ${counted(landedRows, 'row')} of ${counted(landed.length, 'file')} (${kind} load ${loadId}) in ${seconds(summary.seconds)}.`
    : 'Nothing new to land.';
  return [
    table(['file', 'rows read', 'rows landed', 'skipped', 'family', 'status'], rows, [1, 2]),
    '',
    closing,
    ...files.flatMap(notesOf),
    ...(ignored.length ? [`Not loaded, since MedStream has no use for them: ${ignored.join(', ')}.`] : []),
  ].join('\n');
}

function skippedOf({ skipped }: LoadedFile): string {
  return byReason(skipped) || '-';
}

function notesOf({ file, status, reason, drift, badLines }: LoadedFile): string[] {
  const notes: string[] = [];
  if (status === 'refused') notes.push(`Refused ${file}: ${reason}`);
  if (drift.length) notes.push(`Drift in ${file}: ${drift.join('; ')}`);
  if (badLines.length)
    notes.push(`Bad lines in ${file}: ${badLines.map(({ line, reason: why }) => `line ${line} ${why}`).join(', ')}`);
  return notes;
}
