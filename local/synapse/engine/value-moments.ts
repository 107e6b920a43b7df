import {
  DuckDBDateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { TSqlError, type SqlType } from '../contract';
import type { PacketWriter } from '../wire/packet-writer';
import { timeBytes } from '../wire/type-info';
import { isTicks, ticksPerDay } from '../ticks';
import { overflow } from './value-errors';
import { inRange } from './value-numbers';
import { textOf } from './value-text';

const daysFromYear1 = 719162n;
const daysFrom1900 = 25567n;

/** A moment as days since 0001-01-01 and ticks of 100 ns of the day. */
export interface Moment {
  readonly days: bigint;
  readonly ticks: bigint;
  /** Minutes east of UTC, of a datetimeoffset. */
  readonly offset?: number;
}

/** Days and ticks of a count of 100 ns since 1970. */
function moment(total: bigint): Moment {
  let days = total / ticksPerDay;
  let ticks = total % ticksPerDay;
  if (ticks < 0n) {
    ticks += ticksPerDay;
    days -= 1n;
  }
  return { days: days + daysFromYear1, ticks };
}

/** The moment that a value stands for. */
export function instant(value: DuckDBValue, type: SqlType): Moment {
  if (typeof value === 'bigint' && isTicks(type)) return { days: value / ticksPerDay, ticks: value % ticksPerDay };
  if (value instanceof DuckDBDateValue) return moment(BigInt(value.days) * ticksPerDay);
  if (value instanceof DuckDBTimeValue)
    return { days: type.name === 'time' ? 0n : daysFromYear1 - daysFrom1900, ticks: value.micros * 10n };
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return moment(value.micros * 10n);
  if (value instanceof DuckDBTimestampMillisecondsValue) return moment(value.millis * 10_000n);
  if (value instanceof DuckDBTimestampSecondsValue) return moment(value.seconds * 10_000_000n);
  if (value instanceof DuckDBTimestampNanosecondsValue) return moment(floorDivide(value.nanos, 100n));
  return parseMoment(textOf(value), type);
}

const floorDivide = (value: bigint, by: bigint): bigint =>
  value >= 0n || value % by === 0n ? value / by : value / by - 1n;

/** ISO text, such as a value that the engine keeps as text. */
function parseMoment(text: string, type: SqlType): Moment {
  const match =
    /^\s*(?:(\d{4})-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(?:Z|([-+])(\d\d):?(\d\d)?)?\s*$/i.exec(
      text,
    );
  if (!match) throw new TSqlError(241, 'Conversion failed when converting date and/or time from character string.');
  const [
    ,
    year = '1900',
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '0',
    sign,
    offsetHour = '0',
    offsetMinute = '0',
  ] = match;
  const milliseconds = Date.UTC(2000, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const shifted = new Date(milliseconds);
  shifted.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const east = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const offset = BigInt(east) * 600_000_000n;
  const total = BigInt(shifted.getTime()) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7)) - offset;
  const whole = moment(total);
  return type.name === 'time' ? { days: 0n, ticks: whole.ticks } : { ...whole, offset: east };
}

/** Writes a moment as a date or time type. */
export function temporal(writer: PacketWriter, at: Moment, type: SqlType): void {
  const sinceYear1900 = at.days - (daysFromYear1 - daysFrom1900);
  switch (type.name) {
    case 'datetime': {
      // Whole 1/300 s; 24:00 carries into the next day.
      const thirds = (at.ticks * 3n + 50_000n) / 100_000n;
      const carry = thirds >= 25_920_000n;
      writer.u8(8);
      writer.i32(Number(inRange(sinceYear1900 + (carry ? 1n : 0n), type, 32)));
      writer.u32(carry ? 0 : Number(thirds));
      return;
    }
    case 'smalldatetime': {
      const minutes = (at.ticks + 299_990_000n) / 600_000_000n;
      const carry = minutes >= 1440n;
      const days = sinceYear1900 + (carry ? 1n : 0n);
      if (days < 0n || days > 0xffffn) throw overflow(type);
      writer.u8(4);
      writer.u16(Number(days));
      writer.u16(carry ? 0 : Number(minutes));
      return;
    }
  }
  if (at.days < 0n || at.days > 3_652_058n) throw overflow(type);
  if (type.name === 'date') {
    writer.u8(3);
    return days24(writer, at.days);
  }
  const scale = type.scale ?? 7;
  const unit = 10n ** BigInt(7 - scale);
  let days = at.days;
  let ticks = (at.ticks + unit / 2n) / unit;
  if (ticks >= ticksPerDay / unit) {
    ticks = type.name === 'time' ? ticksPerDay / unit - 1n : 0n;
    days += 1n;
  }
  const size = timeBytes(scale);
  writer.u8(size + (type.name === 'time' ? 0 : type.name === 'datetime2' ? 3 : 5));
  for (let index = 0, rest = ticks; index < size; index++, rest >>= 8n) writer.u8(Number(rest & 0xffn));
  if (type.name === 'time') return;
  days24(writer, days);
  if (type.name === 'datetimeoffset') writer.u16((at.offset ?? 0) & 0xffff);
}

function days24(writer: PacketWriter, days: bigint): void {
  const count = Number(days);
  writer.u8(count & 0xff);
  writer.u16(count >> 8);
}
