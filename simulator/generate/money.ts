/** Money is whole cents everywhere in the generator; text with two decimals only where a row is written. */
export function moneyText(cents: number): string {
  if (cents < 0) return `-${moneyText(-cents)}`;
  const whole = Math.floor(cents / 100);
  return `${whole}.${hundredths[cents - whole * 100]!}`;
}

/** `cents` cut in as many parts as there are weights, in proportion; the parts add up to the cent, none is negative. */
export function splitCents(cents: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = cents;
  return weights.map((weight, i) => {
    const part = i === weights.length - 1 ? left : Math.min(left, Math.floor((cents * weight) / total));
    left -= part;
    return part;
  });
}

const hundredths = Array.from({ length: 100 }, (_, i) => (i < 10 ? `0${i}` : String(i)));
