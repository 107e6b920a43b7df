import { InvalidArgumentError } from 'commander';

/** Parsers for flag values; each message says what would be right. */

export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < minimum || number > maximum)
      throw new InvalidArgumentError(
        `It must be a whole number ${maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`}.`,
      );
    return number;
  };
}

/** A share between 0 and 1, such as 0.2. */
export function share(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('It must be between 0 and 1.');
  return number;
}

/** Events per second, or `max`. */
export function rate(value: string): number | 'max' {
  if (value === 'max') return 'max';
  const number = Number(value);
  if (!(number > 0)) throw new InvalidArgumentError("It must be a number above 0, or 'max'.");
  return number;
}

/** A length of time in seconds, such as 0.5. */
export function secondsAbove(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 3600)) throw new InvalidArgumentError('It must be above 0 and at most 3600 seconds.');
  return number;
}

/** The first of four ports; 0 = any free ones. */
export const portBase = wholeNumber(0, 65_530);
