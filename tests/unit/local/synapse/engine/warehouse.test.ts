import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openWarehouse } from '../../../../../local/synapse/engine/warehouse';

const folder = mkdtempSync(path.join(tmpdir(), 'warehouse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string): [string, string, string] => [
  path.join(folder, name),
  path.join(folder, `${name}-lake`),
  'medstream',
];

test('what was written is there after closing and opening again', async () => {
  const first = await openWarehouse(...place('a'));
  const writer = await first.connect();
  await writer.run('CREATE TABLE t AS SELECT 7 AS x');
  writer.closeSync();
  await first.close();
  const second = await openWarehouse(...place('a'));
  const reader = await second.connect();
  expect(await (await reader.run('SELECT x FROM medstream.dbo.t')).getRows()).toEqual([[7]]);
  reader.closeSync();
  await second.close();
});

test('a statement leaves half of the cores to the others', async () => {
  const warehouse = await openWarehouse(...place('threads'));
  const connection = await warehouse.connect();
  const [[threads]] = (await connection.runAndReadAll("SELECT current_setting('threads')")).getRows() as [[bigint]];
  expect(Number(threads)).toBe(Math.max(1, Math.floor(availableParallelism() / 2)));
  connection.closeSync();
  await warehouse.close();
});

test('a file that is open in this process is not opened again', async () => {
  const warehouse = await openWarehouse(...place('b'));
  await expect(openWarehouse(...place('b'))).rejects.toThrow('already open');
  await warehouse.close();
  const again = await openWarehouse(...place('b'));
  await again.close();
});

test('DuckDB reads the lake, and nothing outside of it', async () => {
  const [root, lake, database] = place('c');
  mkdirSync(path.join(lake, 'bronze'), { recursive: true });
  writeFileSync(path.join(lake, 'bronze', 'x.csv'), 'a,b\n1,2\n');
  writeFileSync(path.join(folder, 'outside.csv'), 'a,b\n1,2\n');
  const warehouse = await openWarehouse(root, lake, database);
  const connection = await warehouse.connect();
  const inside = await connection.run(`SELECT count(*)::INTEGER FROM read_csv('${lake}/bronze/*.csv')`);
  expect(await inside.getRows()).toEqual([[1]]);
  await connection.run(`COPY (SELECT 1 AS x) TO '${lake}/bronze/y.parquet' (FORMAT parquet)`);
  for (const attack of [
    `SELECT * FROM read_csv('${folder}/outside.csv')`,
    `SELECT * FROM read_text('${lake}/../outside.csv')`,
    "SELECT * FROM read_text('/etc/passwd')",
    `COPY (SELECT 1) TO '${folder}/written.csv'`,
    `ATTACH '${folder}/other.duckdb'`,
    'SET enable_external_access = true',
    "INSTALL httpfs FROM 'http://127.0.0.1:9'",
  ]) {
    await expect(connection.run(attack)).rejects.toThrow(/Permission|disabled|Cannot|cannot|not allowed/i);
  }
  connection.closeSync();
  await warehouse.close();
});
