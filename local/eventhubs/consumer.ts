import { types, message as amqp, type Sender } from 'rhea';
import { deliveryAnnotationsOf, withDeliveryAnnotations } from './amqp-bytes';
import { condition, refuse, refuseClaim } from './links';
import type { PartitionLog } from './log';
import { partsOf } from './rhea-parts';
import type { Position } from './address';
import type { Stored } from './segment';
import type { Grants } from './tokens';

/** Bytes that may wait in a connection's socket; a slow reader costs no more. */
const socketLimit = 1 << 20;
/** Bytes that are handed over before others get their turn. */
const turnLimit = 256 << 10;

/** A link by which a client receives the events of one partition. */
export class Consumer {
  closed = false;
  private buffered: Stored[] = [];
  private next: number;
  private waiting = false;
  private allowedUntil: number;
  private readonly listener = () => this.pump();

  constructor(
    readonly link: Sender,
    private readonly address: string,
    private readonly log: PartitionLog,
    position: Position,
    /** Owner level, or undefined for a receiver that shares. */
    readonly epoch: number | undefined,
    private readonly withRuntimeInfo: boolean,
    private readonly grants: Grants,
    private readonly group: ConsumerSet,
  ) {
    this.allowedUntil = grants.until(address, 'Listen');
    this.next = startOf(log, position);
    log.listeners.add(this.listener);
    group.consumers.add(this);
  }

  /** Sends what credit, the client's window and its speed allow. */
  pump(): void {
    if (this.closed || this.waiting || !this.link.is_open()) return;
    const { socket } = partsOf.connection(this.link.connection);
    if (socket.destroyed) return;
    if (socket.writableLength > socketLimit) return this.resumeOn((resume) => socket.once('drain', resume));
    if (this.allowedUntil <= Date.now()) {
      this.allowedUntil = this.grants.until(this.address, 'Listen');
      if (!this.allowedUntil) return this.end(() => refuseClaim(this.link, 'Listen'));
    }
    let bytes = 0;
    for (let count = this.room(); count > 0; count--) {
      if (bytes > turnLimit) return this.resumeOn(setImmediate);
      const event = this.take();
      if (!event) return;
      const body = this.withRuntimeInfo ? withDeliveryAnnotations(event.body, this.runtimeInfo()) : event.body;
      this.link.send(body, undefined, 0);
      this.next = event.next;
      bytes += body.length;
    }
  }

  /** Ends the link with an error. */
  end(refuseLink: () => void): void {
    this.stop();
    refuseLink();
  }

  /** The link is gone. */
  stop(): void {
    this.closed = true;
    this.buffered = [];
    this.log.listeners.delete(this.listener);
    this.group.consumers.delete(this);
  }

  private resumeOn(schedule: (resume: () => void) => void): void {
    this.waiting = true;
    schedule(() => {
      this.waiting = false;
      this.pump();
    });
  }

  /** How many events may be sent now. The library lowers credit only when it writes, so what it still holds counts. */
  private room(): number {
    const { outgoing } = partsOf.session(this.link.session);
    const pending = outgoing.next_delivery_id - outgoing.next_pending_delivery;
    return Math.min(partsOf.sender(this.link).credit - pending, outgoing.available());
  }

  private take(): Stored | undefined {
    if (!this.buffered.length) {
      try {
        this.buffered = this.log.read(this.next).reverse();
      } catch (error) {
        this.end(() => refuse(this.link, condition.internal, `Event Hubs: ${(error as Error).message}.`));
      }
    }
    return this.buffered.pop();
  }

  /** The state of the partition, for `trackLastEnqueuedEventProperties`: a delivery annotations section. */
  private runtimeInfo(): Buffer {
    const last = this.log.last;
    const section = amqp.encode({
      delivery_annotations: {
        last_enqueued_sequence_number: types.wrap_long(last?.sequence ?? -1),
        last_enqueued_offset: String(last?.offset ?? -1),
        last_enqueued_time_utc: types.wrap_timestamp(last?.time ?? 0),
        runtime_info_retrieval_time_utc: types.wrap_timestamp(Date.now()),
      },
    });
    return deliveryAnnotationsOf(section); // the encoder adds an empty header and body
  }
}

function startOf(log: PartitionLog, { field, value, inclusive }: Position): number {
  if (field === 'latest') return log.end;
  return log.seek((mark) => (inclusive ? mark[field] >= value : mark[field] > value));
}

/** The receivers of one partition in one consumer group. */
export class ConsumerSet {
  readonly consumers = new Set<Consumer>();

  /** The highest owner level that is held, or undefined. */
  get epoch(): number | undefined {
    const levels = [...this.consumers].flatMap(({ epoch }) => epoch ?? []);
    return levels.length ? Math.max(...levels) : undefined;
  }

  /** Disconnects all receivers in favour of one with an owner level. */
  disconnect(by: number): void {
    for (const consumer of this.consumers) {
      const text = `New receiver with higher epoch of '${by}' is created hence current receiver with epoch '${consumer.epoch ?? ''}' is getting disconnected.`;
      consumer.end(() => refuse(consumer.link, condition.stolen, text));
    }
  }
}
