import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseSettings, type Settings } from '../azure/settings';
import { localNeeds } from '../cli/services';
import { startLocalStack, type LocalStack } from '../local/stack';

/** One line of a benchmark's output. `ratio` compares with the baseline of the same run; `better` says which way. */
export interface BenchResult {
  bench: string;
  /** What was measured, such as `rows/s`. */
  unit: string;
  value: number;
  baseline: { what: string; value: number } | null;
  /** value / baseline. */
  ratio: number | null;
  better: 'higher' | 'lower';
  /** Everything else worth keeping: sizes, steps, memory. */
  details: Record<string, unknown>;
}

/** A benchmark prints one or more lines through `report`; `args` are the words after its name. */
export type Bench = (report: (result: BenchResult) => void, args: string[]) => Promise<void>;

export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medstream-bench-'));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Seconds that a piece of work takes, and its result. */
export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}

/** The local stack over a folder, in this process, and settings that lead to it. */
export async function withStack<T>(
  home: string,
  body: (settings: Settings, stack: LocalStack) => Promise<T>,
): Promise<T> {
  const stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  try {
    return await body(parseSettings({ MEDSTREAM_HOME: home, ...stack.environment }), stack);
  } finally {
    await stack.stop();
  }
}

/** Highest resident memory of a process so far, in MiB (Linux; 0 elsewhere). */
export function peakMemoryMiB(pid: number | 'self'): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

export async function copyFileByStream(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), createWriteStream(to));
}

export function round(value: number, digits = 2): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** The value at share `p` of a list. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}

/** The exponent b of time = a × n^b between two sizes. */
export function growthExponent(small: { n: number; seconds: number }, large: { n: number; seconds: number }): number {
  return Math.log(large.seconds / small.seconds) / Math.log(large.n / small.n);
}
