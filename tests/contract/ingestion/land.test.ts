import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataLakeContainer } from '../../../azure/data-lake';
import { silentProgress } from '../../../common/progress';
import { land, type LandOptions } from '../../../ingestion/land';
import { PartitionWriter } from '../../../ingestion/land/partition-writer';
import { connectionString, standInEnvironment } from '../../support/credentials';
import { startIngestStack, type IngestStack } from '../../support/ingest-stack';
import { Killable } from '../../support/killable';
import { until } from '../../support/until';

interface Line {
  partition: number;
  sequence: number;
  offset: string;
  enqueued_at: string;
  body: string;
  body_base64?: string;
}

let stack: IngestStack;
beforeEach(async () => {
  stack = await startIngestStack();
});
afterEach(() => stack.stop());

const landAll = (options: Partial<LandOptions> = {}) => land(stack.settings, { progress: silentProgress, ...options });

async function send(partitionId: string, bodies: unknown[]): Promise<void> {
  const client = new EventHubProducerClient(connectionString(stack.hubPort), 'encounters');
  for (let from = 0; from < bodies.length; from += 200)
    await client.sendBatch(
      bodies.slice(from, from + 200).map((body) => ({ body })),
      { partitionId },
    );
  await client.close();
}

const eventFiles = () => stack.bronzeFiles().filter((name) => name.startsWith('encounters_raw/'));
const linesOf = (name: string) =>
  readFileSync(stack.bronzePath(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** Sequences of a partition in the order of its files. */
const sequencesOf = (partition: number) =>
  eventFiles()
    .filter((name) => name.includes(`/partition=${partition}/`))
    .flatMap((name) => linesOf(name).map(({ sequence }) => sequence));

describe('land', () => {
  test('an event file that has lost its metadata ends landing, before anything is staged', async () => {
    await send('1', ['a', 'b']);
    await landAll();
    const [file] = eventFiles();
    utimesSync(stack.bronzePath(file!), new Date(), new Date(Date.now() + 5000));
    await send('1', ['c']);
    await expect(landAll()).rejects.toMatchObject({ code: 'MS3206', where: `bronze/${file!}` });
    expect(eventFiles()).toEqual([file]);
    expect(readdirSync(stack.bronzePath('_staging'))).toEqual([]);
  });

  test('writes every event once, as it was received, in files that say what they hold', async () => {
    const odd = [{ a: 1 }, 'no JSON {', Buffer.from([0xff, 0xfe, 0]), 'é€😀\n', ''];
    await send('1', odd);
    await send('3', ['x']);
    expect(await landAll()).toMatchObject({ events: 6, files: 2, partitions: 4, expired: [] });
    const [first, second] = eventFiles();
    expect(first).toMatch(
      /^encounters_raw\/hub=encounters-\d{8}T\d{9}Z\/partition=1\/date=\d{4}-\d\d-\d\d\/0{20}\.ndjson$/,
    );
    expect(second).toContain('/partition=3/');
    const lines = linesOf(first!);
    expect(lines.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4]);
    // The SDK sends what is no buffer as JSON.
    expect(lines.map(({ body }) => body).filter((_, i) => i !== 2)).toEqual(
      odd.filter((_, i) => i !== 2).map((body) => JSON.stringify(body)),
    );
    expect(Buffer.from(lines[2]!.body_base64!, 'base64')).toEqual(odd[2]);
    expect(Math.abs(Date.parse(lines[0]!.enqueued_at) - Date.now())).toBeLessThan(60_000);
    const { metadata } = await dataLakeContainer(stack.settings, 'bronze').getFileClient(first!).getProperties();
    const sha256 = createHash('sha256')
      .update(readFileSync(stack.bronzePath(first!)))
      .digest('hex');
    expect(metadata).toMatchObject({ firstseq: '0', lastseq: '4', rows: '5', sha256 });
  });

  test('goes on behind what is in the lake, and lands nothing twice', async () => {
    await send('0', numbers(0, 299));
    await landAll();
    expect(await landAll()).toMatchObject({ events: 0, files: 0 });
    await send('0', numbers(300, 499));
    expect(await landAll()).toMatchObject({ events: 200, files: 1 });
    expect(sequencesOf(0)).toEqual(numbers(0, 499));
    expect(path.basename(eventFiles().at(-1)!)).toBe('00000000000000000300.ndjson');
  });

  test('a hub that was deleted and made again lands beside the old one', async () => {
    await send('0', ['old']);
    await landAll();
    rmSync(path.join(stack.home, 'eventhubs', 'encounters'), { recursive: true });
    await stack.restartHub();
    await send('0', ['new', 'newer']);
    expect(await landAll()).toMatchObject({ events: 2 });
    const hubs = new Set(eventFiles().map((name) => name.split('/')[1]));
    expect(hubs.size).toBe(2);
    expect(
      eventFiles()
        .flatMap((name) => linesOf(name).map(({ body }) => JSON.parse(body) as string))
        .sort(),
    ).toEqual(['new', 'newer', 'old']);
  });

  test('events that the hub dropped before they landed are reported, and landing goes on', async () => {
    await stack.stop();
    const retention = { bytes: 40_000 };
    stack = await startIngestStack({ retention });
    await send('2', ['first']);
    await landAll();
    await send('2', Array<string>(400).fill('x'.repeat(300)));
    await stack.restartHub({ retention });
    const { events, expired } = await landAll();
    expect(expired).toHaveLength(1);
    const [gap] = expired;
    expect(gap).toMatchObject({ partition: '2', from: 1 });
    expect(sequencesOf(2)).toEqual([0, ...numbers(gap!.to + 1, 400)]);
    expect(events).toBe(400 - gap!.to);
  });

  test('--follow: two instances share the partitions; the stop writes what was received', async () => {
    const env = { ...process.env, ...standInEnvironment(stack.home, stack.lakePort, stack.hubPort) };
    const both = [0, 1].map(
      (n) =>
        new Killable(
          `instance ${n}`,
          'run-land',
          () => [],
          () => env,
          false,
        ),
    );
    for (const instance of both) await instance.start();
    for (let round = 0; round < 5; round++) {
      for (const id of ['0', '1', '2', '3']) await send(id, numbers(round * 50, round * 50 + 49));
      await sleep(300);
    }
    await until(() => [0, 1, 2, 3].every((id) => sequencesOf(id).length >= 250), 'all events in bronze');
    expect(both.map(({ alive }) => alive)).toEqual([true, true]);
    await Promise.all(both.map((instance) => instance.kill('SIGTERM')));
    expect(both.map(({ stderr }) => stderr)).toEqual(['', '']);
    for (const id of [0, 1, 2, 3]) expect(sequencesOf(id)).toEqual(numbers(0, 249));
  });

  test('--follow writes what it has received when it is stopped', async () => {
    const stop = new AbortController();
    const received = jest.spyOn(PartitionWriter.prototype, 'add');
    const following = landAll({ follow: true, maxWaitSeconds: 600, signal: stop.signal });
    await send('0', numbers(0, 9));
    await until(() => received.mock.calls.flatMap(([events]) => events).length === 10, 'the events');
    received.mockRestore();
    expect(eventFiles()).toEqual([]);
    stop.abort();
    await expect(following).rejects.toMatchObject({ code: 'MS1004', exitCode: 4 });
    expect(sequencesOf(0)).toEqual(numbers(0, 9));
  });

  test('--follow begins anew when the clock is set back, and goes on', async () => {
    const stop = new AbortController();
    const subscribed = jest.spyOn(EventHubConsumerClient.prototype, 'subscribe');
    const following = landAll({ follow: true, signal: stop.signal });
    await send('0', numbers(0, 4));
    await until(() => sequencesOf(0).length === 5, 'the first events');
    const everythingElse = ['hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const;
    const timers = [
      'setImmediate',
      'setInterval',
      'setTimeout',
      'clearImmediate',
      'clearInterval',
      'clearTimeout',
    ] as const;
    const now = Date.now() - 86_400_000;
    jest.useFakeTimers({ doNotFake: [...everythingElse, ...timers], now, advanceTimers: true });
    try {
      await until(() => subscribed.mock.calls.length === 2, 'a new subscription');
      await send('0', numbers(5, 9));
      await until(() => sequencesOf(0).length === 10, 'the events after the jump');
    } finally {
      stop.abort();
      await following.catch(() => undefined);
      jest.useRealTimers();
      subscribed.mockRestore();
    }
    expect(sequencesOf(0)).toEqual(numbers(0, 9));
  });

  test('a hub that is not there and a lake that is not there are plain errors', async () => {
    const missing = stack.settingsVia(stack.lakePort, { EVENTHUB_NAME: 'nowhere' });
    await expect(land(missing, { progress: silentProgress })).rejects.toMatchObject({ code: 'MS3101', exitCode: 3 });
    const noLake = stack.settingsVia(1);
    await expect(land(noLake, { progress: silentProgress })).rejects.toMatchObject({ code: 'MS3201', exitCode: 3 });
  });

  test('a wrong key of the hub is a plain error with its reason, soon', async () => {
    const { connectionString } = stack.settings.eventHubs;
    const forged = connectionString!.replace(/SharedAccessKey=[^;]+/, 'SharedAccessKey=Zm9yZ2Vk');
    const settings = stack.settingsVia(stack.lakePort, { EVENTHUB_CONNECTION_STRING: forged });
    const why = expect.stringContaining('InvalidSignature');
    await expect(land(settings, { progress: silentProgress })).rejects.toMatchObject({
      code: 'MS3101',
      exitCode: 3,
      why,
    });
  });
});
