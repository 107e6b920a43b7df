import type { Command } from 'commander';
import { ExitCode } from '../../common/errors';
import { writeConnectionFiles } from '../connection-files';
import { defineVerb, runsAs, untilAborted, type VerbResult } from '../frame';
import { portBase, share, wholeNumber } from '../options';
import { runPipeline, type PipelineReport } from '../pipeline/pipeline';
import { reportText } from '../pipeline/report-text';
import { defaultPortBase, withServices } from '../services';
import { openDashboard } from './dashboard';

interface Options {
  data?: string;
  patients: number;
  seed: number;
  dirty?: number;
  once?: boolean;
  portBase: number;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'start',
    'the whole pipeline: data to dashboard; on the local stack when no service is set',
    'medstream start\nmedstream start --data synthea/output/csv --once',
  )
    .option('--data <dir>', 'folder of Synthea CSV files; without it, data are generated')
    .option('--patients <n>', 'patients to generate', wholeNumber(1, 10_000_000), 100)
    .option('--seed <n>', 'of generated data and of --dirty', wholeNumber(0), 1)
    .option('--dirty <share>', 'share of events that get a known fault, 0 to 1', share)
    .option('--once', 'end after the summary')
    .option(
      '--port-base <n>',
      'first port of the local stack, 80 below that of the dashboard; 0 = any free ones',
      portBase,
      defaultPortBase,
    );
  runsAs<Options>(command, (context, options) =>
    withServices(
      context,
      ['eventHubs', 'dataLake', 'synapse'],
      async ({ settings, stack }) => {
        if (options.once) return resultOf(await runPipeline(settings, options, context));
        // Before the work: a port in use is told at once, and the page shows the export as soon as it is there.
        const dashboard = await openDashboard(settings, options.portBase && options.portBase + 80, context);
        try {
          if (stack) writeConnectionFiles(stack);
          await context.print(resultOf(await runPipeline(settings, options, context)));
          context.say(`\nDashboard: ${dashboard.url}\nCtrl-C ends it.`);
          await untilAborted(context.signal);
        } finally {
          await dashboard.stop();
        }
      },
      options.portBase,
    ),
  );
}

function resultOf(report: PipelineReport): VerbResult {
  return { json: report, text: reportText(report), exitCode: report.ok ? ExitCode.done : ExitCode.failed };
}
