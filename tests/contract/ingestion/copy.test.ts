import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConnectionPool } from 'mssql';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSettings, type Settings } from '../../../azure/settings';
import { connectSynapse } from '../../../azure/synapse';
import { localNeeds } from '../../../cli/services';
import { silentProgress } from '../../../common/progress';
import { copy } from '../../../ingestion/copy';
import { land } from '../../../ingestion/land';
import { load } from '../../../ingestion/load';
import { startLocalStack, type LocalStack } from '../../../local/stack';
import { generate } from '../../../simulator/generate';

const home = mkdtempSync(path.join(tmpdir(), 'medstream-copy-'));
const data = path.join(home, 'data');
let stack: LocalStack;
let settings: Settings;
let pool: ConnectionPool;

beforeAll(async () => {
  await generate({ patients: 4, seed: 8, family: 'A', out: data, progress: silentProgress });
  stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  settings = parseSettings({ MEDSTREAM_HOME: home, ...stack.environment });
  pool = await connectSynapse(settings, { poolSize: 1 });
});
afterAll(async () => {
  await pool.close();
  await stack.stop();
  rmSync(home, { recursive: true });
});

const copyAll = () => copy(settings, { progress: silentProgress });
const loadAll = () => load(settings, { data, progress: silentProgress });
const query = async <Row>(sql: string) => (await pool.request().batch(sql)).recordset as unknown as Row[];
const numberOf = async (sql: string) => Number(Object.values((await query<Record<string, unknown>>(sql))[0]!)[0]);
const at = (name: string) => path.join(data, name);
const rowsIn = (name: string) => readFileSync(at(name), 'utf8').trimEnd().split('\n').slice(1);

async function sendEvents(bodies: string[]): Promise<void> {
  const client = new EventHubProducerClient(settings.eventHubs.connectionString!, 'encounters');
  await client.sendBatch(
    bodies.map((body) => ({ body: Buffer.from(body) })),
    { partitionId: '1' },
  );
  await client.close();
  await land(settings, { progress: silentProgress });
}

// The tests are one story: each goes on from the tables that the one before has left.
test('every file of bronze is in its table, row for row, and in the ledger', async () => {
  const loaded = await loadAll();
  const bodies = ['{"n":1}', 'no JSON, with \'quotes\', "double" ones,\ttabs and commas', '{"é":"€"}'];
  await sendEvents(bodies);
  const summary = await copyAll();
  expect(summary.failed).toEqual([]);
  expect(summary.files).toBe(12);
  for (const { file, table } of loaded.files) {
    const expected = rowsIn(file).sort();
    const header = readFileSync(at(file), 'utf8').split('\n', 1)[0]!.split(',');
    const rows = await query<Record<string, string | null>>(`SELECT * FROM bronze.${table}`);
    expect(rows.map((row) => header.map((name) => row[name] ?? '').join(',')).sort()).toEqual(expected);
    expect(summary.tables[table]).toBe(expected.length);
    // The models find the rows of a load by the time of their copy: it must be that of the ledger, to the tick.
    const timed = `SELECT COUNT(*) FROM bronze.${table} b JOIN bronze.load_ledger l ON l.source_file = b._source_file AND l.copied_at = b._loaded_at`;
    expect(await numberOf(timed)).toBe(expected.length);
  }
  const lines = await query<{ line: string }>('SELECT line FROM bronze.encounters_raw');
  expect(lines.map(({ line }) => (JSON.parse(line) as { body: string }).body).sort()).toEqual(bodies.sort());
  expect(await numberOf(`SELECT COUNT(*) FROM bronze.load_ledger WHERE status = 'copied'`)).toBe(12);
  expect(await numberOf('SELECT SUM(rows_copied) FROM bronze.load_ledger')).toBe(summary.rows);
});

test('the largest files are begun first: one of them alone at the end would keep the others waiting', async () => {
  const begun = await query<{ label: string }>(
    `SELECT [label] FROM sys.dm_pdw_exec_requests WHERE command LIKE 'COPY INTO%' ORDER BY submit_time, request_id`,
  );
  const largest = readdirSync(data)
    .filter((name) => name.endsWith('.csv'))
    .sort((a, b) => statSync(at(b)).size - statSync(at(a)).size)
    .map((name) => `medstream:copy:bronze.${name.replace('.csv', '')}__copy`);
  expect(
    begun
      .slice(0, 3)
      .map(({ label }) => label)
      .sort(),
  ).toEqual(largest.slice(0, 3).sort());
});

test('copying again changes nothing', async () => {
  expect(await copyAll()).toMatchObject({ files: 0, rows: 0, failed: [] });
  expect(await numberOf('SELECT COUNT(*) FROM bronze.encounters')).toBe(rowsIn('encounters.csv').length);
});

test('a new column is added to its table', async () => {
  const [header, ...rows] = readFileSync(at('payers.csv'), 'utf8').trimEnd().split('\n');
  writeFileSync(at('payers.csv'), [`${header},RATING`, ...rows.map((row, i) => `${row},r${i}`), ''].join('\n'));
  await loadAll();
  expect(await copyAll()).toMatchObject({ files: 1, rows: rows.length, failed: [] });
  const ratings = await query<{ RATING: string }>('SELECT RATING FROM bronze.payers WHERE RATING IS NOT NULL');
  expect(ratings.map(({ RATING }) => RATING).sort()).toEqual(rows.map((_, i) => `r${i}`).sort());
});

test('a file that fails is in the ledger with its reason, stops no other, and is copied once it is right', async () => {
  for (const name of ['conditions.csv', 'procedures.csv'])
    writeFileSync(at(name), `${readFileSync(at(name), 'utf8').trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
  const { loadId } = await loadAll();
  const file = path.join(home, 'lake', 'bronze', 'reference', 'conditions', `load=${loadId}`, 'conditions.csv');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.trimEnd().split('\n').slice(0, -2).join('\n') + '\n');
  await sendEvents(['{"n":4}']);
  const before = await numberOf('SELECT COUNT(*) FROM bronze.conditions');
  const summary = await copyAll();
  expect(summary.failed).toHaveLength(1);
  expect(summary.failed[0]).toMatchObject({ file: `bronze/reference/conditions/load=${loadId}/conditions.csv` });
  expect(summary.failed[0]!.reason).toContain(`counts ${rowsIn('conditions.csv').length} rows`);
  expect(summary.tables).toMatchObject({ procedures: rowsIn('procedures.csv').length, encounters_raw: 1 });
  expect(await numberOf('SELECT COUNT(*) FROM bronze.conditions')).toBe(before);
  expect(await numberOf(`SELECT COUNT(*) FROM bronze.load_ledger WHERE status = 'failed'`)).toBe(1);
  writeFileSync(file, whole);
  expect(await copyAll()).toMatchObject({ files: 1, rows: rowsIn('conditions.csv').length, failed: [] });
  expect(await numberOf(`SELECT COUNT(*) FROM bronze.load_ledger WHERE status = 'failed'`)).toBe(0);
});

test('a warehouse that is not there is one clear error', async () => {
  const nowhere = { ...settings, synapse: { ...settings.synapse, port: 1, connectTimeoutSeconds: 3 } };
  await expect(copy(nowhere, { progress: silentProgress })).rejects.toMatchObject({ code: 'MS3301', exitCode: 3 });
});
