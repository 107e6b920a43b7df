import * as arrow from 'apache-arrow';
import { exactUnscaled, type ColumnType } from '../column-type';
import type { Cell } from './sink';
import { epochDays, epochMicroseconds, unscaledDecimal } from './values';

/** Collects one column of at most `capacity` cells in Arrow's own layout, so no cell becomes an object that lives on. */
export interface ColumnBuilder {
  readonly type: arrow.DataType;
  /** Bytes of text since the last flush; undefined where every cell has the same width. */
  readonly textBytes?: number;
  push(cell: Cell): void;
  /** The cells so far, copied to their size; the builder starts again in the same memory. */
  flush(): arrow.Data;
}

/** Validity bits; Arrow leaves them out where nothing is NULL. */
class Validity {
  private readonly bits: Uint8Array;
  nulls = 0;
  length = 0;

  constructor(capacity: number) {
    this.bits = new Uint8Array(bytesOfBits(capacity));
  }
  /** Counts one cell; returns its position, or -1 for NULL. */
  next(isNull: boolean): number {
    const at = this.length++;
    if (isNull) {
      this.nulls++;
      return -1;
    }
    this.bits[at >> 3]! |= 1 << (at & 7);
    return at;
  }
  flush(): { length: number; nullCount: number; nullBitmap: Uint8Array | undefined } {
    const used = bytesOfBits(this.length);
    const nullBitmap = this.nulls ? this.bits.slice(0, used) : undefined;
    const out = { length: this.length, nullCount: this.nulls, nullBitmap };
    this.bits.fill(0, 0, used);
    this.nulls = 0;
    this.length = 0;
    return out;
  }
}

function bytesOfBits(count: number): number {
  return ((count + 63) >> 6) << 3;
}

class TextBuilder implements ColumnBuilder {
  readonly type = new arrow.Utf8();
  private readonly validity: Validity;
  private readonly offsets: Int32Array;
  private bytes: Buffer;
  textBytes = 0;

  constructor(capacity: number) {
    this.validity = new Validity(capacity);
    this.offsets = new Int32Array(capacity + 1);
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }
  push(cell: Cell): void {
    const at = this.validity.length;
    if (this.validity.next(cell === null || cell === undefined) >= 0) {
      const text = typeof cell === 'string' ? cell : String(cell);
      const needed = this.textBytes + text.length * 3;
      if (needed > this.bytes.length) this.grow(needed);
      this.textBytes += this.bytes.write(text, this.textBytes);
    }
    this.offsets[at + 1] = this.textBytes;
  }
  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.textBytes);
    this.bytes = larger;
  }
  flush(): arrow.Data {
    const parts = this.validity.flush();
    const valueOffsets = this.offsets.slice(0, parts.length + 1);
    const data = Uint8Array.prototype.slice.call(this.bytes, 0, this.textBytes);
    this.textBytes = 0;
    return arrow.makeData({ type: this.type, ...parts, valueOffsets, data });
  }
}

class BooleanBuilder implements ColumnBuilder {
  readonly type = new arrow.Bool();
  private readonly validity: Validity;
  private readonly bits: Uint8Array;

  constructor(capacity: number) {
    this.validity = new Validity(capacity);
    this.bits = new Uint8Array(bytesOfBits(capacity));
  }
  push(cell: Cell): void {
    const at = this.validity.next(cell === null || cell === undefined);
    if (at < 0) return;
    if (typeof cell !== 'boolean' && cell !== 0 && cell !== 1) throw new RangeError('is no boolean');
    if (cell) this.bits[at >> 3]! |= 1 << (at & 7);
  }
  flush(): arrow.Data {
    const parts = this.validity.flush();
    const used = bytesOfBits(parts.length);
    const data = this.bits.slice(0, used);
    this.bits.fill(0, 0, used);
    return arrow.makeData({ type: this.type, ...parts, data });
  }
}

/** Columns whose cells have one fixed width. `set` writes a cell that is not NULL. */
class FixedBuilder<A extends Int32Array | BigInt64Array> implements ColumnBuilder {
  private readonly validity: Validity;

  constructor(
    readonly type: arrow.DataType,
    private readonly capacity: number,
    private readonly values: A,
    private readonly set: (values: A, at: number, cell: NonNullable<Cell>) => void,
  ) {
    this.validity = new Validity(capacity);
  }
  push(cell: Cell): void {
    const at = this.validity.next(cell === null || cell === undefined);
    if (at >= 0) this.set(this.values, at, cell!);
  }
  flush(): arrow.Data {
    const parts = this.validity.flush();
    const width = this.values.length / this.capacity;
    const data = this.values.slice(0, parts.length * width);
    return arrow.makeData({ type: this.type as arrow.Int32, ...parts, data: data as Int32Array });
  }
}

/** A builder for one column; `capacity` is the most cells between two flushes. */
export function columnBuilder(type: ColumnType, capacity: number): ColumnBuilder {
  const int32 = () => new Int32Array(capacity);
  const int64 = () => new BigInt64Array(capacity);
  switch (type.kind) {
    case 'text':
      return new TextBuilder(capacity);
    case 'boolean':
      return new BooleanBuilder(capacity);
    case 'int32':
      return new FixedBuilder(new arrow.Int32(), capacity, int32(), (values, at, cell) => {
        const value = Number(cell);
        if ((value | 0) !== value) throw new RangeError('is no 32-bit integer');
        values[at] = value;
      });
    case 'int64':
      return new FixedBuilder(new arrow.Int64(), capacity, int64(), (values, at, cell) => {
        const value = wholeNumber(cell);
        if (BigInt.asIntN(64, value) !== value) throw new RangeError('is no 64-bit integer');
        values[at] = value;
      });
    case 'date':
      return new FixedBuilder(new arrow.DateDay(), capacity, int32(), (values, at, cell) => {
        values[at] = epochDays(asDate(cell));
      });
    case 'timestamp':
      return new FixedBuilder(new arrow.TimestampMicrosecond(null), capacity, int64(), (values, at, cell) => {
        values[at] = epochMicroseconds(asDate(cell));
      });
    case 'decimal':
      return decimalBuilder(type.precision, type.scale, capacity);
  }
}

/**
 * Arrow keeps a decimal as 128 bits, little end first; Parquet then stores INT32 or INT64 for up to 9 or 18 digits.
 * Numbers come exact (`exactUnscaled`) and are split without a bigint each, which costs a third of all else.
 */
function decimalBuilder(precision: number, scale: number, capacity: number): ColumnBuilder {
  const limit = 10n ** BigInt(precision);
  const numberLimit = Math.min(exactUnscaled, 10 ** precision);
  const factor = 10 ** scale;
  const type = new arrow.Decimal(scale, precision, 128);
  return new FixedBuilder(type, capacity, new Int32Array(capacity * 4), (words, at, cell) => {
    const low = at * 4;
    if (typeof cell === 'number') {
      const value = Math.round(cell * factor);
      if (!(Math.abs(value) < numberLimit)) throw new RangeError('is too large');
      const high = Math.floor(value / 4_294_967_296);
      words[low] = value - high * 4_294_967_296;
      words[low + 1] = high;
    } else {
      const value = unscaledDecimal(String(cell), scale);
      if (value >= limit || value <= -limit) throw new RangeError(`has more than ${precision} digits`);
      words[low] = Number(BigInt.asIntN(32, value));
      words[low + 1] = Number(value >> 32n);
    }
    words[low + 2] = words[low + 3] = words[low + 1]! < 0 ? -1 : 0;
  });
}

function wholeNumber(cell: NonNullable<Cell>): bigint {
  if (typeof cell === 'bigint') return cell;
  if (typeof cell === 'number' && !Number.isSafeInteger(cell)) throw new RangeError('is no safe integer');
  if (typeof cell !== 'number' && typeof cell !== 'string') throw new RangeError('is no integer');
  return BigInt(cell);
}

function asDate(cell: NonNullable<Cell>): Date {
  if (!(cell instanceof Date) || Number.isNaN(cell.getTime())) throw new RangeError('is no date');
  return cell;
}
