import fs from 'node:fs';
import path from 'node:path';
import { fdatasync, syncDirectory, writeAll } from '../disk/sync';
import { annotationRoom, writeAnnotated, type MessageLayout } from './amqp-bytes';
import { recordHead, Segment, writeRecordHead, type Mark, type Stored } from './segment';

/** A message that passed `parseMessage`. */
export interface Message {
  bytes: Buffer;
  layout: MessageLayout;
}

export interface Retention {
  /** Events older than this many hours may be dropped. */
  hours?: number;
  /** The oldest events are dropped while a partition holds more bytes. */
  bytes?: number;
}

interface Batch {
  messages: Message[];
  size: number;
  done(error?: Error): void;
}

const writeLimit = 8 << 20;

/**
 * The durable log of one partition: files of whole records, the last one growing. Events are acknowledged once they are
 * synced; everything that arrives while one sync runs shares the next (group commit). Nothing but a sparse index is in memory.
 */
export class PartitionLog {
  private segments: Segment[] = [];
  private queue: Batch[] = [];
  /** Work on the files other than writing; it goes before what is queued. */
  private chores: (() => Promise<void>)[] = [];
  private draining?: Promise<void>;
  private closed = false;
  /** Called after every commit. */
  readonly listeners = new Set<() => void>();
  /** Bytes that wait to be written. */
  queuedBytes = 0;

  constructor(
    readonly folder: string,
    private readonly segmentBytes = 64 << 20,
    private readonly now: () => number = Date.now,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    const names = fs.readdirSync(folder).filter((name) => /^\d{20}\.log$/.test(name));
    names.sort().forEach((name, index) => {
      const segment = Segment.open(path.join(folder, name), index === names.length - 1);
      if (segment) this.segments.push(segment);
    });
    if (!this.segments.length) this.segments.push(this.createSegment(0, 0));
  }

  /** The file that grows. */
  private get tail(): Segment {
    return this.segments.at(-1)!;
  }

  /** Offset behind the last event. */
  get end(): number {
    return this.tail.end;
  }

  /** Sequence number of the oldest event that is kept. */
  get beginSequence(): number {
    return this.segments[0]!.firstSequence;
  }

  get nextSequence(): number {
    return this.tail.nextSequence;
  }

  get isEmpty(): boolean {
    return this.beginSequence === this.nextSequence;
  }

  /** The newest event that is kept. */
  get last(): Mark | undefined {
    return this.segments.findLast((segment) => segment.last)?.last;
  }

  /** Adds messages as one step: all of them or none are in the log when `done` is called. */
  append(messages: Message[], done: (error?: Error) => void): void {
    if (this.closed) return done(new Error('the event hub is closing'));
    const size = messages.reduce((sum, { bytes }) => sum + bytes.length + recordHead + annotationRoom, 0);
    this.queue.push({ messages, size, done });
    this.queuedBytes += size;
    this.start();
  }

  /** One thing at a time is done on the files. */
  private start(): void {
    this.draining ??= this.drain().finally(() => {
      this.draining = undefined;
      if (this.queue.length || this.chores.length) this.start();
    });
  }

  private async drain(): Promise<void> {
    while (this.queue.length || this.chores.length) {
      await this.chores.shift()?.();
      if (!this.queue.length) continue;
      let size = 0;
      let count = 0;
      while (count < this.queue.length && (count === 0 || size + this.queue[count]!.size <= writeLimit))
        size += this.queue[count++]!.size;
      const batches = this.queue.splice(0, count);
      let failure: Error | undefined;
      try {
        await this.commit(batches, size);
      } catch (error) {
        failure = error as Error;
        this.cut();
      }
      this.queuedBytes -= size;
      for (const batch of batches) batch.done(failure);
      for (const listener of this.listeners) listener();
    }
  }

  private async commit(batches: Batch[], size: number): Promise<void> {
    if (this.tail.length && this.tail.length + size > this.segmentBytes) await this.roll();
    const segment = this.tail;
    const out = Buffer.allocUnsafe(size);
    const marks: (Mark & { next: number })[] = [];
    const time = Math.max(this.now(), this.last?.time ?? 0); // a clock that falls back does not reorder events
    let at = 0;
    let sequence = segment.nextSequence;
    for (const { messages } of batches)
      for (const { bytes, layout } of messages) {
        const offset = segment.end + at;
        const end = writeAnnotated(out, at + recordHead, bytes, layout, sequence, offset, time);
        writeRecordHead(out, at, end, sequence, time);
        marks.push({ sequence, offset, time, next: segment.end + end });
        sequence++;
        at = end;
      }
    await writeAll(segment.fd, [out.subarray(0, at)], segment.positionOf(segment.end));
    await fdatasync(segment.fd);
    segment.note(marks);
  }

  /** Takes back what a failed write may have left. */
  private cut(): void {
    try {
      fs.ftruncateSync(this.tail.fd, this.tail.positionOf(this.tail.end));
    } catch {
      // The next write goes to the same place, and what stands behind it fails its checksum.
    }
  }

  private createSegment(sequence: number, base: number): Segment {
    return Segment.create(path.join(this.folder, `${String(sequence).padStart(20, '0')}.log`), sequence, base);
  }

  private async roll(): Promise<void> {
    const next = this.createSegment(this.nextSequence, this.end);
    await syncDirectory(this.folder);
    this.segments.push(next);
  }

  /** Events from an offset on, about `max` bytes. From before the oldest that is kept: from that one. */
  read(offset: number, max?: number): Stored[] {
    if (offset >= this.end) return [];
    const segment = this.segments.find((candidate) => offset < candidate.end) ?? this.tail;
    const from = Math.max(offset, segment.base);
    const found = segment.read(from, segment.end, max);
    if (!found.length) throw new Error(`the log file ${path.basename(segment.file)} is damaged at ${from}`);
    return found;
  }

  /** Offset of the first event for which `wanted` holds, or the end. `wanted` must stay true once it is. */
  seek(wanted: (mark: Mark) => boolean): number {
    const segment = this.segments.find(({ last }) => last && wanted(last));
    if (!segment) return this.end;
    let [low, high] = [0, segment.marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wanted(segment.marks[middle]!)) high = middle;
      else low = middle + 1;
    }
    for (let offset = low > 0 ? segment.marks[low - 1]!.offset : segment.base; ; ) {
      for (const stored of this.read(offset)) {
        if (wanted(stored)) return stored.offset;
        offset = stored.next;
      }
    }
  }

  /** Drops whole files of old events. The log never loses its place: numbers and offsets go on. */
  enforce(retention: Retention): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.chores.push(() => this.dropOld(retention).then(resolve, reject));
      this.start();
    });
  }

  private async dropOld({ hours, bytes }: Retention): Promise<void> {
    const oldest = hours === undefined ? -Infinity : this.now() - hours * 3_600_000;
    const first = this.tail.marks[0];
    if (first && first.time < oldest + (hours ?? 0) * 2_700_000) await this.roll();
    const total = () => this.end - this.segments[0]!.base;
    while (this.segments.length > 1) {
      const [candidate] = this.segments;
      const expired = (candidate!.last?.time ?? -Infinity) < oldest;
      if (!expired && !(bytes !== undefined && total() > bytes)) break;
      this.segments.shift();
      candidate!.close();
      fs.rmSync(candidate!.file, { force: true });
    }
  }

  /** Waits for what is being written, then closes the files. */
  async close(): Promise<void> {
    this.closed = true;
    await this.draining;
    for (const segment of this.segments) segment.close();
  }
}
