import { expect, test } from '@jest/globals';
import type { Manifest } from '../../../ingestion/load/manifest';
import { decide, loadIdOf, type PlannedFile, type TablePlan } from '../../../ingestion/load/plan';
import { randomFrom } from '../../support/random';

const tables = ['patients', 'encounters', 'claims', 'payers'] as const;
type Table = (typeof tables)[number];
/** The newest load of each table. */
type Lake = Partial<Record<Table, Manifest>>;
type Content = Record<Table, string>;

const content = (text: string, change: Partial<Content> = {}): Content => ({
  ...(Object.fromEntries(tables.map((table) => [table, text])) as Content),
  ...change,
});

function plansOf(lake: Lake, source: Content): TablePlan[] {
  return tables.map((table) => {
    const scan = { sha256: source[table], rows: 1 } as PlannedFile['scan'];
    const files = [{ source: { landedName: `${table}.csv` }, scan }] as PlannedFile[];
    return { table, files, watermark: null, newest: lake[table], status: decide(files, lake[table], 'full') };
  });
}

/** A load that is killed once so many of its tables, in the order given, have landed. Returns its id. */
function load(lake: Lake, source: Content, order: readonly Table[] = tables, landed = Infinity): string {
  const plans = plansOf(lake, source);
  const loadId = loadIdOf('data', 'full', plans);
  const landing = order.filter((table) => plans.find((plan) => plan.table === table)!.status === 'land');
  for (const table of landing.slice(0, landed)) {
    const files = [{ file: `${table}.csv`, source_sha256: source[table] }];
    lake[table] = {
      load_id: loadId,
      load_kind: 'full',
      load_before: lake[table]?.load_id ?? null,
      table,
      files,
    } as Manifest;
  }
  return loadId;
}

const allIds = (lake: Lake) => tables.map((table) => lake[table]?.load_id);

test('a load that is cut off, however often and in whatever order its tables land, has one id', () => {
  const random = randomFrom(4);
  for (let n = 0; n < 200; n++) {
    const lake: Lake = {};
    if (n % 2) load(lake, content('before'));
    const ids = new Set<string>();
    while (tables.some((table) => lake[table]?.files[0]!.source_sha256 !== 'new')) {
      const order = tables.toSorted(() => random() - 0.5);
      ids.add(load(lake, content('new'), order, Math.floor(random() * 3)));
    }
    expect(ids.size).toBe(1);
    expect(new Set(allIds(lake))).toEqual(ids);
  }
});

test('the same content again is the load that the lake holds', () => {
  const lake: Lake = {};
  const first = load(lake, content('a'));
  expect(load(lake, content('a'))).toBe(first);
  expect(allIds(lake)).toEqual(Array(tables.length).fill(first));
});

test('content that comes back after other content is another load', () => {
  const lake: Lake = {};
  const ids = ['a', 'b', 'a', 'b'].map((text) => load(lake, content(text)));
  expect(new Set(ids).size).toBe(4);
  const one = ['x', 'b', 'x'].map((patients) => load(lake, content('b', { patients })));
  expect(new Set([...ids, ...one]).size).toBe(7);
});
