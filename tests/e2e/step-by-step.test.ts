import { beforeAll, describe, expect, it } from '@jest/globals';
import { medstream, newFolder } from '../support/medstream';

/** Runs a verb in the folder, as a user would who types one after the other; it must print one JSON document only. */
async function verb<Document>(folder: string, ...args: string[]): Promise<Document> {
  const { code, stdout, stderr } = await medstream(folder, [...args, '--json']);
  expect({ verb: args[0], code, stderr }).toEqual({ verb: args[0], code: 0, stderr: '' });
  return JSON.parse(stdout) as Document;
}

describe('the verbs, one by one and each twice', () => {
  const folder = newFolder();
  let sent: number;

  beforeAll(() => verb(folder, 'generate', '--patients', '8', '--out', 'data'));

  it('status tells that nothing is built yet', async () => {
    expect(await verb(folder, 'status')).toEqual({
      runs: [],
      alerts: null,
      freshness: null,
      scorecard: null,
      reconciliation: null,
    });
  });

  it('load lands each file once', async () => {
    const statuses = async () =>
      new Set(
        (await verb<{ files: { status: string }[] }>(folder, 'load', '--data', 'data')).files.map((f) => f.status),
      );
    expect(await statuses()).toEqual(new Set(['landed']));
    expect(await statuses()).toEqual(new Set(['unchanged']));
  });

  it('produce sends, and land lands what the hub holds, once', async () => {
    ({ sent } = await verb<{ sent: number }>(folder, 'produce', '--data', 'data'));
    expect(await verb(folder, 'land')).toMatchObject({ events: sent });
    expect(await verb(folder, 'land')).toMatchObject({ events: 0, files: 0 });
  });

  it('copy takes each file once', async () => {
    expect(await verb(folder, 'copy')).toMatchObject({ failed: [], tables: { encounters_raw: sent } });
    expect(await verb(folder, 'copy')).toMatchObject({ failed: [], files: 0, rows: 0 });
  });

  it('run builds, and builds again', async () => {
    for (let time = 0; time < 2; time++)
      expect(await verb(folder, 'run')).toMatchObject({
        status: 'success',
        counts: { failed: 0, assertionsFailed: 0 },
      });
  });

  it('producing the same again changes no number, only the count of superseded events', async () => {
    const marts = async () => {
      const { tables } = await verb<{ tables: { table: string; rows: number; files: number; written: number }[] }>(
        folder,
        'export',
      );
      return tables.filter(({ table }) => /^(encounters_by|payer|fact)/.test(table));
    };
    const before = await marts();
    await verb(folder, 'produce', '--data', 'data');
    await verb(folder, 'land');
    await verb(folder, 'copy');
    await verb(folder, 'run');
    expect(await marts()).toEqual(before.map((table) => ({ ...table, written: 0, carried: table.files })));
    const { reconciliation } = await verb<{
      reconciliation: { hop: string; superseded: number; difference: number }[];
    }>(folder, 'status');
    expect(reconciliation.find(({ hop }) => hop.endsWith('encounters_clean'))).toMatchObject({ superseded: sent });
    expect(reconciliation.filter(({ difference }) => difference !== 0)).toEqual([]);
  });

  it('ls, plan and rollback work on what was built', async () => {
    const listed = await verb<unknown[]>(folder, 'ls', '--select', 'tag:gold,kind:table');
    expect(listed.length).toBeGreaterThan(10);
    await verb(folder, 'plan', '--select', '+fact_encounter');
    await verb(folder, 'rollback', '--select', 'gold.encounters_by_department');
    await verb(folder, 'rollback', '--select', 'gold.encounters_by_department');
  });
});
