import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSynapse } from '../../azure/synapse';
import { silentProgress } from '../../common/progress';
import {
  openLineageEvents,
  rollbackProject,
  runProject,
  testProject,
  type FailingRows,
  type RunSummary,
} from '../../warehouse';
import { patience } from '../../warehouse/run/other-runs';
import { sampleProject, sampleWith, startWarehouse, type TestWarehouse } from '../support/warehouse';

const rawFile = 'definitions/sources/raw_orders.sqlx';
const raw = (rows: string): string =>
  `config { type: "operations", schema: "raw", hasOutput: true }
IF OBJECT_ID('raw.raw_orders', 'U') IS NOT NULL DROP TABLE raw.raw_orders
---
CREATE TABLE raw.raw_orders WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS
${rows}`;
/** Runs until it is stopped: no engine answers it from statistics. */
const endless = `config { type: "table", schema: "marts" }
SELECT COUNT_BIG(*) AS n
FROM sys.objects a CROSS JOIN sys.columns b CROSS JOIN sys.columns c CROSS JOIN sys.columns d CROSS JOIN sys.columns e
CROSS JOIN sys.columns f CROSS JOIN sys.columns g CROSS JOIN sys.columns h
WHERE f.column_id * g.column_id * h.column_id + a.object_id + b.column_id * c.column_id <> d.column_id * e.column_id`;
const first = `SELECT 1 AS order_id, 'ann' AS customer, 10.50 AS price, 1 AS batch`;

describe('The warehouse runner on the local Synapse', () => {
  let warehouse: TestWarehouse;
  const run = (projectDir: string, more: object = {}): Promise<RunSummary> =>
    runProject(warehouse.settings, { projectDir, progress: silentProgress, ...more });
  const failures = (summary: RunSummary): string[] =>
    summary.actions
      .filter(({ status }) => status === 'failed')
      .map(({ action, error }) => `${action}: ${error?.message}`);

  beforeAll(async () => {
    warehouse = await startWarehouse();
  });
  afterAll(() => warehouse.stop());

  test('builds the sample project, writes its run file and its result rows', async () => {
    const summary = await run(sampleProject);
    expect(failures(summary)).toEqual([]);
    expect(summary.counts).toMatchObject({ failed: 0, skipped: 0, disabled: 1, assertionsFailed: 0 });
    expect(await warehouse.query('SELECT customer, total FROM marts.customers ORDER BY customer')).toEqual([
      { customer: 'ann', total: 10.5 },
      { customer: 'bob', total: 20 },
    ]);
    expect(JSON.parse(readFileSync(summary.file, 'utf8'))).toMatchObject({ runId: summary.runId, status: 'success' });
    const rows = await warehouse.query<{ action: string; status: string }>(
      `SELECT action, status FROM quality.run_results WHERE run_id = '${summary.runId}' AND kind = 'table'`,
    );
    expect(rows.map(({ action }) => action).sort()).toEqual(['marts.by_batch', 'marts.customers']);
  });

  test('keeps the published version, the failing rows, and skips what depends on a table that breaks its rules', async () => {
    const bad = sampleWith({ [rawFile]: raw(`${first} UNION ALL SELECT 1, 'eve', 7.00, 1`) });
    const shown: FailingRows[] = [];
    const summary = await run(bad, { select: ['orders+'], showRows: (rows: FailingRows) => shown.push(rows) });
    expect(summary.status).toBe('success');
    const broken = await run(bad, { showRows: (rows: FailingRows) => shown.push(rows) });
    const orders = broken.actions.find(({ action }) => action === 'shop.orders')!;
    expect(orders).toMatchObject({ status: 'failed', verdict: 'previous version kept: 1 assertion failed' });
    expect(orders.assertions[0]).toMatchObject({ failingRows: 1 });
    expect(broken.actions.find(({ action }) => action === 'marts.customers')).toMatchObject({ status: 'skipped' });
    expect(shown[0]?.rows).toEqual([[1, 2]]);
    expect(JSON.stringify(broken)).not.toContain('eve');
    const kept = await warehouse.query(`SELECT * FROM dataform_assertions.shop_orders_assertions_uniqueKey_0__rows`);
    expect(kept).toHaveLength(1);
  });

  test('rolls tables back, and a second rollback undoes the first', async () => {
    await run(sampleProject);
    await run(sampleWith({ [rawFile]: raw(`${first} UNION ALL SELECT 9, 'zoe', 99.00, 3`) }));
    const names = async (): Promise<string[]> =>
      (await warehouse.query<{ customer: string }>('SELECT customer FROM marts.customers ORDER BY customer')).map(
        ({ customer }) => customer,
      );
    expect(await names()).toEqual(['ann', 'zoe']);
    const options = { projectDir: sampleProject, select: ['customers'] };
    expect(await rollbackProject(warehouse.settings, options)).toEqual({ restored: ['marts.customers'], kept: [] });
    expect(await names()).toEqual(['ann', 'bob']);
    await rollbackProject(warehouse.settings, options);
    expect(await names()).toEqual(['ann', 'zoe']);
  });

  test('appends to an incremental table, adds its new columns, and refuses a removed one', async () => {
    await run(sampleProject, { fullRefresh: true });
    const more = raw(`${first} UNION ALL SELECT 7, 'kim', 8.00, 5`);
    const added = await run(sampleWith({ [rawFile]: more }), { select: ['+ledger'] });
    expect(added.actions.find(({ action }) => action === 'shop.ledger')).toMatchObject({
      verdict: 'appended',
      rows: 1,
    });
    const wider = `config { type: "incremental" }
SELECT o.order_id, o.customer, o.price, o.batch, 'x' AS mark FROM \${ref("orders")} o
\${when(incremental(), 'WHERE 1 = 0')}`;
    expect(
      failures(await run(sampleWith({ 'definitions/models/ledger.sqlx': wider }), { select: ['ledger'] })),
    ).toEqual([]);
    expect(await warehouse.query('SELECT mark FROM shop.ledger WHERE order_id = 7')).toEqual([{ mark: null }]);
    const narrower = `config { type: "incremental" }\nSELECT o.order_id FROM \${ref("orders")} o`;
    const refused = await run(sampleWith({ 'definitions/models/ledger.sqlx': narrower }), { select: ['ledger'] });
    expect(failures(refused)[0]).toMatch(/column customer is in the table, but no longer in the query.*--full-refresh/);
  });

  test('merges by uniqueKey: a known key is replaced, a key twice in the new rows is refused', async () => {
    const ledger = `config { type: "incremental", uniqueKey: ["order_id"] }
SELECT o.order_id, o.price FROM \${ref("orders")} o`;
    const files = { 'definitions/models/ledger.sqlx': ledger, 'definitions/models/script.js': undefined };
    await run(sampleWith({ ...files, [rawFile]: raw(first) }), { select: ['+ledger'], fullRefresh: true });
    const changed = raw(
      `SELECT 1 AS order_id, 'ann' AS customer, 11.00 AS price, 1 AS batch UNION ALL SELECT 2, 'bob', 2.00, 1`,
    );
    const merged = await run(sampleWith({ ...files, [rawFile]: changed }), { select: ['+ledger'] });
    expect(failures(merged)).toEqual([]);
    expect(await warehouse.query('SELECT order_id, price FROM shop.ledger ORDER BY order_id')).toEqual([
      { order_id: 1, price: 11 },
      { order_id: 2, price: 2 },
    ]);
    const twice = ledger.replace('FROM ${ref("orders")} o', 'FROM ${ref("orders")} o UNION ALL SELECT 1, 5.00');
    const refused = await run(sampleWith({ ...files, 'definitions/models/ledger.sqlx': twice }), {
      select: ['ledger'],
    });
    expect(failures(refused)[0]).toMatch(/uniqueKey of the new rows: 1 row/);
    expect(await warehouse.query('SELECT COUNT(*) AS n FROM shop.ledger')).toEqual([{ n: 2 }]);
  });

  test('checks new rows by the rules of the last build, and the whole table again when a rule changes', async () => {
    const ledger = (rule: string): string => `config {
  type: "incremental", uniqueKey: ["order_id"], assertions: { uniqueKey: ["order_id"], rowConditions: ["${rule}"] }
}
SELECT o.order_id, o.price FROM \${ref("orders")} o`;
    const files = { 'definitions/models/script.js': undefined };
    const runWith = async (rows: string, rule = 'price < 100'): Promise<RunSummary> => {
      const changed = { ...files, [rawFile]: raw(rows), 'definitions/models/ledger.sqlx': ledger(rule) };
      const summary = await run(sampleWith(changed), { select: ['+ledger'] });
      return { ...summary, actions: summary.actions.filter(({ action }) => action === 'shop.ledger') };
    };
    const order = (id: number, price: string): string =>
      `SELECT ${id} AS order_id, 'ann' AS customer, ${price} AS price, 1 AS batch`;
    await warehouse.query('DROP TABLE shop.ledger');
    await runWith(order(1, '50.00'));
    const added = await runWith(order(2, '60.00'));
    expect(added.actions[0]).toMatchObject({ verdict: 'merged', rows: 1 });
    expect(added.actions[0]!.assertions.map(({ status }) => status)).toEqual(['passed', 'passed']);
    const bad = await runWith(order(3, '100.00'));
    expect(bad.actions[0]).toMatchObject({ verdict: 'previous version kept: 1 assertion failed' });
    const stricter = await runWith(order(2, '40.00'), 'price < 45');
    expect(stricter.actions[0]!.assertions.filter(({ status }) => status === 'failed')).toMatchObject([
      { failingRows: 1 },
    ]);
    const nothing = await runWith(`${order(2, '1.00')} WHERE 1 = 0`);
    expect(nothing.actions[0]).toMatchObject({ verdict: 'nothing new', rows: 0 });
    expect(await warehouse.query('SELECT order_id, price FROM shop.ledger ORDER BY order_id')).toEqual([
      { order_id: 1, price: 50 },
      { order_id: 2, price: 60 },
    ]);
  });

  test('carries grants to the new version, labels every statement, and leaves an OpenLineage event for each action', async () => {
    await run(sampleProject, { fullRefresh: true });
    await warehouse.query('CREATE USER analyst WITHOUT LOGIN');
    await warehouse.query('GRANT SELECT ON OBJECT::marts.customers TO analyst');
    await warehouse.query('DENY SELECT ON OBJECT::marts.customers (total) TO analyst');
    const grants = (table: string): Promise<unknown[]> =>
      warehouse.query(`SELECT p.state_desc AS state, c.name AS column_name FROM sys.database_permissions p
        JOIN sys.objects o ON o.object_id = p.major_id JOIN sys.schemas s ON s.schema_id = o.schema_id
        LEFT JOIN sys.columns c ON c.object_id = p.major_id AND c.column_id = p.minor_id
        WHERE s.name = 'marts' AND o.name = '${table}' ORDER BY state`);
    const before = await grants('customers');
    expect(before).toHaveLength(2);
    const summary = await run(sampleProject, { select: ['customers'] });
    expect(await grants('customers')).toEqual(before);
    expect(await rollbackProject(warehouse.settings, { projectDir: sampleProject, run: summary.runId })).toMatchObject({
      restored: ['marts.customers'],
    });
    expect(await grants('customers')).toEqual(before);
    const labels = await warehouse.query<{ label: string }>(
      `SELECT DISTINCT [label] FROM sys.dm_pdw_exec_requests WHERE [label] LIKE 'medstream:${summary.runId}:%'`,
    );
    expect(labels).toEqual([{ label: `medstream:${summary.runId}:marts.customers` }]);
    const events = openLineageEvents(summary) as { eventType: string; outputs: { name: string }[] }[];
    expect(events.map(({ eventType, outputs }) => [eventType, outputs[0]?.name])).toEqual([
      ['START', 'medstream.marts.customers'],
      ['COMPLETE', 'medstream.marts.customers'],
    ]);
  });

  test('a statement whose connection is lost fails its model in words; the rest of the graph is built', async () => {
    const project = sampleWith({ 'definitions/models/slow.sqlx': endless });
    const running = run(project, { select: ['slow by_batch'] });
    const find = `SELECT s.session_id AS sid FROM sys.dm_pdw_exec_requests r JOIN sys.dm_pdw_exec_sessions s ON s.session_id = r.session_id
      WHERE r.status = 'Running' AND r.[label] LIKE '%:marts.slow'`;
    const kill = async (): Promise<void> => {
      const [found] = await warehouse.query<{ sid: string }>(find);
      // It may have ended in between: then there is nothing to kill.
      if (found) await warehouse.query(`KILL '${found.sid}'`).catch(() => {});
    };
    let isDone = false;
    void running.finally(() => (isDone = true));
    // Staging may be sent again: the connection is taken away each time, until the runner gives up.
    while (!isDone) {
      await kill();
      await sleep(50);
    }
    const summary = await running;
    expect(failures(summary)[0]).toMatch(/^marts\.slow: .*(connection|socket|closed|lost)/i);
    expect(summary.actions.find(({ action }) => action === 'marts.by_batch')).toMatchObject({ status: 'success' });
    expect(summary.actions.find(({ action }) => action === 'marts.slow')?.error).toMatchObject({
      file: 'definitions/models/slow.sqlx',
      statement: expect.stringContaining('CROSS JOIN') as unknown,
    });
  });

  test('stops when it is told to, and cancels what runs on the server', async () => {
    const stop = new AbortController();
    const running = run(sampleWith({ 'definitions/models/slow.sqlx': endless }), {
      select: ['slow'],
      signal: stop.signal,
    });
    const outcome = running.then(
      () => undefined,
      (error: unknown) => error,
    );
    const isRunning = async (): Promise<boolean> =>
      (
        await warehouse.query(
          "SELECT 1 AS x FROM sys.dm_pdw_exec_requests WHERE status = 'Running' AND [label] LIKE '%:marts.slow'",
        )
      ).length > 0;
    while (!(await isRunning())) await sleep(20);
    stop.abort();
    // The model would run for years: that the run ends at all shows that it was cancelled.
    expect(await outcome).toMatchObject({ exitCode: 4 });
    expect(await isRunning()).toBe(false);
  });

  test('heals what a killed run left: drops half-built versions, completes a half-done publication', async () => {
    await run(sampleProject, { fullRefresh: true });
    await run(sampleProject, { select: ['customers'] });
    await warehouse.query('CREATE TABLE marts.by_batch__next WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT 1 AS x');
    await warehouse.query('RENAME OBJECT marts.customers TO customers__next');
    const summary = await run(sampleProject, { select: ['no_output'] });
    expect([...summary.healed].sort()).toEqual([
      'dropped marts.by_batch__next',
      'renamed marts.customers__next to customers',
    ]);
    expect(await warehouse.query('SELECT COUNT(*) AS n FROM marts.customers')).toEqual([{ n: 2 }]);
    const left = await warehouse.query(
      "SELECT TABLE_NAME AS name FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE '%__next'",
    );
    expect(left).toEqual([]);
  });

  test('two runs at once take turns: neither takes the half-built tables of the other for left-overs', async () => {
    const slow = `config { type: "table", schema: "marts" }
SELECT COUNT_BIG(*) AS n FROM sys.objects a CROSS JOIN sys.objects b CROSS JOIN sys.columns c`;
    const project = sampleWith({ 'definitions/models/slow.sqlx': slow });
    // The last waits for two whole runs: how long that takes depends on the machine.
    const usual = patience.seconds;
    patience.seconds = 280;
    const runs = await Promise.all([run(project), run(project), run(project)]).finally(
      () => (patience.seconds = usual),
    );
    expect(runs.flatMap(failures)).toEqual([]);
    expect(runs.map(({ healed }) => healed)).toEqual([[], [], []]);
    const ends = runs.map(({ finishedAt }) => finishedAt).sort();
    const starts = runs.map(({ actions }) => actions.flatMap(({ startedAt }) => startedAt ?? []).sort()[0]!).sort();
    expect(starts[1]! >= ends[0]! && starts[2]! >= ends[1]!).toBe(true);
  });

  test('waits for the last statement of a killed run, whose session is gone', async () => {
    const query = endless.slice(endless.indexOf('SELECT'));
    const pool = await connectSynapse(warehouse.settings);
    const request = pool.request();
    const left = request.batch(`${query} OPTION (LABEL = 'medstream:dead:marts.slow')`).catch(() => 'ended');
    let isBuilt = false;
    const running = run(sampleProject, { select: ['no_output'] }).finally(() => (isBuilt = true));
    await sleep(1000);
    expect(isBuilt).toBe(false);
    request.cancel();
    expect(await left).toBe('ended');
    expect((await running).status).toBe('success');
    await pool.close();
  });

  test('runs unit tests as sets and tells what differs', async () => {
    const good = await testProject(warehouse.settings, { projectDir: sampleProject, progress: silentProgress });
    expect(good).toMatchObject({ passed: 2, failed: 0 });
    const wrong = sampleWith({
      'definitions/quality/test_customers.sqlx': `config { type: "test", dataset: "customers" }
input "accepted" { SELECT 'ann' AS customer, 10.00 AS price }
SELECT 'ann' AS customer, CAST(9.00 AS decimal(18,2)) AS total, 1 AS orders`,
    });
    const bad = await testProject(warehouse.settings, {
      projectDir: wrong,
      names: ['test_*'],
      progress: silentProgress,
    });
    expect(bad.tests[0]?.message).toContain('total: expected 9, is 10');
  });

  test('explains wrong credentials and a warehouse that is not there (exit 3)', async () => {
    const { synapse } = warehouse.settings;
    const wrong = { ...warehouse.settings, synapse: { ...synapse, password: 'no' } };
    await expect(runProject(wrong, { projectDir: sampleProject, progress: silentProgress })).rejects.toMatchObject({
      code: 'MS4003',
      exitCode: 3,
      message: expect.stringMatching(/does not accept user tester/) as unknown,
    });
    const absent = { ...warehouse.settings, synapse: { ...synapse, port: 1 } };
    await expect(runProject(absent, { projectDir: sampleProject, progress: silentProgress })).rejects.toMatchObject({
      exitCode: 3,
      message: 'Nothing listens there.',
    });
  });
});
