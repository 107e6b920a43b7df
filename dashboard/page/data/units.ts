/**
 * Exact amounts. A `decimal(p,s)` is a bigint in units of 10^-s, so money is whole cents and sums are exact.
 * Numbers are for the length of a bar only.
 */

const grouped = new Intl.NumberFormat('en-US');

/** Whole number with thousands separators, such as `1,234,567`. */
export function formatCount(count: bigint): string {
  return grouped.format(count);
}

/** Money to the cent, such as `-$1,234.50`. @param cents whole cents. */
export function formatMoney(cents: bigint): string {
  const size = cents < 0n ? -cents : cents;
  return `${cents < 0n ? '-' : ''}$${grouped.format(size / 100n)}.${String(size % 100n).padStart(2, '0')}`;
}

const steps = [
  { dollars: 1_000_000_000_000n, letter: 'T' },
  { dollars: 1_000_000_000n, letter: 'B' },
  { dollars: 1_000_000n, letter: 'M' },
  { dollars: 1_000n, letter: 'K' },
  { dollars: 1n, letter: '' },
];

/** Money to three significant digits, such as `$69.8M` or `$280`. @param cents whole cents. */
export function compactMoney(cents: bigint): string {
  const size = cents < 0n ? -cents : cents;
  const { dollars, letter } = steps.find((step) => size >= step.dollars * 100n) ?? steps.at(-1)!;
  const unit = dollars * 100n;
  const decimals = letter === '' || size >= unit * 100n ? 0 : size >= unit * 10n ? 1 : 2;
  const scaled = divideRounded(size * 10n ** BigInt(decimals), unit);
  return `${cents < 0n ? '-' : ''}$${(Number(scaled) / 10 ** decimals).toFixed(decimals)}${letter}`;
}

const ticks = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  minimumFractionDigits: 0,
  maximumFractionDigits: 2,
});

/** Money at a tick of an axis, such as `$500K` or `$1.5M`. @param cents a round number. */
export function tickMoney(cents: number): string {
  return ticks.format(cents / 100);
}

/** Shares are bigints in millionths, as `decimal(18,6)` has them; null where the whole is 0. */
export function share(part: bigint, whole: bigint): bigint | null {
  return whole === 0n ? null : divideRounded(part * 1_000_000n, whole);
}

/** A share as a percentage with one decimal, such as `43.2%`; a dash where there is none. */
export function formatShare(millionths: bigint | null): string {
  return millionths === null ? '–' : `${(Number(divideRounded(millionths, 1_000n)) / 10).toFixed(1)}%`;
}

/** A score as a percentage with two decimals, rounded down: 100.00% means that nothing failed. */
export function formatScore(millionths: bigint | null): string {
  return millionths === null ? '–' : `${(Math.floor(Number(millionths) / 100) / 100).toFixed(2)}%`;
}

/**
 * A decimal with one digit after the point, with its sign where `signed`, such as `+12.5`; a dash where there is none.
 * @param scale digits after the point that `units` counts: 2 for hundredths.
 */
export function formatDecimal(units: bigint | null, scale: number, signed = false): string {
  if (units === null) return '–';
  const tenths = divideRounded(units, 10n ** BigInt(scale - 1));
  const size = tenths < 0n ? -tenths : tenths;
  const sign = tenths < 0n ? '-' : signed && tenths > 0n ? '+' : '';
  return `${sign}${grouped.format(size / 10n)}${size % 10n ? `.${size % 10n}` : ''}`;
}

/** Nearest whole quotient, halves away from zero, as SQL rounds. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [top, bottom] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const size = (2n * top + bottom) / (2n * bottom);
  return negative ? -size : size;
}

export function sum<T>(rows: readonly T[], amount: (row: T) => bigint): bigint {
  return rows.reduce((total, row) => total + amount(row), 0n);
}

/** Sorts from the largest down; equal amounts keep their order. */
export function byLargest<T>(rows: readonly T[], amount: (row: T) => bigint): T[] {
  return rows.toSorted((one, other) => Number(amount(other) > amount(one)) - Number(amount(other) < amount(one)));
}
