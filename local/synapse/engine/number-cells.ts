import type { SqlType } from '../contract';
import type { PacketWriter } from '../wire/packet-writer';
import { overflow } from './value-errors';
import { dataView, fixedData, type Vector } from './vector';

/** Writes the value of one row; room for a row of fixed-width values has been reserved before. */
export type Cell = (row: number) => void;

/** Integers and floats whose bytes are the same in DuckDB and TDS (`width` bytes, little-endian). */
export function copiedCell(writer: PacketWriter, vector: Vector, width: 1 | 2 | 4 | 8): Cell {
  const data = fixedData(vector, width);
  if (width === 1) {
    return (row) => {
      const out = writer.buffer;
      out[writer.position++] = 1;
      out[writer.position++] = data[row]!;
    };
  }
  return (row) => {
    const out = writer.buffer;
    let to = writer.position;
    out[to++] = width;
    for (let from = width * row, end = from + width; from < end; from++) out[to++] = data[from]!;
    writer.position = to;
  };
}

/** Four bytes, unrolled: int and real are the most frequent columns. */
export function fourByteCell(writer: PacketWriter, vector: Vector): Cell {
  const data = fixedData(vector, 4);
  return (row) => {
    const out = writer.buffer;
    let to = writer.position;
    let from = 4 * row;
    out[to++] = 4;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from]!;
    writer.position = to;
  };
}

/** Eight bytes, unrolled: bigint and float. */
export function eightByteCell(writer: PacketWriter, vector: Vector): Cell {
  const data = fixedData(vector, 8);
  return (row) => {
    const out = writer.buffer;
    let to = writer.position;
    let from = 8 * row;
    out[to++] = 8;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from++]!;
    out[to++] = data[from]!;
    writer.position = to;
  };
}

/** float or real; Msg 8115 for infinity, which DuckDB calculates and T-SQL does not have. All bits of such an exponent are set. */
export function floatCell(writer: PacketWriter, vector: Vector, type: SqlType): Cell {
  const width = type.name === 'real' ? 4 : 8;
  const data = fixedData(vector, width);
  const copy = width === 4 ? fourByteCell(writer, vector) : eightByteCell(writer, vector);
  const exponent = width === 4 ? 0x80 : 0xf0;
  return (row) => {
    const last = width * row + width - 1;
    if ((data[last]! & 0x7f) === 0x7f && (data[last - 1]! & exponent) === exponent) throw overflow(type);
    copy(row);
  };
}

/** Bytes of DuckDB's DECIMAL of a precision. */
const storedWidth = (precision: number): 2 | 4 | 8 | 16 =>
  precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16;

/** decimal(precision, s) from DECIMAL(stored, s): sign byte, then the magnitude in `size - 1` bytes. */
export function decimalCell(writer: PacketWriter, vector: Vector, stored: number, size: number): Cell {
  const width = storedWidth(stored);
  const view = dataView(fixedData(vector, width));
  if (width <= 4) {
    return (row) => {
      let value = width === 2 ? view.getInt16(2 * row, true) : view.getInt32(4 * row, true);
      const out = writer.buffer;
      const end = writer.position + 1 + size;
      let to = writer.position;
      out[to++] = size;
      out[to++] = value < 0 ? 0 : 1;
      if (value < 0) value = -value;
      out[to++] = value & 0xff;
      out[to++] = (value >>> 8) & 0xff;
      out[to++] = (value >>> 16) & 0xff;
      out[to++] = (value >>> 24) & 0xff;
      while (to < end) out[to++] = 0;
      writer.position = to;
    };
  }
  if (width === 8) {
    return (row) => {
      let low = view.getUint32(8 * row, true);
      let high = view.getInt32(8 * row + 4, true);
      const out = writer.buffer;
      const end = writer.position + 1 + size;
      let to = writer.position;
      const isNegative = high < 0;
      out[to++] = size;
      out[to++] = isNegative ? 0 : 1;
      if (isNegative) {
        low = (~low + 1) >>> 0;
        high = ~high + (low === 0 ? 1 : 0);
      }
      out[to++] = low & 0xff;
      out[to++] = (low >>> 8) & 0xff;
      out[to++] = (low >>> 16) & 0xff;
      out[to++] = low >>> 24;
      out[to++] = high & 0xff;
      out[to++] = (high >>> 8) & 0xff;
      out[to++] = (high >>> 16) & 0xff;
      out[to++] = (high >>> 24) & 0xff;
      while (to < end) out[to++] = 0;
      writer.position = to;
    };
  }
  return (row) => {
    const value = (view.getBigInt64(16 * row + 8, true) << 64n) | view.getBigUint64(16 * row, true);
    const out = writer.buffer;
    const start = writer.position;
    const magnitude = value < 0n ? -value : value;
    out[start] = size;
    out[start + 1] = value < 0n ? 0 : 1;
    const words = (size - 1) >> 2;
    for (let word = 0, rest = magnitude; word < words; word++, rest >>= 32n) {
      out.writeUInt32LE(Number(rest & 0xffffffffn), start + 2 + 4 * word);
    }
    writer.position = start + 1 + size;
  };
}

/** money from DECIMAL(19,4): the high half first. */
export function moneyCell(writer: PacketWriter, vector: Vector): Cell {
  const data = fixedData(vector, 16);
  const view = dataView(data);
  return (row) => {
    const out = writer.buffer;
    let to = writer.position;
    const from = 16 * row;
    // DECIMAL(19,4) holds a little more than the eight bytes of money.
    if (view.getInt32(from + 8, true) !== view.getInt32(from + 4, true) >> 31) throw overflow({ name: 'money' });
    out[to++] = 8;
    for (let index = 4; index < 8; index++) out[to++] = data[from + index]!;
    for (let index = 0; index < 4; index++) out[to++] = data[from + index]!;
    writer.position = to;
  };
}
