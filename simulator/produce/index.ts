import { eventHubProducer } from '../../azure/event-hubs';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, throwIfStopped } from '../../common/errors';
import type { Progress } from '../../common/progress';
import { encodeEvent, encounterColumns, eventsOf } from './encounter-event';
import { fingerprintOf } from './fingerprint';
import { createPacer, type Pacer } from './pacer';
import { PatientIndex } from './patients';
import { readTable, tableFiles } from './read-table';
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
  const encounterFiles = await tableFiles(options.data, 'encounters');
  const contentHash = await produceFingerprint(options);
  const patients = await PatientIndex.read(await tableFiles(options.data, 'patients'));
  throwIfStopped(options.signal);
  const producer = eventHubProducer(settings);
  const task = options.progress.start('produce', 'events');
  try {
    const partitionIds = await partitionsOf(producer, settings, options.signal);
    const sender = new EventSender(producer, partitionIds, options.signal, (events) => task.advance(events));
    const summary: ProduceSummary = { read: 0, sent: 0, skipped: {}, seconds: 0, contentHash };
    const pacer = createPacer(options.rate);
    try {
      do {
        for (const file of encounterFiles) await sendFile(file, patients, options, sender, pacer, summary);
      } while (options.loop);
      await sender.flush();
    } finally {
      await sender.settle();
    }
    summary.sent = sender.sent;
    summary.seconds = Math.round(performance.now() - started) / 1000;
    return summary;
  } finally {
    task.done();
    await producer.close();
  }
}

/** What `contentHash` of the summary will be, without sending anything: compare it to skip work that was done before. */
export async function produceFingerprint(options: Pick<ProduceOptions, 'data' | 'lifecycle'>): Promise<string> {
  const files = [...(await tableFiles(options.data, 'patients')), ...(await tableFiles(options.data, 'encounters'))];
  return fingerprintOf(files, { version: 1, lifecycle: options.lifecycle ?? false });
}

async function sendFile(
  file: string,
  patients: PatientIndex,
  options: ProduceOptions,
  sender: EventSender,
  pacer: Pacer,
  summary: ProduceSummary,
): Promise<void> {
  for await (const rows of readTable(file, encounterColumns)) {
    for (const row of rows) {
      summary.read++;
      const [id, start, , patientId] = row;
      if (!id || !start) {
        skip(summary, id ? 'no_admission_time' : 'no_encounter_id');
        continue;
      }
      for (const event of eventsOf(row, patients.find(patientId!), options.lifecycle ?? false)) {
        const added = sender.add(event.encounter_id, Buffer.from(encodeEvent(event).text));
        if (added !== true && !(await added)) skip(summary, 'too_large');
        if (pacer.count()) {
          await sender.flush();
          await pacer.wait(options.signal);
          throwIfStopped(options.signal);
        }
      }
    }
  }
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
      what: `The event hub ${settings.eventHubs.name} cannot be reached: ${cause instanceof Error ? cause.message : 'unknown error'}`,
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
}
