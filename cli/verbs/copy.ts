import type { Command } from 'commander';
import { ExitCode } from '../../common/errors';
import { copy, type CopySummary } from '../../ingestion/copy';
import { count, counted, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { withServices } from '../services';

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'copy',
    'copy the files of bronze that are not in the ledger yet into the bronze tables',
    'medstream copy\nmedstream copy --json',
  );
  runsAs(command, (context) =>
    withServices(context, ['dataLake', 'synapse'], async ({ settings }) => {
      const summary = await copy(settings, { progress: context.progress, signal: context.signal });
      return {
        json: summary,
        text: describe(summary),
        exitCode: summary.failed.length ? ExitCode.failed : ExitCode.done,
      };
    }),
  );
}

function describe({ files, rows, tables, failed, seconds: took }: CopySummary): string {
  const lines: string[] = [];
  if (!files && !failed.length) return 'Nothing to copy: every file of bronze is in bronze.load_ledger.';
  const copied = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1));
  if (copied.length) {
    lines.push(
      table(
        ['bronze table', 'rows copied'],
        copied.map(([name, n]) => [name, count(n)]),
        [1],
      ),
      '',
    );
    lines.push(`Copied ${counted(rows, 'row')} of ${counted(files, 'file')} in ${seconds(took)}.`);
  }
  for (const { file, reason } of failed) lines.push(`Failed: ${file}: ${reason}`);
  if (failed.length)
    lines.push('Failed files are in bronze.load_ledger with their reason; the next copy tries them again.');
  return lines.join('\n');
}
