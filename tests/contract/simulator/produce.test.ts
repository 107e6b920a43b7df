import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSettings } from '../../../azure/settings';
import { silentProgress } from '../../../common/progress';
import { startEventHubs } from '../../../local/eventhubs';
import { generate } from '../../../simulator/generate';
import { produce, produceFingerprint } from '../../../simulator/produce';
import { until } from '../../support/until';

const home = mkdtempSync(path.join(tmpdir(), 'medstream-produce-'));
const data = path.join(home, 'data');
const key = Buffer.from('contract-test-key').toString('base64');
let hubs: Awaited<ReturnType<typeof startEventHubs>>;
let encounters = 0;

beforeAll(async () => {
  await generate({ patients: 20, seed: 5, family: 'D', out: data, progress: silentProgress });
  encounters = readFileSync(path.join(data, 'encounters.csv'), 'utf8').split('\n').length - 2;
  hubs = await startEventHubs({
    root: path.join(home, 'eventhubs'),
    port: 0,
    keyName: 'RootManageSharedAccessKey',
    key,
    hubs: ['first', 'twice', 'dirty', 'slow'].map((name) => ({ name, partitions: 4 })),
  });
});
afterAll(async () => {
  await hubs.stop();
  rmSync(home, { recursive: true });
});

function settings(name: string, port = hubs.port) {
  return parseSettings({
    MEDSTREAM_HOME: home,
    EVENTHUB_CONNECTION_STRING: `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${key};UseDevelopmentEmulator=true`,
    EVENTHUB_NAME: name,
    AZURE_STORAGE_ACCOUNT: 'unused',
    SYNAPSE_SERVER: 'unused',
    SYNAPSE_DATABASE: 'unused',
  });
}

/** All bodies of a hub, once `count` have come. */
async function receive(name: string, count: number): Promise<Record<string, unknown>[]> {
  const { connectionString } = settings(name).eventHubs;
  const client = new EventHubConsumerClient('$Default', connectionString!, name);
  const bodies: Record<string, unknown>[] = [];
  await new Promise<void>((resolve, reject) => {
    client.subscribe(
      {
        processEvents: async (events) => {
          bodies.push(...events.map((event) => event.body as Record<string, unknown>));
          if (bodies.length >= count) resolve();
        },
        processError: async (error) => reject(error),
      },
      { startPosition: earliestEventPosition, maxBatchSize: 500, maxWaitTimeInSeconds: 1 },
    );
  });
  await client.close();
  return bodies;
}

test('sends one event per encounter', async () => {
  const summary = await produce(settings('first'), { data, rate: 'max', progress: silentProgress });
  expect(summary).toMatchObject({ read: encounters, sent: encounters, skipped: {} });
  const bodies = await receive('first', encounters);
  expect(bodies).toHaveLength(encounters);
  expect(new Set(bodies.map((body) => body['encounter_id'])).size).toBe(encounters);
  expect(bodies.every((body) => body['event_type'] === 'encounter.completed' && body['schema_version'] === 1)).toBe(
    true,
  );
});

test('sends the same ids when it runs again, and says beforehand what the content will be', async () => {
  const run = () => produce(settings('twice'), { data, rate: 'max', lifecycle: true, progress: silentProgress });
  const [first, second] = [await run(), await run()];
  expect(second.contentHash).toBe(first.contentHash);
  expect(await produceFingerprint({ data, lifecycle: true })).toBe(first.contentHash);
  expect(await produceFingerprint({ data })).not.toBe(first.contentHash);
  const bodies = await receive('twice', 4 * encounters);
  expect(bodies).toHaveLength(4 * encounters);
  expect(new Set(bodies.map((body) => body['event_id'])).size).toBe(2 * encounters);
});

test('writes an answer for each dirty event that it sends', async () => {
  const answerKey = path.join(home, 'answers', 'key.jsonl');
  const options = { data, rate: 'max', dirty: 0.2, answerKey, seed: 9, progress: silentProgress } as const;
  const summary = await produce(settings('dirty'), options);
  const answers = readFileSync(answerKey, 'utf8').trimEnd().split('\n');
  expect(answers).toHaveLength(summary.sent);
  expect(Object.keys(summary.dirty!).length).toBeGreaterThan(10);
});

test('goes on at its rate, round after round, until it is stopped', async () => {
  const abort = new AbortController();
  let sent = 0;
  const progress = { start: () => ({ setTotal() {}, done() {}, advance: (n: number) => void (sent += n) }) };
  const started = performance.now();
  const options = { data, rate: 1000, loop: true, progress, signal: abort.signal } as const;
  const outcome = produce(settings('slow'), options).then(
    () => 'ended by itself',
    (error: unknown) => error,
  );
  await until(() => sent > encounters, 'the second round');
  // However slow or fast the machine, never faster than the rate (its steps: tests/unit/simulator/pacer.test.ts).
  const slice = 50;
  expect(sent).toBeLessThanOrEqual(performance.now() - started + slice);
  abort.abort();
  expect(await outcome).toMatchObject({ code: 'MS1004', exitCode: 4 });
  expect((await receive('slow', sent)).length).toBeGreaterThanOrEqual(sent);
});

test('says plainly that a hub cannot be reached', async () => {
  const options = { data, rate: 'max', progress: silentProgress } as const;
  await expect(produce(settings('missing'), options)).rejects.toMatchObject({ code: 'MS3102', exitCode: 3 });
});
