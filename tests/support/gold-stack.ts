import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ConnectionPool } from 'mssql';
import { parseSettings, type Settings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';
import type { ColumnType } from '../../exports/column-type';
import type { Contract } from '../../exports/contract';
import { startDataLake } from '../../local/datalake';
import { startPool } from './pool';

const key = Buffer.from('a key of the tests, not a secret').toString('base64');

/** The stand-ins of Data Lake and Synapse in temporary folders, with a warehouse that the test fills itself. */
export interface GoldStack {
  settings: Settings;
  pool: ConnectionPool;
  /** Folder whose sub-folders are containers. */
  lakeRoot: string;
  lakePort: number;
  /** The same with another port of the lake, such as a proxy's; as variables and as settings. */
  environmentAt(lakePort: number): Record<string, string>;
  settingsAt(lakePort: number): Settings;
  stop(): Promise<void>;
}

export async function startGoldStack(): Promise<GoldStack> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'medstream-gold-'));
  const lakeRoot = path.join(root, 'lake');
  const lake = await startDataLake({ root: lakeRoot, port: 0, account: 'devstoreaccount1', key });
  const synapse = await startPool(path.join(root, 'synapse'), { medstream: 'medstream' }, { lakeRoot });
  const environmentAt = (lakePort: number) => ({
    MEDSTREAM_HOME: root,
    EVENTHUB_NAMESPACE: 'localhost',
    AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${lakePort}/devstoreaccount1;`,
    SYNAPSE_SERVER: '127.0.0.1',
    SYNAPSE_PORT: String(synapse.port),
    SYNAPSE_DATABASE: 'medstream',
    SYNAPSE_USER: 'medstream',
    SYNAPSE_PASSWORD: 'medstream',
  });
  const settings = parseSettings(environmentAt(lake.port));
  const pool = await connectSynapse(settings, { poolSize: 2 });
  for (const schema of ['silver', 'gold']) await pool.request().batch(`CREATE SCHEMA ${schema}`);
  return {
    settings,
    pool,
    lakeRoot,
    lakePort: lake.port,
    environmentAt,
    settingsAt: (lakePort) => parseSettings(environmentAt(lakePort)),
    async stop() {
      await pool.close();
      await synapse.stop();
      await lake.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A value of a test row, as it goes into a T-SQL literal; decimals, dates and big integers as text. */
export type Literal = string | number | boolean | null;

/** Creates the source table of a contract and fills it. Rows in the order of the contract's columns. */
export async function fillTable(pool: ConnectionPool, contract: Contract, rows: Literal[][]): Promise<void> {
  const columns = contract.columns.map(({ name, type }) => `[${name}] ${sqlType(type)} NULL`);
  await pool
    .request()
    .batch(`CREATE TABLE ${contract.source} (${columns.join(', ')}) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)`);
  await insertRows(pool, contract, rows);
}

export async function insertRows(pool: ConnectionPool, contract: Contract, rows: Literal[][]): Promise<void> {
  for (let from = 0; from < rows.length; from += 500) {
    const selects = rows
      .slice(from, from + 500)
      .map((row) => `SELECT ${contract.columns.map(({ type }, at) => literal(type, row[at] ?? null)).join(', ')}`);
    await pool.request().batch(`INSERT INTO ${contract.source} ${selects.join(' UNION ALL ')}`);
  }
}

export function sqlType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'nvarchar(400)';
    case 'boolean':
      return 'bit';
    case 'int32':
      return 'int';
    case 'int64':
      return 'bigint';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'date':
      return 'date';
    case 'timestamp':
      return 'datetime2(6)';
  }
}

function literal(type: ColumnType, value: Literal): string {
  const text =
    value === null
      ? 'NULL'
      : typeof value === 'boolean'
        ? String(Number(value))
        : `N'${String(value).replaceAll("'", "''")}'`;
  return `CAST(${text} AS ${sqlType(type)})`;
}
