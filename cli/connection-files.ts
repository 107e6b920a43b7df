import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunningStack } from '../local/stack';

/** Connection settings of the local stack for other tools, in the current folder, readable by their owner only. */
export function writeConnectionFiles(stack: RunningStack): void {
  const lines = Object.entries(stack.environment).map(([name, value]) => `${name}=${value}`);
  writePrivately('.env.local', `${lines.join('\n')}\n`);
  writePrivately('.df-credentials.json', `${JSON.stringify(stack.login, null, 2)}\n`);
}

/** The mode of writeFile counts for a new file only. */
function writePrivately(name: string, content: string): void {
  const file = path.resolve(name);
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}
