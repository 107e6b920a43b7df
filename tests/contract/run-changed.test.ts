import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentProgress } from '../../common/progress';
import { planProject, rollbackProject, runProject, type RunSummary } from '../../warehouse';
import { startWarehouse, type TestWarehouse } from '../support/warehouse';

const definitions: Record<string, string> = {
  'sources.js': `declare({ schema: 'raw', name: 'sales' }); declare({ schema: 'raw', name: 'stores' });`,
  'clean.sqlx': `config { type: "view", schema: "shop" }
SELECT s.id, s.store, s.price, s.batch FROM \${ref("raw", "sales")} s WHERE s.price > 0`,
  'facts.sqlx': `config { type: "incremental", schema: "shop" }
SELECT c.id, c.store, c.price, c.batch FROM \${ref("clean")} c
\${when(incremental(), \`WHERE c.batch > (SELECT MAX(f.batch) FROM \${self()} f)\`)}`,
  'totals.sqlx': `config { type: "table", schema: "marts" }
SELECT f.store, SUM(f.price) AS total FROM \${ref("facts")} f GROUP BY f.store`,
  'totals_positive.sqlx': `config { type: "assertion" }
SELECT t.store FROM \${ref("totals")} t WHERE t.total < 0`,
  'names.sqlx': `config { type: "table", schema: "marts" }
SELECT s.name FROM \${ref("raw", "stores")} s`,
  'built_at.sqlx': `config { type: "table", schema: "marts" }
SELECT SYSUTCDATETIME() AS built_at`,
  'seen_by.sqlx': `config { type: "table", schema: "marts" }
SELECT '\${dataform.projectConfig.vars.run_id}' AS run_id, b.built_at FROM \${ref("built_at")} b`,
};
const always = ['marts.built_at', 'marts.seen_by'];
const all = [...always, 'marts.names', 'marts.totals', 'shop.clean', 'shop.facts', 'totals_positive'].sort();

describe('run --changed', () => {
  let warehouse: TestWarehouse;
  let projectDir: string;
  let firstBuilt: string[];
  const write = (name: string, text: string): void => writeFileSync(path.join(projectDir, 'definitions', name), text);
  const run = (more: object = {}): Promise<RunSummary> =>
    runProject(warehouse.settings, { projectDir, progress: silentProgress, changed: true, ...more });
  const name = (action: string): string => action.replace(/^dataform_assertions\./, '');
  /** What a run built, by name. */
  const built = async (more: object = {}): Promise<string[]> => {
    const summary = await run(more);
    expect(summary.status).toBe('success');
    expect(summary.counts.success + summary.counts.unchanged).toBe(all.length);
    return summary.actions
      .filter(({ status }) => status === 'success')
      .map(({ action }) => name(action))
      .sort();
  };
  /** What a run built beside what is built in every run, with the reasons. */
  const reasons = async (): Promise<Record<string, string | undefined>> => {
    const { actions } = await run();
    const shown = actions.filter(({ action, status }) => status !== 'unchanged' && !always.includes(action));
    return Object.fromEntries(shown.map(({ action, reason }) => [name(action), reason]));
  };

  beforeAll(async () => {
    warehouse = await startWarehouse();
    projectDir = mkdtempSync(path.join(os.tmpdir(), 'medstream-changed-'));
    mkdirSync(path.join(projectDir, 'definitions'));
    writeFileSync(
      path.join(projectDir, 'dataform.json'),
      JSON.stringify({
        warehouse: 'sqldatawarehouse',
        defaultDatabase: 'medstream',
        defaultSchema: 'shop',
        assertionSchema: 'dataform_assertions',
        vars: { run_id: 'adhoc' },
      }),
    );
    for (const [file, text] of Object.entries(definitions)) write(file, text);
    await warehouse.query('CREATE SCHEMA raw');
    await warehouse.query(`CREATE TABLE raw.sales (id int, store varchar(8), price decimal(18,2), batch int)`);
    await warehouse.query(`INSERT INTO raw.sales SELECT 1, 'a', 1.00, 1 UNION ALL SELECT 2, 'b', 2.00, 1`);
    await warehouse.query(`CREATE TABLE raw.stores (name varchar(8))`);
    firstBuilt = await built();
  });
  beforeEach(async () => {
    await run();
  });
  afterAll(async () => {
    await warehouse.stop();
    rmSync(projectDir, { recursive: true, force: true });
  });

  test('builds what reads the clock or the run id, and sends nothing for what is unchanged', async () => {
    expect(firstBuilt).toEqual(all);
    const summary = await run();
    expect(
      summary.actions.filter(({ status }) => status === 'success').map(({ action, reason }) => [action, reason]),
    ).toEqual([
      ['marts.built_at', 'reads the clock, chance or the session'],
      ['marts.seen_by', 'reads the run id'],
    ]);
    expect(summary.actions.find(({ action }) => action === 'marts.totals')).toMatchObject({ verdict: 'unchanged' });
    const labels = await warehouse.query(
      `SELECT [label] FROM sys.dm_pdw_exec_requests WHERE [label] = 'medstream:${summary.runId}:marts.totals'`,
    );
    expect(labels).toEqual([]);
  });

  test('new rows of a source: what reads it, through views, and no more', async () => {
    await warehouse.query(`INSERT INTO raw.sales SELECT 3, 'a', 4.00, 2`);
    expect(await reasons()).toEqual({
      'shop.facts': 'raw.sales has other rows',
      'marts.totals': 'shop.facts was rebuilt',
      totals_positive: 'marts.totals was rebuilt',
    });
    expect(await warehouse.query('SELECT total FROM marts.totals ORDER BY store')).toEqual([
      { total: 5 },
      { total: 2 },
    ]);
  });

  test('an incremental table that finds nothing new: its dependents stay unchanged', async () => {
    await warehouse.query(`INSERT INTO raw.sales SELECT 4, 'c', -1.00, 3`);
    expect(await reasons()).toEqual({ 'shop.facts': 'raw.sales has other rows' });
  });

  test('a definition that changed, and one that changed back', async () => {
    write('names.sqlx', `${definitions['names.sqlx']} WHERE s.name <> 'x'`);
    expect(await reasons()).toEqual({ 'marts.names': 'definition changed' });
    expect(await reasons()).toEqual({});
    write('names.sqlx', definitions['names.sqlx']!);
    expect(await reasons()).toEqual({ 'marts.names': 'definition changed' });
    write('clean.sqlx', `${definitions['clean.sqlx']} AND s.id > 0`);
    expect(Object.keys(await reasons()).sort()).toEqual(['shop.clean', 'shop.facts']);
    write('clean.sqlx', definitions['clean.sqlx']!);
  });

  test.each([
    ['dropped', 'DROP TABLE marts.totals; DROP TABLE marts.totals__prev', 'not in the warehouse'],
    ['with other rows', `INSERT INTO marts.totals SELECT 'x', 1`, 'not as its last build left it'],
    [
      'built by another tool',
      'RENAME OBJECT marts.totals TO t; CREATE TABLE marts.totals WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT * FROM marts.t; DROP TABLE marts.t',
      'not as its last build left it',
    ],
    ['a view that is defined otherwise', 'ALTER VIEW shop.clean AS SELECT 1 AS id', 'not as its last build left it'],
  ])('%s', async (_title, statement, reason) => {
    for (const part of statement.split('; ')) await warehouse.query(part);
    expect(Object.values(await reasons())).toContain(reason);
    expect(await built()).toEqual(always);
  });

  test('a rollback is taken back, and a run without --changed makes no note', async () => {
    await run({ select: ['totals'], changed: false });
    expect(Object.keys(await reasons()).sort()).toEqual(['marts.totals', 'totals_positive']);
    await rollbackProject(warehouse.settings, { projectDir, select: ['totals'] });
    expect(await reasons()).toMatchObject({ 'marts.totals': 'not as its last build left it' });
  });

  test('a full refresh builds incremental tables, and what reads them', async () => {
    const fresh = ['marts.totals', 'shop.facts', 'totals_positive'];
    expect(await built({ fullRefresh: true })).toEqual([...always, ...fresh].sort());
  });

  test('an upstream that was built without its dependents: they are built next time', async () => {
    await warehouse.query(`INSERT INTO raw.sales SELECT 5, 'd', 4.00, 4`);
    await run({ select: ['facts'] });
    expect(await reasons()).toMatchObject({ 'marts.totals': 'shop.facts was rebuilt' });
  });

  test('stopped in the middle: what was begun is built again', async () => {
    await warehouse.query(`INSERT INTO raw.sales SELECT 6, 'd', 4.00, 5`);
    const stop = new AbortController();
    const onAction = ({ action }: { action: string }): void => {
      if (action === 'shop.facts') stop.abort();
    };
    await expect(run({ signal: stop.signal, onAction })).rejects.toMatchObject({ exitCode: 4 });
    await sleep(50);
    expect(await reasons()).toMatchObject({ 'shop.facts': 'no build is noted', 'marts.totals': 'no build is noted' });
    expect(await warehouse.query(`SELECT total FROM marts.totals WHERE store = 'd'`)).toEqual([{ total: 8 }]);
  });

  test('plan --changed tells the same reasons and changes nothing', async () => {
    await warehouse.query(`INSERT INTO raw.sales SELECT 7, 'e', 4.00, 6`);
    const { actions } = await planProject(warehouse.settings, { projectDir, changed: true });
    const planned = actions.filter(({ reason }) => reason !== 'unchanged');
    const summary = await run();
    const ran = summary.actions.filter(({ status }) => status !== 'unchanged');
    const pair = (list: readonly { action: string; reason?: string }[]): string[] =>
      list
        .map(({ action, reason }) => `${action}: ${reason?.replace(/^\S+ was rebuilt$/, 'an input may change')}`)
        .sort();
    expect(pair(planned)).toEqual(pair(ran));
    expect(actions.filter(({ reason }) => reason === 'unchanged').every(({ steps }) => steps.length === 0)).toBe(true);
  });
});
