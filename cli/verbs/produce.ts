import type { Command } from 'commander';
import { produce } from '../../simulator/produce';
import { defineVerb, runsAs } from '../frame';
import { byReason, counted } from '../format';
import { rate, share, wholeNumber } from '../options';
import { withServices } from '../services';

interface Options {
  data: string;
  rate: number | 'max';
  lifecycle?: boolean;
  loop?: boolean;
  dirty?: number;
  answerKey?: string;
  seed: number;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'produce',
    'send the encounters of a Synthea folder to Event Hubs',
    'medstream produce --data data/ --rate 500\nmedstream produce --data data/ --dirty 0.2 --answer-key answers.jsonl',
  )
    .requiredOption('--data <dir>', 'folder with patients.csv and encounters.csv (or .csv.gz)')
    .option('--rate <n|max>', 'events per second', rate, 'max')
    .option('--lifecycle', 'also send encounter.started at admission')
    .option('--loop', 'start again at the end, until Ctrl-C')
    .option('--dirty <share>', 'share of events that get a known fault, 0 to 1', share)
    .option('--answer-key <file>', 'what was done to each event and what silver must do with it (JSON lines)')
    .option('--seed <n>', 'chooses the faults', wholeNumber(0), 1);
  runsAs<Options>(command, (context, options) =>
    withServices(context, ['eventHubs'], async ({ settings }) => {
      const summary = await produce(settings, { ...options, ...context });
      const lines = [`Sent ${counted(summary.sent, 'event')} to ${settings.eventHubs.name}.`];
      if (Object.keys(summary.skipped).length > 0) lines.push(`Not sent: ${byReason(summary.skipped)}.`);
      if (summary.dirty) lines.push(`With a fault: ${byReason(summary.dirty)}.`);
      return { json: summary, text: lines.join('\n') };
    }),
  );
}
