import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { ByteReader } from './byte-reader';
import { hasYukon, ProtocolError, Token } from './protocol';
import { readValue } from './read-value';
import { readTypeInfo, type TypeInfo } from './type-info';

export interface BulkColumn {
  readonly name: string;
  readonly info: TypeInfo;
}

export interface BulkData {
  readonly columns: readonly BulkColumn[];
  /** The rows, read as they are asked for. Throws `ProtocolError` where the data is no TDS. */
  rows(): Generator<DuckDBValue[]>;
}

const isLong = (type: SqlType): boolean => type.name === 'text' || type.name === 'ntext' || type.name === 'image';

/** Reads the data of a bulk load (2.2.6.1): COLMETADATA, then ROW or NBCROW tokens, then DONE. */
export function parseBulkLoad(message: Buffer, version: number): BulkData {
  const reader = new ByteReader(message);
  if (message.length === 0) return { columns: [], rows: function* () {} };
  if (reader.u8() !== Token.colMetadata) throw new ProtocolError('Bulk data does not begin with its columns.');
  const count = reader.u16();
  const columns: BulkColumn[] = [];
  for (let index = 0; index < count; index++) {
    reader.take(hasYukon(version) ? 4 : 2);
    reader.u16();
    const info = readTypeInfo(reader, version);
    // One name of two length bytes, whatever the version: what clients send here.
    if (isLong(info.type)) reader.text();
    columns.push({ name: reader.shortText(), info });
  }
  return { columns, rows: () => readRows(reader, columns) };
}

function* readRows(reader: ByteReader, columns: readonly BulkColumn[]): Generator<DuckDBValue[]> {
  while (!reader.atEnd) {
    const token = reader.u8();
    if (token === Token.done) return;
    if (token !== Token.row && token !== Token.nbcRow)
      throw new ProtocolError(`Token 0x${token.toString(16)} cannot stand in bulk data.`);
    const bitmap = token === Token.nbcRow ? reader.take((columns.length + 7) >> 3) : undefined;
    yield columns.map((column, index) => {
      if (bitmap && bitmap[index >> 3]! & (1 << (index & 7))) return null;
      return isLong(column.info.type) ? readLongValue(reader, column.info) : readValue(reader, column.info);
    });
  }
}

/** text, ntext and image stand behind a text pointer and a time stamp; a pointer without bytes is NULL. */
function readLongValue(reader: ByteReader, info: TypeInfo): DuckDBValue {
  const pointerBytes = reader.u8();
  if (pointerBytes === 0) return null;
  reader.take(pointerBytes + 8);
  return readValue(reader, info);
}
