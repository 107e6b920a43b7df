import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mssql from 'mssql';
import type { LocalSynapse } from '../../local/synapse';
import { TdsVersion } from '../../local/synapse/wire/protocol';
import { startPool } from '../support/pool';
import { TdsClient, type ReplyToken } from '../support/tds-client';

/** What the public suites of drivers ask of SQL Server, in small. */
const user = 'medstream';
const password = 'Local(!)Pass1';
const root = mkdtempSync(path.join(tmpdir(), 'synapse-drivers-'));
let server: LocalSynapse;
let pool: mssql.ConnectionPool;

async function rows(text: string): Promise<Record<string, unknown>[][]> {
  return (await pool.request().batch(text)).recordsets as unknown as Record<string, unknown>[][];
}
/** The tokens that answer a batch. */
async function reply(text: string): Promise<ReplyToken[]> {
  const { client } = await TdsClient.open({
    port: server.port,
    user,
    password,
    database: 'tempdb',
    version: TdsVersion.v74,
  });
  try {
    return await client.batch(text);
  } finally {
    await client.close();
  }
}

const kinds = async (text: string): Promise<string> => (await reply(text)).map((token) => token.kind).join(' ');

function connect(database: string): Promise<mssql.ConnectionPool> {
  const config = { server: '127.0.0.1', port: server.port, user, password, database, pool: { max: 1 } };
  return new mssql.ConnectionPool({ ...config, options: { encrypt: false } }).connect();
}

beforeAll(async () => {
  server = await startPool(root, { [user]: password });
  pool = await connect('tempdb');
});

afterAll(async () => {
  await pool.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

test('bulk NULLs stand for the defaults of the columns, of a temporary table too', async () => {
  await rows(
    "CREATE TABLE #b (id int NOT NULL, a varchar(20) NOT NULL DEFAULT 'hello', b int NULL DEFAULT 854, c int NULL)",
  );
  const table = new mssql.Table('#b');
  table.columns.add('id', mssql.Int, { nullable: false });
  table.columns.add('a', mssql.VarChar(20), { nullable: true });
  table.columns.add('b', mssql.Int, { nullable: true });
  table.columns.add('c', mssql.Int, { nullable: true });
  table.rows.add(1, null, null, null);
  table.rows.add(2, 'x', 7, 8);
  await pool.request().bulk(table);
  expect((await rows('SELECT * FROM #b ORDER BY id'))[0]).toEqual([
    { id: 1, a: 'hello', b: 854, c: null },
    { id: 2, a: 'x', b: 7, c: 8 },
  ]);
});

test('a default in double quotes is a string where QUOTED_IDENTIFIER was OFF', async () => {
  await rows('SET QUOTED_IDENTIFIER OFF');
  await rows(`CREATE TABLE dbo.quoted (a int, b varchar(20) DEFAULT("it's ""so""") NULL)`);
  await rows('SET QUOTED_IDENTIFIER ON');
  await rows('INSERT INTO dbo.quoted (a) VALUES (1)');
  expect((await rows('SELECT b FROM dbo.quoted'))[0]).toEqual([{ b: `it's "so"` }]);
});

test('the columns that ORDER BY names are told: by position, 0 for what is no column of the result', async () => {
  const order = async (text: string): Promise<readonly number[] | undefined> =>
    (await reply(text)).find((token) => token.kind === 'order')?.order;
  const from = 'FROM (SELECT 1 AS a, 2 AS b, 3 AS c UNION ALL SELECT 4, 5, 6) AS t';
  expect(await order(`SELECT a, b AS other ${from} ORDER BY other DESC, t.a, c`)).toEqual([2, 1, 0]);
  expect(await order(`SELECT DISTINCT a, b ${from} ORDER BY 2`)).toEqual([2]);
  expect(await order(`SELECT a, b ${from} UNION SELECT 7, 8 ORDER BY b, a`)).toEqual([2, 1]);
  expect(await order(`SELECT a ${from}`)).toBeUndefined();
});

test('the columns of a statement are told before the value that ends it', async () => {
  await rows('CREATE TABLE dbo.divided (a int NULL); INSERT INTO dbo.divided VALUES (1)');
  expect(await kinds('SELECT a / (a - a) AS q FROM dbo.divided')).toBe('columns error done');
});

test('in a procedure SET and RAISERROR are told as statements, unless NOCOUNT is ON', async () => {
  await rows(
    "CREATE PROCEDURE dbo.told @off int AS IF @off = 1 SET NOCOUNT ON; DECLARE @x int; SET @x = 1; RAISERROR('m', 5, 1)",
  );
  expect(await kinds('EXEC dbo.told 0')).toBe('doneInProc info doneInProc status doneProc');
  expect(await kinds('EXEC dbo.told 1')).toBe('doneInProc info status doneProc');
});

test('sp_help tells the columns in bytes and the indexes, and counts no rows', async () => {
  await rows('CREATE TABLE dbo.helped (id int NOT NULL, n nvarchar(40) NULL); CREATE INDEX [by n] ON dbo.helped (n)');
  const [, columns, indexes] = await rows("EXEC sp_help 'dbo.helped'");
  expect(columns!.map((c) => [c['Column_name'], c['Type'], c['Length'], c['Nullable']])).toEqual([
    ['id', 'int', 4, 'no'],
    ['n', 'nvarchar', 80, 'yes'],
  ]);
  expect(indexes).toEqual([
    { index_name: 'by n', index_description: 'nonclustered located on PRIMARY', index_keys: 'n' },
  ]);
  expect((await pool.request().query('EXEC sp_help int')).rowsAffected).toEqual([]);
});

test('catalog procedures know old drivers: types by their ODBC 2 numbers, views of the system, parameters of EXEC', async () => {
  expect((await rows('sp_datatype_info_100 -9'))[0]!.map((r) => r['TYPE_NAME'])).toEqual(['nvarchar', 'sysname']);
  expect((await rows('sp_datatype_info_100 9'))[0]).toMatchObject([{ TYPE_NAME: 'date', DATA_TYPE: 9 }]);
  expect((await rows('sp_datatype_info_100 91, 3'))[0]).toMatchObject([{ TYPE_NAME: 'date', DATA_TYPE: 91 }]);
  expect((await rows("sp_tables 'sysobjects'"))[0]).toMatchObject([{ TABLE_OWNER: 'sys', TABLE_TYPE: 'VIEW' }]);
  expect((await rows("sp_tables '', '', '%'"))[0]!.map((r) => r['TABLE_QUALIFIER'])).toContain('master');
  await rows('CREATE PROCEDURE dbo.called @a decimal(9,2), @b date AS RETURN 1');
  const described = async (text: string): Promise<unknown[]> =>
    (await rows(`EXEC sp_describe_undeclared_parameters N'${text}'`))[0]!.map((r) => r['suggested_system_type_name']);
  expect(await described('EXEC @p1 = dbo.called @p2, @b = @p3')).toEqual(['int', 'decimal(9,2)', 'date']);
  expect(await described('EXEC @p1 = sp_tables @p2')).toEqual(['int', 'nvarchar(384)']);
});

/** A time whose last digit is below what a Date and DuckDB's TIMESTAMP hold; tedious takes it beside the Date. */
const exact = (): Date => Object.assign(new Date('2024-02-29T12:34:56.789Z'), { nanosecondDelta: 0.0001234 });
const seventh = '2024-02-29 12:34:56.7891234';

test('parameters of seven digits, and others for a parameter of seven digits', async () => {
  const text = 'CONVERT(varchar(40), @p, 121)';
  const told = async (type: mssql.ISqlType, value: unknown): Promise<string> =>
    (await pool.request().input('p', type, value).query<{ t: string }>(`SELECT ${text} AS t`)).recordset[0]!.t;
  expect(await told(mssql.DateTime2(7), exact())).toBe(seventh);
  expect(await told(mssql.Time(7), exact())).toBe(seventh.slice(11));
  expect(await told(mssql.DateTime2(3), exact())).toBe('2024-02-29 12:34:56.789');
  await rows(
    `CREATE PROCEDURE dbo.exact @d datetime2, @t time = '10:00:00.0000001', @o datetime2 OUTPUT AS SELECT ${text.replace('@p', '@d')} AS d, CONVERT(varchar(40), @t, 121) AS t; SET @o = @d`,
  );
  for (const [type, value, wanted] of [
    [mssql.DateTime2(7), exact(), seventh],
    [mssql.DateTime2(3), exact(), '2024-02-29 12:34:56.7890000'],
    [mssql.DateTime, new Date('2024-02-29T12:34:56.003Z'), '2024-02-29 12:34:56.0033333'],
    [mssql.Date, new Date('2024-02-29T00:00:00Z'), '2024-02-29 00:00:00.0000000'],
    [mssql.NVarChar(40), seventh, seventh],
    [mssql.DateTime2(7), null, null],
  ] as const) {
    const result = await pool.request().input('d', type, value).output('o', mssql.DateTime2(7)).execute('dbo.exact');
    expect(result.recordset).toEqual([{ d: wanted, t: '10:00:00.0000001' }]);
    if (wanted === seventh)
      expect(result.output['o']).toMatchObject({ nanosecondsDelta: expect.closeTo(0.0001234, 9) });
  }
});

test('bulk rows and table-valued parameters keep seven digits', async () => {
  await rows('CREATE TABLE dbo.exact_rows (d datetime2 NULL, t time NULL, d3 datetime2(3) NULL, x datetime2 NULL)');
  const filled = (name: string): mssql.Table => {
    const table = new mssql.Table(name);
    table.columns.add('d', mssql.DateTime2(7), { nullable: true });
    table.columns.add('t', mssql.Time(7), { nullable: true });
    table.columns.add('d3', mssql.DateTime2(7), { nullable: true });
    table.columns.add('x', mssql.DateTime2(3), { nullable: true });
    table.rows.add(exact(), exact(), exact(), exact());
    table.rows.add(null, null, null, null);
    return table;
  };
  const wanted = [
    { d: seventh, t: seventh.slice(11), d3: '2024-02-29 12:34:56.789', x: '2024-02-29 12:34:56.7890000' },
    { d: null, t: null, d3: null, x: null },
  ];
  const texts = (from: string): string =>
    `SELECT ${['d', 't', 'd3', 'x'].map((c) => `CONVERT(varchar(40), ${c}, 121) AS ${c}`).join(', ')} FROM ${from} ORDER BY d DESC`;
  await pool.request().bulk(filled('dbo.exact_rows'));
  expect((await rows(texts('dbo.exact_rows')))[0]).toEqual(wanted);
  await rows('CREATE TYPE dbo.exact_type AS TABLE (d datetime2, t time, d3 datetime2(3), x datetime2)');
  await rows(`CREATE PROCEDURE dbo.take_exact @p dbo.exact_type READONLY AS ${texts('@p')}`);
  expect((await pool.request().input('p', filled('dbo.exact_type')).execute('dbo.take_exact')).recordset).toEqual(
    wanted,
  );
});

test('table-valued parameters: by call and by sp_executesql, empty, passed on, and not to be changed', async () => {
  await rows('CREATE TYPE dbo.pairs AS TABLE (id int NOT NULL, name nvarchar(20) NULL, at datetime2(3) NULL)');
  await rows(
    'CREATE PROCEDURE dbo.inner_pairs @p dbo.pairs READONLY AS SELECT COUNT(*) AS n, MAX(name) AS name FROM @p',
  );
  await rows(
    'CREATE PROCEDURE dbo.take_pairs @more int, @p dbo.pairs READONLY AS SELECT * FROM @p WHERE id > @more ORDER BY id; EXEC dbo.inner_pairs @p',
  );
  await rows('CREATE PROCEDURE dbo.change_pairs @p dbo.pairs READONLY AS DELETE FROM @p');
  const at = new Date('2024-02-29T12:34:56.789Z');
  const table = new mssql.Table('dbo.pairs');
  table.columns.add('id', mssql.Int);
  table.columns.add('name', mssql.NVarChar(20));
  table.columns.add('at', mssql.DateTime2(3));
  for (let id = 1; id <= 1200; id++) table.rows.add(id, id === 1199 ? null : "it's 漢字", at);
  const call = await pool.request().input('more', mssql.Int, 1198).input('p', table).execute('dbo.take_pairs');
  expect(call.recordsets).toEqual([
    [
      { id: 1199, name: null, at },
      { id: 1200, name: "it's 漢字", at },
    ],
    [{ n: 1200, name: "it's 漢字" }],
  ]);
  const text = 'SELECT COUNT(*) AS n FROM @p AS p WHERE p.name IS NOT NULL';
  expect((await pool.request().input('p', table).query(text)).recordset).toEqual([{ n: 1199 }]);
  expect((await rows('EXEC dbo.inner_pairs'))[0]).toEqual([{ n: 0, name: null }]);
  expect(
    await rows(
      "DECLARE @t dbo.pairs; INSERT INTO @t (id, name) VALUES (1, 'x'); EXEC dbo.inner_pairs @t; SELECT COUNT(*) AS left_over FROM @t",
    ),
  ).toEqual([[{ n: 1, name: 'x' }], [{ left_over: 1 }]]);
  await expect(pool.request().input('p', table).execute('dbo.change_pairs')).rejects.toMatchObject({ number: 10700 });
  const unknown = new mssql.Table('dbo.nowhere');
  unknown.columns.add('id', mssql.Int);
  await expect(pool.request().input('p', unknown).query(text)).rejects.toMatchObject({ number: 2715 });
});

test('SET TEXTSIZE cuts large values and is told as the length of text', async () => {
  const cast = (type: string): string => `CAST(a AS ${type})`;
  await rows("CREATE TABLE dbo.large (a varchar(20)); INSERT INTO dbo.large VALUES ('1234567890')");
  const result = await pool
    .request()
    .batch<
      Record<string, string>
    >(`SET TEXTSIZE 6; SELECT ${cast('varchar(max)')} AS v, ${cast('nvarchar(max)')} AS n, ${cast('text')} AS t, ${cast('varchar(20)')} AS short FROM dbo.large; SET TEXTSIZE -1; SELECT ${cast('varchar(max)')} AS v FROM dbo.large`);
  expect(result.recordsets).toEqual([
    [{ v: '123456', n: '123', t: '123456', short: '1234567890' }],
    [{ v: '1234567890' }],
  ]);
  expect((result.recordsets as mssql.IRecordSet<unknown>[])[0]!.columns['t']!.length).toBe(6);
});

test('a sql_variant keeps the type of a datetimeoffset', async () => {
  const text = "SELECT CAST(CAST('2014-02-14 22:59:59.5 -05:30' AS datetimeoffset) AS sql_variant) AS v";
  expect((await rows(text))[0]).toEqual([{ v: new Date('2014-02-15T04:29:59.500Z') }]);
});

test('constants are sent as what they are: NOT NULL types without a length', async () => {
  const [columns, row] = await reply("SELECT 12 AS a, 'abc' AS b, NULL AS c");
  expect(columns!.columns!.map(({ info }) => info.token)).toEqual([0x38, 0xa7, 0x26]);
  expect(row!.row).toEqual([12, 'abc', null]);
});

test('collations are listed, in the old way too', async () => {
  const [listed] = await rows("SELECT name FROM sys.fn_helpcollations() WHERE name LIKE '%BIN2' ORDER BY name");
  expect(listed).toEqual([{ name: 'Latin1_General_100_BIN2' }, { name: 'Latin1_General_BIN2' }]);
  expect((await rows('SELECT COUNT(*) AS n FROM ::fn_helpcollations() AS c'))[0]).toEqual([{ n: 11 }]);
});

test.each(['tempdb', 'medstream'])(
  'making a table that is there ends the transaction of a driver in %s',
  async (name) => {
    const own = await connect(name);
    const ask = async (text: string): Promise<unknown> => (await own.request().batch(text)).recordset;
    try {
      await ask('CREATE TABLE dbo.once (a int)');
      const transaction = new mssql.Transaction(own);
      await transaction.begin();
      let isAborted = false;
      transaction.on('rollback', (aborted: boolean) => (isAborted = aborted));
      await new mssql.Request(transaction).batch('INSERT INTO dbo.once VALUES (1)');
      await expect(new mssql.Request(transaction).batch('CREATE TABLE dbo.once (a int)')).rejects.toMatchObject({
        number: 2714,
      });
      expect(isAborted).toBe(true);
      expect(await ask('SELECT COUNT(*) AS n, @@TRANCOUNT AS open_now FROM dbo.once')).toEqual([{ n: 0, open_now: 0 }]);
    } finally {
      await own.close();
    }
  },
);
