import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../common/project-root';

export interface ChildRun {
  seconds: number;
  /** Highest sum of resident memory over the process and its children, sampled every 200 ms (Linux; 0 elsewhere). */
  peakMiB: number;
  /** What it printed with `--json`. */
  document: Record<string, unknown>;
}

/**
 * Runs `medstream ARGS --json` as a user would, in a process of its own.
 * @throws when it fails, with what it printed
 */
export async function runMedstream(
  home: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<ChildRun> {
  return runProgram(process.execPath, [path.join(projectRoot, 'bin', 'medstream.js'), ...args, '--json'], {
    MEDSTREAM_HOME: home,
    ...environment,
  });
}

export async function runProgram(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, peak] = ['', '', 0];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const sampler = setInterval(() => (peak = Math.max(peak, treeMemoryMiB(child.pid!))), 200);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(sampler);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0)
    throw new Error(`${args.join(' ')} ended with ${code}\n${stderr.slice(-2000)}\n${stdout.slice(-2000)}`);
  return { seconds, peakMiB: peak, document: parse(stdout) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Resident memory of a process and all below it, from /proc. */
function treeMemoryMiB(root: number): number {
  try {
    const parents = new Map<number, number>();
    const resident = new Map<number, number>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
        parents.set(Number(name), Number(fields[1]));
        resident.set(Number(name), Number(fields[21]) * 4096);
      } catch {
        // The process ended meanwhile.
      }
    }
    const isBelow = (pid: number): boolean => pid === root || (parents.has(pid) && isBelow(parents.get(pid)!));
    let total = 0;
    for (const [pid, bytes] of resident) if (isBelow(pid)) total += bytes;
    return Math.round(total / 1024 / 1024);
  } catch {
    return 0;
  }
}
