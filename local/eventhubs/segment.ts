import fs from 'node:fs';
import { crc32 } from 'node:zlib';
import { readUint64LE, writeUint64LE } from './uint64';

/** Bytes in front of each record: length, checksum, sequence number, enqueued time. */
export const recordHead = 24;
/** Bytes in front of the first record of a file: magic, version, first sequence number, its offset, checksum. */
const fileHead = 32;
const magic = 0x4845534d; // "MSEH"
const indexEvery = 256;

export interface Stored {
  sequence: number;
  /** Position in the partition's whole log; rises for ever, also across files. */
  offset: number;
  /** Offset of the event after this one. */
  next: number;
  /** Enqueued time, ms since 1970. */
  time: number;
  /** The AMQP message with the service's annotations, ready to send. */
  body: Buffer;
}

export type Mark = Pick<Stored, 'sequence' | 'offset' | 'time'>;

/** One file of a partition's log. Only the last one of a partition grows. */
export class Segment {
  /** Every 256th record, in order. */
  readonly marks: Mark[] = [];
  /** Bytes of whole records. */
  length = 0;
  last?: Mark;

  private constructor(
    readonly file: string,
    readonly fd: number,
    readonly firstSequence: number,
    readonly base: number,
  ) {}

  get nextSequence(): number {
    return this.last ? this.last.sequence + 1 : this.firstSequence;
  }

  /** The offset behind the last record. */
  get end(): number {
    return this.base + this.length;
  }

  static create(file: string, firstSequence: number, base: number): Segment {
    const fd = fs.openSync(file, 'wx+');
    const head = Buffer.alloc(fileHead);
    head.writeUInt32LE(magic, 0);
    head.writeUInt32LE(1, 4);
    writeUint64LE(head, firstSequence, 8);
    writeUint64LE(head, base, 16);
    head.writeUInt32LE(crc32(head.subarray(0, 24)), 24);
    fs.writeSync(fd, head, 0, fileHead, 0);
    fs.fsyncSync(fd);
    return new Segment(file, fd, firstSequence, base);
  }

  /**
   * Opens a file and reads it once through.
   * @param tail true for the last file of a partition: what a crash left behind the whole records is cut.
   * @returns undefined for a last file that a crash left without its head.
   * @throws Error for damage in a file that was finished.
   */
  static open(file: string, tail: boolean): Segment | undefined {
    const fd = fs.openSync(file, 'r+');
    const head = Buffer.alloc(fileHead);
    const whole = fs.readSync(fd, head, 0, fileHead, 0) === fileHead;
    if (!whole || head.readUInt32LE(0) !== magic || head.readUInt32LE(24) !== crc32(head.subarray(0, 24))) {
      fs.closeSync(fd);
      if (!tail) throw damaged(file);
      fs.rmSync(file);
      return undefined;
    }
    const segment = new Segment(file, fd, readUint64LE(head, 8), readUint64LE(head, 16));
    for (let records = segment.read(segment.base, Infinity); records.length; )
      records = (segment.note(records), segment.read(segment.end, Infinity));
    const size = fs.fstatSync(fd).size;
    if (size > fileHead + segment.length) {
      if (!tail) throw damaged(file);
      fs.ftruncateSync(fd, fileHead + segment.length);
      fs.fsyncSync(fd);
    }
    return segment;
  }

  /** Where in the file the record at an offset is. */
  positionOf(offset: number): number {
    return fileHead + offset - this.base;
  }

  /** Takes up records that are in the file. */
  note(records: (Mark & { next: number })[]): void {
    for (const { sequence, offset, time, next } of records) {
      const mark = { sequence, offset, time };
      if (!this.last || sequence % indexEvery === 0) this.marks.push(mark);
      this.last = mark;
      this.length = next - this.base;
    }
  }

  /** Whole records from `offset` on, about `max` bytes of them, none behind `limit`. Stops before a damaged one. */
  read(offset: number, limit: number, max = 1 << 18): Stored[] {
    const found: Stored[] = [];
    let bytes = this.bytesAt(offset, Math.min(max, limit - offset));
    if (bytes.length >= recordHead) {
      const first = recordHead + bytes.readUInt32LE(0);
      if (first > bytes.length && first <= limit - offset && first <= fs.fstatSync(this.fd).size)
        bytes = this.bytesAt(offset, first);
    }
    for (let at = 0; at + recordHead <= bytes.length; ) {
      const end = at + recordHead + bytes.readUInt32LE(at);
      if (end > bytes.length || crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) break;
      found.push({
        sequence: readUint64LE(bytes, at + 8),
        offset: offset + at,
        next: offset + end,
        time: readUint64LE(bytes, at + 16),
        body: bytes.subarray(at + recordHead, end),
      });
      at = end;
    }
    return found;
  }

  private bytesAt(offset: number, max: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(max, 64 << 20)));
    return bytes.subarray(0, fs.readSync(this.fd, bytes, 0, bytes.length, this.positionOf(offset)));
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

/** Writes the head of the record whose body stands at `at + recordHead` up to `end`. */
export function writeRecordHead(out: Buffer, at: number, end: number, sequence: number, time: number): void {
  out.writeUInt32LE(end - at - recordHead, at);
  writeUint64LE(out, sequence, at + 8);
  writeUint64LE(out, time, at + 16);
  out.writeUInt32LE(crc32(out.subarray(at + 8, end)), at + 4);
}

function damaged(file: string): Error {
  return new Error(`Event Hubs: the log file ${file} is damaged. Restore it, or remove the partition's folder.`);
}
