import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mssql from 'mssql';
import type { LocalSynapse } from '../../local/synapse';
import { startPool } from '../support/pool';

/** The pool refuses what a dedicated pool refuses; `master` and `tempdb` take it, as the logical server's own databases do. */
const user = 'medstream';
const password = 'Local(!)Pass1';
const root = mkdtempSync(path.join(tmpdir(), 'synapse-surfaces-'));
let server: LocalSynapse;
const pools: mssql.ConnectionPool[] = [];

async function open(database: string): Promise<mssql.ConnectionPool> {
  const config = { server: '127.0.0.1', port: server.port, user, password, database, pool: { max: 1 } };
  const pool = await new mssql.ConnectionPool({ ...config, options: { encrypt: false } }).connect();
  pools.push(pool);
  return pool;
}
async function rows(pool: mssql.ConnectionPool, text: string): Promise<Record<string, unknown>[][]> {
  return (await pool.request().batch(text)).recordsets as unknown as Record<string, unknown>[][];
}
const failure = (pool: mssql.ConnectionPool, text: string): Promise<unknown> =>
  rows(pool, text).then(
    () => undefined,
    (error: { number?: number }) => error.number,
  );

beforeAll(async () => {
  server = await startPool(root, { [user]: password });
});

afterAll(async () => {
  for (const pool of pools) await pool.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

test.each([
  ['a table variable', 'DECLARE @t TABLE (a int)'],
  ['several rows in VALUES', 'CREATE TABLE #v (a int); INSERT INTO #v VALUES (1), (2)'],
  ['an enforced key', 'CREATE TABLE dbo.refused (a int PRIMARY KEY)'],
  ['a computed column', 'CREATE TABLE dbo.refused (a int, b AS a + 1)'],
  ['a CHECK constraint', 'CREATE TABLE dbo.refused (a int CHECK (a > 0))'],
  ['type text', 'CREATE TABLE dbo.refused (a text)'],
  ['a table type', 'CREATE TYPE dbo.refused AS TABLE (a int)'],
  ['WAITFOR', "WAITFOR DELAY '00:00:00'"],
  ['a temporary procedure', 'CREATE PROCEDURE #refused AS SELECT 1'],
])('the pool refuses %s', async (_, text) => {
  expect(await failure(await open('medstream'), text)).toBe(104467);
});

test('the pool does not switch databases', async () => {
  expect(await failure(await open('medstream'), 'USE tempdb')).toBe(40508);
});

test('a login that names no database may make one and use it; one that names the pool may not', async () => {
  const config = { server: '127.0.0.1', port: server.port, user, password, pool: { max: 1 } };
  const pool = await new mssql.ConnectionPool({ ...config, options: { encrypt: false } }).connect();
  pools.push(pool);
  const [before] = await rows(pool, "CREATE DATABASE guest; SELECT DB_NAME() AS d, DB_ID('guest') - 5 AS other");
  expect(before).toEqual([{ d: 'medstream', other: 1 }]);
  const guest = await open('guest');
  const [made] = await rows(
    guest,
    'CREATE TABLE dbo.t (a int PRIMARY KEY); SELECT DB_NAME() AS d, COUNT(*) AS n FROM dbo.t',
  );
  expect(made).toEqual([{ d: 'guest', n: 0 }]);
  await rows(guest, 'USE master');
  expect(await failure(await open('medstream'), 'DROP DATABASE guest')).toBe(104467);
  expect((await rows(pool, "DROP DATABASE guest; SELECT DB_ID('guest') AS id"))[0]).toEqual([{ id: null }]);
});

test('master lists computed columns, table types and sequences', async () => {
  const pool = await open('master');
  await rows(pool, 'CREATE TABLE dbo.listed (id bigint IDENTITY(5, 2), a int, b AS a + 1)');
  await rows(pool, 'CREATE TYPE dbo.listed_type AS TABLE (a int)');
  const [computed, identity, types, sequences] = await rows(
    pool,
    `SELECT c.name, c.definition, k.is_computed FROM sys.computed_columns c JOIN sys.columns k ON k.object_id = c.object_id AND k.column_id = c.column_id;
     SELECT name, seed_value, increment_value, max_length FROM sys.identity_columns;
     SELECT name FROM sys.table_types; SELECT name, start_value FROM sys.sequences`,
  );
  expect(computed).toEqual([{ name: 'b', definition: expect.stringContaining('a'), is_computed: true }]);
  expect(identity).toEqual([{ name: 'id', seed_value: '5', increment_value: '2', max_length: 8 }]);
  expect([types, sequences]).toEqual([[{ name: 'listed_type' }], []]);
  await rows(pool, 'DROP TYPE dbo.listed_type; DROP TABLE dbo.listed');
  expect(await failure(await open('medstream'), 'SELECT * FROM sys.table_types')).toBe(208);
});

test('master tells the IDENTITY numbers it gave, of a procedure and of the batches apart', async () => {
  const pool = await open('master');
  await rows(pool, 'CREATE TABLE dbo.numbered (id int IDENTITY(10, 5), a int CONSTRAINT named_key UNIQUE)');
  await rows(
    pool,
    'CREATE PROCEDURE dbo.number_one AS INSERT INTO dbo.numbered (a) VALUES (9); SELECT SCOPE_IDENTITY() AS s',
  );
  const first = await rows(
    pool,
    'SELECT SCOPE_IDENTITY() AS s, @@IDENTITY AS i; INSERT INTO dbo.numbered (a) VALUES (1), (2); SELECT SCOPE_IDENTITY() AS s, @@IDENTITY AS i, @@ROWCOUNT AS n',
  );
  expect(first).toEqual([[{ s: null, i: null }], [{ s: 15, i: 15, n: 2 }]]);
  const [inside, outside] = await rows(pool, 'EXEC dbo.number_one; SELECT SCOPE_IDENTITY() AS s, @@IDENTITY AS i');
  expect([inside, outside]).toEqual([[{ s: 20 }], [{ s: 15, i: 20 }]]);
  const [keys] = await rows(
    pool,
    "SELECT name FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID('dbo.numbered')",
  );
  expect(keys).toEqual([{ name: 'named_key' }]);
  await rows(pool, 'DROP PROCEDURE dbo.number_one; DROP TABLE dbo.numbered');
  expect(await failure(await open('medstream'), 'SELECT SCOPE_IDENTITY() AS s')).toBe(104467);
});

test('master takes table variables with their own scope', async () => {
  const pool = await open('master');
  const text = "DECLARE @t TABLE (a int PRIMARY KEY, b varchar(9)); INSERT INTO @t VALUES (1, 'x'), (2, 'y'); ";
  const [first] = await rows(
    pool,
    `${text} UPDATE @t SET b = 'z' WHERE a = 2; DELETE FROM @t WHERE a = 1; SELECT * FROM @t`,
  );
  expect(first).toEqual([{ a: 2, b: 'z' }]);
  expect(await failure(pool, 'SELECT * FROM @t')).toBe(1087);
});

test('master checks keys and conditions, and computes columns', async () => {
  const pool = await open('master');
  await rows(
    pool,
    "CREATE TABLE dbo.k (a int IDENTITY PRIMARY KEY, b varchar(9) UNIQUE CHECK (b <> 'no'), c AS b + '!')",
  );
  await rows(pool, "INSERT INTO dbo.k (b) VALUES ('one'), ('two')");
  expect(await rows(pool, 'SELECT * FROM dbo.k ORDER BY a')).toEqual([
    [
      { a: 1, b: 'one', c: 'one!' },
      { a: 2, b: 'two', c: 'two!' },
    ],
  ]);
  expect(await failure(pool, "INSERT INTO dbo.k (b) VALUES ('two')")).toBe(2627);
  expect(await failure(pool, "INSERT INTO dbo.k (b) VALUES ('no')")).toBe(547);
  expect(await failure(pool, "INSERT INTO dbo.k (b, c) VALUES ('x', 'y')")).toBe(271);
});

test('master takes recursion, temporary procedures, table types and DDL in a transaction', async () => {
  const pool = await open('master');
  expect(
    await rows(pool, 'WITH n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5) SELECT sum(n) AS s FROM n'),
  ).toEqual([[{ s: 15 }]]);
  await rows(pool, 'CREATE PROCEDURE #twice @a int AS SELECT 2 * @a AS x');
  expect(await rows(pool, 'EXEC #twice 21')).toEqual([[{ x: 42 }]]);
  await rows(pool, 'CREATE TYPE dbo.pairs AS TABLE (a int, b int)');
  expect(await rows(pool, 'SELECT name FROM sys.types WHERE is_table_type = 1')).toEqual([[{ name: 'pairs' }]]);
  await rows(pool, 'DROP TYPE dbo.pairs; BEGIN TRAN; CREATE TABLE dbo.gone (a int); ROLLBACK');
  expect(await rows(pool, "SELECT OBJECT_ID('dbo.gone') AS id")).toEqual([[{ id: null }]]);
});

test('on SQL Server a batch goes on after errors that end a statement only', async () => {
  const pool = await open('master');
  const seen: unknown[] = [];
  const request = pool.request();
  request.on('error', () => undefined);
  request.stream = true;
  request.on('row', (row) => seen.push(row));
  await new Promise<void>((resolve) => {
    request.on('done', () => resolve());
    void request.batch("SELECT 1 AS n; RAISERROR('no', 16, 1); SELECT 1 / 0 AS z; SELECT @@ERROR AS n");
  });
  expect(seen).toEqual([{ n: 1 }, { n: 8134 }]);
  expect(
    await rows(
      pool,
      "BEGIN TRY RAISERROR('no', 16, 1); SELECT 1 AS n END TRY BEGIN CATCH SELECT ERROR_MESSAGE() AS m END CATCH",
    ),
  ).toEqual([[{ m: 'no' }]]);
});

test('master: OUTPUT of INSERT, databases, QUOTED_IDENTIFIER OFF, sql_variant, WAITFOR, isolation', async () => {
  const pool = await open('master');
  await rows(pool, 'CREATE TABLE dbo.o (a int IDENTITY, b varchar(9))');
  expect(await rows(pool, "INSERT INTO dbo.o (b) OUTPUT inserted.a, inserted.b VALUES ('x'), ('y')")).toEqual([
    [
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ],
  ]);
  expect(
    await rows(
      pool,
      "CREATE DATABASE spare; USE spare; CREATE TABLE dbo.t (a int); SELECT DB_NAME() AS d; USE master; DROP DATABASE spare; SELECT DB_ID('spare') AS id",
    ),
  ).toEqual([[{ d: 'spare' }], [{ id: null }]]);
  await rows(pool, 'SET QUOTED_IDENTIFIER OFF');
  expect(await rows(pool, 'SELECT "it\'s" AS s')).toEqual([[{ s: "it's" }]]);
  await rows(pool, 'SET QUOTED_IDENTIFIER ON');
  expect(await rows(pool, 'SELECT CAST(11 AS sql_variant) AS i, CAST(0x0102 AS sql_variant) AS b')).toEqual([
    [{ i: 11, b: Buffer.from([1, 2]) }],
  ]);
  const started = performance.now();
  await rows(pool, "WAITFOR DELAY '00:00:00.200'");
  expect(performance.now() - started).toBeGreaterThan(190);
  const transaction = new mssql.Transaction(pool);
  await transaction.begin(mssql.ISOLATION_LEVEL.SERIALIZABLE);
  const level = await new mssql.Request(transaction).query(
    'SELECT transaction_isolation_level AS l FROM sys.dm_exec_sessions WHERE session_id = @@SPID',
  );
  await transaction.rollback();
  expect(level.recordset).toEqual([{ l: 4 }]);
});

test('USE switches between the databases of the server, each with its own objects', async () => {
  const pool = await open('master');
  await rows(pool, 'USE tempdb; CREATE TABLE dbo.only_here (a int)');
  expect(await rows(pool, "SELECT DB_NAME() AS db, OBJECT_ID('dbo.only_here') AS id")).toMatchObject([
    [{ db: 'tempdb', id: expect.any(Number) }],
  ]);
  expect(await rows(pool, "USE master; SELECT DB_NAME() AS db, OBJECT_ID('dbo.only_here') AS id")).toEqual([
    [{ db: 'master', id: null }],
  ]);
  const own = await open('medstream');
  expect(await rows(own, "SELECT DB_NAME() AS db, OBJECT_ID('dbo.only_here') AS id")).toEqual([
    [{ db: 'medstream', id: null }],
  ]);
  expect(await failure(pool, 'USE nowhere')).toBe(911);
});

test('a server whose own database is called as one of SQL Server has no pool', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'synapse-master-'));
  const other = await startPool(folder, { [user]: password }, { database: 'master' });
  try {
    const config = { server: '127.0.0.1', port: other.port, user, password, options: { encrypt: false } };
    const there = await new mssql.ConnectionPool(config).connect();
    await there.request().batch('CREATE TABLE dbo.keyed (a int PRIMARY KEY); INSERT INTO dbo.keyed VALUES (1), (2)');
    expect(await rows(there, 'SELECT DB_NAME() AS d, COUNT(*) AS n FROM dbo.keyed')).toEqual([[{ d: 'master', n: 2 }]]);
    await there.close();
  } finally {
    await other.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
