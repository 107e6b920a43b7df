import type { Command } from 'commander';
import { ExitCode } from '../../common/errors';
import { copy } from '../../ingestion/copy';
import { defineVerb, runsAs } from '../frame';
import { count } from '../format';
import { withServices } from '../services';

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'copy',
    'copy bronze files that are not in the ledger yet to the bronze tables',
    'medstream copy',
  );
  runsAs(command, (context) =>
    withServices(context, async ({ settings }) => {
      const summary = await copy(settings, context);
      const failures = summary.failed.map(({ file, reason }) => `\n  failed  ${file}: ${reason}`).join('');
      return {
        json: summary,
        text: `Copied ${count(summary.rows)} rows of ${count(summary.files)} new files.${failures}`,
        exitCode: summary.failed.length ? ExitCode.failed : ExitCode.done,
      };
    }),
  );
}
