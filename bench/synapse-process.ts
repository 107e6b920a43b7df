import { startPool } from '../tests/support/pool';

/** The local Synapse as a process of its own: prints its port as one line, runs until SIGTERM. */
async function main(): Promise<void> {
  const server = await startPool(process.argv[2]!, { bench: 'bench' });
  process.stdout.write(`${server.port}\n`);
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
}

void main();
