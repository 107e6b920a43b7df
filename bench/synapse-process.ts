import path from 'node:path';
import { startSynapse } from '../local/synapse';

/** The local Synapse as a process of its own: prints its port as one line, runs until SIGTERM. */
async function main(): Promise<void> {
  const root = process.argv[2]!;
  const server = await startSynapse({
    root,
    lakeRoot: path.join(root, 'lake'),
    lakeAccount: 'devstoreaccount1',
    port: 0,
    database: 'medstream',
    users: { bench: 'bench' },
  });
  process.stdout.write(`${server.port}\n`);
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
}

void main();
