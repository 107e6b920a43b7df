import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { silentProgress as progress } from '../../common/progress';
import { exportGold } from '../../exports';
import { parseContract, type Contract } from '../../exports/contract';
import type { Manifest } from '../../exports/manifest';
import { fillTable, insertRows, startGoldStack, type GoldStack } from '../support/gold-stack';

const visits = contract('visits', {
  partitionBy: 'seen_at',
  key: ['visit_id'],
  columns: { visit_id: 'int64', seen_at: 'timestamp', cost: 'decimal(18,2)', note: 'text' },
  reports: { cost: ['Power BI · Department Analytics · Total claim cost'] },
});
const towns = contract('towns', {
  key: ['name'],
  columns: { name: 'text', people: 'int64' },
});
const contracts = [towns, visits];

describe('export of gold', () => {
  let stack: GoldStack;
  beforeAll(async () => {
    stack = await startGoldStack();
    await fillTable(stack.pool, visits, [
      ['1', '2021-01-31 23:59:59.123456', '10.10', 'one'],
      ['2', '2021-02-01 00:00:00', '-20.20', null],
      ['9007199254740993', '1969-12-31 23:59:59.999999', null, "it's"],
    ]);
    await fillTable(stack.pool, towns, [
      ['Boston', '650000'],
      ['Zürich 🏔', null],
    ]);
  });
  afterAll(() => stack?.stop());

  const published = (...parts: string[]) => path.join(stack.lakeRoot, 'gold', 'powerbi', ...parts);
  const manifest = () => JSON.parse(readFileSync(published('_export.json'), 'utf8')) as Manifest;
  const run = (select?: string) => exportGold(stack.settings, { progress, contracts, select, maxFileRows: 2 });

  test('publishes one file a year where a table outgrows one file, and the manifest says what they hold', async () => {
    const summary = await run();
    expect(summary.tables.map(({ table, rows, files, written }) => ({ table, rows, files, written }))).toEqual([
      { table: 'towns', rows: 2, files: 1, written: 1 },
      { table: 'visits', rows: 3, files: 2, written: 2 },
    ]);
    expect(manifest().tables.map((table) => table.files.map((file) => file.path))).toEqual([
      ['towns/part-00000.parquet'],
      ['visits/year=1969/part-00000.parquet', 'visits/year=2021/part-00000.parquet'],
    ]);
    for (const file of manifest().tables.flatMap((table) => table.files))
      expect(readFileSync(published(file.path)).length).toBe(file.bytes);
  });

  test('carries unchanged files forward and rewrites changed ones only', async () => {
    const before = manifest();
    await insertRows(stack.pool, visits, [['3', '2021-02-02 08:00:00', '1.00', 'late']]);
    const summary = await run();
    expect(summary.tables.map((table) => table.written)).toEqual([0, 1]);
    expect(manifest().tables[0]).toEqual(before.tables[0]);
    expect(manifest().tables[1]!.files.slice(0, 2)).toEqual(before.tables[1]!.files);
    expect(manifest().tables[1]!.rows).toBe(4);
  });

  test('stops before publishing when a column is gone, and names the report field', async () => {
    const before = readFileSync(published('_export.json'), 'utf8');
    const broken = { ...visits, source: 'gold.visits_v2' };
    await stack.pool.request().batch('CREATE TABLE gold.visits_v2 (visit_id bigint, seen_at date, note varchar(10))');
    const failed = exportGold(stack.settings, { progress, contracts: [towns, broken] });
    await expect(failed).rejects.toMatchObject({
      code: 'MS5001',
      exitCode: 1,
      where: expect.stringContaining('gold.visits_v2.cost: the column is gone'),
      why: expect.stringContaining('Power BI · Department Analytics · Total claim cost'),
    });
    await expect(failed).rejects.toMatchObject({
      where: expect.stringContaining('gold.visits_v2.seen_at: the column is date now, the contract says timestamp'),
    });
    expect(readFileSync(published('_export.json'), 'utf8')).toBe(before);
  });

  test('removes partitions that no longer have rows', async () => {
    await stack.pool.request().batch('DELETE FROM gold.visits WHERE visit_id = 9007199254740993');
    await run('visits');
    expect(existsSync(published('visits', 'year=1969', 'part-00000.parquet'))).toBe(false);
    expect(manifest().tables.map((table) => table.name)).toEqual(['towns', 'visits']);
  });

  test('makes views over the Parquet files that give the same rows as the tables', async () => {
    const summary = await exportGold(stack.settings, { progress, contracts, views: true, maxFileRows: 2 });
    expect(summary.views).toEqual(['dbo.vw_pbi_towns', 'dbo.vw_pbi_visits']);
    for (const { table, source, columns, key } of contracts) {
      const list = columns.map(({ name, type }) =>
        type.kind === 'text' ? `CAST(${name} AS nvarchar(400)) AS ${name}` : name,
      );
      const rows = async (from: string) =>
        (await stack.pool.request().query(`SELECT ${list.join(', ')} FROM ${from} ORDER BY ${key.join(', ')}`))
          .recordset;
      const wanted = await rows(source);
      expect(wanted.length).toBeGreaterThan(0);
      expect([...(await rows(`dbo.vw_pbi_${table}`))]).toEqual([...wanted]);
    }
    const partitions = await stack.pool
      .request()
      .query('SELECT DISTINCT [year] FROM dbo.vw_pbi_visits ORDER BY [year]');
    expect(partitions.recordset.map(({ year }) => year)).toEqual([2021]);
  });

  test('two at once take turns', async () => {
    const [first, second] = await Promise.all([run(), run()]);
    expect(first.runId).not.toBe(second.runId);
    expect([first.runId, second.runId]).toContain(manifest().run_id);
  });

  test('stopped by a signal publishes nothing', async () => {
    await insertRows(stack.pool, towns, [['Ulm', '128000']]);
    const before = readFileSync(published('_export.json'), 'utf8');
    const controller = new AbortController();
    const aborting = {
      start: (...task: Parameters<typeof progress.start>) => (controller.abort(), progress.start(...task)),
    };
    const stopped = exportGold(stack.settings, { progress: aborting, contracts, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'MS1004', exitCode: 4 });
    expect(readFileSync(published('_export.json'), 'utf8')).toBe(before);
  });

  test('leaves nothing behind in the work folder but snapshots', () => {
    expect(
      readdirSync(path.join(stack.lakeRoot, 'gold', '_export'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['files', 'lock', 'manifests']);
  });

  test('a table that is not built yet is told, and refused when it was selected', async () => {
    const later = contract('later', { key: ['id'], columns: { id: 'int64' } });
    const summary = await exportGold(stack.settings, { progress, contracts: [...contracts, later] });
    expect(summary.notBuilt).toEqual(['later']);
    expect(summary.tables.map(({ table }) => table)).toEqual(['towns', 'visits']);
    const selected = exportGold(stack.settings, { progress, contracts: [...contracts, later], select: 'later' });
    await expect(selected).rejects.toMatchObject({
      code: 'MS5009',
      exitCode: 1,
      message: expect.stringContaining('gold.later does not exist yet'),
    });
  });

  test('a table that was exported before and is gone breaks its contract', async () => {
    await stack.pool.request().batch('CREATE TABLE gold.passing (id bigint)');
    const passing = contract('passing', { key: ['id'], columns: { id: 'int64' }, reports: { id: ['Page · Passing'] } });
    const all = [...contracts, passing];
    await exportGold(stack.settings, { progress, contracts: all });
    await stack.pool.request().batch('DROP TABLE gold.passing');
    await expect(exportGold(stack.settings, { progress, contracts: all })).rejects.toMatchObject({
      code: 'MS5001',
      where: 'gold.passing: the table does not exist',
      why: expect.stringContaining('Page · Passing'),
    });
  });

  test('refuses an unknown table', async () => {
    await expect(run('nowhere')).rejects.toMatchObject({ code: 'MS5002', exitCode: 2 });
  });
});

function contract(
  table: string,
  o: { key: string[]; partitionBy?: string; columns: Record<string, string>; reports?: Record<string, string[]> },
): Contract {
  return parseContract({
    table,
    source: `gold.${table}`,
    description: `Test table ${table}.`,
    key: o.key,
    partitionBy: o.partitionBy,
    columns: Object.entries(o.columns).map(([name, type]) => ({
      name,
      type,
      description: name,
      reports: o.reports?.[name],
    })),
  });
}
