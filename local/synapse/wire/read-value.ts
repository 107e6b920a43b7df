import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { ByteReader } from './byte-reader';
import { EPOCH_TICKS, isTicks, ticksPerDay, ticksText } from '../ticks';
import { decodeCodePage } from './code-page';
import { ProtocolError } from './protocol';
import { maxSize, timeBytes, TypeToken, type TypeInfo } from './type-info';

/** Days from 0001-01-01 and from 1900-01-01 to 1970-01-01. */
const daysFromYear1 = 719162;
const daysFrom1900 = 25567;

/**
 * Reads one value of a parameter or a bulk row as DuckDB holds it: null for NULL; text as string; binary as blob; dates and times as DuckDB's value classes.
 * datetime2(7) and time(7) are ticks (ticks.ts), datetimeoffset is text.
 */
export function readValue(reader: ByteReader, info: TypeInfo): DuckDBValue {
  switch (info.token) {
    case TypeToken.null:
      return null;
    case TypeToken.bigVarbinary:
    case TypeToken.bigBinary:
      return asBlob(info.size === maxSize ? readPlp(reader) : readShort(reader));
    case TypeToken.bigVarchar:
    case TypeToken.bigChar:
      return asCodePage(info.size === maxSize ? readPlp(reader) : readShort(reader));
    case TypeToken.nvarchar:
    case TypeToken.nchar:
      return asUcs2(info.size === maxSize ? readPlp(reader) : readShort(reader));
    case TypeToken.xml:
      return asXml(readPlp(reader));
    case TypeToken.image:
      return asBlob(readLong(reader));
    case TypeToken.text:
      return asCodePage(readLong(reader));
    case TypeToken.ntext:
      return asUcs2(readLong(reader));
    case TypeToken.variant:
      return plainVariant(readVariant(reader));
    case TypeToken.varchar:
    case TypeToken.char: {
      const size = reader.u8();
      return size === 0 ? null : asCodePage(reader.take(size));
    }
    case TypeToken.varbinary:
    case TypeToken.binary: {
      const size = reader.u8();
      return size === 0 ? null : asBlob(reader.take(size));
    }
  }
  const size = fixedTokens.has(info.token) ? info.size : reader.u8();
  if (size === 0) return null;
  return decode(info.type, reader.take(size));
}

/** Types whose values have no length before them. */
const fixedTokens = new Set<number>([
  TypeToken.int1,
  TypeToken.bit,
  TypeToken.int2,
  TypeToken.int4,
  TypeToken.int8,
  TypeToken.real,
  TypeToken.float,
  TypeToken.money,
  TypeToken.smallmoney,
  TypeToken.datetime,
  TypeToken.smalldatetime,
]);

function readShort(reader: ByteReader): Buffer | null {
  const size = reader.u16();
  return size === maxSize ? null : reader.take(size);
}

function readLong(reader: ByteReader): Buffer | null {
  const size = reader.i32();
  if (size < -1) throw new ProtocolError('A long value has a negative length.');
  return size === -1 ? null : reader.take(size);
}

/** Partially length-prefixed bytes (2.2.5.2.3). */
export function readPlp(reader: ByteReader): Buffer | null {
  if (reader.u64() === 0xffffffffffffffffn) return null;
  const parts: Buffer[] = [];
  for (;;) {
    const size = reader.u32();
    if (size === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    parts.push(reader.take(size));
  }
}

const asBlob = (bytes: Buffer | null): DuckDBValue =>
  bytes === null ? null : new DuckDBBlobValue(Uint8Array.from(bytes));
const asCodePage = (bytes: Buffer | null): DuckDBValue => (bytes === null ? null : decodeCodePage(bytes));
const asUcs2 = (bytes: Buffer | null): DuckDBValue => (bytes === null ? null : bytes.toString('ucs2'));
const asXml = (bytes: Buffer | null): DuckDBValue =>
  bytes === null ? null : bytes.toString('ucs2').replace(/^\ufeff/, '');

function unsigned(bytes: Buffer): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]!);
  return value;
}

/** A datetimeoffset as the engine keeps it: local time with seven digits, and the offset. */
function offsetText(utc: bigint, minutes: number): string {
  const local = ticksText(utc + BigInt(minutes) * 600_000_000n, { name: 'datetime2' });
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local} ${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
/** Ticks of 100 ns in a count of 10^-scale seconds. */
const ticksOf = (count: bigint, scale: number): bigint => count * 10n ** BigInt(7 - scale);

function decode(type: SqlType, data: Buffer): DuckDBValue {
  const sizes: Partial<Record<SqlType['name'], number>> = {
    money: 8,
    smallmoney: 4,
    datetime: 8,
    smalldatetime: 4,
    uniqueidentifier: 16,
    date: 3,
  };
  const wanted = sizes[type.name];
  if (wanted !== undefined && data.length !== wanted)
    throw new ProtocolError(`A ${type.name} has ${data.length} bytes.`);
  const scale = type.scale ?? 7;
  switch (type.name) {
    case 'bit':
      return data[0] !== 0;
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return integer(data);
    case 'real':
    case 'float':
      if (data.length === 4) return data.readFloatLE(0);
      if (data.length === 8) return data.readDoubleLE(0);
      throw new ProtocolError(`A float has ${data.length} bytes.`);
    case 'smallmoney':
      return new DuckDBDecimalValue(BigInt(data.readInt32LE(0)), 10, 4);
    case 'money':
      return new DuckDBDecimalValue((BigInt(data.readInt32LE(0)) << 32n) | BigInt(data.readUInt32LE(4)), 19, 4);
    case 'decimal': {
      const magnitude = unsigned(data.subarray(1));
      return new DuckDBDecimalValue(data[0] === 0 ? -magnitude : magnitude, type.precision ?? 18, type.scale ?? 0);
    }
    case 'uniqueidentifier':
      return uuid(data);
    case 'date':
      return new DuckDBDateValue(data.readUIntLE(0, 3) - daysFromYear1);
    case 'time':
      if (data.length !== timeBytes(scale)) throw new ProtocolError(`A time has ${data.length} bytes.`);
      return scale === 7 ? unsigned(data) : new DuckDBTimeValue(ticksOf(unsigned(data), scale) / 10n);
    case 'datetime2':
    case 'datetimeoffset': {
      const size = timeBytes(scale);
      if (data.length !== size + (type.name === 'datetime2' ? 3 : 5))
        throw new ProtocolError(`A ${type.name} has ${data.length} bytes.`);
      const ticks = BigInt(data.readUIntLE(size, 3)) * ticksPerDay + ticksOf(unsigned(data.subarray(0, size)), scale);
      if (type.name === 'datetimeoffset') return offsetText(ticks, data.readInt16LE(size + 3));
      return scale === 7 ? ticks : new DuckDBTimestampValue((ticks - EPOCH_TICKS) / 10n);
    }
    case 'datetime': {
      const days = BigInt(data.readInt32LE(0) - daysFrom1900);
      return new DuckDBTimestampMillisecondsValue(
        days * 86_400_000n + BigInt(Math.round((data.readUInt32LE(4) * 10) / 3)),
      );
    }
    case 'smalldatetime':
      return new DuckDBTimestampSecondsValue(
        BigInt(data.readUInt16LE(0) - daysFrom1900) * 86_400n + BigInt(data.readUInt16LE(2) * 60),
      );
  }
  throw new ProtocolError(`A ${type.name} cannot be read.`);
}

function integer(data: Buffer): number | bigint {
  switch (data.length) {
    case 1:
      return data[0]!;
    case 2:
      return data.readInt16LE(0);
    case 4:
      return data.readInt32LE(0);
    case 8:
      return data.readBigInt64LE(0);
  }
  throw new ProtocolError(`An integer has ${data.length} bytes.`);
}

/** TDS sends the first three groups of a GUID little-endian. */
function uuid(data: Buffer): DuckDBValue {
  const ordered = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return DuckDBUUIDValue.fromUint128(ordered.reduce((value, at) => (value << 8n) | BigInt(data[at]!), 0n));
}

/** What a sql_variant holds, for an engine that keeps it as text. */
function plainVariant(variant: ReturnType<typeof readVariant>): DuckDBValue {
  if (!variant) return null;
  const { type, value } = variant;
  return typeof value === 'bigint' && isTicks(type) ? ticksText(value, type) : value;
}

/** A sql_variant with the type of what it holds (2.2.5.5.4); null for NULL. */
export function readVariant(reader: ByteReader): { readonly type: SqlType; readonly value: DuckDBValue } | null {
  const total = reader.u32();
  if (total === 0) return null;
  const body = new ByteReader(reader.take(total));
  const token = body.u8();
  const properties = new ByteReader(body.take(body.u8()));
  const data = body.take(body.remaining);
  switch (token) {
    case TypeToken.bigVarchar:
    case TypeToken.bigChar:
      return { type: { name: 'varchar', length: Math.max(1, data.length) }, value: decodeCodePage(data) };
    case TypeToken.nvarchar:
    case TypeToken.nchar:
      return { type: { name: 'nvarchar', length: Math.max(1, data.length >> 1) }, value: data.toString('ucs2') };
    case TypeToken.bigVarbinary:
    case TypeToken.bigBinary:
      return { type: { name: 'varbinary', length: Math.max(1, data.length) }, value: asBlob(data) };
    case TypeToken.decimalN:
    case TypeToken.numericN: {
      const type: SqlType = { name: 'decimal', precision: properties.u8(), scale: properties.u8() };
      return { type, value: decode(type, data) };
    }
    case TypeToken.time:
    case TypeToken.datetime2:
    case TypeToken.datetimeoffset: {
      const name = token === TypeToken.time ? 'time' : token === TypeToken.datetime2 ? 'datetime2' : 'datetimeoffset';
      const type: SqlType = { name, scale: properties.u8() };
      return { type, value: decode(type, data) };
    }
  }
  const names: Readonly<Record<number, SqlType['name']>> = {
    [TypeToken.int1]: 'tinyint',
    [TypeToken.bit]: 'bit',
    [TypeToken.int2]: 'smallint',
    [TypeToken.int4]: 'int',
    [TypeToken.int8]: 'bigint',
    [TypeToken.real]: 'real',
    [TypeToken.float]: 'float',
    [TypeToken.money]: 'money',
    [TypeToken.smallmoney]: 'smallmoney',
    [TypeToken.datetime]: 'datetime',
    [TypeToken.smalldatetime]: 'smalldatetime',
    [TypeToken.guid]: 'uniqueidentifier',
    [TypeToken.date]: 'date',
  };
  const name = names[token];
  if (!name) throw new ProtocolError(`A sql_variant cannot hold type 0x${token.toString(16)}.`);
  return { type: { name }, value: decode({ name }, data) };
}
