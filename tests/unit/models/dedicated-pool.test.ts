import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../../common/project-root';
import { compileProject } from '../../../warehouse';
import { findPoolProblems, poolRules } from '../../support/pool-rules';

/** Every text of SQL that the compiled project would send, with the file it comes from. */
function compiledSql(): { file: string; sql: string }[] {
  const { compiled, graph } = compileProject({ projectDir: projectRoot });
  const of = (file: string | undefined, ...texts: (string | readonly string[] | undefined)[]) =>
    texts
      .flat()
      .filter((sql): sql is string => Boolean(sql?.trim()))
      .map((sql) => ({ file: file ?? '', sql }));
  return [
    ...(compiled.tables ?? []).flatMap((table) =>
      of(
        table.fileName,
        table.query,
        table.incrementalQuery,
        table.preOps,
        table.postOps,
        table.incrementalPreOps,
        table.incrementalPostOps,
      ),
    ),
    ...(compiled.operations ?? []).flatMap((operation) => of(operation.fileName, operation.queries)),
    ...(compiled.assertions ?? []).flatMap((assertion) => of(assertion.fileName, assertion.query)),
    ...graph.tests.flatMap((one) => of(one.file, one.testQuery, one.expectedQuery, one.existingQuery)),
  ];
}

describe('Constructs that a dedicated pool lacks', () => {
  test('are in no SQL of the project', () => {
    const texts = compiledSql();
    expect(texts.length).toBeGreaterThan(150);
    const findings = texts.flatMap(({ file, sql }) =>
      findPoolProblems(sql).map(
        ({ rule, line }) => `${file}: ${rule.construct} (${rule.id}, ${rule.page}), line ${line}`,
      ),
    );
    expect(findings).toEqual([]);
  });

  test('a query that the stock CLI wraps in a sub-select does not start with a CTE', () => {
    const { compiled, graph } = compileProject({ projectDir: projectRoot });
    const wrapped = [
      ...(compiled.tables ?? [])
        .filter(({ enumType }) => enumType === 'INCREMENTAL')
        .map(({ fileName, incrementalQuery, query }) => ({ file: fileName, sql: incrementalQuery || query || '' })),
      ...graph.tests.map(({ file, testQuery }) => ({ file, sql: testQuery })),
    ];
    expect(wrapped.length).toBeGreaterThan(20);
    expect(wrapped.filter(({ sql }) => /^\s*(--[^\n]*\n\s*)*WITH\b/i.test(sql)).map(({ file }) => file)).toEqual([]);
  });

  const samples: [string, string][] = [
    ['P01', 'SELECT x.a FROM (WITH c AS (SELECT 1 AS a) SELECT c.a FROM c) x'],
    ['P02', 'SELECT t.a, COUNT(*) AS n FROM t GROUP BY 1'],
    ['P02', 'SELECT t.a, COUNT(*) AS n FROM t GROUP BY t.a, 2 HAVING COUNT(*) > 1'],
    ['P03', 'SELECT t.a FROM t ORDER BY t.a OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY'],
    ['P04', 'SELECT t.a FROM t FOR JSON PATH'],
    ['P04', 'SELECT t.a FROM t FOR XML AUTO'],
    ...poolRules
      .filter(({ construct }) => construct.endsWith('()'))
      .map(({ id, construct }): [string, string] => [id, `SELECT ${construct.replace('()', '(t.a, t.b)')} FROM t`]),
    ['P30', 'DECLARE @t TABLE (a int)'],
    ['P30', 'DECLARE @t AS TABLE (a int)'],
    ['P31', 'USE medstream; SELECT 1 AS a'],
    ['P32', 'SELECT t.a FROM other.silver.t t'],
    ['P32', 'SELECT t.a FROM s INNER JOIN [other].[silver].[t] t ON t.a = s.a'],
    ['P33', 'CREATE SEQUENCE dbo.s START WITH 1'],
    ['P33', 'SELECT NEXT VALUE FOR dbo.s AS n'],
    ['P34', 'CREATE TABLE dbo.t (a int, b AS (a + 1))'],
    ['P35', 'CREATE TRIGGER dbo.r ON dbo.t AFTER INSERT AS SELECT 1'],
    ['P36', 'CREATE SYNONYM dbo.s FOR dbo.t'],
    ['P37', 'SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY t.a) AS m FROM t'],
    ['P38', "INSERT INTO dbo.t (a, b) VALUES (1, 'x'), (2, 'y')"],
  ];
  test.each(samples)('%s is found: %s', (id, sql) => {
    expect(findPoolProblems(sql).map(({ rule }) => rule.id)).toEqual([id]);
  });

  test('every rule has a sample', () => {
    expect([...new Set(samples.map(([id]) => id))].sort()).toEqual(poolRules.map(({ id }) => id).sort());
  });

  test.each([
    "SELECT 'FOR JSON' AS a, t.choose FROM t -- GROUP BY 1",
    'WITH c AS (SELECT 1 AS a) SELECT c.a FROM c',
    'SELECT t.a, COUNT(*) AS n FROM t GROUP BY t.a, YEAR(t.b) ORDER BY 1',
    'SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY t.a) OVER (PARTITION BY t.b) AS m FROM t',
    'CREATE TABLE dbo.t WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT CAST(1 AS int) AS a',
    'CREATE TABLE dbo.t (a int NOT NULL, b varchar(10) NULL) WITH (DISTRIBUTION = HASH(a)); INSERT INTO dbo.t (a) VALUES (1)',
    'SELECT t.[least], s.translate FROM silver.t t INNER JOIN gold.s s ON s.a = t.a',
  ])('what a pool takes is not: %s', (sql) => {
    expect(findPoolProblems(sql)).toEqual([]);
  });
});
