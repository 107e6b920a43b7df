import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { blobContainer } from '../../azure/data-lake';
import { closeEventHubClient, eventHubConsumer, retryOptions } from '../../azure/event-hubs';
import type { Settings } from '../../azure/settings';
import { MedStreamError, stoppedError } from '../../common/errors';
import type { Progress } from '../../common/progress';
import { inTime, lakeError, openBronze } from '../lake';
import { sweepStaging } from '../staging-sweeper';
import { landCapture } from './capture';
import { LakeCheckpointStore } from './claims';
import { drain } from './drain';
import { follow } from './follow';
import { describeHub } from './incarnation';
import { loadBalancing } from './subscription';

export interface LandOptions {
  /** Keeps running until stopped; without it, what is in the hub at the start is landed and the call returns. */
  follow?: boolean;
  /** With `follow`: a file is closed this long after its first event at the latest; default 1. */
  maxWaitSeconds?: number;
  /** Reads the Avro files that Event Hubs Capture put into this folder of the container bronze, instead of the hub. */
  capture?: string;
  progress: Progress;
  signal?: AbortSignal;
}

export interface LandSummary {
  /** Events written to bronze by this call. */
  events: number;
  files: number;
  /** Partitions of the hub. */
  partitions: number;
  /** Events that the hub's retention dropped before they landed, by partition. */
  expired: { partition: string; from: number; to: number }[];
  seconds: number;
}

/** What both ways of landing work with. */
export interface LandWork {
  client: EventHubConsumerClient;
  bronze: DataLakeFileSystemClient;
  incarnation: string;
  partitionIds: readonly string[];
  maxAgeMilliseconds: number;
  /** A claim of this instance on a partition has ended. */
  claimEnded(partition: string): void;
  signal?: AbortSignal;
  /** Counts what was published. */
  published(events: number, files: number): void;
  expired(gap: { partition: string; from: number; to: number }): void;
  /** Events known to be in the hub, for progress. */
  expect(events: number): void;
}

/**
 * Writes the events of the hub to `bronze/encounters_raw/`, each exactly once, whatever is killed meanwhile: a file is
 * named by its first sequence, is renamed into place only where nothing stands, and the lake's tail says where to go on.
 * With `follow` it ends by the signal only, and then throws the stop (MS1004) with everything received written.
 * @throws MedStreamError MS31xx the hub, MS32xx the lake, MS1004 stopped
 */
export async function land(settings: Settings, options: LandOptions): Promise<LandSummary> {
  const started = performance.now();
  const { signal } = options;
  if (signal?.aborted) throw stoppedError();
  const bronze = await openBronze(settings, signal);
  await sweepStaging(bronze);
  const task = options.progress.start('land', 'events');
  const summary: LandSummary = { events: 0, files: 0, partitions: 0, expired: [], seconds: 0 };
  const report = {
    published(events: number, files: number) {
      summary.events += events;
      summary.files += files;
      task.advance(events);
    },
    expired: (gap: LandSummary['expired'][number]) => void summary.expired.push(gap),
    expect: (events: number) => task.setTotal(events),
  };
  try {
    if (options.capture === undefined) summary.partitions = await landFromHub(settings, options, bronze, report);
    else {
      const source = { folder: options.capture, hubName: settings.eventHubs.name, signal };
      summary.partitions = await landCapture({ bronze, ...source, ...report });
    }
  } finally {
    task.done();
  }
  if (signal?.aborted) throw stoppedError();
  summary.seconds = Math.round(performance.now() - started) / 1000;
  return summary;
}

type Report = Pick<LandWork, 'published' | 'expired' | 'expect'>;

/** @returns the number of partitions */
async function landFromHub(
  settings: Settings,
  options: LandOptions,
  bronze: DataLakeFileSystemClient,
  report: Report,
): Promise<number> {
  const { signal } = options;
  const probe = eventHubConsumer(settings, undefined, { retryOptions });
  const hub = await describeHub(probe, signal).finally(() => closeEventHubClient(probe));
  const checkpoints = blobContainer(settings, 'checkpoints');
  await checkpoints.createIfNotExists({ abortSignal: inTime(signal) }).catch((error: unknown) => {
    throw lakeError(error, 'open the container checkpoints', '../checkpoints', signal);
  });
  const store = new LakeCheckpointStore(
    new BlobCheckpointStore(checkpoints),
    bronze,
    hub.incarnation,
    hub.partitionIds,
  );
  const { incarnation, partitionIds } = hub;
  const maxAgeMilliseconds = (options.maxWaitSeconds ?? (options.follow ? 1 : 5)) * 1000;
  for (let again = true; again; ) {
    const client = eventHubConsumer(settings, store, { loadBalancingOptions: loadBalancing(settings) });
    const claimEnded = (partition: string) => store.claimEnded(partition);
    const work: LandWork = {
      client,
      bronze,
      incarnation,
      partitionIds,
      maxAgeMilliseconds,
      claimEnded,
      signal,
      ...report,
    };
    try {
      again = await (options.follow ? follow(work) : drain(work));
    } finally {
      await closeEventHubClient(client);
    }
  }
  return hub.partitionIds.length;
}

/** Thrown when landing makes no progress although it was tried again and again. */
export function noProgress(partition: string, seconds: number, cause?: unknown): MedStreamError {
  if (cause instanceof MedStreamError) return cause;
  const { message = '' } = (cause ?? {}) as { message?: string };
  return new MedStreamError({
    code: 'MS3102',
    what: `No event came for ${seconds} seconds although the event hub holds more.`,
    where: `partition ${partition}`,
    why: message ? `The last error was: ${message.slice(0, 300)}` : 'Event Hubs sent nothing.',
    next: 'Check that the event hub is up; then land again: it goes on where it stopped.',
    exitCode: 3,
    cause,
  });
}
