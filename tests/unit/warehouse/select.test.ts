import { describe, expect, test } from '@jest/globals';
import { listProject } from '../../../warehouse';
import { sampleProject } from '../../support/warehouse';

const names = (selection: object): string[] =>
  listProject({ projectDir: sampleProject, ...selection })
    .filter(({ kind }) => kind !== 'assertion')
    .map(({ action }) => action)
    .sort();

describe('Selection', () => {
  test.each([
    ['a name', { select: ['customers'] }, ['marts.customers']],
    ['with what it depends on', { select: ['+customers'] }, ['marts.customers', 'raw.raw_orders', 'shop.orders']],
    ['one level up', { select: ['1+customers'] }, ['marts.customers', 'shop.orders']],
    ['with what depends on it', { select: ['ledger+'] }, ['marts.by_batch', 'shop.ledger', 'shop.touch']],
    ['a union', { select: ['customers ledger'] }, ['marts.customers', 'shop.ledger']],
    ['an intersection', { select: ['tag:daily,tag:finance'] }, ['marts.customers']],
    ['a path', { select: ['path:definitions/sources'] }, ['raw.raw_orders', 'shop.no_output']],
    ['a pattern', { select: ['marts.*'] }, ['marts.by_batch', 'marts.customers']],
    ['an exclusion', { select: ['schema:marts'], exclude: ['by_batch'] }, ['marts.customers']],
    [
      '--actions with a full name',
      { actions: ['medstream.marts.customers,ledger'] },
      ['marts.customers', 'shop.ledger'],
    ],
    [
      '--tags --include-deps',
      { tags: ['finance'], includeDeps: true },
      ['marts.customers', 'raw.raw_orders', 'shop.orders'],
    ],
  ])('%s', (_title, selection, expected) => {
    expect(names(selection)).toEqual(expected);
  });

  test('@ takes the dependents and all that they need', () => {
    expect(names({ select: ['@ledger'] })).toContain('raw.raw_orders');
  });

  test('a selector without a match is wrong usage, with near names', () => {
    expect(() => names({ select: ['custmers'] })).toThrow(
      expect.objectContaining({ exitCode: 2, next: 'Did you mean marts.customers?' }),
    );
    expect(() => names({ actions: ['custmers'] })).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
