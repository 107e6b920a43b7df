import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { TSqlError, type SqlType } from '../contract';
import { encodeCodePage } from '../wire/code-page';
import type { PacketWriter } from '../wire/packet-writer';
import { collation } from '../wire/protocol';
import { decimalBytes, timeBytes, TypeToken } from '../wire/type-info';

const daysFromYear1 = 719162n;
const daysFrom1900 = 25567n;
const ticksPerDay = 864_000_000_000n;
const nul1 = Buffer.from([0]);
const nul2 = Buffer.from([0xff, 0xff]);
const nul4 = Buffer.alloc(4);
const nul8 = Buffer.alloc(8, 0xff);
const textPointer = Buffer.concat([Buffer.from([16]), Buffer.alloc(24, 0x64)]);

const lengthTypes = new Set<SqlType['name']>(['char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary']);

/** True when values of the type go as PLP. */
export const isPlp = (type: SqlType): boolean =>
  type.name === 'xml' || (lengthTypes.has(type.name) && (type.length === undefined || type.length === -1));

/** How NULL is written for a type. */
export function nullBytes(type: SqlType): Buffer {
  if (isPlp(type)) return nul8;
  if (lengthTypes.has(type.name)) return nul2;
  return type.name === 'sql_variant' ? nul4 : nul1;
}

/** Error of a value that its declared column cannot hold. Names the type, never the value. */
export function overflow(type: SqlType): TSqlError {
  return new TSqlError(
    8115,
    `Arithmetic overflow error converting expression to data type ${type.name === 'decimal' ? 'numeric' : type.name}.`,
    2,
  );
}

const truncated = (): TSqlError => new TSqlError(8152, 'String or binary data would be truncated.', 4);

/**
 * Writes one value as a TDS value of `type` (length prefix included): the slow, general way, used for output parameters, small
 * tables in memory and columns whose DuckDB type is not the one behind their T-SQL type.
 * Throws `TSqlError` when the type cannot hold the value.
 */
export function encodeValue(writer: PacketWriter, value: DuckDBValue, type: SqlType): void {
  if (value === null || value === undefined) {
    writer.bytes(nullBytes(type));
    return;
  }
  switch (type.name) {
    case 'bit':
      writer.u8(1);
      writer.u8(truth(value) ? 1 : 0);
      return;
    case 'tinyint':
      return integer(writer, value, type, 1, 0n, 255n);
    case 'smallint':
      return integer(writer, value, type, 2, -0x8000n, 0x7fffn);
    case 'int':
      return integer(writer, value, type, 4, -0x80000000n, 0x7fffffffn);
    case 'bigint':
      return integer(writer, value, type, 8, -0x8000000000000000n, 0x7fffffffffffffffn);
    case 'real':
      writer.u8(4);
      writer.reserve(4);
      writer.position = writer.buffer.writeFloatLE(float(value, type), writer.position);
      return;
    case 'float':
      writer.u8(8);
      writer.reserve(8);
      writer.position = writer.buffer.writeDoubleLE(float(value, type), writer.position);
      return;
    case 'decimal':
      return decimal(writer, unscaled(value, type.scale ?? 0, type), type);
    case 'money': {
      const units = inRange(unscaled(value, 4, type), type, 64);
      writer.u8(8);
      writer.i32(Number(BigInt.asIntN(32, units >> 32n)));
      writer.u32(Number(BigInt.asUintN(32, units)));
      return;
    }
    case 'smallmoney':
      writer.u8(4);
      writer.i32(Number(inRange(unscaled(value, 4, type), type, 32)));
      return;
    case 'date':
    case 'time':
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
    case 'datetimeoffset':
      return temporal(writer, instant(value, type), type);
    case 'uniqueidentifier':
      writer.u8(16);
      writer.bytes(guidBytes(value, type));
      return;
    case 'binary':
    case 'varbinary':
    case 'image':
      return binary(writer, bytesOf(value), type);
    case 'sql_variant':
      return variant(writer, value);
    default:
      return text(writer, textOf(value), type);
  }
}

function truth(value: DuckDBValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return !/^(0+|false)$/i.test(value.trim());
  if (value instanceof DuckDBDecimalValue) return value.value !== 0n;
  return value !== 0 && value !== 0n;
}

function integer(
  writer: PacketWriter,
  value: DuckDBValue,
  type: SqlType,
  bytes: number,
  least: bigint,
  most: bigint,
): void {
  const whole = typeof value === 'boolean' ? BigInt(value) : unscaled(value, 0, type);
  if (whole < least || whole > most) throw overflow(type);
  writer.u8(bytes);
  let rest = BigInt.asUintN(64, whole);
  for (let index = 0; index < bytes; index++, rest >>= 8n) writer.u8(Number(rest & 0xffn));
}

function float(value: DuckDBValue, type: SqlType): number {
  const number = value instanceof DuckDBDecimalValue ? value.toDouble() : Number(textOf(value));
  if (!Number.isFinite(number)) throw overflow(type);
  return number;
}

const inRange = (units: bigint, type: SqlType, bits: number): bigint => {
  if (BigInt.asIntN(bits, units) !== units) throw overflow(type);
  return units;
};

/** A number times 10^scale; further digits are rounded half away from zero (cut for scale 0, as CAST to an integer type does). */
function unscaled(value: DuckDBValue, scale: number, type: SqlType): bigint {
  if (value instanceof DuckDBDecimalValue) return rescale(value.value, value.scale, scale);
  if (typeof value === 'bigint') return value * 10n ** BigInt(scale);
  if (typeof value === 'boolean') return BigInt(value) * 10n ** BigInt(scale);
  const match = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?\s*$/i.exec(textOf(value));
  if (!match || (match[2] === '' && !match[3])) throw overflow(type);
  const fraction = match[3] ?? '';
  const exponent = Number(match[4] ?? 0);
  if (Math.abs(exponent) > 400) throw overflow(type);
  const digits = BigInt(`${match[2]}${fraction}`);
  const places = fraction.length - exponent;
  const magnitude = places >= 0 ? rescale(digits, places, scale) : digits * 10n ** BigInt(scale - places);
  return match[1] === '-' ? -magnitude : magnitude;
}

function rescale(units: bigint, from: number, to: number): bigint {
  if (to >= from) return units * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  const quotient = units / divisor;
  if (to === 0) return quotient;
  const rest = units % divisor;
  const isUp = (rest < 0n ? -rest : rest) * 2n >= divisor;
  return isUp ? quotient + (units < 0n ? -1n : 1n) : quotient;
}

function decimal(writer: PacketWriter, units: bigint, type: SqlType): void {
  const precision = type.precision ?? 18;
  const magnitude = units < 0n ? -units : units;
  if (magnitude >= 10n ** BigInt(precision)) throw overflow(type);
  const size = decimalBytes(precision);
  writer.u8(size);
  writer.u8(units < 0n ? 0 : 1);
  let rest = magnitude;
  for (let index = 1; index < size; index++, rest >>= 8n) writer.u8(Number(rest & 0xffn));
}

/** A moment as days since 0001-01-01 and ticks of 100 ns of the day. */
interface Moment {
  readonly days: bigint;
  readonly ticks: bigint;
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

function instant(value: DuckDBValue, type: SqlType): Moment {
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
  const offset = BigInt((Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1)) * 600_000_000n;
  const total = BigInt(shifted.getTime()) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7)) - offset;
  const whole = moment(total);
  return type.name === 'time' ? { days: 0n, ticks: whole.ticks } : whole;
}

function temporal(writer: PacketWriter, at: Moment, type: SqlType): void {
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
  if (type.name === 'datetimeoffset') writer.u16(0);
}

function days24(writer: PacketWriter, days: bigint): void {
  const count = Number(days);
  writer.u8(count & 0xff);
  writer.u16(count >> 8);
}

function guidBytes(value: DuckDBValue, type: SqlType): Buffer {
  const hex = (value instanceof DuckDBUUIDValue ? value.toString() : textOf(value)).replaceAll(/[-{}]/g, '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw overflow(type);
  const plain = Buffer.from(hex, 'hex');
  return Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => plain[at]!));
}

function bytesOf(value: DuckDBValue): Uint8Array {
  return value instanceof DuckDBBlobValue ? value.bytes : Buffer.from(textOf(value), 'ucs2');
}

function binary(writer: PacketWriter, bytes: Uint8Array, type: SqlType): void {
  if (type.name === 'image') {
    writer.bytes(textPointer);
    writer.u32(bytes.length);
    writer.bytes(bytes);
    return;
  }
  if (isPlp(type)) return plp(writer, bytes);
  const length = type.length!;
  if (bytes.length > length) throw truncated();
  const size = type.name === 'binary' ? length : bytes.length;
  writer.u16(size);
  writer.bytes(bytes);
  if (size > bytes.length) writer.bytes(Buffer.alloc(size - bytes.length));
}

function plp(writer: PacketWriter, bytes: Uint8Array): void {
  writer.u64(bytes.length);
  if (bytes.length > 0) {
    writer.u32(bytes.length);
    writer.bytes(bytes);
  }
  writer.u32(0);
}

/** Text of any value, as DuckDB would cast it to VARCHAR. */
function textOf(value: DuckDBValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('latin1');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

function text(writer: PacketWriter, value: string, type: SqlType): void {
  const isWide = type.name === 'nvarchar' || type.name === 'nchar' || type.name === 'ntext' || type.name === 'xml';
  if (type.name === 'text' || type.name === 'ntext') {
    const bytes = isWide ? Buffer.from(value, 'ucs2') : encodeCodePage(value);
    writer.bytes(textPointer);
    writer.u32(bytes.length);
    writer.bytes(bytes);
    return;
  }
  const bytes = isWide ? Buffer.from(value, 'ucs2') : encodeCodePage(value);
  if (isPlp(type)) return plp(writer, bytes);
  const most = type.length! * (isWide ? 2 : 1);
  const fitting = bytes.length > most ? withoutBlanks(bytes, most, isWide) : bytes;
  const size = type.name === 'char' || type.name === 'nchar' ? most : fitting.length;
  writer.u16(size);
  writer.bytes(fitting);
  if (size > fitting.length) writer.bytes(Buffer.alloc(size - fitting.length, isWide ? ' \0' : ' '));
}

/** Blanks at the end may be cut to fit; anything else that does not fit is an error, never a silent cut. */
export function withoutBlanks(bytes: Buffer, most: number, isWide: boolean): Buffer {
  const rest = bytes.subarray(most).toString(isWide ? 'ucs2' : 'latin1');
  if (/[^ ]/.test(rest)) throw truncated();
  return bytes.subarray(0, most);
}

/** A sql_variant: base type token, properties, value without its length prefix (2.2.5.5.4). */
function variant(writer: PacketWriter, value: DuckDBValue): void {
  const [token, type, properties] = variantBase(value);
  const start = writer.position;
  writer.u32(0);
  writer.u8(token);
  writer.u8(properties.length);
  writer.bytes(Uint8Array.from(properties));
  const body = writer.position;
  encodeValue(writer, value, type);
  // Values stand without the length that precedes them elsewhere.
  const prefix = type.name === 'nvarchar' || type.name === 'varbinary' ? 2 : 1;
  writer.buffer.copyWithin(body, body + prefix, writer.position);
  writer.position -= prefix;
  writer.buffer.writeUInt32LE(writer.position - start - 4, start);
}

/** Token, type and properties of what a variant holds. */
function variantBase(value: DuckDBValue): readonly [number, SqlType, readonly number[]] {
  if (typeof value === 'boolean') return [TypeToken.bit, { name: 'bit' }, []];
  if (typeof value === 'number') {
    const isInt = Number.isInteger(value) && Math.abs(value) < 0x80000000;
    return isInt ? [TypeToken.int4, { name: 'int' }, []] : [TypeToken.float, { name: 'float' }, []];
  }
  if (typeof value === 'bigint') return [TypeToken.int8, { name: 'bigint' }, []];
  if (value instanceof DuckDBDecimalValue) {
    const { width: precision, scale } = value;
    return [TypeToken.numericN, { name: 'decimal', precision, scale }, [precision, scale]];
  }
  if (value instanceof DuckDBBlobValue)
    return [TypeToken.bigVarbinary, { name: 'varbinary', length: 8000 }, [0x40, 0x1f]];
  if (value instanceof DuckDBDateValue) return [TypeToken.date, { name: 'date' }, []];
  if (value instanceof DuckDBTimeValue) return [TypeToken.time, { name: 'time', scale: 7 }, [7]];
  if (value instanceof DuckDBTimestampMillisecondsValue) return [TypeToken.datetime, { name: 'datetime' }, []];
  if (value instanceof DuckDBTimestampSecondsValue) return [TypeToken.smalldatetime, { name: 'smalldatetime' }, []];
  if (value instanceof DuckDBTimestampTZValue)
    return [TypeToken.datetimeoffset, { name: 'datetimeoffset', scale: 7 }, [7]];
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampNanosecondsValue) {
    return [TypeToken.datetime2, { name: 'datetime2', scale: 7 }, [7]];
  }
  if (value instanceof DuckDBUUIDValue) return [TypeToken.guid, { name: 'uniqueidentifier' }, []];
  return [TypeToken.nvarchar, { name: 'nvarchar', length: 4000 }, [...collation, 0x40, 0x1f]];
}
