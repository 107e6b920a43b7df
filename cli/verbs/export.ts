import type { Command } from 'commander';
import { exportGold } from '../../exports';
import { defineVerb, runsAs } from '../frame';
import { describeExport } from '../reports/export';
import { withServices } from '../services';

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'export',
    'write gold and fact_encounter to the lake as Parquet for Power BI',
    'medstream export\nmedstream export --select payer_coverage_summary --views',
  )
    .option('--select <tables>', 'only these tables (names separated by spaces or commas)')
    .option('--views', 'also create dbo.vw_pbi_* over the Parquet files');
  runsAs<{ select?: string; views?: boolean }>(command, (context, options) =>
    withServices(context, async ({ settings }) => {
      const summary = await exportGold(settings, { ...options, ...context });
      return { json: summary, text: describeExport(summary) };
    }),
  );
}
