import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '../../simulator/generate/random';
import { contentOf, startLakehouse, type Lakehouse } from '../support/lakehouse';
import { generateInto } from '../unit/simulator/dataset';

const tables = [
  'fact_encounter',
  'encounters_clean',
  'encounter_payments',
  'claims',
  'claims_transactions',
  'conditions',
  'dim_patient',
  'dim_organization',
  'dim_provider',
  'dim_payer',
];
const slices = 10;

jest.setTimeout(900_000);

describe('Loaded in any order, silver is the same', () => {
  let root: string;
  let atOnce: Lakehouse;
  let sliced: Lakehouse;

  beforeAll(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'medstream-slices-'));
    const whole = path.join(root, 'whole');
    await generateInto(whole, 'C', 5);
    atOnce = await startLakehouse();
    await atOnce.load(whole);
    await atOnce.produce(whole);
    await atOnce.toBronze();
    await atOnce.build();

    const random = new Random(5, 1, 1);
    const order = shuffled([...Array(slices).keys(), 3, 7], random);
    cut(whole, root, random);
    sliced = await startLakehouse();
    for (const [position, slice] of order.entries()) {
      await sliced.load(path.join(root, `batch-${slice}`), { incremental: true, overlapDays: 1_000_000 });
      await sliced.produce(path.join(root, `stream-${slice}`));
      await sliced.toBronze();
      if (position % 2) await sliced.build();
    }
  });

  afterAll(async () => {
    await atOnce?.stop();
    await sliced?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  test.each(tables)('%s: ten random slices, two of them twice, equal one load', async (table) => {
    const expected = await contentOf(atOnce, table);
    expect(expected.length).toBeGreaterThan(0);
    expect(firstDifferences(await contentOf(sliced, table), expected)).toEqual([]);
  });

  test('a full refresh changes no byte, lineage included', async () => {
    const incremental = [...tables, 'encounter_events', 'encounter_event_outcomes', 'dim_date'];
    const before = await Promise.all(incremental.map((table) => contentOf(sliced, table, true)));
    await sliced.build({ fullRefresh: true });
    for (const [i, table] of incremental.entries())
      expect({ table, differences: firstDifferences(await contentOf(sliced, table, true), before[i]!) }).toEqual({
        table,
        differences: [],
      });
  });
});

/** Every row of every file to one slice at random. The stream of a slice has its encounters and all patients. */
function cut(whole: string, root: string, random: Random): void {
  for (let slice = 0; slice < slices; slice++) {
    mkdirSync(path.join(root, `batch-${slice}`));
    mkdirSync(path.join(root, `stream-${slice}`));
    copyFileSync(path.join(whole, 'patients.csv'), path.join(root, `stream-${slice}`, 'patients.csv'));
  }
  for (const file of readdirSync(whole).filter((name) => name.endsWith('.csv'))) {
    const [header, ...rows] = readFileSync(path.join(whole, file), 'utf8').trimEnd().split('\n');
    const parts: string[][] = Array.from({ length: slices }, () => []);
    for (const row of rows) parts[random.int(0, slices - 1)]!.push(row);
    for (const [slice, part] of parts.entries()) {
      const text = `${[header, ...part].join('\n')}\n`;
      writeFileSync(path.join(root, `batch-${slice}`, file), text);
      if (file === 'encounters.csv') writeFileSync(path.join(root, `stream-${slice}`, file), text);
    }
  }
}

function shuffled(items: number[], random: Random): number[] {
  const result: number[] = [];
  const rest = [...items];
  while (rest.length) result.push(...rest.splice(random.int(0, rest.length - 1), 1));
  return result;
}

function firstDifferences(actual: readonly string[], expected: readonly string[]): string[] {
  const inActual = new Set(actual);
  const inExpected = new Set(expected);
  const differences = [
    ...expected.filter((row) => !inActual.has(row)).map((row) => `missing ${row}`),
    ...actual.filter((row) => !inExpected.has(row)).map((row) => `unexpected ${row}`),
  ];
  if (!differences.length && actual.length !== expected.length)
    differences.push(`${actual.length} rows instead of ${expected.length}`);
  return differences.slice(0, 4);
}
