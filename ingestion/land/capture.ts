import { streams } from 'avsc';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import type { Readable } from 'node:stream';
import { MedStreamError, throwIfStopped } from '../../common/errors';
import { lakeError, listFiles, stallWatch } from '../lake';
import { lakeTail } from './lake-tail';
import { PartitionWriter, type WriterEvent } from './partition-writer';

/** One record of a Capture file (Microsoft Learn: "Capture Event Hubs data", the Avro schema EventData). */
interface CapturedEvent {
  SequenceNumber: number;
  Offset: string;
  /** US date and time in UTC, such as `1/26/2026 9:05:01 PM`. */
  EnqueuedTimeUtc: string;
  Body: Buffer | { bytes: Buffer } | null;
}

export interface CaptureWork {
  bronze: DataLakeFileSystemClient;
  /** Folder in the container bronze that Capture writes to. */
  folder: string;
  hubName: string;
  signal?: AbortSignal;
  published(events: number, files: number): void;
  expired(gap: { partition: string; from: number; to: number }): void;
}

/**
 * Lands the Avro files of Event Hubs Capture as `land` does events from the hub itself, once each and in order. They stand
 * under `hub=<name>-capture`: a Capture file does not tell which incarnation of the hub it is from.
 * @returns the number of partitions found
 * @throws MedStreamError MS3104 a file that is no Capture file, MS3103 a gap, MS32xx the lake
 */
export async function landCapture(work: CaptureWork): Promise<number> {
  const partitions = await captureFiles(work);
  for (const [partition, paths] of partitions) await landPartition(work, partition, paths);
  return partitions.size;
}

/** Paths by partition, oldest first, of the default name format `…/{EventHub}/{PartitionId}/{Year}/…/{Second}.avro`. */
async function captureFiles({ bronze, folder, hubName, signal }: CaptureWork): Promise<Map<string, string[]>> {
  const pattern = /(?:^|\/)([^/]+)\/(\d+)\/\d{4}\/\d{2}\/\d{2}\/\d{2}\/\d{2}\/\d{2}\.avro$/;
  const partitions = new Map<string, string[]>();
  for await (const { path, bytes } of listFiles(bronze, folder, signal)) {
    const match = pattern.exec(path);
    if (!match || match[1]!.toLowerCase() !== hubName.toLowerCase() || bytes === 0) continue;
    partitions.set(match[2]!, [...(partitions.get(match[2]!) ?? []), path]);
  }
  for (const paths of partitions.values()) paths.sort();
  return partitions;
}

async function landPartition(work: CaptureWork, partition: string, paths: readonly string[]): Promise<void> {
  const { bronze, signal } = work;
  const hub = `${work.hubName}-capture`;
  const tail = (await lakeTail(bronze, hub, partition, signal))?.sequence ?? -1;
  const { from, first } = await firstToRead(work, paths, tail);
  const writer = new PartitionWriter({
    bronze,
    hub,
    partition,
    maxEvents: 20_000,
    maxBytes: 8 << 20,
    maxAgeMilliseconds: 60_000,
    oldestInHub: async () => first,
    onPublished: ({ events, files }) => work.published(events, files),
    onExpired: (gap) => work.expired(gap),
  });
  try {
    for (const path of paths.slice(from))
      for await (const events of readCapture(bronze, path, signal)) await writer.add(events);
    await writer.flush();
  } finally {
    writer.abandon();
  }
}

/**
 * Where to begin: at the newest file whose first event is not behind the lake's tail, so that old files are not read again.
 * A file without events, which Capture writes when nothing came, tells nothing.
 */
async function firstToRead(work: CaptureWork, paths: readonly string[], tail: number) {
  let first = 0;
  for (let from = paths.length - 1; from >= 0; from--) {
    const begin = await firstSequence(work, paths[from]!);
    first = begin ?? first;
    if (begin !== undefined && begin <= tail + 1) return { from, first };
  }
  return { from: 0, first };
}

async function firstSequence({ bronze, signal }: CaptureWork, path: string): Promise<number | undefined> {
  for await (const [event] of readCapture(bronze, path, signal)) return event!.sequenceNumber;
  return undefined;
}

const eventsAtATime = 500;

/** The events of a Capture file, in lists. */
async function* readCapture(
  bronze: DataLakeFileSystemClient,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<WriterEvent[]> {
  const watch = stallWatch(signal);
  let source: Readable | undefined;
  try {
    const answer = await watch.during(
      bronze.getFileClient(path).read(0, undefined, { abortSignal: watch.abortSignal }),
    );
    source = answer.readableStreamBody as Readable;
    const decoder = new streams.BlockDecoder();
    source.once('error', (error) => decoder.destroy(error));
    source.pipe(decoder);
    let events: WriterEvent[] = [];
    for await (const record of decoder as AsyncIterable<CapturedEvent>) {
      throwIfStopped(signal);
      if (events.push(eventOf(record, path)) < eventsAtATime) continue;
      yield events;
      events = [];
    }
    if (events.length) yield events;
  } catch (error) {
    if (error instanceof MedStreamError || (error as { statusCode?: number }).statusCode || signal?.aborted)
      throw lakeError(error, 'read a Capture file', path, signal);
    throw notCapture(path, error);
  } finally {
    source?.destroy();
  }
}

function eventOf({ SequenceNumber, Offset, EnqueuedTimeUtc, Body }: CapturedEvent, path: string): WriterEvent {
  const zoned = /[Z+]|-\d\d:\d\d$/.test(EnqueuedTimeUtc) ? EnqueuedTimeUtc : `${EnqueuedTimeUtc} UTC`;
  const enqueuedTimeUtc = new Date(zoned);
  if (!Number.isSafeInteger(SequenceNumber) || Number.isNaN(enqueuedTimeUtc.getTime())) throw notCapture(path);
  const body = Body === null ? Buffer.alloc(0) : Buffer.isBuffer(Body) ? Body : Body.bytes;
  return { sequenceNumber: SequenceNumber, offset: Offset, enqueuedTimeUtc, body };
}

function notCapture(path: string, cause?: unknown): MedStreamError {
  return new MedStreamError({
    code: 'MS3104',
    what: 'An Avro file is damaged, or was not written by Event Hubs Capture.',
    where: `bronze/${path}`,
    why: 'Landing on without it would leave a gap in bronze.',
    next: 'Move other files out of the Capture folder, or restore this one; then land again.',
    cause,
  });
}
