import { describe, expect, test } from '@jest/globals';
import { movedIndex } from '../../../dashboard/page/data/keys';
import { parseManifest } from '../../../dashboard/page/data/manifest';
import { marts, typesOf, type Kind } from '../../../dashboard/page/data/marts';
import { parseRoute, routeHash, viewNames } from '../../../dashboard/page/data/route';
import { parseRange } from '../../../dashboard/server/range';
import { readContracts } from '../../../exports/contract';

describe('what the page reads and what the export promises', () => {
  const contracts = new Map(readContracts().map((contract) => [contract.table, contract]));

  test.each(Object.entries(marts))('%s has every column, in a type that the page reads', (name, columns) => {
    const promised = new Map(contracts.get(name)?.columns.map((column) => [column.name, column.typeName]));
    for (const [column, kind] of Object.entries<Kind>(columns)) expect(typesOf[kind]).toContain(promised.get(column));
  });

  test('a contract names the dashboard at the columns that the page reads, and at no other', () => {
    const named = [...contracts.values()].flatMap(({ table, columns }) =>
      columns
        .filter(({ reports }) => reports.some((report) => report.startsWith('Dashboard · ')))
        .map(({ name }) => `${table}.${name}`),
    );
    const read = Object.entries(marts).flatMap(([table, columns]) =>
      Object.keys(columns).map((column) => `${table}.${column}`),
    );
    expect(named.toSorted()).toEqual(read.toSorted());
  });
});

describe('_export.json', () => {
  const whole = { version: 1, run_id: 'r', exported_at: '2026-11-25T00:00:00.000Z', tables: [] };

  test('version 1 is read', () => expect(parseManifest(JSON.stringify(whole)).run_id).toBe('r'));

  test.each([
    ['half a file', '{"version":1,', 'it is no JSON'],
    ['nothing', 'null', 'not of version 1'],
    ['another version', JSON.stringify({ ...whole, version: 2 }), 'not of version 1'],
    ['no time', JSON.stringify({ ...whole, exported_at: 'soon' }), 'lacks a part'],
    [
      'a table without files',
      JSON.stringify({ ...whole, tables: [{ name: 'x', rows: 1, columns: [] }] }),
      'lacks a part',
    ],
  ])('%s is refused in words', (_, text, words) => expect(() => parseManifest(text)).toThrow(words));
});

describe('deep links', () => {
  test.each(viewNames)('#%s leads to its view and back', (view) => {
    expect(routeHash(parseRoute(`#${view}`))).toBe(`#${view}`);
  });
  test('the range of the monthly view is part of its link', () => {
    expect(parseRoute('#monthly?range=5y')).toEqual({ view: 'monthly', range: '5y' });
    expect(routeHash({ view: 'monthly', range: '5y' })).toBe('#monthly?range=5y');
  });
  test.each(['', '#', '#nothing', '#monthly?range=toString'])('%s falls back', (hash) => {
    expect(parseRoute(hash).range).toBe('10y');
  });
});

describe('arrow keys in a chart', () => {
  test.each([
    ['ArrowRight', undefined, 0],
    ['ArrowDown', 1, 2],
    ['ArrowRight', 2, 2],
    ['ArrowLeft', undefined, 2],
    ['ArrowUp', 0, 0],
    ['Home', 2, 0],
    ['End', 0, 2],
    ['Tab', 1, undefined],
  ])('%s from %s leads to %s of three', (key, from, to) => expect(movedIndex(key, from, 3)).toBe(to));

  test('nowhere where there is nothing', () => expect(movedIndex('End', undefined, 0)).toBeUndefined());
});

describe('Range headers', () => {
  test.each([
    [undefined, undefined],
    ['bytes=0-9', { offset: 0, count: 10 }],
    ['bytes=90-', { offset: 90, count: 10 }],
    ['bytes=95-200', { offset: 95, count: 5 }],
    ['bytes=-8', { offset: 92, count: 8 }],
    ['bytes=-800', { offset: 0, count: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', undefined],
    ['bytes=0-1,4-5', undefined],
    ['rows=0-1', undefined],
  ])('%s of 100 bytes', (header, range) => expect(parseRange(header, 100)).toEqual(range));
});
