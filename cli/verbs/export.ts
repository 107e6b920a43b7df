import type { Command } from 'commander';
import { exportGold, type ExportSummary } from '../../exports';
import { bytes, count, counted, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { withServices } from '../services';

interface Options {
  select?: string[];
  views?: boolean;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'export',
    'gold marts and fact_encounter → Parquet in the lake, for Power BI and the dashboard',
    'medstream export\nmedstream export --select "encounters_by_*" --views',
  )
    .option('--select <table...>', 'only these tables; * for any text; the others stay as they are')
    .option('--views', 'also create the serverless views dbo.vw_pbi_<table>');
  runsAs<Options>(command, (context, { select, views }) =>
    withServices(context, ['dataLake', 'synapse'], async ({ settings }) => {
      const summary = await exportGold(settings, {
        select: select?.join(' '),
        views,
        progress: context.progress,
        signal: context.signal,
      });
      return { json: summary, text: exportText(summary) };
    }),
  );
}

/** The table a person reads after an export. */
export function exportText(summary: ExportSummary): string {
  const rows = summary.tables.map(({ table: name, rows: n, files, written, bytes: size }) => [
    name,
    count(n),
    count(files),
    written === 0 ? 'unchanged' : count(written),
    bytes(size),
  ]);
  const ignored = summary.tables
    .filter(({ notExported }) => notExported.length > 0)
    .map(({ table: name, notExported }) => `${name}: not in its contract, so not exported: ${notExported.join(', ')}`);
  const lines = [
    ...ignored,
    ...(summary.notBuilt.length > 0
      ? [`Not built yet, so not exported (medstream run builds them): ${summary.notBuilt.join(', ')}`]
      : []),
    ...(summary.views.length > 0 ? [`Views: ${summary.views.join(', ')}`] : []),
    `${counted(summary.rows, 'row')} in ${counted(summary.files, 'file')}, ${bytes(summary.bytes)} · ${seconds(summary.seconds)} · gold/powerbi/_export.json`,
  ];
  return [table(['table', 'rows', 'files', 'new files', 'size'], rows, [1, 2, 3, 4]), lines.join('\n')].join('\n\n');
}
