import { EventHubProducerClient } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { silentProgress } from '../../../common/progress';
import { patience } from '../../../ingestion/lake';
import { land } from '../../../ingestion/land';
import { load } from '../../../ingestion/load';
import type { Manifest } from '../../../ingestion/load/manifest';
import { generate } from '../../../simulator/generate';
import { connectionString } from '../../support/credentials';
import { startFaultyLake, type Fault, type FaultyLake } from '../../support/faulty-lake';
import { startIngestStack, type IngestStack } from '../../support/ingest-stack';
import { randomFrom } from '../../support/random';

let stack: IngestStack;
let lake: FaultyLake;
beforeEach(async () => {
  stack = await startIngestStack();
  lake = await startFaultyLake(stack.lakePort);
});
afterEach(async () => {
  await lake.stop();
  await stack.stop();
});

/** Fails one in `every` requests, never the repetition of a failed one, whatever goes on beside it: each time in another way. */
function sometimes(every: number, seed: number): FaultyLake['choose'] {
  const random = randomFrom(seed);
  const kinds: Fault[] = [500, 503, 'break', 'lose-answer'];
  const failed = new Set<string>();
  return ({ method, url }) => {
    const request = `${method} ${url}`;
    if (failed.delete(request) || random() > 1 / every) return undefined;
    failed.add(request);
    return kinds[Math.floor(random() * kinds.length)];
  };
}

async function sendEvents(count: number): Promise<void> {
  const client = new EventHubProducerClient(connectionString(stack.hubPort), 'encounters');
  const bodies = Array.from({ length: count }, (_, i) => ({ body: { i } }));
  for (let from = 0; from < count; from += 250)
    await client.sendBatch(bodies.slice(from, from + 250), { partitionId: String((from / 250) % 4) });
  await client.close();
}

describe('a lake that fails in passing', () => {
  test('land: every event lands once, whatever request fails or loses its answer', async () => {
    await sendEvents(8000);
    lake.choose = sometimes(4, 11);
    const { events } = await land(stack.settingsVia(lake.port), { progress: silentProgress });
    expect(lake.faults).toBeGreaterThan(5);
    expect(events).toBe(8000);
    const lines = stack
      .bronzeFiles()
      .flatMap((name) => readFileSync(stack.bronzePath(name), 'utf8').trimEnd().split('\n'))
      .map((line) => (JSON.parse((JSON.parse(line) as { body: string }).body) as { i: number }).i);
    expect(lines.sort((a, b) => a - b)).toEqual(Array.from({ length: 8000 }, (_, i) => i));
  });

  test('load: every file lands whole with its manifest, and nothing stays in staging', async () => {
    const data = path.join(stack.home, 'data');
    await generate({ patients: 6, seed: 2, family: 'C', out: data, progress: silentProgress });
    lake.choose = sometimes(5, 5);
    const summary = await load(stack.settingsVia(lake.port), { data, progress: silentProgress });
    expect(lake.faults).toBeGreaterThan(5);
    for (const { file, table } of summary.files) {
      const folder = `reference/${table}/load=${summary.loadId}`;
      expect(readFileSync(stack.bronzePath(`${folder}/${file}`)).equals(readFileSync(path.join(data, file)))).toBe(
        true,
      );
      const manifest = JSON.parse(readFileSync(stack.bronzePath(`${folder}/_manifest.json`), 'utf8')) as Manifest;
      expect(manifest.files.map((entry) => entry.file)).toEqual([file]);
    }
    expect(stack.bronzeFiles()).toHaveLength(2 * summary.files.length);
  });
});

describe('a lake that fails for good', () => {
  const usual = patience.seconds;
  afterEach(() => void (patience.seconds = usual));
  /** Not where the error differs from that of no answer: on a busy machine a slow answer must not look like none. */
  const impatientFor = (fault: Fault) => void (patience.seconds = fault === 'silence' || fault === 503 ? 1 : usual);

  test.each<[string, Fault, string, number]>([
    ['503', 503, 'MS3201', 3],
    ['507, a full disk', 507, 'MS3202', 1],
    ['403', 403, 'MS3203', 3],
    ['no answer at all', 'silence', 'MS3201', 3],
  ])('%s: load ends with one clear error', async (_, fault, code, exitCode) => {
    const data = path.join(stack.home, 'data');
    await generate({ patients: 2, seed: 2, family: 'C', out: data, progress: silentProgress });
    lake.choose = ({ method, url }) => (method === 'PATCH' && url!.includes('encounters.csv') ? fault : undefined);
    impatientFor(fault);
    const loading = load(stack.settingsVia(lake.port), { data, progress: silentProgress });
    await expect(loading).rejects.toMatchObject({ code, exitCode });
    expect(stack.bronzeFiles().filter((name) => name.includes('/encounters/'))).toEqual([]);
    // The same command afterwards lands what is missing.
    patience.seconds = usual;
    const again = await load(stack.settings, { data, progress: silentProgress });
    expect(again.files.filter(({ status }) => status === 'refused')).toEqual([]);
    expect(stack.bronzeFiles()).toHaveLength(2 * again.files.length);
  });

  test('land gives up a lake that does not answer, and the next one goes on', async () => {
    await sendEvents(100);
    lake.choose = ({ method }) => (method === 'PATCH' ? 'silence' : undefined);
    impatientFor('silence');
    const landing = land(stack.settingsVia(lake.port), { progress: silentProgress });
    await expect(landing).rejects.toMatchObject({ code: 'MS3201', why: expect.stringContaining('nothing for 1 sec') });
    patience.seconds = usual;
    expect(await land(stack.settings, { progress: silentProgress })).toMatchObject({ events: 100 });
  });

  test.each<[string, Fault, string]>([
    ['a full disk', 507, 'MS3202'],
    ['refused access', 403, 'MS3203'],
  ])('%s ends land at once, and the next one goes on', async (_, fault, code) => {
    await sendEvents(1000);
    lake.choose = ({ method }) => (method === 'PATCH' ? fault : undefined);
    await expect(land(stack.settingsVia(lake.port), { progress: silentProgress })).rejects.toMatchObject({ code });
    // "At once" in requests, not in seconds: one for each partition that was under way, and none again.
    expect(lake.faults).toBeLessThanOrEqual(4);
    expect(stack.bronzeFiles()).toEqual([]);
    expect(await land(stack.settings, { progress: silentProgress })).toMatchObject({ events: 1000 });
  });
});
