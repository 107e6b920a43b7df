import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../common/project-root';
import { compileProject } from '../../../warehouse';
import { planSteps, type PlanState } from '../../../warehouse/plan/steps';
import { sampleProject } from '../../support/warehouse';

const { graph } = compileProject({ projectDir: sampleProject });
const fresh: PlanState = { runId: 'golden', adds: false, grants: [] };
const grants = [{ state: 'GRANT', permission: 'SELECT', principal: 'analysts' }] as const;

/** The exact T-SQL for each kind of model. UPDATE_GOLDEN=1 writes the files anew: read the difference before you commit it. */
describe('T-SQL of', () => {
  test.each<[string, string, PlanState]>([
    ['table-new', 'marts.customers', fresh],
    ['table-replaced', 'marts.customers', { ...fresh, existing: 'table', grants }],
    ['table-over-view', 'marts.by_batch', { ...fresh, existing: 'view' }],
    ['view-new', 'shop.orders', fresh],
    ['view-replaced', 'shop.orders', { ...fresh, existing: 'view' }],
    ['incremental-first', 'shop.ledger', fresh],
    ['incremental-added', 'shop.ledger', { ...fresh, existing: 'table', adds: true, columns: ['order_id', 'price'] }],
    [
      'incremental-added-unchanged',
      'shop.ledger',
      { ...fresh, existing: 'table', adds: true, isUnchanged: true, columns: ['order_id', 'price'] },
    ],
    ['operations', 'raw.raw_orders', fresh],
    ['assertion', 'dataform_assertions.no_negative_price', fresh],
  ])('%s', (name, id, state) => {
    const steps = planSteps(graph, graph.actions.get(id)!, state);
    const text = `${steps.map(({ purpose, sql }) => `-- ${purpose}\n${sql}`).join('\n\n')}\n`;
    const file = path.join(projectRoot, 'tests', 'golden', `${name}.sql`);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});
