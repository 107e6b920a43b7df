import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../azure/settings';
import { silentProgress } from '../common/progress';
import { land, type LandSummary } from '../ingestion/land';
import { generate } from '../simulator/generate';
import { produce, type ProduceSummary } from '../simulator/produce';
import { runMedstream } from './child';
import { type Bench, percentile, round, timed, withFolder } from './support';
import { withStackProcess } from './with-stack-process';

/**
 * Rates of produce and land through the SDKs, each verb and the stand-ins in a process of their own as users run them (a
 * rate counts from the verb's first step, without the start of Node), and the time
 * from "taken by the hub" to "visible in bronze" with `--follow` at a steady rate. Baseline of both rates: appending the
 * same events to one file with fsync per 500.
 */
export const streamingBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 2000);
  await withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    await generate({ patients, seed: 1, family: 'C', out: data, progress: silentProgress });
    const home = path.join(folder, 'home');
    await withStackProcess(home, async (_, lake) => {
      const produced = await runMedstream(home, ['produce', '--data', data]);
      const landing = await runMedstream(home, ['land']);
      const sent = produced.document as unknown as ProduceSummary;
      const landed = landing.document as unknown as LandSummary;
      if (landed.events !== sent.sent) throw new Error(`landed ${landed.events} of ${sent.sent} events`);
      const floor = await appendToFile(path.join(folder, 'floor'), lake);
      const common = {
        unit: 'events/s',
        baseline: { what: 'appending the landed lines to a file, fsync per 500', value: round(sent.sent / floor, 0) },
        better: 'higher' as const,
      };
      const line = (bench: string, seconds: number, more: Record<string, unknown>) =>
        report({
          bench,
          ...common,
          value: round(sent.sent / seconds, 0),
          ratio: round(floor / seconds),
          details: { events: sent.sent, patients, seconds: round(seconds), ...more },
        });
      line('streaming-produce', sent.seconds, { peakMiB: produced.peakMiB });
      line('streaming-land', landed.seconds, { files: landed.files, peakMiB: landing.peakMiB });
    });
    await withStackProcess(path.join(folder, 'follow'), async (settings, lake) => {
      const latencies = await followLatencies(settings, lake, data, 40);
      report({
        bench: 'streaming-latency',
        unit: 'ms, p99 from the hub to a visible file',
        value: round(percentile(latencies, 0.99), 0),
        baseline: { what: 'the bar of issue 4', value: 2000 },
        ratio: round(percentile(latencies, 0.99) / 2000),
        better: 'lower',
        details: {
          events: latencies.length,
          p50: round(percentile(latencies, 0.5), 0),
          p90: round(percentile(latencies, 0.9), 0),
          max: round(Math.max(...latencies), 0),
          rate: 500,
        },
      });
    });
  });
};

/** Milliseconds from enqueued_at to the first time that the line is seen in the lake. */
async function followLatencies(settings: Settings, lake: string, data: string, seconds: number): Promise<number[]> {
  const stop = new AbortController();
  const rest = new AbortController();
  const follow = land(settings, { follow: true, maxWaitSeconds: 1, progress: silentProgress, signal: rest.signal });
  // The consumer takes its partitions first: what is measured is the steady state.
  await sleep(3000);
  const sending = produce(settings, { data, rate: 500, loop: true, progress: silentProgress, signal: stop.signal });
  const settled = Promise.allSettled([follow, sending]);
  const seen = new Set<string>();
  const latencies: number[] = [];
  const end = performance.now() + (seconds + 3) * 1000;
  setTimeout(() => stop.abort(), seconds * 1000);
  while (performance.now() < end) {
    for (const file of eventFiles(lake)) {
      if (seen.has(file)) continue;
      seen.add(file);
      const now = Date.now();
      for (const text of readFileSync(file, 'utf8').trimEnd().split('\n'))
        latencies.push(now - Date.parse((JSON.parse(text) as { enqueued_at: string }).enqueued_at));
    }
    await sleep(20);
  }
  rest.abort();
  await settled;
  return latencies;
}

function eventFiles(lake: string): string[] {
  const folder = path.join(lake, 'bronze', 'encounters_raw');
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ndjson') && !name.includes('_staging'))
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

async function appendToFile(target: string, lake: string): Promise<number> {
  const lines = eventFiles(lake).flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  const { seconds } = await timed(async () => {
    const handle = openSync(target, 'a');
    for (let i = 0; i < lines.length; i += 500) {
      writeSync(handle, `${lines.slice(i, i + 500).join('\n')}\n`);
      fsyncSync(handle);
    }
    closeSync(handle);
  });
  return seconds;
}
