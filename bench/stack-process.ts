import { localNeeds } from '../cli/services';
import { startLocalStack } from '../local/stack';

/** The local stack as a process of its own: prints its connection settings as one JSON line, runs until SIGTERM. */
async function main(): Promise<void> {
  const stack = await startLocalStack({ home: process.argv[2]!, portBase: 0, ...localNeeds });
  process.stdout.write(`${JSON.stringify(stack.environment)}\n`);
  process.once('SIGTERM', () => void stack.stop().then(() => process.exit(0)));
}

void main();
