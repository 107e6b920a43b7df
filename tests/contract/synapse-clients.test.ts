import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mssql from 'mssql';
import type { LocalSynapse } from '../../local/synapse';
import { startPool } from '../support/pool';
import { describeClient, hasModule, onPath, python, run } from '../support/clients';

/** Unmodified clients on the local Synapse. Debian: freetds-bin tdsodbc unixodbc python3-pymssql python3-tds. */
const user = 'medstream';
const password = 'Local(!)Pass1';
const root = mkdtempSync(path.join(tmpdir(), 'synapse-clients-'));
/** A datetime2(7) whose last digit DuckDB's TIMESTAMP does not hold. */
const moment = '2024-01-01 10:00:00.1234567';
let server: LocalSynapse;

beforeAll(async () => {
  server = await startPool(root, { [user]: password }, { tlsPort: 0 });
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

function config(port: number, options: mssql.config['options']): mssql.config {
  return { server: 'localhost', port, user, password, database: 'medstream', options };
}

/** One connection does what applications do: parameters, prepared statements, transactions, bulk, several results. */
async function exercise(pool: mssql.ConnectionPool): Promise<mssql.IRecordSet<unknown>> {
  const request = pool.request().input('n', mssql.Int, 20).input('s', mssql.NVarChar(20), "it's ünïcode");
  expect((await request.query('SELECT @n + 1 AS n, @s AS s')).recordset).toEqual([{ n: 21, s: "it's ünïcode" }]);

  const statement = new mssql.PreparedStatement(pool).input('a', mssql.Int);
  await statement.prepare('SELECT @a * 2 AS twice');
  expect((await statement.execute({ a: 4 })).recordset).toEqual([{ twice: 8 }]);
  await statement.unprepare();

  await pool.request().batch("IF OBJECT_ID('dbo.clients') IS NOT NULL DROP TABLE dbo.clients");
  await pool
    .request()
    .batch(
      'CREATE TABLE dbo.clients (id int NOT NULL, name nvarchar(50) NULL, amount decimal(18,2) NULL, at datetime2(3) NULL)',
    );
  const transaction = new mssql.Transaction(pool);
  await transaction.begin();
  await new mssql.Request(transaction).query("INSERT INTO dbo.clients (id, name) VALUES (1, N'gone')");
  await transaction.rollback();
  expect((await pool.request().query('SELECT count(*) AS n FROM dbo.clients')).recordset).toEqual([{ n: 0 }]);

  const table = new mssql.Table('dbo.clients');
  table.columns.add('id', mssql.Int, { nullable: false });
  table.columns.add('name', mssql.NVarChar(50), { nullable: true });
  table.columns.add('amount', mssql.Decimal(18, 2), { nullable: true });
  table.columns.add('at', mssql.DateTime2(3), { nullable: true });
  const at = new Date('2024-02-29T12:34:56.789Z');
  for (let id = 1; id <= 3000; id++) table.rows.add(id, id % 7 === 0 ? null : `nämé ${id}`, id / 4, at);
  expect((await pool.request().bulk(table)).rowsAffected).toBe(3000);
  const results = await pool.request().query<{
    n: number;
    s: number;
    at: Date;
    name: string | null;
  }>('SELECT count(*) AS n, sum(amount) AS s FROM dbo.clients; SELECT TOP 2 name, at FROM dbo.clients ORDER BY id DESC');
  const sets = results.recordsets as unknown as Record<string, unknown>[][];
  expect(sets[0]).toEqual([{ n: 3000, s: 1125375 }]);
  expect(sets[1]).toEqual([
    { name: 'nämé 3000', at },
    { name: 'nämé 2999', at },
  ]);

  await expect(pool.request().query('SELECT * FROM dbo.nowhere')).rejects.toMatchObject({ number: 208 });
  return (await pool.request().query('SELECT count(*) AS n FROM dbo.clients')).recordset;
}

test('mssql over plain TDS', async () => {
  const pool = await new mssql.ConnectionPool(config(server.port, { encrypt: false })).connect();
  expect(await exercise(pool)).toEqual([{ n: 3000 }]);
  await pool.close();
});

test('mssql over TLS', async () => {
  const pool = await new mssql.ConnectionPool(
    config(server.tlsPort!, { encrypt: true, trustServerCertificate: true }),
  ).connect();
  expect(await exercise(pool)).toEqual([{ n: 3000 }]);
  await pool.close();
});

test('mssql is told of a wrong password', async () => {
  const pool = new mssql.ConnectionPool({ ...config(server.port, { encrypt: false }), password: 'wrong' });
  await expect(pool.connect()).rejects.toMatchObject({ code: 'ELOGIN' });
});

test('TDS 8 (strict): TLS before everything, the certificate verified by the printed file', async () => {
  const script = `
    const mssql = require(${JSON.stringify(require.resolve('mssql'))});
    new mssql.ConnectionPool({ server: 'localhost', port: ${server.tlsPort}, user: '${user}', password: '${password}', database: 'medstream', options: { encrypt: 'strict' } })
      .connect()
      .then(async (pool) => { console.log(JSON.stringify((await pool.request().query('SELECT 6 * 7 AS n')).recordset)); await pool.close(); })
      .catch((error) => console.log(error.message));`;
  const output = await run(process.execPath, ['-e', script], '', { NODE_EXTRA_CA_CERTS: server.certificatePath });
  expect(output.trim()).toBe('[{"n":42}]');
});

describeClient('tsql of FreeTDS', onPath('tsql'), () => {
  test.each(['7.1', '7.2', '7.3', '7.4'])('runs statements with TDS %s', async (version) => {
    const arguments_ = ['-H', '127.0.0.1', '-p', String(server.port), '-U', user, '-P', password, '-D', 'medstream'];
    const output = await run(
      'tsql',
      arguments_,
      "SELECT 6 * 7 AS answer, N'ünï' AS word\ngo\nSELECT * FROM dbo.nowhere\ngo\nexit\n",
      { TDSVER: version },
    );
    expect(output).toContain('42\tünï');
    expect(output).toMatch(/Msg 208 .*\n.*nowhere/);
  });

  // Clients of TDS 7.2 and older know no datetime2: they are told its text.
  test.each(['7.1', '7.2'])('is told all seven digits by TDS %s', async (version) => {
    const login = ['-H', '127.0.0.1', '-p', String(server.port), '-U', user, '-P', password, '-D', 'medstream'];
    const script = `CREATE TABLE #t (d datetime2, t time)\ngo\nINSERT INTO #t VALUES ('${moment}', '10:00:00.0000001')\ngo\nSELECT * FROM #t\ngo\nexit\n`;
    expect(await run('tsql', login, script, { TDSVER: version })).toContain(`${moment}\t10:00:00.0000001`);
  });
});

describeClient('bsqldb of FreeTDS', onPath('bsqldb'), () => {
  test('runs a script', async () => {
    const file = path.join(root, 'freetds.conf');
    writeFileSync(file, `[local]\nhost = 127.0.0.1\nport = ${server.port}\ntds version = 7.3\n`);
    const script =
      "SELECT 6 * 7 AS answer\ngo\nSELECT CAST(1.25 AS decimal(9,2)) AS d, CAST('abc' AS varchar(10)) AS s\ngo\n";
    const output = await run('bsqldb', ['-S', 'local', '-U', user, '-P', password, '-D', 'medstream'], script, {
      FREETDSCONF: file,
    });
    expect(output).toContain('42');
    expect(output).toContain('1.25');
  });
});

describeClient('FreeTDS with encryption', onPath('bsqldb'), () => {
  test.each([
    ['off', 'FALSE'],
    ['request', 'FALSE'],
    ['require', 'TRUE'],
  ])('%s on the plain port', async (encryption, expected) => {
    const file = path.join(root, `encryption-${encryption}.conf`);
    writeFileSync(
      file,
      `[local]\nhost = 127.0.0.1\nport = ${server.port}\ntds version = 7.4\nencryption = ${encryption}\n`,
    );
    const script = 'SELECT encrypt_option FROM sys.dm_exec_connections WHERE session_id = @@SPID\ngo\n';
    const login = ['-S', 'local', '-U', user, '-P', password, '-D', 'medstream'];
    expect(await run('bsqldb', login, script, { FREETDSCONF: file })).toContain(expected);
  });
});

const odbcDriver = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/odbc/libtdsodbc.so`).find(existsSync);
describeClient('isql of unixODBC', onPath('isql') && odbcDriver !== undefined, () => {
  test('connects, runs a statement and lists tables', async () => {
    const connect = `DRIVER=${odbcDriver};SERVER=127.0.0.1;PORT=${server.port};UID=${user};PWD=${password};TDS_Version=7.4;Database=medstream`;
    const output = await run(
      'isql',
      ['-b', '-x0x2c', '-k', connect],
      `SELECT 6 * 7, CAST(1.25 AS decimal(9,2))\nSELECT * FROM (SELECT CAST('${moment}' AS datetime2) AS d, CAST('10:00:00.0000001' AS time) AS t) AS x\nhelp\nquit\n`,
    );
    expect(output).toContain('42,1.25');
    expect(output).toContain(`${moment},10:00:00.0000001`);
    expect(output).toContain('dbo,clients,TABLE');
  });
});

describeClient('freebcp of FreeTDS', onPath('freebcp'), () => {
  test('loads a file and reads it back', async () => {
    const file = path.join(root, 'bcp.conf');
    writeFileSync(
      file,
      `[local]\nhost = 127.0.0.1\nport = ${server.port}\ntds version = 7.3\nclient charset = UTF-8\n`,
    );
    const data = path.join(root, 'rows.txt');
    writeFileSync(data, Array.from({ length: 500 }, (_, n) => `${n}\tname ${n}\t${n / 4}\n`).join(''));
    const login = ['-S', 'local', '-U', user, '-P', password, '-D', 'medstream'];
    const script = 'CREATE TABLE dbo.bcp (id int NOT NULL, name varchar(30) NULL, amount decimal(9,2) NULL)\ngo\n';
    await run('bsqldb', login, script, { FREETDSCONF: file });
    const loaded = await run('freebcp', ['dbo.bcp', 'in', data, '-c', ...login], '', { FREETDSCONF: file });
    expect(loaded).toContain('500 rows copied');
    const back = path.join(root, 'back.txt');
    await run('freebcp', ['dbo.bcp', 'out', back, '-c', ...login], '', { FREETDSCONF: file });
    const lines = readFileSync(back, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(500);
    expect(lines.sort()[0]).toBe('0\tname 0\t0.00');
  });
});

/** Both Python drivers do the same work; `connect` and the marks of parameters differ. */
const pythonWork = (connect: string, mark: string, bulk: string): string => `
import datetime, decimal, uuid
${connect}
c = connection()
k = c.cursor()
k.execute("SELECT ${mark} AS a, %s AS b, CAST(1.5 AS decimal(9,2)) AS c, N'ünï 漢字 😀' AS d", (3, "it's ünï"))
print(k.fetchall() == [(3, "it's ünï", decimal.Decimal('1.50'), 'ünï 漢字 😀')])
k.execute("""SELECT CAST(1 AS bit), CAST(255 AS tinyint), CAST(-9223372036854775808 AS bigint), CAST(0.5 AS float),
  CAST('2024-02-29' AS date), CAST('2024-02-29T12:34:56.790' AS datetime2(3)), CAST('12.5' AS money), CAST(0x00FF AS varbinary(8)),
  CAST('0E984725-C51C-4BF4-9960-E1C80E27ABA0' AS uniqueidentifier), CAST(NULL AS int), CAST('x' AS char(3))""")
types = k.fetchall()
print(types == [(True, 255, -9223372036854775808, 0.5, datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 34, 56, 790000),
  decimal.Decimal('12.5'), b'\\x00\\xff', uuid.UUID('0E984725-C51C-4BF4-9960-E1C80E27ABA0'), None, 'x  ')] or types)
# A pool knows no DDL inside a transaction.
c.rollback()
autocommit(c, True)
k.execute("IF OBJECT_ID('dbo.py') IS NOT NULL DROP TABLE dbo.py")
k.execute('CREATE TABLE dbo.py (a int NOT NULL, b nvarchar(20) NULL)')
autocommit(c, False)
k.execute("INSERT INTO dbo.py (a, b) VALUES (${mark}, %s)", (1, 'gone'))
c.rollback()
k.execute("INSERT INTO dbo.py (a, b) VALUES (${mark}, %s)", (2, 'käpt'))
c.commit()
${bulk}
k.execute('SELECT a, b FROM dbo.py ORDER BY a')
print(k.fetchall() == [(2, 'käpt'), (3, 'bulk'), (4, None)])
try:
    k.execute('SELECT * FROM dbo.nowhere')
except Exception as e:
    print('nowhere' in str(e))
c.rollback()
k.execute('SELECT 7')
print(k.fetchone() == (7,))
c.close()
`;

describeClient('python3-pymssql', hasModule('pymssql'), () => {
  test.each(['off', 'require'])(
    'types, parameters, transactions, bulk and errors; encryption %s',
    async (encryption) => {
      const connect = `import pymssql
def connection():
    return pymssql.connect(server='127.0.0.1', port=${server.port}, user='${user}', password='${password}', database='medstream', tds_version='7.3', encryption='${encryption}')
def autocommit(c, on):
    c.autocommit(on)`;
      // Debian's release has no bulk copy yet.
      const bulk = "k.executemany('INSERT INTO dbo.py (a, b) VALUES (%d, %s)', [(3, 'bulk'), (4, None)])\nc.commit()";
      const script = pythonWork(connect, '%d', bulk);
      // An older pymssql knows no keyword for encryption.
      const source = encryption === 'off' ? script.replace(", encryption='off'", '') : script;
      const output = (await run(python, ['-'], source)).trim();
      if (output.includes("unexpected keyword argument 'encryption'")) {
        process.stderr.write('skipped: this pymssql cannot ask for encryption\n');
        return;
      }
      expect(output).toBe(Array(5).fill('True').join('\n'));
    },
  );
});

describeClient('python3-tds', hasModule('pytds'), () => {
  test('types, parameters, transactions, bulk and errors', async () => {
    const connect = `import pytds
def connection():
    return pytds.connect('127.0.0.1', port=${server.port}, user='${user}', password='${password}', database='medstream')
def autocommit(c, on):
    c.autocommit = on`;
    const bulk = `k.copy_to(data=[(3, 'bulk'), (4, None)], table_or_view='py', columns=[pytds.Column(name='a', type=pytds.tds_types.IntType(), flags=pytds.Column.fNullable), pytds.Column(name='b', type=pytds.tds_types.NVarCharType(size=20), flags=pytds.Column.fNullable)])
c.commit()`;
    expect((await run(python, ['-'], pythonWork(connect, '%s', bulk))).trim()).toBe(Array(5).fill('True').join('\n'));
  });

  test('several results at a time over one connection (MARS), but not in a pool', async () => {
    const script = `import pytds
def connection(database):
    c = pytds.connect('127.0.0.1', port=${server.port}, user='${user}', password='${password}', database=database, use_mars=True, autocommit=True)
    c.cursor().execute("IF OBJECT_ID('dbo.n') IS NOT NULL DROP TABLE dbo.n")
    c.cursor().execute('CREATE TABLE dbo.n (n int)')
    c.cursor().execute('INSERT INTO dbo.n SELECT 1')
    return c
long = 'SELECT a.object_id, a.name FROM sys.system_objects a CROSS JOIN sys.system_objects b'
c = connection('master')
slow, other = c.cursor(), c.cursor()
rows = slow.execute('SELECT COUNT(*) FROM sys.system_objects a CROSS JOIN sys.system_objects b').fetchone()[0]
slow.execute(long)
first = slow.fetchone()
other.execute('INSERT INTO dbo.n VALUES (2); SELECT SUM(n) FROM dbo.n')
other.nextset()
print(other.fetchone()[0], 1 + len(slow.fetchall()) == rows)
try:
    other.execute('BEGIN TRANSACTION')
except Exception as e:
    print('MARS batch' in str(e), other.execute('SELECT @@TRANCOUNT').fetchone()[0])
slow.execute(long)
slow.close()
print(other.execute('SELECT 7').fetchone()[0])
c = connection('medstream')
slow, other = c.cursor(), c.cursor()
slow.execute(long)
slow.fetchone()
try:
    other.execute('SELECT 1')
except Exception as e:
    print(e.args[0])`;
    expect((await run(python, ['-'], script)).trim().split('\n')).toEqual([
      '3 True',
      'True 0',
      '7',
      'Multiple active result sets (MARS) are not supported in a dedicated SQL pool.',
    ]);
  });
});
