import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { ByteReader } from './byte-reader';
import { skipHeaders } from './headers';
import { ProtocolError } from './protocol';
import { readValue } from './read-value';
import { readTableValue, type TableValue } from './table-value';
import { readTypeInfo, TypeToken } from './type-info';

/** Procedures that clients call by number (2.2.6.6). */
const numbered: Readonly<Record<number, string>> = {
  1: 'sp_cursor',
  2: 'sp_cursoropen',
  3: 'sp_cursorprepare',
  4: 'sp_cursorexecute',
  5: 'sp_cursorprepexec',
  6: 'sp_cursorunprepare',
  7: 'sp_cursorfetch',
  8: 'sp_cursoroption',
  9: 'sp_cursorclose',
  10: 'sp_executesql',
  11: 'sp_prepare',
  12: 'sp_execute',
  13: 'sp_prepexec',
  14: 'sp_prepexecrpc',
  15: 'sp_unprepare',
};

export interface RpcParameter {
  /** With its `@`, or '' by position. */
  readonly name: string;
  readonly type: SqlType;
  readonly value: DuckDBValue;
  /** The rows of a table-valued parameter, which has neither value nor type. */
  readonly table?: TableValue;
  readonly output: boolean;
  readonly useDefault: boolean;
}

export interface RpcCall {
  readonly procedure: string;
  readonly parameters: readonly RpcParameter[];
  /** A parameter of a kind the server has not (CLR); the call is refused with this name. */
  readonly refused?: string;
}

/** Reads an RPC message: one call, or several of a batch. Throws `ProtocolError`. */
export function parseRpc(message: Buffer, version: number): RpcCall[] {
  const reader = new ByteReader(message);
  skipHeaders(reader, version);
  const calls: RpcCall[] = [];
  while (!reader.atEnd) {
    const length = reader.u16();
    const procedure = length === 0xffff ? (numbered[reader.u16()] ?? 'unknown') : reader.ucs2(length);
    reader.u16();
    const parameters: RpcParameter[] = [];
    let refused: string | undefined;
    while (!reader.atEnd) {
      // 0xff (7.2 and later) and 0x80 (before) end a call of a batch, 0xfe is "do not execute"; no name is that long.
      const next = reader.peek();
      if (next === 0xff || next === 0x80 || next === 0xfe) {
        reader.u8();
        break;
      }
      const name = reader.shortText();
      const status = reader.u8();
      if (reader.peek() === TypeToken.udt) {
        refused = 'CLR type parameters';
        reader.position = message.length;
        break;
      }
      if (reader.peek() === TypeToken.tableValued) {
        reader.u8();
        const table = readTableValue(reader, version);
        parameters.push({ name, type: { name: 'sql_variant' }, value: null, table, output: false, useDefault: false });
        continue;
      }
      const info = readTypeInfo(reader, version);
      parameters.push({
        name,
        type: info.type,
        value: readValue(reader, info),
        output: (status & 1) !== 0,
        useDefault: (status & 2) !== 0,
      });
    }
    calls.push({ procedure, parameters, refused });
  }
  if (calls.length === 0) throw new ProtocolError('An RPC message calls nothing.');
  return calls;
}
