import path from 'node:path';
import type { Command } from 'commander';
import { connectSynapse } from '../../azure/synapse';
import { ExitCode } from '../../common/errors';
import { serveExports } from '../dashboard';
import { defineVerb, runsAs, type VerbContext } from '../frame';
import { portBase, share, wholeNumber } from '../options';
import { runPipeline, type PipelineOptions } from '../pipeline';
import { describePipeline, pipelineFailed } from '../reports/pipeline';
import { defaultPortBase, withServices, type Services } from '../services';
import { readWarehouseFacts } from '../warehouse-facts';

interface Options extends PipelineOptions {
  once?: boolean;
  portBase: number;
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'start',
    'run everything: data, stream, lake, warehouse, exports, dashboard',
    'npm start\nnpm start -- --data path/to/synthea/csv --once',
  )
    .option('--data <dir>', 'folder with Synthea CSV files; without it MedStream generates some')
    .option('--patients <n>', 'how many patients to generate', wholeNumber(1, 1_000_000), 100)
    .option('--seed <n>', 'the same seed gives the same hospital', wholeNumber(0), 1)
    .option('--dirty <share>', 'share of events that get a known fault, 0 to 1', share)
    .option('--once', 'end after the summary instead of serving the dashboard')
    .option('--port-base <n>', 'first of five local ports; 0 = any free ones', portBase, defaultPortBase);
  runsAs<Options>(command, (context, options) =>
    withServices(context, (services) => start(services, context, options), options.portBase),
  );
}

async function start(services: Services, context: VerbContext, options: Options) {
  const { settings } = services;
  const report = await runPipeline(settings, context, options);
  const pool = await connectSynapse(settings);
  const facts = await readWarehouseFacts(pool).finally(() => pool.close());
  const lake = services.local ? path.join(settings.home, 'lake') : undefined;
  const text = describePipeline(report, facts, lake);
  const exitCode = pipelineFailed(report);
  const result = { json: { ...report, warehouse: facts }, text, exitCode };
  if (options.once || context.json || exitCode !== ExitCode.done) return result;
  process.stdout.write(`${text}\n`);
  await serveExports(settings, context, options.portBase === 0 ? 0 : options.portBase + 4);
  return { ...result, text: '' };
}
