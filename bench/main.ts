import { backlogBench } from './backlog';
import { dashboardBench } from './dashboard';
import { exportBench } from './export';
import { generateBench } from './generate';
import { incrementalBench } from './incremental';
import { lakeBench } from './lake';
import { streamingBench } from './streaming';
import type { Bench } from './support';
import { pipelineBench, startupBench } from './pipeline';
import { tdsBench } from './tds';
import { tdsServerBench } from './tds-server';
import { tdsStormBench } from './tds-storm';
import { warehouseBench } from './warehouse';

const benches: Readonly<Record<string, Bench>> = {
  generate: generateBench,
  tds: tdsBench,
  'tds-server': tdsServerBench,
  'tds-storm': tdsStormBench,
  streaming: streamingBench,
  backlog: backlogBench,
  lake: lakeBench,
  warehouse: warehouseBench,
  incremental: incrementalBench,
  export: exportBench,
  dashboard: dashboardBench,
  startup: startupBench,
  pipeline: pipelineBench,
};

// As the command itself does: DuckDB's queries run on libuv's pool.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

/** `npm run bench [-- NAME [ARGS]]`: prints one JSON line per measurement; without a name every benchmark runs. */
async function main(): Promise<void> {
  const [name, ...args] = process.argv.slice(2);
  if (name && !(name in benches)) {
    process.stderr.write(`No benchmark ${name}. There are: ${Object.keys(benches).join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  for (const [key, bench] of Object.entries(benches))
    if (!name || key === name) await bench((result) => void process.stdout.write(`${JSON.stringify(result)}\n`), args);
}

void main();
