import { streams, Type } from 'avsc';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { openBronze } from '../../../ingestion/lake';
import { silentProgress } from '../../../common/progress';
import { land } from '../../../ingestion/land';
import { startIngestStack, type IngestStack } from '../../support/ingest-stack';

/** The schema that Event Hubs Capture writes (Microsoft Learn: "Exploring captured Avro files in Azure Event Hubs"). */
const values = { type: 'map', values: ['long', 'double', 'string', 'bytes'] };
const eventData = Type.forSchema({
  type: 'record',
  name: 'EventData',
  namespace: 'Microsoft.ServiceBus.Messaging',
  fields: [
    { name: 'SequenceNumber', type: 'long' },
    { name: 'Offset', type: 'string' },
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'SystemProperties', type: values },
    { name: 'Properties', type: { ...values, values: [...values.values, 'null'] } },
    { name: 'Body', type: ['null', 'bytes'] },
  ],
} as never);

let stack: IngestStack;
beforeEach(async () => {
  stack = await startIngestStack();
});
afterEach(() => stack.stop());

const bodyOf = (sequence: number) => (sequence % 7 === 3 ? `no JSON ${sequence}` : `{"n":${sequence},"é":"€"}`);

async function captureFile(partition: number, minute: number, from: number, to: number): Promise<void> {
  const encoder = new streams.BlockEncoder(eventData, { codec: minute % 2 ? 'deflate' : 'null', blockSize: 2000 });
  const bytes = buffer(encoder);
  for (let sequence = from; sequence <= to; sequence++)
    encoder.write({
      SequenceNumber: sequence,
      Offset: String(sequence * 100),
      EnqueuedTimeUtc: `1/26/2026 9:${String(minute).padStart(2, '0')}:01 PM`,
      SystemProperties: { 'x-opt-partition-key': { string: 'k' } },
      Properties: {},
      Body: Buffer.from(bodyOf(sequence)),
    });
  encoder.end();
  await put(partition, minute, await bytes);
}

async function put(partition: number, minute: number, bytes: Buffer): Promise<void> {
  const path = `capture/space/encounters/${partition}/2026/01/26/21/${String(minute).padStart(2, '0')}/01.avro`;
  await (await openBronze(stack.settings)).getFileClient(path).upload(bytes);
}

const landAll = () => land(stack.settings, { capture: 'capture', progress: silentProgress });
const lines = (partition: number) =>
  stack
    .bronzeFiles()
    .filter((name) => name.startsWith(`encounters_raw/hub=encounters-capture/partition=${partition}/date=2026-01-26/`))
    .flatMap((name) => readFileSync(stack.bronzePath(name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as { sequence: number; offset: string; enqueued_at: string; body: string });
const sequences = (partition: number) => lines(partition).map(({ sequence }) => sequence);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('the events of all partitions land once, in order, as they were', async () => {
  await captureFile(0, 5, 0, 899);
  await captureFile(0, 10, 900, 1300);
  await captureFile(3, 5, 40, 60);
  await put(1, 5, Buffer.alloc(0));
  expect(await landAll()).toMatchObject({
    events: 1322,
    partitions: 2,
    expired: [{ partition: '3', from: 0, to: 39 }],
  });
  expect([sequences(0), sequences(3)]).toEqual([numbers(0, 1300), numbers(40, 60)]);
  expect(lines(0).map(({ body }) => body)).toEqual(numbers(0, 1300).map(bodyOf));
  expect(lines(0)[900]).toMatchObject({ offset: '90000', enqueued_at: '2026-01-26T21:10:01.000Z' });
});

test('the next run reads on behind what has landed, past files without events', async () => {
  await captureFile(0, 5, 0, 99);
  await landAll();
  expect(await landAll()).toMatchObject({ events: 0, files: 0 });
  await captureFile(0, 10, 100, 149);
  await captureFile(0, 15, 0, -1);
  expect(await landAll()).toMatchObject({ events: 50, files: 1 });
  await captureFile(0, 20, 150, 151);
  expect(await landAll()).toMatchObject({ events: 2, files: 1 });
  expect(sequences(0)).toEqual(numbers(0, 151));
});

test('a file that is missing in between, or is no Capture file, stops the partition with a clear error', async () => {
  await captureFile(0, 5, 0, 99);
  await captureFile(0, 15, 200, 220);
  await expect(landAll()).rejects.toMatchObject({ code: 'MS3103' });
  expect(sequences(0)).toEqual([]);
  await captureFile(0, 10, 100, 199);
  await landAll();
  expect(sequences(0)).toEqual(numbers(0, 220));
  await put(0, 20, Buffer.from('this is not Avro, whatever its name says'));
  await expect(landAll()).rejects.toMatchObject({ code: 'MS3104' });
});
