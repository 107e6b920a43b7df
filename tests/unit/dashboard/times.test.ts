import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatAge,
  formatDuration,
  formatMinute,
  formatMonth,
  monthDate,
  monthNumber,
} from '../../../dashboard/page/data/times';

describe('times', () => {
  test('months and minutes are those of UTC', () => {
    const date = new Date('2024-12-31T23:59:59.999Z');
    expect(formatMonth(date)).toBe('Dec 2024');
    expect(formatMinute(date)).toBe('31 Dec 2024, 23:59');
    expect(formatMinute(new Date('0905-03-01T07:05:00Z'))).toBe('1 Mar 905, 07:05');
  });

  test('a month number leads back to the first day of its month', () => {
    const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const first = new Date(day);
        first.setUTCDate(1);
        first.setUTCHours(0, 0, 0, 0);
        expect(monthDate(monthNumber(day)).toISOString()).toBe(first.toISOString());
      }),
    );
  });

  test.each([
    [0n, '0 s'],
    [59n, '59 s'],
    [710n, '11 min 50 s'],
    [21_660n, '6 h 1 min'],
    [410_490n, '4 d 18 h'],
    [86_400n, '1 d'],
    [-90n, '-1 min 30 s'],
    [10_000n * 86_400n, '10,000 d'],
  ])('%s seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test.each([
    [10, 'just now'],
    [-500, 'just now'],
    [180, '3 minutes ago'],
    [7200, '2 hours ago'],
    [86_400 * 3, '3 days ago'],
  ])('%s seconds ago is %s', (seconds, text) => {
    const now = new Date('2026-11-25T12:00:00Z');
    expect(formatAge(new Date(now.getTime() - seconds * 1000), now)).toBe(text);
  });
});
