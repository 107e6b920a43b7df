import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  byLargest,
  compactMoney,
  formatCount,
  formatDecimal,
  formatMoney,
  formatScore,
  formatShare,
  share,
  sum,
  tickMoney,
} from '../../../dashboard/page/data/units';

describe('exact money', () => {
  test.each([
    [0n, '$0.00'],
    [5n, '$0.05'],
    [-123_450n, '-$1,234.50'],
    [900_719_925_474_099_337n, '$9,007,199,254,740,993.37'],
  ])('%s cents are written to the cent', (cents, text) => expect(formatMoney(cents)).toBe(text));

  test('what is written is what was summed, at any size and sign', () => {
    const cents = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
    fc.assert(
      fc.property(fc.array(cents), (amounts) => {
        const digits = formatMoney(sum(amounts, (amount) => amount)).replace(/[$,.]/g, '');
        expect(BigInt(digits)).toBe(amounts.reduce((total, amount) => total + amount, 0n));
      }),
    );
  });

  test.each([
    [49n, '$0'],
    [99_949n, '$999'],
    [27_900_007n, '$279K'],
    [380_000_050n, '$3.80M'],
    [9_029_933_400n, '$90.3M'],
    [-9_029_933_400n, '-$90.3M'],
    [123_456_789_012_345n, '$1.23T'],
  ])('%s cents to three digits are %s', (cents, text) => expect(compactMoney(cents)).toBe(text));

  test.each([
    [0, '$0'],
    [50_000_000, '$500K'],
    [150_000_000, '$1.5M'],
  ])('a tick at %s cents reads %s', (cents, text) => expect(tickMoney(cents)).toBe(text));
});

describe('counts and shares', () => {
  test('counts have thousands separators', () => {
    expect(formatCount(1_234_567n)).toBe('1,234,567');
    expect(formatCount(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993');
  });

  test('a share is in millionths, rounded as SQL rounds; of nothing there is none', () => {
    expect(share(1n, 3n)).toBe(333_333n);
    expect(share(2n, 3n)).toBe(666_667n);
    expect(share(-1n, 2n)).toBe(-500_000n);
    expect(share(1n, 0n)).toBeNull();
  });

  test('a share reads as a percentage with one decimal', () => {
    expect(formatShare(share(53_374n, 100_000n))).toBe('53.4%');
    expect(formatShare(1_000_000n)).toBe('100.0%');
    expect(formatShare(null)).toBe('–');
  });

  test('a score of 100.00% is only for no failure at all', () => {
    expect(formatScore(1_000_000n)).toBe('100.00%');
    expect(formatScore(999_999n)).toBe('99.99%');
    expect(formatScore(null)).toBe('–');
  });

  test.each([
    [null, 2, '–'],
    [1250n, 2, '+12.5'],
    [-1_234_567n, 2, '-12,345.7'],
    [400n, 2, '+4'],
    [0n, 6, '0'],
  ])('%s with %s decimals reads %s', (units, scale, text) => expect(formatDecimal(units, scale, true)).toBe(text));

  test('the largest comes first, equals keep their order, nothing is lost', () => {
    const rows = [1n, 3n, 2n, 3n].map((amount, at) => ({ amount, at }));
    expect(byLargest(rows, ({ amount }) => amount).map(({ at }) => at)).toEqual([1, 3, 2, 0]);
  });
});
