import { DuckDBInstance } from '@duckdb/node-api';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { silentProgress } from '../common/progress';
import { exportGold } from '../exports';
import { runAll } from './incremental';
import { fillBronze } from './prepare';
import { type Bench, peakMemoryMiB, round, timed, withFolder, withStack } from './support';

interface ParquetWriter {
  appendRow(row: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}
interface ParquetLite {
  ParquetSchema: new (fields: Record<string, { type: string; optional: boolean; compression: string }>) => unknown;
  ParquetWriter: { openFile(schema: unknown, file: string): Promise<ParquetWriter> };
}

/**
 * Rows per second of `medstream export` (all tables, into the lake, verified), against `COPY … TO parquet` of DuckDB for
 * the same tables, and against parquetjs-lite for the same `fact_encounter` rows, already in memory.
 */
export const exportBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 1000);
  await withFolder(async (folder) => {
    const home = path.join(folder, 'home');
    const exported = await withStack(home, async (settings) => {
      await fillBronze(settings, folder, { patients, seed: 1 });
      await runAll(settings, true);
      return timed(() => exportGold(settings, { progress: silentProgress }));
    });
    const { rows, tables, bytes } = exported.result;
    const copy = path.join(folder, 'copy.duckdb');
    copyFileSync(path.join(home, 'synapse', 'warehouse.duckdb'), copy);
    const direct = await copyByDuckDb(
      copy,
      path.join(folder, 'direct'),
      tables.map(({ table }) => table),
    );
    const lite = await parquetLite(copy, path.join(folder, 'lite.parquet'));
    report({
      bench: 'export',
      unit: 'rows/s',
      value: round(rows / exported.seconds, 0),
      baseline: { what: 'DuckDB COPY TO parquet (zstd) of the same tables, rows/s', value: round(rows / direct, 0) },
      ratio: round(direct / exported.seconds, 3),
      better: 'higher',
      details: {
        patients,
        rows,
        tables: tables.length,
        megabytes: round(bytes / 1e6),
        seconds: round(exported.seconds),
        parquetjsLiteRowsPerSecond: round(lite, 0),
        ratioToParquetjsLite: round(rows / exported.seconds / lite),
        peakMiB: peakMemoryMiB('self'),
      },
    });
  });
};

async function copyByDuckDb(file: string, folder: string, tables: readonly string[]): Promise<number> {
  mkdirSync(folder);
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const known = await connection.runAndReadAll(
    "select table_schema, table_name from information_schema.tables where table_schema in ('gold', 'silver')",
  );
  const schemaOf = new Map(known.getRows().map(([schema, name]) => [String(name), String(schema)]));
  const { seconds } = await timed(async () => {
    for (const table of tables)
      await connection.run(
        `copy ${schemaOf.get(table) ?? 'gold'}."${table}" to '${folder}/${table}.parquet' (format parquet, compression zstd)`,
      );
  });
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

/** Rows per second of parquetjs-lite for `silver.fact_encounter`. */
async function parquetLite(file: string, target: string): Promise<number> {
  const { ParquetSchema, ParquetWriter } = require('parquetjs-lite') as ParquetLite;
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const result = await connection.runAndReadAll('select * from silver.fact_encounter');
  const names = result.columnNames();
  const rows = result
    .getRows()
    .map((values) =>
      Object.fromEntries(names.map((name, i) => [name, values[i] === null ? undefined : String(values[i])])),
    );
  connection.closeSync();
  instance.closeSync();
  const fields = Object.fromEntries(names.map((n) => [n, { type: 'UTF8', optional: true, compression: 'SNAPPY' }]));
  const { seconds } = await timed(async () => {
    const writer = await ParquetWriter.openFile(new ParquetSchema(fields), target);
    for (const row of rows) await writer.appendRow(row);
    await writer.close();
  });
  return rows.length / seconds;
}
