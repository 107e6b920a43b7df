import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { ByteReader } from './byte-reader';
import type { MessageStream } from './message-stream';
import { CutOffError, hasYukon, ProtocolError, Token } from './protocol';
import { readValue } from './read-value';
import { readTypeInfo, type TypeInfo } from './type-info';

export interface BulkColumn {
  readonly name: string;
  readonly info: TypeInfo;
}

const isLong = (type: SqlType): boolean => type.name === 'text' || type.name === 'ntext' || type.name === 'image';

/** Reads the data of a bulk load (2.2.6.1) as it comes: COLMETADATA, then ROW or NBCROW tokens, then DONE. */
export class BulkReader {
  columns: readonly BulkColumn[] = [];
  private reader = new ByteReader(Buffer.alloc(0));
  private isOver = false;

  constructor(
    private readonly stream: MessageStream,
    private readonly version: number,
  ) {}

  /** Reads the columns; false when the message has none (a load of nothing). */
  async open(): Promise<boolean> {
    if (!(await this.more())) return false;
    this.columns = await this.whole(() => this.readColumns());
    return true;
  }

  /** Reads what has come: at least one row, or nothing at the end. Throws `ProtocolError` where the data is no TDS. */
  async rows(): Promise<DuckDBValue[][]> {
    const rows: DuckDBValue[][] = [];
    const first = await this.whole(() => this.readRow());
    for (let row = first; row; row = this.readRowAtHand()) rows.push(row);
    return rows;
  }

  /** Reads something that may be cut off at the end of what has come: then more is awaited and it is read again. */
  private async whole<T>(read: () => T): Promise<T> {
    for (;;) {
      const start = this.reader.position;
      try {
        return read();
      } catch (error) {
        if (!(error instanceof CutOffError)) throw error;
        this.reader.position = start;
        if (!(await this.more())) throw error;
      }
    }
  }

  /** Awaits as many bytes again as are at hand, so that a long value is not read anew for each packet. */
  private async more(): Promise<boolean> {
    const rest = this.reader.bytes.subarray(this.reader.position);
    const next = await this.stream.take(Math.max(rest.length, 1));
    if (!next) return false;
    this.reader = new ByteReader(rest.length === 0 ? next : Buffer.concat([rest, next]));
    return true;
  }

  private readColumns(): BulkColumn[] {
    const { reader, version } = this;
    if (reader.u8() !== Token.colMetadata) throw new ProtocolError('Bulk data does not begin with its columns.');
    const columns: BulkColumn[] = [];
    for (let left = reader.u16(); left > 0; left--) {
      reader.take(hasYukon(version) ? 4 : 2);
      reader.u16();
      const info = readTypeInfo(reader, version);
      // One name of two length bytes, whatever the version: what clients send here.
      if (isLong(info.type)) reader.text();
      columns.push({ name: reader.shortText(), info });
    }
    return columns;
  }

  private readRowAtHand(): DuckDBValue[] | undefined {
    const start = this.reader.position;
    try {
      return this.readRow();
    } catch (error) {
      if (!(error instanceof CutOffError)) throw error;
      this.reader.position = start;
      return undefined;
    }
  }

  /** The next row; undefined after the last. */
  private readRow(): DuckDBValue[] | undefined {
    if (this.isOver) return undefined;
    const { reader, columns } = this;
    if (reader.atEnd && this.stream.isOver) return undefined;
    const token = reader.u8();
    if (token === Token.done) {
      this.isOver = true;
      return undefined;
    }
    if (token !== Token.row && token !== Token.nbcRow)
      throw new ProtocolError(`Token 0x${token.toString(16)} cannot stand in bulk data.`);
    const bitmap = token === Token.nbcRow ? reader.take((columns.length + 7) >> 3) : undefined;
    return columns.map((column, index) => {
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
