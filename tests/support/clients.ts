import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';

/** Runs a client with a script on its standard input; standard output and error together. */
export function run(
  command: string,
  arguments_: readonly string[],
  input: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, arguments_, {
      env: { ...process.env, ...environment, LC_ALL: 'C.UTF-8' },
      timeout: 120_000,
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
    child.stdin.end(input);
  });
}

/** A `describe` for a client that may be missing: then it is skipped and says so. */
export function describeClient(name: string, isThere: boolean, body: () => void): void {
  if (isThere) return describe(name, body);
  process.stderr.write(`skipped: ${name} is not installed on this machine\n`);
  describe.skip(`${name} (not installed)`, body);
}

/** True when a command is on the path. */
export const onPath = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
/** Debian's Python, which sees the packages python3-*. */
export const python = '/usr/bin/python3';
/** True when Debian's Python has a module. */
export const hasModule = (module: string): boolean =>
  existsSync(python) && spawnSync(python, ['-c', `import ${module}`]).status === 0;
