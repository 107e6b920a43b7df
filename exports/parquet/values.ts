/**
 * Values of the driver → whole numbers as Parquet stores them. All exact: what does not fit throws.
 */

const dayInMilliseconds = 86_400_000;

/**
 * A decimal text such as `-12.30` as a whole number of `10^-scale`.
 * @throws RangeError when it is no decimal number, or has more digits after the point than `scale`, other than zeros.
 */
export function unscaledDecimal(text: string, scale: number): bigint {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text);
  if (!match || (match[2] === '' && !match[3])) throw new RangeError('is no decimal number');
  let fraction = match[3] ?? '';
  if (fraction.length > scale) {
    if (/[^0]/.test(fraction.slice(scale))) throw new RangeError(`has more than ${scale} digits after the point`);
    fraction = fraction.slice(0, scale);
  }
  return BigInt(`${match[1] === '-' ? '-' : ''}${match[2]}${fraction.padEnd(scale, '0')}` || '0');
}

/** Days since 1970-01-01 of a Date at UTC midnight; also before 1970. */
export function epochDays(date: Date): number {
  return Math.floor(date.getTime() / dayInMilliseconds);
}

/** Microseconds since 1970-01-01T00:00:00Z. `tedious` keeps what is finer than a millisecond in `nanosecondsDelta` (seconds). */
export function epochMicroseconds(date: Date): bigint {
  const finer = (date as Date & { nanosecondsDelta?: number }).nanosecondsDelta;
  const micros = date.getTime() * 1000 + (finer ? Math.trunc(finer * 1e6 + 1e-6) : 0);
  // Beyond 2^53 microseconds (year 2255) a double is too coarse.
  if (Number.isSafeInteger(micros)) return BigInt(micros);
  return BigInt(date.getTime()) * 1000n + BigInt(finer ? Math.trunc(finer * 1e6 + 1e-6) : 0);
}
