import { RetryMode } from '@azure/event-hubs';
import { closeEventHubClient, eventHubProducer } from '../../azure/event-hubs';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, throwIfStopped } from '../../common/errors';
import type { Progress } from '../../common/progress';
import { DirtySource } from '../dirty';
import { AnswerKey } from '../dirty/answer-key';
import { encodeEvent, encounterColumns, eventsOf } from './encounter-event';
import { fingerprintOf } from './fingerprint';
import { createPacer, type Pacer } from './pacer';
import { PatientIndex } from './patients';
import { readTable, tableFiles } from './read-table';
import { EventSender, reasonOf } from './sender';

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
 * Half a minute in all, for the SDK retries both the link and the send (four times four): long enough for a hub that
 * restarts or is busy, short enough for a person who waits. The SDK's own waits are three times 30 s.
 */
const retryOptions = {
  mode: RetryMode.Exponential,
  maxRetries: 3,
  retryDelayInMs: 400,
  maxRetryDelayInMs: 4000,
  timeoutInMs: 15_000,
};

/**
 * Sends one event per encounter (docs/generate-and-produce.md) to the event hub, with the encounter's id as partition
 * key. Events and their ids follow from the data alone: producing twice is deduplicated downstream.
 * @throws MedStreamError MS21xx unreadable data, MS3101 and MS3102 the hub, MS1004 stopped
 */
export async function produce(settings: Settings, options: ProduceOptions): Promise<ProduceSummary> {
  checkOptions(options);
  const started = performance.now();
  const encounterFiles = await tableFiles(options.data, 'encounters');
  const contentHash = await produceFingerprint(options);
  const patients = await PatientIndex.read(await tableFiles(options.data, 'patients'));
  throwIfStopped(options.signal);
  const producer = eventHubProducer(settings, { retryOptions });
  const task = options.progress.start('produce', 'events');
  const key = options.dirty && options.answerKey ? await AnswerKey.create(options.answerKey) : undefined;
  try {
    const partitionIds = await partitionsOf(producer, settings, options.signal);
    const summary: ProduceSummary = { read: 0, sent: 0, skipped: {}, seconds: 0, contentHash };
    const run: Run = {
      options,
      patients,
      summary,
      sender: new EventSender(producer, partitionIds, options.signal, (events) => task.advance(events)),
      pacer: createPacer(options.rate),
      dirt: options.dirty ? new DirtySource(options.dirty, options.seed ?? 1, (line) => key?.write(line)) : undefined,
      key,
    };
    await sendAll(run, encounterFiles);
    summary.sent = run.sender.sent;
    if (run.dirt) summary.dirty = run.dirt.counts;
    summary.seconds = Math.round(performance.now() - started) / 1000;
    return summary;
  } finally {
    task.done();
    await key?.close();
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
  readonly patients: PatientIndex;
  readonly summary: ProduceSummary;
  readonly sender: EventSender;
  readonly pacer: Pacer;
  readonly dirt?: DirtySource;
  readonly key?: AnswerKey;
}

async function sendAll(run: Run, files: readonly string[]): Promise<void> {
  try {
    do {
      for (const file of files) await sendFile(run, file);
    } while (run.options.loop);
    for (const item of run.dirt?.rest() ?? []) await sendOne(run, item.key, item.text);
    await run.sender.flush();
  } finally {
    await run.sender.settle();
  }
}

async function sendFile(run: Run, file: string): Promise<void> {
  const { options, patients, summary, dirt } = run;
  for await (const rows of readTable(file, encounterColumns, () => skip(summary, 'bad_line'))) {
    for (const row of rows) {
      summary.read++;
      const [id, start, , patientId] = row;
      if (!id || !start) {
        skip(summary, id ? 'no_admission_time' : 'no_encounter_id');
        continue;
      }
      const events = eventsOf(row, patients.find(patientId!), options.lifecycle ?? false);
      if (dirt) for (const item of dirt.apply(events)) await sendOne(run, item.key, item.text);
      else
        for (const event of events) {
          const sending = sendOne(run, event.encounter_id, encodeEvent(event).text);
          if (sending) await sending;
        }
    }
    await run.key?.drain();
  }
}

/** A promise only where the sender has to wait: an await per event costs a tenth of the rate. */
function sendOne(run: Run, key: string, text: string): Promise<void> | undefined {
  const added = run.sender.add(key, Buffer.from(text));
  if (added === true && !run.pacer.count()) return undefined;
  return finishOne(run, added);
}

async function finishOne(run: Run, added: boolean | Promise<boolean>): Promise<void> {
  const wasWaiting = added !== true;
  if (!(await added)) skip(run.summary, 'too_large');
  if (wasWaiting && !run.pacer.count()) return;
  await run.sender.flush();
  await run.pacer.wait(run.options.signal);
  throwIfStopped(run.options.signal);
}

function skip(summary: ProduceSummary, reason: string): void {
  summary.skipped[reason] = (summary.skipped[reason] ?? 0) + 1;
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
      code: 'MS2105',
      what: "Cannot produce: --rate must be a number above 0, or 'max'.",
      exitCode: ExitCode.usage,
    });
  if (options.dirty !== undefined && !(options.dirty >= 0 && options.dirty <= 1))
    throw new MedStreamError({
      code: 'MS2105',
      what: 'Cannot produce: --dirty must be a share between 0 and 1.',
      exitCode: ExitCode.usage,
    });
}
