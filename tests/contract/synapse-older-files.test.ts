import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTSql, type TSqlServer } from '../support/tsql';

/** A warehouse file as earlier versions wrote it: microseconds behind datetime2(7) and time(7), a moment behind datetimeoffset. */
let older: string;
let server: TSqlServer;

beforeAll(async () => {
  older = mkdtempSync(path.join(tmpdir(), 'older-'));
  const writer = await startTSql();
  await writer.run(`
    CREATE TABLE dbo.moments (id int NOT NULL, d datetime2 NULL, t time NULL, d3 datetime2(3) NULL, o datetimeoffset NULL);
    INSERT INTO dbo.moments SELECT 1, '1969-12-31 23:59:59.123456', '23:59:59.123456', '2024-01-01 10:00:00.123', '2024-01-01 10:00:00.123456 +00:00';
    INSERT INTO dbo.moments (id) VALUES (2);`);
  await writer.stop((folder) => cpSync(folder, older, { recursive: true }));
  const instance = await DuckDBInstance.create(path.join(older, 'synapse', 'warehouse.duckdb'));
  const connection = await instance.connect();
  for (const [column, type, value] of [
    ['d', 'TIMESTAMP', 'tsql.stamp(d)'],
    ['t', 'TIME', 'tsql.tick_time(t)'],
    ['o', 'TIMESTAMPTZ', "tsql.dto_utc(o) AT TIME ZONE 'UTC'"],
  ])
    await connection.run(`ALTER TABLE dbo.moments ALTER COLUMN ${column} SET DATA TYPE ${type} USING ${value}`);
  connection.closeSync();
  instance.closeSync();
  server = await startTSql(older);
});
afterAll(async () => {
  await server.stop();
  rmSync(older, { recursive: true, force: true });
});

const rows = async (sql: string) => {
  const outcome = await server.run(sql);
  expect(outcome.error).toBeUndefined();
  return outcome.sets.at(-1)!.rows;
};

test('values of an older file are what they were', async () => {
  expect(await rows('SELECT d, t, d3, CAST(o AS varchar(40)) FROM dbo.moments ORDER BY id')).toEqual([
    [
      '1969-12-31 23:59:59.1234560',
      '23:59:59.1234560',
      '2024-01-01 10:00:00.123',
      '2024-01-01 10:00:00.1234560 +00:00',
    ],
    [null, null, null, null],
  ]);
});

test('an older table takes the seventh digit from now on', async () => {
  await server.run(`UPDATE dbo.moments SET d = '2024-01-01 10:00:00.1234567', t = '10:00:00.1234567' WHERE id = 2`);
  expect(await rows(`SELECT d, t FROM dbo.moments WHERE d > '2024-01-01 10:00:00.1234566'`)).toEqual([
    ['2024-01-01 10:00:00.1234567', '10:00:00.1234567'],
  ]);
});
