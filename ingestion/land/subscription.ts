import {
  earliestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
  type Subscription,
  type SubscriptionEventHandlers,
} from '@azure/event-hubs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../azure/settings';
import { within } from '../../common/within';
import type { LandWork } from '.';
import { PartitionWriter } from './partition-writer';

/** Twice as many would cost 30 MiB, and land nothing faster. */
const maxBatchSize = 250;
const maxEvents = 20_000;
const maxBytes = 8 << 20;

/**
 * The SDK (6.0.4, its issue 39452) grants the hub new credit at every receive, whatever is still outstanding; a burst may
 * then fill the memory. A claim therefore ends after so much credit, and begins again at the lake's tail.
 */
const maxOutstandingCredit = 20_000;
/** After a small batch the next receive waits, so that a trickle of events grants credit slowly; what comes meanwhile is queued. */
const smallBatch = 50;
const pauseMilliseconds = { follow: 250, drain: 50 };
/** Closing takes no longer, whatever hangs; what is collected and not written by then is read again by the next run. */
const closeSeconds = 10;

export interface SubscriptionEvents {
  /** The lake holds the partition up to this sequence now. */
  landed(partition: string, sequence: number): void;
  failed(error: unknown, partition: string): void;
}

/** Ownership of a partition is given up after this long without a sign of life: quickly on a laptop, as is usual on Azure. */
export function loadBalancing(settings: Settings): object {
  const local = /UseDevelopmentEmulator=true/i.test(settings.eventHubs.connectionString ?? '');
  return local
    ? { strategy: 'greedy', updateIntervalInMs: 300, partitionOwnershipExpirationIntervalInMs: 2000 }
    : { strategy: 'greedy', updateIntervalInMs: 3000, partitionOwnershipExpirationIntervalInMs: 30_000 };
}

/** Ends a claim on purpose; the SDK begins a new one. */
class ClaimRenewal extends Error {
  readonly retryable = false;
}

/**
 * Subscribes to all partitions that fall to this instance, or to one of which events are wanted up to `last`, with a writer
 * for each claim.
 */
export function subscribeWriters(
  work: LandWork,
  events: SubscriptionEvents,
  only?: { partition: string; last: number },
): Subscription {
  // Per claim, which is a PartitionContext: the close of an old claim can come after the start of a new one.
  const claims = new WeakMap<PartitionContext, { writer: PartitionWriter; credit: number }>();
  const claimOf = (context: PartitionContext) => {
    const known = claims.get(context);
    if (known) return known;
    const claim = { writer: openWriter(work, context.partitionId, events), credit: 0 };
    claims.set(context, claim);
    return claim;
  };
  const pause = only ? pauseMilliseconds.drain : pauseMilliseconds.follow;
  let closed = false;
  const handlers: SubscriptionEventHandlers = {
    async processEvents(batch: ReceivedEventData[], context) {
      // A claim that the SDK began while it was being closed would go round for ever.
      if (closed) throw new ClaimRenewal('closed');
      const claim = claimOf(context);
      try {
        await claim.writer.add(batch);
        if (only && batch.length && batch.at(-1)!.sequenceNumber >= only.last) await claim.writer.flush();
      } catch (error) {
        // Marked, because the SDK skips a batch after an error with `retryable: true`.
        throw Object.assign(error as Error, { retryable: false });
      }
      if (batch.length) events.landed(context.partitionId, claim.writer.landedSequence);
      claim.credit += maxBatchSize - batch.length;
      if (claim.credit > maxOutstandingCredit) {
        await claim.writer.flush();
        throw new ClaimRenewal('renewing the claim');
      }
      if (batch.length < smallBatch) await sleep(Math.min(pause, work.maxAgeMilliseconds / 4));
    },
    async processClose(_reason, context) {
      const claim = claims.get(context);
      await claim?.writer.flush().catch(() => undefined);
      claim?.writer.abandon();
      work.claimEnded(context.partitionId);
    },
    async processError(error, context) {
      if (!(error instanceof ClaimRenewal)) events.failed(error, context.partitionId);
    },
  };
  const options = {
    startPosition: earliestEventPosition,
    maxBatchSize,
    prefetchCount: maxBatchSize,
    maxWaitTimeInSeconds: 60,
    skipParsingBodyAsJson: true,
  };
  const subscription = only
    ? work.client.subscribe(only.partition, handlers, options)
    : work.client.subscribe(handlers, options);
  return {
    get isRunning() {
      return subscription.isRunning;
    },
    async close() {
      closed = true;
      // The SDK waits for its own requests to the lake, which may never be answered.
      await within(closeSeconds, subscription.close()).catch(() => undefined);
    },
  };
}

function openWriter(work: LandWork, partition: string, events: SubscriptionEvents): PartitionWriter {
  return new PartitionWriter({
    bronze: work.bronze,
    hub: work.incarnation,
    partition,
    maxEvents,
    maxBytes,
    maxAgeMilliseconds: work.maxAgeMilliseconds,
    oldestInHub: async () => (await work.client.getPartitionProperties(partition)).beginningSequenceNumber,
    onPublished: ({ events: count, files, lastSequence }) => {
      work.published(count, files);
      events.landed(partition, lastSequence);
    },
    onExpired: (gap) => work.expired(gap),
  });
}
