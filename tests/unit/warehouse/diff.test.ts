import { describe, expect, test } from '@jest/globals';
import { diffTables, diffText } from '../../../warehouse/tests/diff';
import { merged } from '../../../warehouse/tests/test-project';

const table = (columns: Record<string, string>, ...rows: unknown[][]) => ({
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  rows,
});

describe('Rows of a unit test', () => {
  test('are a set: order of rows and columns and the numeric type do not matter', () => {
    const expected = table({ a: 'int', b: 'varchar(3)' }, [1, 'x'], [2, 'y']);
    const actual = table({ b: 'varchar(3)', a: 'bigint' }, ['y', '2'], ['x', '1']);
    expect(diffTables(expected, actual)).toBeUndefined();
  });

  test('count: the same row twice is not once', () => {
    expect(diffTables(table({ a: 'int' }, [1]), table({ a: 'int' }, [1], [1]))?.unexpected).toEqual(['a = 1']);
  });

  test('show changed cells with their types, missing and unexpected rows and columns', () => {
    const expected = table({ id: 'int', name: 'varchar(9)', total: 'decimal(9,2)' }, [1, 'ann', 10], [2, 'bob', 5]);
    const actual = table(
      { id: 'int', name: 'varchar(9)', total: 'int', extra: 'int' },
      [1, 'ann', 11, 0],
      [8, 'eve', 9, 0],
    );
    expect(diffText(diffTables(expected, actual)!)).toBe(
      [
        'column unexpected:  extra',
        'row missing:        id = 2, name = bob, total = 5',
        'row unexpected:     id = 8, name = eve, total = 9',
        'row changed:        id = 1, name = ann',
        '  total: expected 10, is 11  (expected decimal(9,2), is int)',
      ].join('\n'),
    );
  });

  test('of an incremental table are those after the merge', () => {
    const before = table({ id: 'int', v: 'int' }, [1, 1], [2, 2]);
    const added = table({ id: 'int', v: 'int' }, [2, 20], [3, 30]);
    expect(merged(before, added, ['id']).rows).toEqual([
      [1, 1],
      [2, 20],
      [3, 30],
    ]);
    expect(merged(before, added, []).rows).toHaveLength(4);
  });
});
