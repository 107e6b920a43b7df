import type { Delivery, Receiver } from 'rhea';
import { parseMessage, splitBatch } from './amqp-bytes';
import type { Hub } from './hub';
import { condition, refuseClaim } from './links';
import type { Message, PartitionLog } from './log';
import { partsOf, type TransferFrame } from './rhea-parts';
import type { Grants } from './tokens';

/** A message holds a batch: each data section is one event (message format of Event Hubs). */
const batchFormat = 0x80013700;
/** Deliveries that a client may have under way on one link. */
const credit = 64;
/** While more bytes than this wait for the disk, no more are read from the client. */
const pauseAbove = 32 << 20;

/** The largest event or batch: that of the standard tier. */
export const maxMessageSize = 1 << 20;

/** A link by which a client sends events, to a hub or to one partition of it. */
export class Publisher {
  private arriving = 0;
  private allowedUntil: number;

  constructor(
    private readonly link: Receiver,
    private readonly address: string,
    private readonly hub: Hub,
    private readonly partition: PartitionLog | undefined,
    private readonly grants: Grants,
  ) {
    this.allowedUntil = grants.until(address, 'Send');
    link.add_credit(credit);
  }

  /**
   * Looks at a transfer before the library does: counts the bytes of a message that comes in parts, drops those of one that
   * is over the limit, and has messages left as bytes.
   * @throws RangeError for a peer that breaks the protocol.
   */
  admit({ performative, payload }: TransferFrame, drop: () => void): void {
    if (performative.aborted) throw new RangeError('aborted transfers are not supported');
    const link = partsOf.receiver(this.link);
    if (link.credit <= 0) throw new RangeError('a transfer without credit');
    performative.message_format ||= undefined;
    this.arriving += payload?.length ?? 0;
    if (this.arriving > maxMessageSize) {
      drop();
      if (link._incomplete) link._incomplete.frames = [];
    }
  }

  /** Takes one complete message or batch; it is accepted once it is on disk. */
  receive(bytes: Buffer, format: number | undefined, delivery: Delivery): void {
    const size = this.arriving;
    this.arriving = 0;
    if (size > maxMessageSize) return this.reject(delivery, condition.tooLarge, tooLarge(size));
    if (this.allowedUntil <= Date.now()) {
      this.allowedUntil = this.grants.until(this.address, 'Send');
      if (!this.allowedUntil) return refuseClaim(this.link, 'Send');
    }
    let messages: Message[];
    try {
      const parts = format === batchFormat ? splitBatch(bytes) : [bytes];
      messages = parts.map((part) => ({ bytes: part, layout: parseMessage(part) }));
    } catch (error) {
      return this.reject(delivery, condition.malformed, (error as Error).message);
    }
    if (!messages.length) return this.settle(delivery);
    const log = this.partition ?? this.hub.route(messages[0]!.layout.partitionKey);
    const { socket } = partsOf.connection(this.link.connection);
    log.append(messages, (error) => {
      if (socket.isPaused() && log.queuedBytes < pauseAbove / 2) socket.resume();
      this.settle(delivery, error);
    });
    if (log.queuedBytes > pauseAbove) socket.pause();
  }

  private settle(delivery: Delivery, error?: Error): void {
    if (!this.link.is_open()) return;
    if (error) return this.reject(delivery, condition.internal, diskText(error));
    delivery.accept();
    this.link.add_credit(1);
  }

  private reject(delivery: Delivery, name: string, description: string): void {
    delivery.reject({ condition: name, description });
    this.link.add_credit(1);
  }
}

function diskText(error: NodeJS.ErrnoException): string {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(error.code ?? '')
    ? 'The disk of the local Event Hubs is full.'
    : `The local Event Hubs could not write the events (${error.code ?? error.message}).`;
}

function tooLarge(size: number): string {
  return `The received message (size: ${size} bytes) exceeds the limit (${maxMessageSize} bytes) currently allowed on the link.`;
}
