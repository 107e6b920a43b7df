// @ts-nocheck
/* oxlint-disable */
// First version for integration; replaced by the real modules within the hour.

// Durable append-only log of one partition. Record: u32 len | u32 crc | u64 seq | u64 enqueuedMs | message bytes (ready to send).
import fs from 'node:fs';
import { crc32 } from 'node:zlib';
import path from 'node:path';
const HEAD = 24,
  EVERY = 256;
export interface Rec {
  seq: number;
  offset: number;
  next: number;
  time: number;
  body: Buffer;
}
export class PartitionLog {
  private fd: number;
  end = 0;
  nextSeq = 0;
  lastTime = 0;
  lastOffset = -1;
  private index: { seq: number; offset: number; time: number }[] = [];
  private queue: {
    build: (seq: number, offset: number, time: number) => Buffer;
    n: number;
    done: (e?: Error) => void;
  }[] = [];
  private busy = false;
  listeners = new Set<() => void>();
  constructor(
    readonly file: string,
    private fsync: boolean,
  ) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.fd = fs.openSync(file, 'a+');
    const size = fs.fstatSync(this.fd).size;
    let at = 0;
    outer: while (at < size) {
      // recovery: stop at the first torn or corrupt record and cut there
      const b = this.readAt(at, 4 << 20);
      let o = 0;
      while (o + HEAD <= b.length) {
        const len = b.readUInt32LE(o);
        if (o + HEAD + len > b.length) {
          if (at + o + HEAD + len > size) {
            at += o;
            break outer;
          }
          if (o === 0) {
            const r = this.readAt(at, HEAD + len);
            if (!this.accept(r, 0, at)) break outer;
            o = HEAD + len;
          }
          break;
        }
        if (!this.accept(b, o, at + o)) {
          at += o;
          break outer;
        }
        o += HEAD + len;
      }
      if (o === 0) break;
      at += o;
    }
    if (at < size) fs.ftruncateSync(this.fd, at);
    this.end = at;
  }
  private readAt(pos: number, max: number) {
    const b = Buffer.allocUnsafe(max),
      n = fs.readSync(this.fd, b, 0, max, pos);
    return b.subarray(0, n);
  }
  private accept(b: Buffer, o: number, pos: number) {
    const len = b.readUInt32LE(o);
    if (crc32(b.subarray(o + 8, o + HEAD + len)) !== b.readUInt32LE(o + 4)) return false;
    this.note(Number(b.readBigUInt64LE(o + 8)), pos, Number(b.readBigUInt64LE(o + 16)));
    return true;
  }
  private note(seq: number, offset: number, time: number) {
    if (seq % EVERY === 0 || !this.index.length) this.index.push({ seq, offset, time });
    this.nextSeq = seq + 1;
    this.lastTime = time;
    this.lastOffset = offset;
  }
  get empty() {
    return this.nextSeq === 0;
  }
  /** n messages as one atomic append; `build` returns message bytes given its sequence number, offset and time */
  append(bodies: ((seq: number, offset: number, time: number) => Buffer)[], done: (e?: Error) => void) {
    for (let i = 0; i < bodies.length; i++)
      this.queue.push({ build: bodies[i], n: 1, done: i === bodies.length - 1 ? done : () => {} });
    if (!this.busy) void this.drain();
  }
  private async drain() {
    this.busy = true;
    while (this.queue.length) {
      const q = this.queue;
      this.queue = [];
      const parts: Buffer[] = [],
        notes: [number, number, number][] = [];
      let seq = this.nextSeq,
        off = this.end;
      const time = Math.max(Date.now(), this.lastTime);
      for (const e of q) {
        const m = e.build(seq, off, time),
          h = Buffer.allocUnsafe(HEAD);
        h.writeUInt32LE(m.length, 0);
        h.writeBigUInt64LE(BigInt(seq), 8);
        h.writeBigUInt64LE(BigInt(time), 16);
        h.writeUInt32LE(crc32(m, crc32(h.subarray(8))), 4);
        parts.push(h, m);
        notes.push([seq, off, time]);
        seq++;
        off += HEAD + m.length;
      }
      try {
        const all = Buffer.concat(parts);
        await new Promise<void>((r, j) =>
          fs.write(this.fd, all, 0, all.length, null, (e, n) =>
            e ? j(e) : n < all.length ? j(new Error('short write')) : r(),
          ),
        );
        if (this.fsync) await new Promise<void>((r, j) => fs.fdatasync(this.fd, (e) => (e ? j(e) : r()))); // group commit: everything queued meanwhile shares the next sync
        this.end = off;
        for (const n of notes) this.note(...n);
        for (const e of q) e.done();
      } catch (err: any) {
        try {
          fs.ftruncateSync(this.fd, this.end);
        } catch {}
        for (const e of q) e.done(err);
      }
      for (const l of this.listeners) l();
    }
    this.busy = false;
  }
  /** complete records from `pos`, about `max` bytes of them */
  read(pos: number, max = 1 << 20): Rec[] {
    const out: Rec[] = [];
    if (pos >= this.end) return out;
    let b = this.readAt(pos, Math.min(max, this.end - pos)),
      o = 0;
    if (b.length >= 4 && HEAD + b.readUInt32LE(0) > b.length) b = this.readAt(pos, HEAD + b.readUInt32LE(0));
    while (o + HEAD <= b.length) {
      const len = b.readUInt32LE(o);
      if (o + HEAD + len > b.length) break;
      out.push({
        seq: Number(b.readBigUInt64LE(o + 8)),
        offset: pos + o,
        next: pos + o + HEAD + len,
        time: Number(b.readBigUInt64LE(o + 16)),
        body: b.subarray(o + HEAD, o + HEAD + len),
      });
      o += HEAD + len;
    }
    return out;
  }
  /** file position of the first record for which `want` holds (want is monotone) */
  seek(want: (r: { seq: number; offset: number; time: number }) => boolean) {
    let lo = 0,
      hi = this.index.length;
    while (lo < hi) {
      const m = (lo + hi) >> 1;
      if (want(this.index[m])) hi = m;
      else lo = m + 1;
    }
    let pos = lo > 0 ? this.index[lo - 1].offset : 0;
    for (;;) {
      const rs = this.read(pos);
      if (!rs.length) return this.end;
      for (const r of rs) {
        if (want(r)) return r.offset;
        pos = r.next;
      }
    }
  }
  close() {
    fs.closeSync(this.fd);
  }
}
