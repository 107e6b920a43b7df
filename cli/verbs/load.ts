import type { Command } from 'commander';
import { load } from '../../ingestion/load';
import { defineVerb, runsAs } from '../frame';
import { describeLoad, loadFailed } from '../reports/load';
import { withServices } from '../services';

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'load',
    'copy the batch files of a Synthea folder to bronze, byte for byte',
    'medstream load --data data/\nmedstream load --data new/ --incremental',
  )
    .requiredOption('--data <dir>', 'folder with Synthea CSV files (.csv or .csv.gz)')
    .option('--incremental', 'the files hold only new and changed rows')
    .option('--dry-run', 'say what would be loaded');
  runsAs<{ data: string; incremental?: boolean; dryRun?: boolean }>(command, (context, options) =>
    withServices(context, async ({ settings }) => {
      const summary = await load(settings, { ...options, ...context });
      return { json: summary, text: describeLoad(summary), exitCode: loadFailed(summary) };
    }),
  );
}
