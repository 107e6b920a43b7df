import { describe, expect, test } from '@jest/globals';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Settings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';
import { fillBronze } from '../../bench/prepare';
import { withStack } from '../../bench/support';
import { silentProgress } from '../../common/progress';
import { projectRoot } from '../../common/project-root';
import { compileProject, runProject, testProject } from '../../warehouse';
import { dataform, stockCopy } from '../support/stock-cli';
import { sampleProject, startWarehouse } from '../support/warehouse';

describe('Parity with the stock Dataform CLI', () => {
  const projects = [['the sample project', sampleProject] as const, ['this project', projectRoot] as const];
  test.each(projects.filter(([, folder]) => existsSync(path.join(folder, 'definitions'))))(
    'compiles the same graph of %s',
    async (_title, project) => {
      const folder = stockCopy(project);
      const stock = JSON.parse(await dataform(folder, 'compile', '--json', '--timeout=280s')) as Record<
        string,
        unknown
      >;
      const own = JSON.parse(JSON.stringify(compileProject({ projectDir: folder }).compiled)) as Record<
        string,
        unknown
      >;
      for (const part of [
        'tables',
        'operations',
        'assertions',
        'declarations',
        'tests',
        'targets',
        'dataformCoreVersion',
      ])
        expect(own[part] ?? []).toEqual(stock[part] ?? []);
    },
  );

  test('passes the unit tests of this project, as medstream test does', async () => {
    const warehouse = await startWarehouse();
    try {
      const own = await testProject(warehouse.settings, { projectDir: projectRoot, progress: silentProgress });
      expect(own.tests.filter(({ status }) => status !== 'passed').map(({ test, message }) => [test, message])).toEqual(
        [],
      );
      expect(own.passed).toBeGreaterThanOrEqual(40);
      const said = await dataform(stockCopy(projectRoot, warehouse.settings), 'test', '--timeout=280s').catch(
        ({ stdout }: { stdout: string }) => stdout,
      );
      const passed = new Set([...said.matchAll(/^(.+): \S*passed/gm)].map(([, name]) => name));
      const tests = compileProject({ projectDir: projectRoot }).compiled.tests ?? [];
      // The stock CLI compares rows in order, and no order is promised: only tests of one row must pass there every time.
      const ofOneRow = tests.filter(({ expectedOutputQuery }) => !/UNION ALL/i.test(expectedOutputQuery ?? ''));
      expect(ofOneRow.map(({ name }) => name).filter((name) => !passed.has(name))).toEqual([]);
      expect(ofOneRow.length).toBeGreaterThan(tests.length / 2);
    } finally {
      await warehouse.stop();
    }
  });

  test('builds the same tables of the sample project, row by row', async () => {
    const [forStock, forOwn] = await Promise.all([startWarehouse(), startWarehouse()]);
    try {
      await dataform(stockCopy(sampleProject, forStock.settings), 'run', '--timeout=280s');
      const summary = await runProject(forOwn.settings, { projectDir: sampleProject, progress: silentProgress });
      expect(summary.status).toBe('success');
      const built = await contentOf(forOwn.settings, ['raw', 'shop', 'marts']);
      expect(built.size).toBeGreaterThan(4);
      expect(built).toEqual(await contentOf(forStock.settings, ['raw', 'shop', 'marts']));
    } finally {
      await Promise.all([forStock.stop(), forOwn.stop()]);
    }
  });

  test('builds the same tables of this project from generated patients, row by row', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-parity-'));
    const schemas = ['silver', 'gold', 'quality', 'dbo'];
    const homes = { own: path.join(folder, 'own'), stock: path.join(folder, 'stock') };
    try {
      await withStack(homes.own, (settings) => fillBronze(settings, folder, { patients: 10, seed: 1 }));
      cpSync(homes.own, homes.stock, { recursive: true });
      let runId = '';
      const own = await withStack(homes.own, async (settings) => {
        const summary = await runProject(settings, { projectDir: projectRoot, progress: silentProgress });
        expect(summary.status).toBe('success');
        runId = summary.runId;
        return contentOf(settings, schemas);
      });
      const stock = await withStack(homes.stock, async (settings) => {
        await dataform(stockCopy(projectRoot, settings), 'run', '--timeout=280s', '--vars', `run_id=${runId}`);
        return contentOf(settings, schemas);
      });
      own.delete('quality.run_results');
      expect([...own.keys()]).toEqual([...stock.keys()]);
      for (const [name, rows] of own) expect([name, rows]).toEqual([name, stock.get(name)]);
      expect(own.get('silver.fact_encounter')?.length).toBeGreaterThan(100);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Every table and view of some schemas with its rows as text, in an order of their own. Previous versions are the runner's. */
async function contentOf(settings: Settings, schemas: readonly string[]): Promise<Map<string, string[]>> {
  const pool = await connectSynapse(settings);
  try {
    const list = `SELECT TABLE_SCHEMA AS s, TABLE_NAME AS n, TABLE_TYPE AS t FROM INFORMATION_SCHEMA.TABLES
      WHERE TABLE_SCHEMA IN ('${schemas.join("', '")}') AND TABLE_NAME NOT LIKE '%[_][_]prev' ORDER BY TABLE_SCHEMA, TABLE_NAME`;
    const found = (await pool.request().batch(list)).recordset as unknown as { s: string; n: string; t: string }[];
    const content = new Map<string, string[]>();
    for (const { s, n, t } of found) {
      const rows = (await pool.request().batch(`SELECT * FROM [${s}].[${n}]`)).recordset as unknown as object[];
      // Two warehouses share neither the clock at the time of a statement nor the random codes of de-identified patients.
      const texts = rows.map((row) => JSON.stringify({ ...row, measured_at: undefined, deid_code: undefined }));
      content.set(`${s}.${n}`, [t, ...texts.sort()]);
    }
    return content;
  } finally {
    await pool.close();
  }
}
