import { describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';
import { compileProject } from '../../warehouse';
import { failuresOf, startLoadedStack, type LoadedStack } from '../support/loaded-stack';
import { compareRows, plainMartNames, plainMarts, sameRows, warehouseMart } from '../support/plain-marts';
import { generateInto } from '../unit/simulator/dataset';

/** Every mart, row for row and to the cent, against plain code over the CSV files of the folder. */
async function expectMartsOf(stack: LoadedStack, folder: string): Promise<void> {
  const expected = await plainMarts(folder);
  for (const mart of plainMartNames) {
    const actual = await warehouseMart((sql) => stack.query(sql), mart);
    expect({ mart, ...compareRows(actual, expected[mart]) }).toEqual({ mart, ...sameRows(expected[mart]) });
    expect(actual.length).toBeGreaterThan(0);
  }
}

async function expectAllReconciled(stack: LoadedStack): Promise<void> {
  const hops = await stack.query<{ hop: string; rows_read: string; difference: string }>(
    'SELECT r.hop, r.rows_read, r.difference FROM gold.layer_reconciliation r',
  );
  expect(hops.length).toBeGreaterThan(20);
  expect(hops.filter(({ difference }) => difference !== '0')).toEqual([]);
}

/** What the models document is what the warehouse has, column by column. */
async function expectDocumentedColumns(stack: LoadedStack): Promise<void> {
  const found = await stack.query<{ name: string; column_name: string }>(
    `SELECT CONCAT(c.TABLE_SCHEMA, '.', c.TABLE_NAME) AS name, c.COLUMN_NAME AS column_name
     FROM INFORMATION_SCHEMA.COLUMNS c ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`,
  );
  const built = new Map<string, string[]>();
  for (const { name, column_name: column } of found) built.set(name, [...(built.get(name) ?? []), column]);
  const { compiled } = compileProject({ projectDir: projectRoot });
  for (const { target, actionDescriptor } of (compiled.tables ?? []) as unknown as DescribedTable[]) {
    const name = `${target.schema}.${target.name}`;
    expect([name, ...actionDescriptor.columns.map(({ path: parts }) => parts[0])]).toEqual([
      name,
      ...(built.get(name) ?? []),
    ]);
  }
}

interface DescribedTable {
  target: { schema: string; name: string };
  actionDescriptor: { columns: { path: string[] }[] };
}

/** Readers see no number of a small cell, and gold still adds up. */
async function expectSmallCellsHidden(stack: LoadedStack): Promise<void> {
  const [cells] = await stack.query<Record<string, string>>(
    `SELECT SUM(CASE WHEN v.is_suppressed = 1 THEN 1 ELSE 0 END) AS small, COUNT(v.encounter_count) AS shown,
       COUNT(v.total_claim_cost) AS shown_cost, SUM(CASE WHEN v.encounter_count < 11 THEN 1 ELSE 0 END) AS leaked, COUNT(*) AS cells
     FROM dbo.vw_encounters_by_department_demographics v`,
  );
  const { small, shown, shown_cost: shownCost, leaked, cells: all } = cells!;
  expect(Number(small)).toBeGreaterThan(0);
  expect([Number(shown), Number(shownCost), Number(leaked)]).toEqual([
    Number(all) - Number(small),
    Number(all) - Number(small),
    0,
  ]);
}

async function expectMarts(folder: string): Promise<void> {
  const stack = await startLoadedStack(folder);
  try {
    expect(failuresOf(await stack.run())).toEqual([]);
    await expectMartsOf(stack, folder);
    await expectAllReconciled(stack);
    await expectDocumentedColumns(stack);
    await expectSmallCellsHidden(stack);
  } finally {
    await stack.stop();
  }
}

jest.setTimeout(900_000);

/** Real data, header family A: tests/e2e/start.test.ts. */
describe('Marts equal plain code over the CSV files', () => {
  test('generated data of the newest header family', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-generated-'));
    await generateInto(folder, 'D', 25);
    await expectMarts(folder);
  });
});

describe('Faults in the stream', () => {
  test('every row is accounted for; scorecard and quarantine count the same', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-dirty-'));
    await generateInto(folder, 'B', 25);
    const stack = await startLoadedStack(folder, 0.2);
    try {
      expect(failuresOf(await stack.run())).toEqual([]);
      await expectAllReconciled(stack);
      const quarantined = await stack.query<{ reason_code: string; events: string }>(
        'SELECT q.reason_code, q.events FROM gold.quarantine_summary q',
      );
      expect(quarantined.length).toBeGreaterThan(5);
      const failed = await stack.query<{ reason_code: string; events: string }>(
        `SELECT SUBSTRING(s.[rule], 5, 80) AS reason_code, s.rows_failed AS events FROM gold.data_quality_scorecard s
         WHERE s.action = 'quarantine' AND s.rows_failed > 0`,
      );
      const sorted = (rows: { reason_code: string; events: string }[]) =>
        rows.map((row) => `${row.reason_code}: ${row.events}`).sort();
      expect(sorted(quarantined)).toEqual(sorted(failed));
      const alerts = await stack.query(
        `SELECT a.alert_id FROM gold.quality_alerts a WHERE a.is_firing = 1 AND a.severity = 'error'`,
      );
      expect(alerts).toEqual([]);
      await stack.query(`DELETE FROM silver.claims WHERE claim_id = (SELECT MIN(c.claim_id) FROM silver.claims c)`);
      const broken = await stack.run('hop_counts+');
      expect(failuresOf(broken)).toEqual([expect.stringMatching(/^dataform_assertions.layers_reconcile: /)]);
      const lost = await stack.query(
        `SELECT r.hop, r.difference FROM gold.layer_reconciliation r WHERE r.run_id = '${broken.runId}' AND r.difference <> 0`,
      );
      expect(lost).toEqual([{ hop: 'bronze.claims to silver.claims', difference: '1' }]);
      const firing = await stack.query(
        `SELECT a.dataset FROM gold.quality_alerts a WHERE a.alert_id = 'A02' AND a.is_firing = 1`,
      );
      expect(firing).toEqual([{ dataset: 'bronze.claims to silver.claims' }]);
    } finally {
      await stack.stop();
    }
  });
});
