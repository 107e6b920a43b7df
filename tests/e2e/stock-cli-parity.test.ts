import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { silentProgress } from '../../common/progress';
import { projectRoot } from '../../common/project-root';
import { compileProject, runProject } from '../../warehouse';
import { sampleProject, startWarehouse, type TestWarehouse } from '../support/warehouse';

const cli = path.join(projectRoot, 'node_modules', '@dataform', 'cli', 'bundle.js');

/** Runs the stock Dataform CLI in a copy of the project (it reads credentials from the current folder). */
async function dataform(folder: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 1 << 28 };
  return (await promisify(execFile)(process.execPath, [cli, ...args], options)).stdout;
}

function copyOf(project: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-stock-'));
  for (const part of ['dataform.json', 'definitions', 'includes'])
    cpSync(path.join(project, part), path.join(folder, part), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "dependencies": { "@dataform/core": "2.9.0" } }');
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

describe('Parity with the stock Dataform CLI', () => {
  const projects = [['the sample project', sampleProject] as const, ['this project', projectRoot] as const];
  test.each(projects.filter(([, folder]) => existsSync(path.join(folder, 'definitions'))))(
    'compiles the same graph of %s',
    async (_title, project) => {
      const folder = copyOf(project);
      const stock = JSON.parse(await dataform(folder, 'compile', '--json', '--timeout=60s')) as Record<string, unknown>;
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

  test('builds the same tables, row by row', async () => {
    const warehouses = await Promise.all([startWarehouse(), startWarehouse()]);
    const [forStock, forOwn] = warehouses as [TestWarehouse, TestWarehouse];
    try {
      const folder = copyOf(sampleProject);
      const credentials = {
        server: '127.0.0.1',
        port: forStock.port,
        username: 'tester',
        password: 'A-test-only-1',
        database: 'medstream',
      };
      writeFileSync(path.join(folder, '.df-credentials.json'), JSON.stringify(credentials));
      await dataform(folder, 'run', '--timeout=60s');
      const summary = await runProject(forOwn.settings, { projectDir: sampleProject, progress: silentProgress });
      expect(summary.status).toBe('success');
      const tables = `SELECT TABLE_SCHEMA AS s, TABLE_NAME AS n, TABLE_TYPE AS t FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA IN ('raw', 'shop', 'marts') ORDER BY TABLE_SCHEMA, TABLE_NAME`;
      const inStock = await forStock.query<{ s: string; n: string }>(tables);
      expect(await forOwn.query(tables)).toEqual(inStock);
      expect(inStock.length).toBeGreaterThan(4);
      for (const { s, n } of inStock) {
        const rows = async (warehouse: TestWarehouse) =>
          (await warehouse.query<object>(`SELECT * FROM [${s}].[${n}]`)).map((row) => JSON.stringify(row)).sort();
        expect(await rows(forOwn)).toEqual(await rows(forStock));
      }
    } finally {
      await Promise.all(warehouses.map((warehouse) => warehouse.stop()));
    }
  });
});
