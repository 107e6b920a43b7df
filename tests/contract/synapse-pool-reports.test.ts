import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTSql, type TSqlServer } from '../support/tsql';

/** Reports of DBCC whose numbers follow from the rows; those that are whole rows are in fixtures/tsql-answers/pool-reports.sql. */
describe('reports of a pool', () => {
  let server: TSqlServer;
  beforeAll(async () => {
    server = await startTSql();
    await server.run(`CREATE TABLE dbo.many (n int NOT NULL, even int) WITH (DISTRIBUTION = HASH(n), HEAP);
      WITH d AS (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
      INSERT INTO dbo.many SELECT a.d + 10 * b.d + 100 * c.d, (a.d + 10 * b.d + 100 * c.d) / 2 FROM d AS a CROSS JOIN d AS b CROSS JOIN d AS c;
      CREATE STATISTICS s_even ON dbo.many (even, n);`);
  });
  afterAll(() => server.stop());

  test('PDW_SHOWSPACEUSED has a row for each of 60 distributions', async () => {
    const [set] = (await server.run('DBCC PDW_SHOWSPACEUSED ("dbo.many")')).sets;
    expect(set!.columns).toEqual([
      'ROWS bigint',
      'RESERVED_SPACE bigint',
      'DATA_SPACE bigint',
      'INDEX_SPACE bigint',
      'UNUSED_SPACE bigint',
      'PDW_NODE_ID int',
      'DISTRIBUTION_ID int',
    ]);
    expect(set!.rows.map((row) => row[6])).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    expect(set!.rows.reduce((sum, row) => sum + Number(row[0]), 0)).toBe(1000);
    expect(set!.rows.filter((row) => Number(row[0]) > 0).length).toBeGreaterThan(50);
    for (const row of set!.rows) expect(row[2]).toBe(Number(row[0]) > 0 ? 8 : 0);
  });

  test('SHOW_STATISTICS gives header, densities and a histogram of at most 200 steps', async () => {
    const { sets } = await server.run('DBCC SHOW_STATISTICS ("dbo.many", s_even)');
    const [header, densities, histogram] = sets;
    expect(header!.columns.map((column) => column.replace(/ [a-z]+(\([^()]*\))?$/, ''))).toEqual([
      'Name',
      'Updated',
      'Rows',
      'Rows Sampled',
      'Steps',
      'Density',
      'Average key length',
      'String Index',
      'Filter Expression',
      'Unfiltered Rows',
      'Persisted Sample Percent',
    ]);
    const [row] = header!.rows;
    expect(row!.slice(2, 5)).toEqual([1000, 1000, 200]);
    expect(row![5]).toBeCloseTo(1 / 300, 6);
    expect(row!.slice(6)).toEqual([8, 'NO ', null, 1000, 0]);
    expect(densities!.rows.map(([density, length, columns]) => [Number(density).toFixed(6), length, columns])).toEqual([
      ['0.002000', 4, 'even'],
      ['0.001000', 8, 'even, n'],
    ]);
    expect(histogram!.rows).toHaveLength(200);
    expect(histogram!.rows[0]).toEqual([0, 0, 2, 0, 1]);
    expect(histogram!.rows.at(-1)!.slice(0, 1)).toEqual([499]);
    expect(histogram!.rows.reduce((sum, [, range, equal]) => sum + Number(range) + Number(equal), 0)).toBe(1000);
    for (const [, range, , distinct, average] of histogram!.rows)
      expect(average).toBe(distinct === 0 ? 1 : Number(range) / Number(distinct));
  });

  test('a materialized view has no rows that wait to be merged', async () => {
    const { sets } = await server.run(
      `CREATE MATERIALIZED VIEW dbo.evens WITH (DISTRIBUTION = HASH(even)) AS SELECT even, COUNT_BIG(*) AS n FROM dbo.many GROUP BY even
      GO
      DBCC PDW_SHOWMATERIALIZEDVIEWOVERHEAD ("dbo.evens")`,
    );
    expect(sets[0]!.rows[0]!.slice(1)).toEqual([500, 500, '1.00000000000000000']);
  });
});
