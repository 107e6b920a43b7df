import { CutOffError } from './protocol';

/** Reads little-endian values from a message; reading past the end is a `CutOffError`. */
export class ByteReader {
  position = 0;
  constructor(readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  private advance(count: number): number {
    const start = this.position;
    if (start + count > this.bytes.length) throw new CutOffError('The message ends inside a value.');
    this.position = start + count;
    return start;
  }

  peek(): number {
    if (this.atEnd) throw new CutOffError('The message ends inside a value.');
    return this.bytes[this.position]!;
  }

  u8(): number {
    return this.bytes[this.advance(1)]!;
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.advance(2));
  }

  i16(): number {
    return this.bytes.readInt16LE(this.advance(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.advance(4));
  }

  i32(): number {
    return this.bytes.readInt32LE(this.advance(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.advance(8));
  }

  /** A view, not a copy. */
  take(count: number): Buffer {
    const start = this.advance(count);
    return this.bytes.subarray(start, start + count);
  }

  ucs2(characters: number): string {
    return this.take(characters * 2).toString('ucs2');
  }

  /** B_VARCHAR: one byte of length in characters. */
  shortText(): string {
    return this.ucs2(this.u8());
  }

  /** US_VARCHAR: two bytes of length in characters. */
  text(): string {
    return this.ucs2(this.u16());
  }
}
