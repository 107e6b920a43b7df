import { expect, test } from '@jest/globals';
import { byReason, bytes, counted, dollars } from '../../../cli/format';

test('one thing is no plural, many have separators', () => {
  expect([0, 1, 2, 12_345].map((n) => counted(n, 'file'))).toEqual(['0 files', '1 file', '2 files', '12,345 files']);
});

test('counts by reason are one phrase, and nothing where there are none', () => {
  expect(byReason({ too_large: 2000, no_id: 1 })).toBe('2,000 too_large, 1 no_id');
  expect(byReason({})).toBe('');
});

test('dollars and sizes keep their last digit', () => {
  expect(['0.01', '-1234567.8', '90071992547409931.99'].map(dollars)).toEqual([
    '$0.01',
    '-$1,234,567.80',
    '$90,071,992,547,409,931.99',
  ]);
  expect([999, 1000, 1_250_000].map(bytes)).toEqual(['999 B', '1.0 kB', '1.3 MB']);
});
