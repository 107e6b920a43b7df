import type { ColumnType } from '../column-type';

export interface SinkColumn {
  name: string;
  type: ColumnType;
}

/** A value as the driver hands it out: `bigint` and `decimal` as text, dates as Date (UTC) with `nanosecondsDelta`. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** Takes rows, gives one Parquet file. Holds one file in memory: who uses it ends a file by its rows and its texts. */
export interface ParquetSink {
  /** Rows taken since the last `finish`. */
  readonly rows: number;
  /** Bytes of text in them, as of some hundred rows ago. */
  readonly textBytes: number;
  /** @param row one cell a column, in the order of the columns. @throws MedStreamError MS5003 for a value that is not of its type. */
  push(row: readonly Cell[]): void;
  /** The file with the rows taken so far; the sink is empty afterwards. */
  finish(): Uint8Array;
}
