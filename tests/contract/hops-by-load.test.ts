import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentProgress } from '../../common/progress';
import { projectRoot } from '../../common/project-root';
import { createBronze } from '../../ingestion/copy/bronze-tables';
import { runProject } from '../../warehouse';
import { startWarehouse, type TestWarehouse } from '../support/warehouse';

interface Counts {
  dataset: string;
  rows_read: string;
  quarantined: string;
  identified: string;
  different: string;
}

/** What `load_counts` and `bronze_keys` hold must be this: all of bronze, counted at once. */
const recount = (
  dataset: string,
  id: string,
  rows: string,
  isCurrent: string,
): string => `SELECT '${dataset}' AS dataset,
  COUNT_BIG(*) AS rows_read,
  ISNULL(SUM(CASE WHEN ${id} IS NULL THEN 1 ELSE 0 END), 0) AS quarantined,
  COUNT_BIG(${id}) AS identified,
  COUNT_BIG(DISTINCT CASE WHEN ${isCurrent} THEN ${id} END) AS different
FROM silver.${rows} s`;
const counted = `SELECT c.dataset, c.rows_read, c.quarantined, c.identified, ISNULL(k.different, 0) AS different
FROM (SELECT dataset, SUM(rows_read) AS rows_read, SUM(quarantined) AS quarantined, SUM(identified) AS identified FROM quality.load_counts GROUP BY dataset) c
LEFT JOIN (SELECT dataset, COUNT_BIG(*) AS different FROM quality.bronze_keys GROUP BY dataset) k ON k.dataset = c.dataset
ORDER BY c.dataset`;

describe('Hops counted load by load', () => {
  let warehouse: TestWarehouse;
  let minute = 0;

  /** Rows of a load, copied one minute after the one before. `at` is when it was taken at the source. */
  const load = async (
    id: string,
    kind: 'full' | 'incremental',
    at: string,
    claims: readonly string[],
  ): Promise<void> => {
    const copiedAt = `2026-01-01T00:${String(minute++).padStart(2, '0')}:00`;
    const rows = claims.map((claim) => `SELECT '${claim}', '${id}', 'claims/${id}', '${copiedAt}'`);
    await warehouse.query(`DELETE FROM bronze.claims WHERE _load_id = '${id}'`);
    await warehouse.query(`DELETE FROM bronze.load_ledger WHERE load_id = '${id}'`);
    await warehouse.query(
      `INSERT INTO bronze.claims ([Id], _load_id, _source_file, _loaded_at)\n${rows.join('\nUNION ALL ')}`,
    );
    await warehouse.query(`INSERT INTO bronze.load_ledger
(load_id, table_name, source_file, load_kind, load_files, rows_expected, rows_copied, rows_skipped, status, load_finished_at, copied_at)
SELECT '${id}', 'claims', 'claims/${id}', '${kind}', 1, ${claims.length}, ${claims.length}, 0, 'copied', '${at}', '${copiedAt}'`);
  };
  const land = async (sequences: readonly number[]): Promise<void> => {
    const copiedAt = `2026-01-01T00:${String(minute++).padStart(2, '0')}:00`;
    const rows = sequences.map(
      (sequence) =>
        `SELECT '{"partition":0,"sequence":${sequence},"enqueued_at":"2026-01-01T00:00:00Z","body":"{}"}', 'stream', 'hub=h/partition=0/f', '${copiedAt}'`,
    );
    await warehouse.query(
      `INSERT INTO bronze.encounters_raw (line, _load_id, _source_file, _loaded_at)\n${rows.join('\nUNION ALL ')}`,
    );
  };
  const build = async (...select: string[]): Promise<void> => {
    const summary = await runProject(warehouse.settings, { projectDir: projectRoot, select, progress: silentProgress });
    expect(summary.actions.filter(({ status }) => status !== 'success')).toEqual([]);
  };
  const run = async (): Promise<Counts[]> => {
    await build('bronze_keys', 'load_counts');
    return warehouse.query<Counts>(counted);
  };
  const expectAsCountedAtOnce = async (): Promise<Counts[]> => {
    const found = await run();
    const [claims] = await warehouse.query<Counts>(
      recount('claims', 's.claim_id', 'stg_synthea__claims', 's._is_current_load = 1'),
    );
    const key = "CONCAT(s.hub, '|', s.partition_id, '|', s.sequence_number)";
    const [events] = await warehouse.query<Counts>(recount('encounters_raw', key, 'stg_encounter_events', '1 = 1'));
    const texts = (rows: readonly (Counts | undefined)[]): unknown[] =>
      rows.filter((row) => row?.rows_read !== '0').map((row) => ({ ...row, quarantined: String(row?.quarantined) }));
    expect(texts(found)).toEqual(texts([claims, events]));
    return found;
  };

  beforeAll(async () => {
    warehouse = await startWarehouse();
    for (const statement of createBronze()) await warehouse.query(statement);
    await build('path:definitions/staging', 'bronze_loads');
  });
  afterAll(() => warehouse.stop());

  test('a first load, with duplicates, rows without id, ids in another case or with blanks at the end', async () => {
    await load('full-1', 'full', '2026-01-01', ['a', 'b', 'b', '', '0', 'c', 'C', 'c ']);
    await land([1, 2, 3]);
    const [claims] = await expectAsCountedAtOnce();
    expect(claims).toEqual({ dataset: 'claims', rows_read: '8', quarantined: '2', identified: '6', different: '3' });
  });

  test('later loads are counted, and what was counted is not read again', async () => {
    await warehouse.query(`UPDATE quality.load_counts SET quarantined = 1000 WHERE load_id = 'full-1'`);
    await load('more-1', 'incremental', '2026-01-02', ['B', 'd', 'd', '']);
    await load('more-2', 'incremental', '2026-01-03', ['d', 'e']);
    expect((await run())[0]).toMatchObject({ rows_read: '14', quarantined: '1001', different: '5' });
    await warehouse.query(`UPDATE quality.load_counts SET quarantined = 2 WHERE load_id = 'full-1'`);
    await expectAsCountedAtOnce();
  });

  test('an event that was landed twice', async () => {
    await land([3, 4]);
    const [, events] = await expectAsCountedAtOnce();
    expect(events).toMatchObject({ identified: '5', different: '4' });
  });

  test('a load that comes late and is older than the full load', async () => {
    await load('late', 'incremental', '2025-12-31', ['z', '']);
    expect((await expectAsCountedAtOnce())[0]).toMatchObject({ identified: '12', different: '5' });
  });

  test('a newer full load takes the place of those before it', async () => {
    await load('full-2', 'full', '2026-01-04', ['a', 'x']);
    expect((await expectAsCountedAtOnce())[0]).toMatchObject({ identified: '14', different: '2' });
  });

  test('a load that was copied again', async () => {
    await load('full-2', 'full', '2026-01-04', ['a', 'y', '']);
    expect((await expectAsCountedAtOnce())[0]).toMatchObject({ identified: '14', quarantined: '5', different: '2' });
  });

  test('bronze dropped and filled again', async () => {
    await warehouse.query('DROP TABLE bronze.claims');
    await warehouse.query(`DELETE FROM bronze.load_ledger WHERE table_name = 'claims'`);
    for (const statement of createBronze()) await warehouse.query(statement);
    await expectAsCountedAtOnce();
    await load('full-2', 'full', '2026-01-04', ['a', 'x', 'y']);
    expect((await expectAsCountedAtOnce())[0]).toMatchObject({ identified: '3', different: '3' });
  });

  test.each([
    ['a row taken out of bronze by hand', `DELETE FROM bronze.claims WHERE [Id] = 'a'`],
    ['counts that are lost', 'DROP TABLE quality.load_counts'],
    ['keys that are lost', 'DROP TABLE quality.bronze_keys'],
  ])('%s', async (_title, statement) => {
    await warehouse.query(statement);
    await expectAsCountedAtOnce();
  });
});
