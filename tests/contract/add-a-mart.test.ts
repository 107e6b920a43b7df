import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { silentProgress } from '../../common/progress';
import { projectRoot } from '../../common/project-root';
import { compileProject, runProject, testProject } from '../../warehouse';
import { failuresOf } from '../support/loaded-stack';
import { startWarehouse, type TestWarehouse } from '../support/warehouse';

const page = readFileSync(path.join(projectRoot, 'docs', 'add-a-mart.md'), 'utf8');
/** The fenced examples of the page: kind, what stands after it (a file name), text. */
const examples = [...page.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind, file, text]) => ({
  kind: kind!,
  file: file!,
  text: text!,
}));
const commands = examples
  .filter(({ kind }) => kind === 'sh')
  .flatMap(({ text }) => text.trim().split('\n'))
  .map((line) => line.replace(/^npx medstream /, ''));
/** What the page gives a verb after a flag. */
const flagOf = (verb: string, flag: string): string => {
  const command = commands.find((one) => one.startsWith(`${verb} `))!;
  return new RegExp(`${flag} "?([^" ]+)"?`).exec(command)![1]!;
};

describe('docs/add-a-mart.md, followed to the letter', () => {
  let warehouse: TestWarehouse;
  const project = mkdtempSync(path.join(os.tmpdir(), 'medstream-add-a-mart-'));

  beforeAll(async () => {
    for (const part of ['dataform.json', 'definitions', 'includes'])
      cpSync(path.join(projectRoot, part), path.join(project, part), { recursive: true });
    for (const { file, text } of examples.filter((example) => example.file)) {
      mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      writeFileSync(path.join(project, file), text, { flag: 'wx' });
    }
    warehouse = await startWarehouse();
    const rows = createRequire(path.join(project, 'includes', 'test_rows.js'))('./test_rows.js') as {
      encounters(...rows: Record<string, string>[]): string;
    };
    await warehouse.query('CREATE SCHEMA silver');
    await warehouse.query(
      `CREATE TABLE silver.fact_encounter WITH (DISTRIBUTION = HASH(encounter_key), HEAP) AS ${rows.encounters(
        { age_group: '0-17', total_claim_cost: '10.00' },
        { age_group: '0-17', total_claim_cost: '5.55' },
        { age_group: '80+', total_claim_cost: '0.00' },
      )}`,
    );
  });
  afterAll(async () => {
    await warehouse.stop();
    rmSync(project, { recursive: true, force: true });
  });

  test('the page has a mart, a test and three commands', () => {
    expect(examples.map(({ file }) => path.extname(file)).filter(Boolean)).toEqual(['.sqlx', '.js']);
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['compile', 'test', 'run']);
  });

  test('one file adds the mart, its reader view and its assertions', () => {
    const before = compileProject({ projectDir: projectRoot }).graph.actions;
    const after = compileProject({ projectDir: project }).graph.actions;
    expect([...after.keys()].filter((id) => !before.has(id)).sort()).toEqual([
      'dataform_assertions.gold_costs_by_age_group_assertions_rowConditions',
      'dataform_assertions.gold_costs_by_age_group_assertions_uniqueKey_0',
      'dbo.vw_costs_by_age_group',
      'gold.costs_by_age_group',
    ]);
  });

  test('its unit test passes', async () => {
    const names = [flagOf('test', '--names')];
    const tests = await testProject(warehouse.settings, { projectDir: project, names, progress: silentProgress });
    expect(tests).toMatchObject({ passed: 1, failed: 0 });
  });

  test('the run builds it, and readers see its rows', async () => {
    const select = [flagOf('run', '--select')];
    const summary = await runProject(warehouse.settings, { projectDir: project, select, progress: silentProgress });
    expect(failuresOf(summary)).toEqual([]);
    const query = examples.find(({ kind }) => kind === 'sql')!.text;
    const rows = await warehouse.query<{ age_group: string }>(query);
    expect(rows.sort((a, b) => (a.age_group < b.age_group ? -1 : 1))).toEqual([
      { age_group: '0-17', encounter_count: '2', total_claim_cost: 15.55, cost_per_encounter: 7.78 },
      { age_group: '80+', encounter_count: '1', total_claim_cost: 0, cost_per_encounter: 0 },
    ]);
  });
});
