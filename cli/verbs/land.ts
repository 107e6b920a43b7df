import { Option, type Command } from 'commander';
import { land, type LandSummary } from '../../ingestion/land';
import { counted, seconds } from '../format';
import { defineVerb, runsAs } from '../frame';
import { secondsAbove } from '../options';
import { withServices } from '../services';

interface Options {
  follow?: boolean;
  maxWait?: number;
  capture?: string;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'land',
    'write the events of Event Hubs to bronze, each exactly once',
    'medstream land\nmedstream land --follow --max-wait 0.5\nmedstream land --capture capture',
  )
    .option('--follow', 'keep running and land what comes, until Ctrl-C; several instances share the partitions')
    .option(
      '--max-wait <s>',
      'close a file this many seconds after its first event (default: 1 with --follow)',
      secondsAbove,
    )
    .addOption(
      new Option(
        '--capture <folder>',
        'land the Avro files of Event Hubs Capture in this folder of bronze instead',
      ).conflicts(['follow', 'maxWait']),
    );
  runsAs<Options>(command, (context, { follow, maxWait, capture }) =>
    withServices(context, capture === undefined ? ['eventHubs', 'dataLake'] : ['dataLake'], async ({ settings }) => {
      if (follow) context.say('Landing what comes. Ctrl-C ends.');
      const summary = await land(settings, {
        follow,
        maxWaitSeconds: maxWait,
        capture,
        progress: context.progress,
        signal: context.signal,
      });
      return { json: summary, text: describe(summary, capture) };
    }),
  );
}

function describe({ events, files, partitions, expired, seconds: took }: LandSummary, capture?: string): string {
  if (capture !== undefined && partitions === 0)
    return `Nothing to land: the folder ${capture} of the container bronze holds no Capture files of this hub (EVENTHUB_NAME).`;
  const lines = [
    events
      ? `Landed ${counted(events, 'event')} of ${counted(partitions, 'partition')} in ${counted(files, 'file')} in ${seconds(took)}.`
      : `Nothing to land: bronze holds every event of the ${counted(partitions, 'partition')}.`,
    ...expired.map(
      ({ partition, from, to }) =>
        `Expired before they landed: ${counted(to - from + 1, 'event')} of partition ${partition}, sequence ${from} to ${to}.`,
    ),
  ];
  return lines.join('\n');
}
