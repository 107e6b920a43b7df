import { describe, expect, test } from '@jest/globals';
import { compileProject, tryCompile } from '../../../warehouse';
import { sampleProject, sampleWith } from '../../support/warehouse';

const problemsOf = (files: Record<string, string>) => tryCompile({ projectDir: sampleWith(files) }).problems;

describe('Compilation', () => {
  test('takes every feature of the sample project', () => {
    const { graph } = compileProject({ projectDir: sampleProject });
    expect([...graph.actions.values()].filter(({ kind }) => kind !== 'assertion').map(({ id }) => id)).toEqual(
      [
        'marts.customers',
        'shop.ledger',
        'shop.orders',
        'marts.by_batch',
        'shop.switched_off',
        'shop.touch',
        'shop.no_output',
        'raw.raw_orders',
      ].sort((a, b) => [...graph.actions.keys()].indexOf(a) - [...graph.actions.keys()].indexOf(b)),
    );
    expect(graph.actions.get('marts.customers')).toMatchObject({
      distribution: 'HASH(customer), CLUSTERED INDEX (customer)',
      tags: ['finance', 'daily'],
      assertions: [
        'dataform_assertions.marts_customers_assertions_uniqueKey_0',
        'dataform_assertions.marts_customers_assertions_rowConditions',
      ],
    });
    expect([...graph.declarations.keys()]).toEqual(['raw.countries']);
    expect(graph.tests).toHaveLength(2);
  });

  test('applies the schema suffix and variables', () => {
    const { graph } = compileProject({ projectDir: sampleProject, schemaSuffix: 'dev', vars: { minimum: '42' } });
    expect(graph.actions.get('shop_dev.orders')).toMatchObject({ query: expect.stringContaining('> 42') as unknown });
    expect(graph.assertionSchema).toBe('dataform_assertions_dev');
  });

  test('tells file, line and a near name for a missing ref', () => {
    const [problem] = problemsOf({
      'definitions/models/bad.sqlx': 'config { type: "view" }\nSELECT 1 AS one\nFROM ${ref("ordres")} o',
    });
    expect(problem).toEqual({
      file: 'definitions/models/bad.sqlx',
      line: 3,
      message: '"ordres" is referred to, but no definition has that name.',
      hint: 'Did you mean shop.orders?',
    });
  });

  test('tells a circle, a name used twice and an unknown name of JavaScript', () => {
    const circle = problemsOf({
      'definitions/models/one.sqlx': 'config { type: "view" }\nSELECT 1 AS x FROM ${ref("two")} t',
      'definitions/models/two.sqlx': 'config { type: "view" }\nSELECT 1 AS x FROM ${ref("one")} o',
    });
    expect(circle[0]?.message).toMatch(/circle: .*one → .*two|circle: .*two → .*one/);
    const twice = problemsOf({ 'definitions/quality/orders.sqlx': 'config { type: "view" }\nSELECT 1 AS x' });
    expect(twice.map(({ message }) => message).join()).toMatch(/Two definitions are named .*orders/);
    const unknown = problemsOf({
      'definitions/models/bad.sqlx': 'config { type: "view" }\n\nSELECT ${nobody.knows("x")} AS x',
    });
    expect(unknown[0]).toMatchObject({ line: 3, message: 'nobody is not defined' });
  });

  test('a broken project fails with exit code 2, and the next compilation is not touched by it', () => {
    const broken = sampleWith({ 'definitions/models/bad.sqlx': 'config { type: }\nSELECT 1 AS x' });
    expect(() => compileProject({ projectDir: broken })).toThrow(
      expect.objectContaining({ code: 'MS4001', exitCode: 2 }),
    );
    expect(compileProject({ projectDir: sampleProject }).graph.actions.size).toBeGreaterThan(8);
  });
});
