import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import type { ByteReader } from './byte-reader';
import { ProtocolError } from './protocol';
import { readValue } from './read-value';
import { readTypeInfo } from './type-info';

/** A table-valued parameter as it was sent. */
export interface TableValue {
  /** Schema ('' when the client named none) and name of the table type. */
  readonly type: readonly [string, string];
  /** Types of the columns; undefined = the column stays at its default, and rows have no value for it. */
  readonly columns: readonly (SqlType | undefined)[];
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** Tokens inside a table-valued parameter (2.2.6.5 of [MS-TDS], TVP_...). */
const Tvp = { end: 0x00, row: 0x01, orderUnique: 0x10, columnOrdering: 0x11 } as const;
const noColumns = 0xffff;
/** Flag of a column that is left at its default. */
const isDefault = 0x0200;

/** Reads a table-valued parameter after its type token. Throws `ProtocolError`. */
export function readTableValue(reader: ByteReader, version: number): TableValue {
  reader.shortText();
  const type = [reader.shortText(), reader.shortText()] as const;
  const count = reader.u16();
  const infos = Array.from({ length: count === noColumns ? 0 : count }, () => {
    reader.take(4);
    const flags = reader.u16();
    const info = readTypeInfo(reader, version);
    reader.shortText();
    return flags & isDefault ? undefined : info;
  });
  for (let token = reader.u8(); token !== Tvp.end; token = reader.u8()) {
    if (token === Tvp.orderUnique) reader.take(reader.u16() * 3);
    else if (token === Tvp.columnOrdering) reader.take(reader.u16() * 2);
    else throw new ProtocolError(`Token 0x${token.toString(16)} cannot stand in a table-valued parameter.`);
  }
  const sent = infos.flatMap((info) => info ?? []);
  const rows: DuckDBValue[][] = [];
  for (let token = reader.u8(); token !== Tvp.end; token = reader.u8()) {
    if (token !== Tvp.row) throw new ProtocolError('A row of a table-valued parameter does not begin as one.');
    rows.push(sent.map((info) => readValue(reader, info)));
  }
  return { type, columns: infos.map((info) => info?.type), rows };
}
