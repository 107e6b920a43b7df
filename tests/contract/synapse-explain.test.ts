import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTSql, type TSqlServer } from '../support/tsql';

/** EXPLAIN moves rows where their distributions make a pool move them, and nowhere else. */
describe('EXPLAIN', () => {
  let server: TSqlServer;
  beforeAll(async () => {
    server = await startTSql();
    await server.run(`CREATE TABLE dbo.orders (id int NOT NULL, customer int, amount decimal(10,2), region varchar(10)) WITH (DISTRIBUTION = HASH(customer));
      CREATE TABLE dbo.customers (customer int NOT NULL, name varchar(20)) WITH (DISTRIBUTION = HASH(customer));
      CREATE TABLE dbo.regions (region varchar(10), title varchar(20)) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP);
      CREATE TABLE dbo.days (region varchar(10), day date) WITH (DISTRIBUTION = REPLICATE);
      INSERT INTO dbo.orders SELECT 1, 1, 10, 'n' UNION ALL SELECT 2, 2, 20, 's' UNION ALL SELECT 3, 2, 30, 's';
      INSERT INTO dbo.regions SELECT 'n', 'North'`);
    await server.run(
      'CREATE VIEW dbo.totals AS SELECT customer, SUM(amount) AS total FROM dbo.orders GROUP BY customer',
    );
  });
  afterAll(() => server.stop());

  const explain = async (statement: string): Promise<string> => {
    const { sets, error } = await server.run(`EXPLAIN ${statement}`);
    expect(error).toBeUndefined();
    expect(sets[0]!.columns).toEqual(['explain nvarchar(max)']);
    return String(sets[0]!.rows[0]![0]);
  };
  const operations = (xml: string): string[] => [...xml.matchAll(/operation_type="(\w+)"/g)].map((match) => match[1]!);
  const moves = (xml: string): string[] => operations(xml).filter((operation) => operation.endsWith('_MOVE'));

  test.each([
    ['SELECT * FROM dbo.orders WHERE id = 1', []],
    ['SELECT customer, SUM(amount) AS s FROM dbo.orders GROUP BY customer', []],
    ['SELECT region, SUM(amount) AS s FROM dbo.orders GROUP BY region', ['SHUFFLE_MOVE']],
    ['SELECT DISTINCT region FROM dbo.orders', ['SHUFFLE_MOVE']],
    ['SELECT COUNT(*) AS n FROM dbo.orders', ['PARTITION_MOVE']],
    ['SELECT o.id, c.name FROM dbo.orders AS o JOIN dbo.customers AS c ON c.customer = o.customer', []],
    ['SELECT o.id, c.name FROM dbo.orders AS o, dbo.customers AS c WHERE c.customer = o.customer', []],
    ['SELECT o.id FROM dbo.orders AS o JOIN dbo.days AS d ON d.region = o.region', []],
    [
      'SELECT o.id, r.title FROM dbo.orders AS o JOIN dbo.regions AS r ON r.region = o.region',
      ['SHUFFLE_MOVE', 'SHUFFLE_MOVE'],
    ],
    ['SELECT o.id, r.title FROM dbo.orders AS o JOIN dbo.regions AS r ON r.region > o.region', ['BROADCAST_MOVE']],
    ['SELECT c.name, t.total FROM dbo.totals AS t JOIN dbo.customers AS c ON c.customer = t.customer', []],
    [
      'WITH t AS (SELECT customer AS k FROM dbo.orders) SELECT c.name FROM t JOIN dbo.customers AS c ON c.customer = t.k',
      [],
    ],
    ['INSERT INTO dbo.customers SELECT id, region FROM dbo.orders', ['SHUFFLE_MOVE']],
    ['INSERT INTO dbo.customers (name, customer) SELECT region, customer FROM dbo.orders', []],
    ['CREATE TABLE dbo.x WITH (DISTRIBUTION = HASH(region)) AS SELECT id, region FROM dbo.orders', ['SHUFFLE_MOVE']],
    ['CREATE TABLE dbo.x WITH (DISTRIBUTION = HASH(customer)) AS SELECT id, customer FROM dbo.orders', []],
    ['CREATE TABLE dbo.x WITH (DISTRIBUTION = REPLICATE) AS SELECT id FROM dbo.orders', ['BROADCAST_MOVE']],
    ['SELECT id, region INTO #x FROM dbo.orders', []],
    ['DELETE FROM dbo.orders WHERE id = 1', []],
    ['SELECT 1 AS a', []],
  ] as const)('%s', async (statement, wanted) => {
    const xml = await explain(statement);
    expect(moves(xml)).toEqual(wanted);
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="utf-8"\?>\n<dsql_query number_nodes="1" number_distributions="60"/,
    );
    expect(xml).toContain(`<sql>${statement.replaceAll('>', '&gt;')}</sql>`);
    expect(xml).toContain(`total_number_operations="${operations(xml).length}"`);
  });

  test('SELECT INTO makes its table first', async () => {
    const xml = await explain('SELECT id, region INTO #x FROM dbo.orders');
    expect(operations(xml)).toEqual(['ON', 'ON']);
    expect(xml).toContain('>CREATE TABLE [tempdb].[dbo].[#x]<');
    expect(xml).toContain('>INSERT INTO [tempdb].[dbo].[#x] SELECT id, region FROM dbo.orders<');
  });

  test('costs follow from the rows that are moved, and temporary tables go again', async () => {
    const xml = await explain('SELECT region, SUM(amount) AS s FROM dbo.orders GROUP BY region');
    // Three rows of decimal(10,2) and varchar(10): 9 + 10 bytes, 0.00003 ms each.
    expect(xml).toContain(
      '<operation_cost cost="0.00171" accumulative_cost="0.00171" average_rowsize="19" output_rows="3" />',
    );
    expect(xml).toContain('<shuffle_columns>region;</shuffle_columns>');
    expect(xml).toContain('total_cost="0.00171"');
    expect(operations(xml)).toEqual(['RND_ID', 'ON', 'SHUFFLE_MOVE', 'RETURN', 'ON']);
    expect(xml).toContain('<sql_operation type="statement">DROP TABLE [tempdb].[dbo].[TEMP_ID_1]</sql_operation>');
  });

  test('WITH_RECOMMENDATIONS gives a materialized view that can be made', async () => {
    const query =
      'SELECT c.name, SUM(o.amount) AS s FROM dbo.orders AS o JOIN dbo.customers AS c ON c.customer = o.customer GROUP BY c.name';
    const xml = await explain(`WITH_RECOMMENDATIONS ${query}`);
    const [, view] = /with_constants="False">([^<]*)</.exec(xml)!;
    expect(view).toContain('GROUP BY [dbo].[customers].[name]');
    expect((await server.run(`${view}\nGO\nSELECT COUNT(*) FROM View1`)).sets[0]!.rows).toEqual([[0]]);
    expect(await explain(query)).not.toContain('materialized_view_candidates');
  });

  test('nothing is run', async () => {
    await explain('DELETE FROM dbo.orders');
    await explain('INSERT INTO dbo.regions SELECT region, region FROM dbo.orders');
    expect(
      (await server.run('SELECT (SELECT COUNT(*) FROM dbo.orders), (SELECT COUNT(*) FROM dbo.regions)')).sets[0]!.rows,
    ).toEqual([[3, 1]]);
  });

  test.each([
    ['EXPLAIN SELECT nope FROM dbo.orders', 207],
    ['EXPLAIN SELECT * FROM dbo.nothing', 208],
    ['EXPLAIN DROP TABLE dbo.orders', 104467],
    ['BEGIN TRANSACTION; EXPLAIN SELECT 1', 104467],
  ])('%s is Msg %i', async (statement, number) => {
    const { error } = await server.run(statement);
    await server.run('IF @@TRANCOUNT > 0 ROLLBACK');
    expect(error?.number).toBe(number);
  });
});
