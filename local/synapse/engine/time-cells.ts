import { DuckDBTypeId } from '@duckdb/node-api';
import { timeBytes } from '../wire/type-info';
import type { PacketWriter } from '../wire/packet-writer';
import type { Cell } from './number-cells';
import { dataView, fixedData, type Vector } from './vector';

const daysFromYear1 = 719162;
const daysFrom1900 = 25567;

/** date from DATE. */
export function dateCell(writer: PacketWriter, vector: Vector): Cell {
  const view = dataView(fixedData(vector, 4));
  return (row) => {
    const days = view.getInt32(4 * row, true) + daysFromYear1;
    const out = writer.buffer;
    let to = writer.position;
    out[to++] = 3;
    out[to++] = days & 0xff;
    out[to++] = (days >> 8) & 0xff;
    out[to++] = (days >> 16) & 0xff;
    writer.position = to;
  };
}

/** Units a second in which DuckDB counts each timestamp type. */
const unitsPerSecond: Partial<Record<DuckDBTypeId, number>> = {
  [DuckDBTypeId.TIMESTAMP]: 1e6,
  [DuckDBTypeId.TIMESTAMP_TZ]: 1e6,
  [DuckDBTypeId.TIMESTAMP_S]: 1,
  [DuckDBTypeId.TIMESTAMP_MS]: 1e3,
  [DuckDBTypeId.TIMESTAMP_NS]: 1e9,
  [DuckDBTypeId.TIME]: 1e6,
};

/** Splits a 64-bit count of units since 1970 into whole days and units of the day, without BigInt where doubles are exact. */
class DaySplitter {
  days = 0;
  rest = 0;
  private readonly view: DataView;
  private readonly perDay: number;
  /** `perDay` as two words of 32 bits. */
  private readonly perDayHigh: number;
  private readonly perDayLow: number;

  constructor(vector: Vector, perSecond: number) {
    this.view = dataView(fixedData(vector, 8));
    this.perDay = 86_400 * perSecond;
    this.perDayHigh = Math.floor(this.perDay / 4294967296);
    this.perDayLow = this.perDay - this.perDayHigh * 4294967296;
  }

  split(row: number): void {
    const low = this.view.getUint32(8 * row, true);
    const high = this.view.getInt32(8 * row + 4, true);
    if (high > -0x200000 && high < 0x200000) {
      const units = high * 4294967296 + low;
      this.days = Math.floor(units / this.perDay);
      this.rest = units - this.days * this.perDay;
      return;
    }
    // The quotient of doubles is off by one day at most; what is left of the two words then fits a double again.
    const days = Math.floor((high * 4294967296 + low) / this.perDay);
    if (days > -0x400000 && days < 0x400000) {
      const rest = (high - days * this.perDayHigh) * 4294967296 + (low - days * this.perDayLow);
      const carry = rest < 0 ? -1 : rest >= this.perDay ? 1 : 0;
      this.days = days + carry;
      this.rest = rest - carry * this.perDay;
      return;
    }
    const units = this.view.getBigInt64(8 * row, true);
    const perDay = BigInt(this.perDay);
    const rest = BigInt.asIntN(64, ((units % perDay) + perDay) % perDay);
    this.days = Number((units - rest) / perDay);
    this.rest = Number(rest);
  }
}

/**
 * time(scale), datetime2(scale) and datetimeoffset(scale) from any of DuckDB's times; finer digits are rounded, and a day that
 * rounds to 24:00 becomes the next day (a time of day stays just below).
 */
export function momentCell(
  writer: PacketWriter,
  vector: Vector,
  source: DuckDBTypeId,
  type: 'time' | 'datetime2' | 'datetimeoffset',
  scale: number,
): Cell {
  const perSecond = unitsPerSecond[source] ?? 1e6;
  const at = new DaySplitter(vector, perSecond);
  const ticksPerSecond = 10 ** scale;
  const ticksPerDay = 86_400 * ticksPerSecond;
  const isFiner = perSecond > ticksPerSecond;
  const divisor = perSecond / ticksPerSecond;
  const factor = ticksPerSecond / perSecond;
  const size = timeBytes(scale);
  const total = size + (type === 'time' ? 0 : type === 'datetime2' ? 3 : 5);
  return (row) => {
    at.split(row);
    let ticks = isFiner ? Math.floor((at.rest + divisor / 2) / divisor) : at.rest * factor;
    let days = at.days + daysFromYear1;
    if (ticks >= ticksPerDay) {
      ticks = type === 'time' ? ticksPerDay - 1 : 0;
      days++;
    }
    const out = writer.buffer;
    let to = writer.position;
    out[to++] = total;
    const low = ticks >>> 0;
    out[to++] = low & 0xff;
    out[to++] = (low >>> 8) & 0xff;
    out[to++] = (low >>> 16) & 0xff;
    if (size > 3) out[to++] = low >>> 24;
    if (size > 4) out[to++] = Math.floor(ticks / 4294967296);
    if (type !== 'time') {
      out[to++] = days & 0xff;
      out[to++] = (days >> 8) & 0xff;
      out[to++] = (days >> 16) & 0xff;
    }
    if (type === 'datetimeoffset') {
      out[to++] = 0;
      out[to++] = 0;
    }
    writer.position = to;
  };
}

/** time(7) and datetime2(7) from their ticks. */
export function ticksCell(writer: PacketWriter, vector: Vector, type: 'time' | 'datetime2'): Cell {
  const at = new DaySplitter(vector, 1e7);
  return (row) => {
    at.split(row);
    const { days, rest } = at;
    const out = writer.buffer;
    let to = writer.position;
    out[to++] = type === 'time' ? 5 : 8;
    to = out.writeUInt32LE(rest >>> 0, to);
    out[to++] = Math.floor(rest / 4294967296);
    if (type === 'datetime2') to = out.writeUIntLE(days, to, 3);
    writer.position = to;
  };
}

/** datetime from a timestamp: days since 1900 and 1/300 s, rounded. */
export function datetimeCell(writer: PacketWriter, vector: Vector, source: DuckDBTypeId): Cell {
  const perSecond = unitsPerSecond[source] ?? 1e6;
  const at = new DaySplitter(vector, perSecond);
  return (row) => {
    at.split(row);
    let thirds = Math.round((at.rest * 300) / perSecond);
    let days = at.days + daysFrom1900;
    if (thirds >= 25_920_000) {
      thirds = 0;
      days++;
    }
    const out = writer.buffer;
    let to = writer.position;
    out[to++] = 8;
    to = out.writeInt32LE(days, to);
    writer.position = out.writeUInt32LE(thirds, to);
  };
}
