import { DuckDBBlobValue, DuckDBStructValue, DuckDBUUIDValue, type DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { encodeCodePage } from '../wire/code-page';
import type { PacketWriter } from '../wire/packet-writer';
import { overflow, truncated } from './value-errors';
import { instant, temporal } from './value-moments';
import { decimal, float, inRange, integer, truth, unscaled } from './value-numbers';
import { textOf } from './value-text';
import { variantBase } from './variant-base';

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
  encodeValue(writer, value instanceof DuckDBStructValue ? Object.values(value.entries)[0]! : value, type);
  // Values stand without the length that precedes them elsewhere.
  const prefix = type.name === 'nvarchar' || type.name === 'varbinary' ? 2 : 1;
  writer.buffer.copyWithin(body, body + prefix, writer.position);
  writer.position -= prefix;
  writer.buffer.writeUInt32LE(writer.position - start - 4, start);
}
