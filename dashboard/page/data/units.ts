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
  { from: 1_000_000_000_000n, letter: 'T' },
  { from: 1_000_000_000n, letter: 'B' },
  { from: 1_000_000n, letter: 'M' },
  { from: 1_000n, letter: 'K' },
];

/** Three or four significant digits, such as `98.4K`; below 10,000 exact. */
export function compactCount(count: bigint): string {
  const size = count < 0n ? -count : count;
  const step = size < 10_000n ? undefined : steps.find(({ from }) => size >= from);
  return step ? `${count < 0n ? '-' : ''}${compact(size, step)}` : formatCount(count);
}

/** Three or four significant digits, such as `$69.81M`; below $1,000 whole dollars. @param cents whole cents. */
export function compactMoney(cents: bigint): string {
  const size = cents < 0n ? -cents : cents;
  const step = steps.find(({ from }) => size >= from * 100n);
  const text = step ? compact(size, { ...step, from: step.from * 100n }) : grouped.format((size + 50n) / 100n);
  return `${cents < 0n ? '-' : ''}$${text}`;
}

function compact(size: bigint, { from, letter }: { from: bigint; letter: string }): string {
  const decimals = size >= from * 100n ? 1 : 2;
  const scaled = divideRounded(size * 10n ** BigInt(decimals), from);
  return `${(Number(scaled) / 10 ** decimals).toFixed(decimals)}${letter}`;
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
