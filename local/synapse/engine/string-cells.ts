import type { SqlType } from '../contract';
import { encodeCodePage } from '../wire/code-page';
import type { PacketWriter } from '../wire/packet-writer';
import { isPlp, withoutBlanks } from './encode-value';
import type { Cell } from './number-cells';
import { StringData, type Vector } from './vector';

/** Up to this many bytes are copied one by one, which is faster than calling into the runtime. */
const shortBytes = 48;

/**
 * Strings and blobs. `rowBytes` is what the fixed-width rest of the row may need: it is reserved again after each string, or
 * later cells would write past the buffer.
 */
export function nvarcharCell(writer: PacketWriter, vector: Vector, type: SqlType, rowBytes: number): Cell {
  const strings = new StringData(vector);
  const plp = isPlp(type);
  const mostBytes = plp ? Infinity : type.length! * 2;
  return (row) => {
    strings.locate(row);
    const { source, start, length } = strings;
    writer.reserve(length * 2 + 24 + rowBytes);
    const out = writer.buffer;
    const head = writer.position;
    const body = head + (plp ? 12 : 2);
    let to = body;
    let index = 0;
    if (length <= shortBytes) {
      for (; index < length; index++) {
        const byte = source[start + index]!;
        if (byte > 127) break;
        out[to++] = byte;
        out[to++] = 0;
      }
    }
    if (index < length) to = body + out.write(source.toString('utf8', start, start + length), body, 'ucs2');
    if (to - body > mostBytes) to = body + withoutBlanks(out.subarray(body, to), mostBytes, true).length;
    finish(writer, head, body, to, plp);
  };
}

/** varchar: the bytes themselves while they are ASCII, else code page 1252. */
export function varcharCell(writer: PacketWriter, vector: Vector, type: SqlType, rowBytes: number): Cell {
  const strings = new StringData(vector);
  const plp = isPlp(type);
  const mostBytes = plp ? Infinity : type.length!;
  return (row) => {
    strings.locate(row);
    const { source, start, length } = strings;
    writer.reserve(length + 24 + rowBytes);
    const out = writer.buffer;
    const head = writer.position;
    const body = head + (plp ? 12 : 2);
    let to = body;
    let seen = 0;
    if (length <= shortBytes) {
      for (let index = 0; index < length; index++) {
        const byte = source[start + index]!;
        seen |= byte;
        out[to++] = byte;
      }
    } else {
      to += source.copy(out, body, start, start + length);
      for (let index = body; index < to; index++) seen |= out[index]!;
    }
    if (seen > 127) to = body + encodeCodePage(source.toString('utf8', start, start + length)).copy(out, body);
    if (to - body > mostBytes) to = body + withoutBlanks(out.subarray(body, to), mostBytes, false).length;
    finish(writer, head, body, to, plp);
  };
}

/** varbinary(max) from BLOB. */
export function blobCell(writer: PacketWriter, vector: Vector, rowBytes: number): Cell {
  const blobs = new StringData(vector);
  return (row) => {
    blobs.locate(row);
    writer.reserve(blobs.length + 24 + rowBytes);
    const head = writer.position;
    const body = head + 12;
    const to = body + blobs.source.copy(writer.buffer, body, blobs.start, blobs.start + blobs.length);
    finish(writer, head, body, to, true);
  };
}

/** Writes the length before (and the terminator after) a body that already stands in the buffer. */
function finish(writer: PacketWriter, head: number, body: number, end: number, plp: boolean): void {
  const out = writer.buffer;
  const length = end - body;
  out[head] = length;
  out[head + 1] = length >> 8;
  if (!plp) {
    writer.position = end;
    return;
  }
  // Eight bytes of total length, four of the only chunk's, four of the chunk that ends it (which is the only one of an empty value).
  out[head + 2] = length >> 16;
  out[head + 3] = length >> 24;
  out[head + 4] = out[head + 5] = out[head + 6] = out[head + 7] = 0;
  out[head + 8] = length;
  out[head + 9] = length >> 8;
  out[head + 10] = length >> 16;
  out[head + 11] = length >> 24;
  if (length === 0) {
    writer.position = head + 12;
    return;
  }
  out[end] = out[end + 1] = out[end + 2] = out[end + 3] = 0;
  writer.position = end + 4;
}

/** uniqueidentifier from UUID: a 128-bit integer with its top bit turned, to the mixed-endian form of TDS. */
export function guidCell(writer: PacketWriter, data: Uint8Array): Cell {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => 15 - at);
  return (row) => {
    const from = 16 * row;
    const out = writer.buffer;
    let to = writer.position;
    out[to++] = 16;
    for (const at of order) out[to++] = data[from + at]! ^ (at === 15 ? 0x80 : 0);
    writer.position = to;
  };
}
