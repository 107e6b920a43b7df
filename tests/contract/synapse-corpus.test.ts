import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBValue } from '@duckdb/node-api';
import { projectRoot } from '../../common/project-root';
import { startTSql, type Cell, type TSqlServer } from '../support/tsql';

/**
 * Every statement of tests/fixtures/tsql-corpus (format: its README), run through `mssql`. The answers were worked out by hand
 * from Microsoft's documentation. Each statement meets a fresh copy of the seeded database and lake.
 */
const corpus = path.join(projectRoot, 'tests', 'fixtures', 'tsql-corpus');

interface Case {
  readonly name: string;
  readonly script: string;
  /** DuckDB statements on the engine beneath; `expect` holds the rows of the last. */
  readonly checks: readonly string[];
  readonly expect?: readonly (readonly Cell[])[];
  readonly errors?: readonly number[];
}

function readCases(file: string): Case[] {
  const parts = readFileSync(path.join(corpus, file), 'utf8').split(/^-- @case /m);
  return parts.slice(1).map((part) => {
    const [name = '', ...lines] = part.split('\n');
    const notes = (kind: string): string[] =>
      lines.filter((line) => line.startsWith(`-- @${kind} `)).map((line) => line.slice(kind.length + 5));
    const [rows] = notes('expect');
    const [errors] = notes('error');
    return {
      name: name.trim(),
      script: lines.filter((line) => !line.startsWith('-- @')).join('\n'),
      checks: notes('check'),
      ...(rows ? { expect: JSON.parse(rows) as Cell[][] } : {}),
      ...(errors ? { errors: errors.split('|').map(Number) } : {}),
    };
  });
}

const seed = `
CREATE SCHEMA stg;
GO
CREATE TABLE dbo.customers (customer_id int, name varchar(50), city varchar(50), email varchar(50), created_at datetime2(3), is_active bit, credit decimal(18,2));
INSERT INTO dbo.customers SELECT * FROM (VALUES (1,'Anna Berg','Oslo','anna@x.no','2024-01-15 10:30:00',1,100.50),(2,'bob Smith','london',NULL,'2024-02-29 23:59:59.997',1,0.00),(3,'Carl','OSLO','carl@x.no','2023-12-31 00:00:00',0,NULL),(4,'dana','Paris','','2024-03-10 08:00:00',1,5.25)) AS v (customer_id, name, city, email, created_at, is_active, credit);
CREATE TABLE dbo.orders (order_id int, customer_id int, order_date date, amount decimal(18,2), status varchar(20), qty int);
INSERT INTO dbo.orders SELECT * FROM (VALUES (1,1,'2024-01-05',100.50,'open',2),(2,1,'2024-01-20',200.00,'Closed',3),(3,2,'2024-02-10',20.00,'open',1),(4,3,'2024-02-11',99.99,'closed',7),(5,1,'2024-03-01',50.00,NULL,5)) AS v (order_id, customer_id, order_date, amount, status, qty);
CREATE TABLE dbo.docs (id int, body varchar(8000));
INSERT INTO dbo.docs SELECT * FROM (VALUES (1,'{"a":1,"obj":{"k":"v"},"arr":[10,20],"items":[{"id":1,"name":"x"},{"id":2,"name":"y"}]}'),(2,'{"a":"two","items":[]}'),(3,'not json')) AS v (id, body);
CREATE TABLE stg.docs_in (id int, body varchar(8000));
INSERT INTO stg.docs_in SELECT * FROM (VALUES (1,'new'),(7,'seven')) AS v (id, body);
GO
CREATE VIEW dbo.v_old AS SELECT 1 AS x;`;

async function seedLake({ duck, lake }: TSqlServer): Promise<void> {
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(lake, name)), { recursive: true });
    writeFileSync(path.join(lake, name), text);
  };
  mkdirSync(path.join(lake, 'out'));
  write('raw/csv/cust.csv', 'id,name,amount\n1,"Anna, B",10.50\n2,Bob,\n');
  write('raw/csv/pipe.csv', '1|x\n2|"y|z"\n');
  write('raw/json/events.jsonl', '{"id":1,"user":{"name":"ann"},"cnt":2}\n{"id":2,"user":{"name":"bob"},"cnt":0}\n');
  for (const folder of ['sales', 'part/year=2023', 'part/year=2024'])
    mkdirSync(path.join(lake, 'raw', folder), { recursive: true });
  const connection = await duck.connect();
  const copy = (query: string, file: string) =>
    connection.run(`COPY (${query}) TO '${path.join(lake, 'raw', file)}' (FORMAT parquet)`);
  await copy('SELECT order_id, customer_id, order_date, amount FROM mydb.dbo.orders', 'sales/f1.parquet');
  await copy('SELECT 1 AS id', 'part/year=2023/a.parquet');
  await copy('SELECT 2 AS id', 'part/year=2024/a.parquet');
  await copy('SELECT 3 AS id', 'part/year=2024/b.parquet');
  connection.closeSync();
}

const plain = (value: unknown): string =>
  String(value)
    .replace(/\+00(:00)?$/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/ 00:00:00$/, '');

const places = (number: string): number => number.split('.')[1]?.length ?? 0;

/** Whether a value is the one expected: numbers by value, moments without needless zeros, all else as text. */
function isRight(wanted: Cell, column: string, value: Cell | DuckDBValue): boolean {
  if (wanted === null || value === null) return wanted === value;
  if (typeof wanted === 'number')
    return value !== '' && Math.abs(Number(value) - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
  // The client reads decimals as doubles: beyond 15 digits the value is compared as one, and the scale.
  if (/decimal|numeric/i.test(column))
    return Number(wanted) === Number(value) && places(wanted) === places(String(value));
  if (/date|time/i.test(column)) return plain(wanted) === plain(value);
  if (/binary|blob/i.test(column)) return `0x${wanted}` === value;
  return /uniqueidentifier|uuid/i.test(column)
    ? wanted.toLowerCase() === String(value).toLowerCase()
    : wanted === String(value);
}

function expectRows(
  wanted: readonly (readonly Cell[])[],
  columns: readonly string[],
  rows: readonly (readonly (Cell | DuckDBValue)[])[],
): void {
  const right =
    rows.length === wanted.length &&
    wanted.every((row, r) => row.every((value, c) => isRight(value, columns[c] ?? '', rows[r]![c]!)));
  expect(right ? wanted : rows).toEqual(wanted);
}

/** Statements that change nothing share one server. */
const changes = /\b(CREATE|INSERT|UPDATE|DELETE|MERGE|DROP|ALTER|RENAME|TRUNCATE|COPY|INTO|EXEC|EXECUTE|SET)\b/i;
let template: string;
let reader: TSqlServer;
beforeAll(async () => {
  const server = await startTSql();
  const { error } = await server.run(seed);
  if (error) throw new Error(error.message);
  await seedLake(server);
  template = mkdtempSync(path.join(tmpdir(), 'tsql-template-'));
  await server.stop((folder) => cpSync(folder, template, { recursive: true }));
  reader = await startTSql(template);
});
afterAll(async () => {
  await reader.stop();
  rmSync(template, { recursive: true, force: true });
});

const files = readdirSync(corpus).filter((name) => name.endsWith('.sql'));
test('the corpus has 338 statements', () => {
  expect(files.flatMap(readCases)).toHaveLength(338);
});

describe.each(files)('%s', (file) => {
  test.each(readCases(file).map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const server = changes.test(one.script) ? await startTSql(template) : reader;
    try {
      const outcome = await server.run(one.script);
      if (one.errors) {
        expect(one.errors).toContain(outcome.error?.number);
        return;
      }
      expect(outcome.error).toBeUndefined();
      // A view is kept by the engine as T-SQL and is none in DuckDB: such a check is T-SQL too.
      const ofView = one.checks.find((check) => /\bmv1\b|\bv1\b|\bv2\b|v_old'?$/.test(check));
      if (one.checks.length === 0 || ofView) {
        const set = (ofView ? await server.run(ofView) : outcome).sets.at(-1)!;
        expectRows(one.expect!, set.columns, set.rows);
        return;
      }
      const connection = await server.duck.connect();
      await connection.run('USE mydb.dbo');
      for (const check of one.checks.slice(0, -1)) await connection.run(check);
      const result = await connection.runAndReadAll(one.checks.at(-1)!);
      connection.closeSync();
      expectRows(one.expect!, result.columnTypes().map(String), result.getRowsJson() as Cell[][]);
    } finally {
      if (server !== reader) await server.stop();
    }
  });
});
