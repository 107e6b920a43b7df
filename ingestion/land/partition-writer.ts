import type { ReceivedEventData } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { MedStreamError } from '../../common/errors';
import { bodyOf } from './body';
import { eventFilePath, eventLine } from './event-file';
import { lakeTail } from './lake-tail';
import { LineBuffer } from './line-buffer';
import { publishEvents } from './publish';

/** Events that are older than this when they come are a backlog: they are not in a hurry. */
const backlogAge = 5000;

export type WriterEvent = Pick<ReceivedEventData, 'sequenceNumber' | 'offset' | 'enqueuedTimeUtc' | 'body'>;

export interface WriterOptions {
  bronze: DataLakeFileSystemClient;
  /** Incarnation of the hub. */
  hub: string;
  partition: string;
  /** A file is closed at so many events, bytes, or milliseconds after its first event, whichever comes first. */
  maxEvents: number;
  maxBytes: number;
  maxAgeMilliseconds: number;
  /** The oldest sequence that the hub still has. */
  oldestInHub(): Promise<number>;
  onPublished(published: { events: number; files: number; partition: string; lastSequence: number }): void;
  /** Events that the hub dropped before they landed. */
  onExpired(gap: { partition: string; from: number; to: number }): void;
}

/**
 * Collects the events of one claim of one partition and publishes them in files. There is one writer per claim, not per
 * partition: the close of an old claim can run after the start of the new one.
 */
export class PartitionWriter {
  private readonly lines: LineBuffer;
  private lastOffset = '';
  private landed: number | undefined;
  private work: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private failed: unknown;

  constructor(private readonly options: WriterOptions) {
    this.lines = new LineBuffer(options.maxBytes);
  }

  /** Takes events in order. Rejects when they cannot be landed; the claim must then end, and a new one begin at the lake's tail. */
  add(events: readonly WriterEvent[]): Promise<void> {
    return this.inOrder(() => this.take(events));
  }

  /** Publishes what is collected. */
  flush(): Promise<void> {
    return this.inOrder(() => this.publish());
  }

  /** The last sequence of this partition that is known to be in the lake, -1 where none is. */
  get landedSequence(): number {
    return this.landed ?? -1;
  }

  /** Drops what is collected: the next claim reads it again. */
  abandon(): void {
    clearTimeout(this.timer);
    this.failed ??= new Error('the claim has ended');
  }

  private inOrder(step: () => Promise<void>): Promise<void> {
    const next = this.work.then(async () => {
      if (this.failed) throw this.failed;
      try {
        await step();
      } catch (error) {
        this.failed = error;
        clearTimeout(this.timer);
        throw error;
      }
    });
    this.work = next.catch(() => undefined);
    return next;
  }

  private async take(events: readonly WriterEvent[]): Promise<void> {
    if (!events.length) return;
    this.landed ??= await this.startAfter(events[0]!.sequenceNumber);
    for (const event of events) {
      const { sequenceNumber } = event;
      const last = this.lines.count ? this.lines.lastSequence : this.landed;
      if (sequenceNumber <= last) continue;
      if (sequenceNumber !== last + 1) throw gapError(this.options.partition, last + 1, sequenceNumber);
      this.collect(event);
      const { count, byteLength } = this.lines;
      if (count >= this.options.maxEvents || byteLength >= this.options.maxBytes) await this.publish();
    }
  }

  private collect(event: WriterEvent): void {
    const { sequenceNumber, offset, enqueuedTimeUtc } = event;
    const line = eventLine(Number(this.options.partition), {
      sequenceNumber,
      offset,
      enqueuedTimeUtc,
      ...bodyOf(event.body),
    });
    if (!this.lines.count) this.startTimer(enqueuedTimeUtc);
    this.lines.add(line, sequenceNumber, enqueuedTimeUtc);
    this.lastOffset = offset;
  }

  /** The last landed sequence, checked against where the stream begins. */
  private async startAfter(first: number): Promise<number> {
    const { bronze, hub, partition } = this.options;
    const tail = (await lakeTail(bronze, hub, partition))?.sequence ?? -1;
    if (first <= tail + 1) return tail;
    const oldest = await this.options.oldestInHub();
    if (first > Math.max(oldest, tail + 1)) throw gapError(partition, tail + 1, first);
    this.options.onExpired({ partition, from: tail + 1, to: first - 1 });
    return first - 1;
  }

  /** A fresh event counts from when the hub took it, so that a wait for a claim is made up; one of a backlog from now. */
  private startTimer(enqueuedAt: Date): void {
    clearTimeout(this.timer);
    const { maxAgeMilliseconds } = this.options;
    const age = Date.now() - enqueuedAt.getTime();
    const wait =
      age > 0 && age < backlogAge ? Math.max(maxAgeMilliseconds - age, maxAgeMilliseconds / 10) : maxAgeMilliseconds;
    this.timer = setTimeout(() => void this.flush().catch(() => undefined), wait);
    this.timer.unref();
  }

  /** Publishes all lines; where another run has published part of them, only the rest, in a file of its own name. */
  private async publish(): Promise<void> {
    clearTimeout(this.timer);
    const { bronze, hub, partition } = this.options;
    const { lines } = this;
    while (lines.count) {
      const { count, firstSequence } = lines;
      const { lastSequence, ours } = await publishEvents(bronze, {
        path: eventFilePath(hub, partition, firstSequence, lines.firstTime),
        body: lines.body,
        rows: count,
        firstSequence,
        lastSequence: lines.lastSequence,
        lastOffset: this.lastOffset,
      });
      this.landed = lastSequence;
      lines.dropThrough(lastSequence);
      this.options.onPublished({ events: ours ? count : 0, files: ours ? 1 : 0, partition, lastSequence });
    }
  }
}

function gapError(partition: string, expected: number, got: number): MedStreamError {
  return new MedStreamError({
    code: 'MS3103',
    what: 'Events are missing in the stream.',
    where: `partition ${partition}: expected sequence ${expected}, got ${got}`,
    why: 'Landing on would leave a gap in bronze, so nothing after the gap was written.',
    next: 'Landing starts again at the end of the lake. If this repeats, look at the retention of the event hub.',
  });
}
