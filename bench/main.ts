import { generateBench } from './generate';
import type { Bench } from './support';
import { pipelineBench, startupBench } from './pipeline';
import { tdsBench } from './tds';

const benches: Readonly<Record<string, Bench>> = {
  generate: generateBench,
  tds: tdsBench,
  pipeline: pipelineBench,
  startup: startupBench,
};

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
