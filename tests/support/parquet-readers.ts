import { DuckDBInstance } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readParquet } from 'parquet-wasm/node';
import type { ColumnType } from '../../exports/column-type';
import type { SinkColumn } from '../../exports/parquet/sink';

/**
 * One value in a form that all readers can be compared in: texts as they are; whole numbers, decimals (unscaled), days
 * and microseconds since 1970 as digits; `true` or `false`; null.
 */
export type Plain = string | null;
/** Reads a whole Parquet file; rows with one value a column. */
export type ParquetReader = (file: Uint8Array, columns: readonly SinkColumn[]) => Promise<Plain[][]>;

/** The independent readers, by name. `canRead` says which types the reader understands; others are left out. */
export const readers: Readonly<Record<string, { read: ParquetReader; canRead(type: ColumnType): boolean }>> = {
  DuckDB: { read: readWithDuckDb, canRead: () => true },
  hyparquet: { read: readWithHyparquet, canRead: () => true },
  'apache-arrow, by parquet-wasm': { read: readWithArrow, canRead: () => true },
  'parquetjs-lite': { read: readWithLite, canRead: (type) => type.kind !== 'decimal' || type.precision > 9 },
};

async function readWithDuckDb(file: Uint8Array, columns: readonly SinkColumn[]): Promise<Plain[][]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medstream-parquet-'));
  const name = path.join(folder, 'file.parquet');
  writeFileSync(name, file);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const list = columns.map(({ name: column, type }) => {
      const quoted = `"${column}"`;
      if (type.kind === 'date') return `(${quoted} - date '1970-01-01')::varchar`;
      return type.kind === 'timestamp' ? `epoch_us(${quoted})::varchar` : `${quoted}::varchar`;
    });
    const result = await connection.runAndReadAll(
      `select ${list.join(', ')} from read_parquet('${name}', hive_partitioning = false)`,
    );
    return result
      .getRows()
      .map((row) => row.map((value, at) => (value === null ? null : unscaled(columns[at]!.type, String(value)))));
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `-0.05` → `-5`: DuckDB prints all digits after the point. */
function unscaled(type: ColumnType, text: string): string {
  return type.kind === 'decimal' ? BigInt(text.replace('.', '')).toString() : text;
}

/** hyparquet makes doubles of decimals and milliseconds of times; without their annotations it hands out what is stored. */
async function readWithHyparquet(file: Uint8Array, columns: readonly SinkColumn[]): Promise<Plain[][]> {
  const { parquetMetadata, parquetRead } = await import('hyparquet');
  const buffer = exactBuffer(file);
  const metadata = parquetMetadata(buffer);
  for (const element of metadata.schema)
    if (['INT32', 'INT64'].includes(element.type ?? '')) {
      delete element.converted_type;
      delete element.logical_type;
    }
  let rows: unknown[][] = [];
  await parquetRead({
    file: buffer,
    metadata,
    columns: columns.map(({ name }) => name),
    onComplete: (all) => (rows = all as unknown as unknown[][]),
  });
  return rows.map((row) => row.map(plain));
}

async function readWithArrow(file: Uint8Array, columns: readonly SinkColumn[]): Promise<Plain[][]> {
  const table = arrow.tableFromIPC(readParquet(file).intoIPCStream());
  const values = columns.map(({ name, type }) => {
    const vector = table.getChild(name)!;
    return vector.data.flatMap((data) =>
      Array.from({ length: data.length }, (_, at) => (data.getValid(at) ? arrowPlain(type, data, at) : null)),
    );
  });
  return Array.from({ length: table.numRows }, (_, row) => values.map((column) => column[row]!));
}

/** The stored value, before apache-arrow makes a double of it. */
function arrowPlain(type: ColumnType, data: arrow.Data, at: number): string {
  const stored = data.values as Int32Array | BigInt64Array;
  switch (type.kind) {
    case 'text':
    case 'boolean':
      return String(arrow.makeVector(data).get(at));
    case 'decimal': {
      const words = new DataView(stored.buffer, stored.byteOffset + at * 16, 16);
      return ((words.getBigInt64(8, true) << 64n) + words.getBigUint64(0, true)).toString();
    }
    default:
      return String(stored[at]);
  }
}

interface LiteFile {
  getCursor(): { next(): Promise<Record<string, unknown> | null> };
  close(): Promise<void>;
}

/**
 * parquetjs-lite knows no DECIMAL, not the newer name of PLAIN_DICTIONARY, and fails on a time in a dictionary: it
 * refuses our files as they are. Here it gets the two names, and hands out what is stored; pages, levels, dictionaries
 * and compression are read by its own code.
 */
function liteReader(): { openBuffer(buffer: Buffer): Promise<LiteFile> } {
  const codecs = require('parquetjs-lite/lib/codec') as Record<string, unknown>;
  codecs['RLE_DICTIONARY'] = codecs['PLAIN_DICTIONARY'];
  const types = require('parquetjs-lite/lib/types') as { PARQUET_LOGICAL_TYPES: Record<string, unknown> };
  for (const [name, primitiveType] of [
    ['DECIMAL', 'INT64'],
    ['TIMESTAMP_MICROS', 'INT64'],
    ['DATE', 'INT32'],
  ])
    types.PARQUET_LOGICAL_TYPES[name!] = { primitiveType, toPrimitive: (value: unknown) => value };
  return (require('parquetjs-lite') as { ParquetReader: ReturnType<typeof liteReader> }).ParquetReader;
}

async function readWithLite(file: Uint8Array, columns: readonly SinkColumn[]): Promise<Plain[][]> {
  const reader = await liteReader().openBuffer(Buffer.from(file));
  const rows: Plain[][] = [];
  const cursor = reader.getCursor();
  for (let row = await cursor.next(); row; row = await cursor.next())
    rows.push(columns.map(({ name }) => plain(row?.[name])));
  await reader.close();
  return rows;
}

function plain(value: unknown): Plain {
  return value === null || value === undefined ? null : String(value);
}

function exactBuffer(file: Uint8Array): ArrayBuffer {
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}
