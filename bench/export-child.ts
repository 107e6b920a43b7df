import type { ConnectionPool } from 'mssql';
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseSettings, type Settings } from '../azure/settings';
import { connectSynapse } from '../azure/synapse';
import { silentProgress } from '../common/progress';
import { exportGold } from '../exports';
import { readContracts, type Contract } from '../exports/contract';
import type { ColumnType } from '../exports/column-type';
import type { Cell } from '../exports/parquet/sink';
import { exportStatement, measureSource, streamRows } from '../exports/source';
import { peakMemoryMiB } from './support';

/** What one process of the export benchmark did. */
export interface ExportMeasure {
  rows: number;
  bytes: number;
  cpuSeconds: number;
  seconds: number;
  peakMiB: number;
}
type Work = (settings: Settings, folder: string) => Promise<{ rows: number; bytes: number }>;

const work: Readonly<Record<string, Work>> = {
  read: (settings) =>
    withRows(settings, async (pool, statement) => ({ ...(await streamed(pool, statement)), bytes: 0 })),
  export: (settings) => exportGold(settings, { select: 'fact_encounter', progress: silentProgress }),
  'parquetjs-lite': (settings, folder) =>
    withRows(settings, (pool, statement, contract) =>
      writeLite(pool, statement, contract, path.join(folder, 'lite.parquet')),
    ),
};

async function withRows<T>(
  settings: Settings,
  body: (pool: ConnectionPool, statement: string, contract: Contract) => Promise<T>,
): Promise<T> {
  const contract = readContracts().find(({ table }) => table === 'fact_encounter')!;
  const pool = await connectSynapse(settings, { poolSize: 1 });
  try {
    const { wide } = await measureSource(pool, contract);
    return await body(pool, exportStatement(contract, wide), contract);
  } finally {
    await pool.close();
  }
}

async function streamed(pool: ConnectionPool, statement: string): Promise<{ rows: number }> {
  return { rows: await streamRows(pool, statement, () => undefined) };
}

interface LiteWriter {
  appendRow(row: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}
interface ParquetLite {
  ParquetSchema: new (fields: Record<string, { type: string; optional: boolean; compression: string }>) => unknown;
  ParquetWriter: { openFile(schema: unknown, file: string): Promise<LiteWriter> };
}

/** Rows of a row group of parquetjs-lite, as it comes. */
const liteRowGroup = 4096;
/** parquetjs-lite has no DECIMAL and rounds INT64: money goes as DOUBLE, keys as text. */
const liteTypes: Record<ColumnType['kind'], string> = {
  text: 'UTF8',
  boolean: 'BOOLEAN',
  int32: 'INT32',
  int64: 'UTF8',
  decimal: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP_MICROS',
};

async function writeLite(pool: ConnectionPool, statement: string, { columns }: Contract, file: string) {
  const { ParquetSchema, ParquetWriter } = require('parquetjs-lite') as ParquetLite;
  const fields = columns.map(({ name, type }) => [
    name,
    { type: liteTypes[type.kind], optional: true, compression: 'SNAPPY' },
  ]);
  const writer = await ParquetWriter.openFile(new ParquetSchema(Object.fromEntries(fields)), file);
  let seen = 0;
  // Its promise matters where it writes a row group only; to wait at every row would cost it more than it deserves.
  const rows = await streamRows(pool, statement, (cells) => {
    const appended = writer.appendRow(liteRow(columns, cells));
    return ++seen % liteRowGroup === 0 ? appended : undefined;
  });
  await writer.close();
  return { rows, bytes: statSync(file).size };
}

function liteRow(columns: Contract['columns'], cells: readonly Cell[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  columns.forEach(({ name, type }, at) => {
    const cell = cells[at];
    if (cell !== null) row[name] = type.kind === 'decimal' ? Number(cell) : cell;
  });
  return row;
}

async function main(): Promise<void> {
  const [what, folder] = process.argv.slice(2);
  const started = performance.now();
  const { rows, bytes } = await work[what!]!(parseSettings(process.env), folder!);
  const { user, system } = process.cpuUsage();
  const measure: ExportMeasure = {
    rows,
    bytes,
    cpuSeconds: (user + system) / 1e6,
    seconds: (performance.now() - started) / 1000,
    peakMiB: peakMemoryMiB('self'),
  };
  process.stdout.write(`${JSON.stringify(measure)}\n`);
}

void main();
