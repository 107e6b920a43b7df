import type { EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import { reasonOf } from '../../azure/event-hubs';
import { partitionOfHash } from '../../azure/partition-key';
import { ExitCode, MedStreamError, stoppedError } from '../../common/errors';
import { within } from '../../common/within';

/** Events of a batch at most: the stand-in and the service are fastest near this size (spikes: 54,000 events/s at 500). */
const batchEvents = 1000;

/** A batch that is not acknowledged by then, with all of the SDK's retries, is given up. */
const sendSeconds = 60;

type Producer = Pick<EventHubProducerClient, 'createBatch' | 'sendBatch'>;

interface Lane {
  readonly partitionId: string;
  batch?: EventDataBatch;
  /** The send under way; the lane fills its next batch meanwhile. It never rejects. */
  sending?: Promise<void>;
}

/**
 * Sends events in batches, one lane per partition, so that events with the same key keep their order while the lanes
 * send side by side. Memory is bounded: two batches per lane at most.
 */
export class EventSender {
  private readonly lanes: Lane[];
  private failure?: unknown;
  sent = 0;

  /** @param onSent called with the number of events of each batch that the hub acknowledged */
  constructor(
    private readonly producer: Producer,
    partitionIds: readonly string[],
    private readonly signal: AbortSignal | undefined,
    private readonly onSent: (events: number) => void,
  ) {
    this.lanes = partitionIds.map((partitionId) => ({ partitionId }));
  }

  /**
   * Puts an event in the batch of its partition and starts a send when that is full.
   * @param keyHash `hashOfKey` of its partition key
   * @returns false when the event alone is over the hub's size limit: it was not sent
   * @throws MedStreamError MS3101 when an earlier batch was not taken
   */
  add(keyHash: number, body: Buffer): boolean | Promise<boolean> {
    this.check();
    const lane = this.lanes[partitionOfHash(keyHash, this.lanes.length)]!;
    // The common case takes no promise: an await per event costs a tenth of the rate.
    if (lane.batch && lane.batch.count < batchEvents && lane.batch.tryAdd({ body })) return true;
    return this.addToNext(lane, body);
  }

  private async addToNext(lane: Lane, body: Buffer): Promise<boolean> {
    if (lane.batch) await this.dispatch(lane);
    lane.batch = await this.open(lane.partitionId);
    return lane.batch.tryAdd({ body });
  }

  /** Sends what is waiting and returns when the hub has acknowledged all of it. */
  async flush(): Promise<void> {
    for (const lane of this.lanes) await this.dispatch(lane);
    await this.settle();
    this.check();
  }

  /** Waits for the sends under way, whatever their outcome. */
  async settle(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.sending));
  }

  private async dispatch(lane: Lane): Promise<void> {
    await lane.sending;
    this.check();
    const { batch } = lane;
    if (!batch?.count) return;
    lane.batch = undefined;
    lane.sending = within(sendSeconds, this.producer.sendBatch(batch, { abortSignal: this.signal })).then(
      () => {
        this.sent += batch.count;
        this.onSent(batch.count);
      },
      (error: unknown) => {
        this.failure ??= error;
      },
    );
  }

  private async open(partitionId: string): Promise<EventDataBatch> {
    try {
      return await within(sendSeconds, this.producer.createBatch({ partitionId, abortSignal: this.signal }));
    } catch (error) {
      this.failure ??= error;
      throw this.asError();
    }
  }

  private check(): void {
    if (this.signal?.aborted) throw stoppedError();
    if (this.failure !== undefined) throw this.asError();
  }

  private asError(): MedStreamError {
    if (this.signal?.aborted) return stoppedError();
    return new MedStreamError({
      code: 'MS3101',
      what: `Event Hubs did not take a batch: ${reasonOf(this.failure)}.`,
      where: `after ${this.sent} acknowledged events`,
      why: 'The rest of the encounters was not sent.',
      next: 'Check the hub, then run the same command again: events keep their ids, so none is counted twice.',
      exitCode: ExitCode.unreachable,
      cause: this.failure,
    });
  }
}
