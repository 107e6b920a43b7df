import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** An empty folder that serves as current folder; its `.medstream` is the home. */
export function newFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'medstream-test-'));
}

/** Starts the `medstream` command as a user would, in `folder`, without any service settings of this machine. */
export function spawnMedstream(folder: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(EVENTHUB|AZURE|SYNAPSE|KEY_VAULT|MEDSTREAM)_/.test(name)),
  );
  return spawn(process.execPath, [path.join(projectRoot, 'bin', 'medstream.js'), ...args], {
    cwd: folder,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Only for what hangs.
    timeout: 280_000,
    killSignal: 'SIGKILL',
  });
}

/** Runs the `medstream` command to its end. */
export function medstream(folder: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return finished(spawnMedstream(folder, args, env));
}

/** Waits for the end of a process and returns what it printed. */
export function finished(child: ChildProcess): Promise<Finished> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
}
