import { expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../../../common/project-root';

/** A column that is not compared would keep its old value in encounters that are there already. */
test('every column of fact_encounter but its key is compared with the version before, once', () => {
  const include = createRequire(path.join(projectRoot, 'includes', 'fact.js'));
  const { columns, values } = include('./fact.js') as { columns: string[]; values: Record<string, string[]> };
  expect(['encounter_key', ...Object.values(values).flat()].toSorted()).toEqual(columns.toSorted());
  expect(columns.length).toBeGreaterThan(30);
});
