import type { Command } from 'commander';
import { land } from '../../ingestion/land';
import { defineVerb, runsAs } from '../frame';
import { count } from '../format';
import { wholeNumber } from '../options';
import { withServices } from '../services';

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'land',
    'write the events of Event Hubs to bronze, exactly once',
    'medstream land                # what is there now\nmedstream land --follow       # until Ctrl-C',
  )
    .option('--follow', 'keep running')
    .option('--max-wait <seconds>', 'with --follow: a file is closed after this time at the latest', wholeNumber(1, 3600));
  runsAs<{ follow?: boolean; maxWait?: number }>(command, (context, options) =>
    withServices(context, async ({ settings }) => {
      const summary = await land(settings, { follow: options.follow, maxWaitSeconds: options.maxWait, ...context });
      return { json: summary, text: `Landed ${count(summary.events)} events in ${count(summary.files)} files.` };
    }),
  );
}
