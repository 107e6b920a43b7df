import { closeEventHubClient, eventHubProducer, reasonOf, retryOptions } from '../../azure/event-hubs';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, throwIfStopped } from '../../common/errors';
import type { Progress } from '../../common/progress';
import type { EventChunk, EventTotals } from './event-chunks';
import { fingerprintOf } from './fingerprint';
import { createPacer, type Pacer } from './pacer';
import { ReadAhead } from './read-ahead';
import { tableFiles } from './read-table';
import { EventSender } from './sender';

export interface ProduceOptions {
  /** Folder with `patients.csv` and `encounters.csv` of any header family. */
  data: string;
  /** Events per second, or as fast as the hub takes them. */
  rate: number | 'max';
  /** Also an `encounter.started` at admission. */
  lifecycle?: boolean;
  /** Begins again at the end, until stopped. Events keep their ids, so downstream nothing is counted twice. */
  loop?: boolean;
  /** Share of the events that get a known fault, 0 to 1 (simulator/dirty). */
  dirty?: number;
  /** File for the answer key: one JSON line per event, with the fault and what silver must do. Only with `dirty`. */
  answerKey?: string;
  /** Chooses the faults; default 1. */
  seed?: number;
  progress: Progress;
  signal?: AbortSignal;
}

export interface ProduceSummary {
  /** Rows of encounters.csv. */
  read: number;
  /** Events that the hub acknowledged. */
  sent: number;
  /** Rows or events that were not sent, by reason. */
  skipped: Record<string, number>;
  /** Events with an injected fault, by fault. */
  dirty?: Record<string, number>;
  seconds: number;
  /** The same for the same data and options: the same events with the same ids (see `produceFingerprint`). */
  contentHash: string;
}

/**
 * Sends one event per encounter (docs/generate-and-produce.md) to the event hub, with the encounter's id as partition
 * key. Events and their ids follow from the data alone: producing twice is deduplicated downstream.
 * @throws MedStreamError MS21xx unreadable data, MS3101 and MS3102 the hub, MS1004 stopped
 */
export async function produce(settings: Settings, options: ProduceOptions): Promise<ProduceSummary> {
  checkOptions(options);
  const started = performance.now();
  throwIfStopped(options.signal);
  const { data, lifecycle = false, loop = false, dirty = 0, answerKey, seed = 1 } = options;
  const chunks = new ReadAhead({ data, lifecycle, loop, dirty, answerKey, seed });
  const producer = eventHubProducer(settings, { retryOptions });
  const task = options.progress.start('produce', 'events');
  try {
    const [contentHash, partitionIds] = await Promise.all([
      produceFingerprint(options),
      partitionsOf(producer, settings, options.signal),
    ]);
    const run: Run = {
      options,
      sender: new EventSender(producer, partitionIds, options.signal, (events) => task.advance(events)),
      pacer: createPacer(options.rate),
      tooLarge: 0,
    };
    const { read, skipped, dirty: faults } = await sendAll(run, chunks);
    return {
      read,
      sent: run.sender.sent,
      skipped: run.tooLarge ? { ...skipped, too_large: run.tooLarge } : skipped,
      ...(dirty ? { dirty: faults } : {}),
      seconds: Math.round(performance.now() - started) / 1000,
      contentHash,
    };
  } finally {
    task.done();
    await chunks.close();
    await closeEventHubClient(producer);
  }
}

/** What `contentHash` of the summary will be, without sending anything: compare it to skip work that was done before. */
export async function produceFingerprint(
  options: Pick<ProduceOptions, 'data' | 'lifecycle' | 'dirty' | 'seed'>,
): Promise<string> {
  const files = [...(await tableFiles(options.data, 'patients')), ...(await tableFiles(options.data, 'encounters'))];
  const { lifecycle = false, dirty = 0, seed = 1 } = options;
  return fingerprintOf(files, { version: 1, lifecycle, dirty, seed: dirty ? seed : null });
}

interface Run {
  readonly options: ProduceOptions;
  readonly sender: EventSender;
  readonly pacer: Pacer;
  /** Events that the hub cannot take. */
  tooLarge: number;
}

async function sendAll(run: Run, chunks: AsyncIterable<EventChunk>): Promise<EventTotals> {
  let counted: EventTotals = { read: 0, skipped: {}, dirty: {} };
  try {
    for await (const { bytes, ends, hashes, totals } of chunks) {
      const bodies = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let start = 0;
      for (let i = 0; i < ends.length; i++) {
        const sending = sendOne(run, hashes[i]!, bodies.subarray(start, ends[i]));
        if (sending) await sending;
        start = ends[i]!;
      }
      counted = totals;
    }
    await run.sender.flush();
    return counted;
  } finally {
    await run.sender.settle();
  }
}

/** A promise only where the sender has to wait: an await per event costs a tenth of the rate. */
function sendOne(run: Run, hash: number, body: Buffer): Promise<void> | undefined {
  const added = run.sender.add(hash, body);
  if (added === true && !run.pacer.count()) return undefined;
  return finishOne(run, added);
}

async function finishOne(run: Run, added: boolean | Promise<boolean>): Promise<void> {
  const wasWaiting = added !== true;
  if (!(await added)) run.tooLarge++;
  if (wasWaiting && !run.pacer.count()) return;
  await run.sender.flush();
  await run.pacer.wait(run.options.signal);
  throwIfStopped(run.options.signal);
}

async function partitionsOf(
  producer: ReturnType<typeof eventHubProducer>,
  settings: Settings,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  try {
    return await producer.getPartitionIds({ abortSignal: signal });
  } catch (cause) {
    throwIfStopped(signal);
    throw new MedStreamError({
      code: 'MS3102',
      what: `The event hub ${settings.eventHubs.name} cannot be reached: ${reasonOf(cause)}.`,
      where: 'EVENTHUB_CONNECTION_STRING or EVENTHUB_NAMESPACE',
      next: 'Start the local stack (medstream local up), or check name, network and rights (Azure Event Hubs Data Sender).',
      exitCode: ExitCode.unreachable,
      cause,
    });
  }
}

function checkOptions(options: ProduceOptions): void {
  if (options.rate !== 'max' && !(options.rate > 0))
    throw new MedStreamError({
      code: 'MS1002',
      what: "Cannot produce: --rate must be a number above 0, or 'max'.",
      exitCode: ExitCode.usage,
    });
  if (options.dirty !== undefined && !(options.dirty >= 0 && options.dirty <= 1))
    throw new MedStreamError({
      code: 'MS1002',
      what: 'Cannot produce: --dirty must be a share between 0 and 1.',
      exitCode: ExitCode.usage,
    });
}
