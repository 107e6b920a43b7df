/** Decimal arithmetic beyond DuckDB's 38 digits: SQL Server keeps more between the operands and the result. */

/** `-1.50` as an integer and the digits behind its point. */
function unscaled(text: string): [bigint, number] {
  const [whole = '0', fraction = ''] = text.split('.');
  return [BigInt(whole + fraction), fraction.length];
}
const power = (digits: number): bigint => 10n ** BigInt(digits);

function scaled(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  if (digits.length > 38 + (digits.length === scale + 1 && digits.startsWith('0') ? 1 : 0))
    throw new Error('TSQL:8115:Arithmetic overflow error converting expression to data type numeric.');
  const point = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, point)}${scale ? `.${digits.slice(point)}` : ''}`;
}

/** The product with `scale` digits, rounded half away from zero. */
export function multiplyDecimals(a: string, b: string, scale: number): string {
  const [x, xs] = unscaled(a);
  const [y, ys] = unscaled(b);
  const drop = xs + ys - scale;
  const product = x * y;
  if (drop <= 0) return scaled(product * power(-drop), scale);
  const half = power(drop) / 2n;
  return scaled((product < 0n ? product - half : product + half) / power(drop), scale);
}

/** The quotient with `scale` digits, truncated. */
export function divideDecimals(a: string, b: string, scale: number): string {
  const [x, xs] = unscaled(a);
  const [y, ys] = unscaled(b);
  if (y === 0n) throw new Error('TSQL:8134:Divide by zero error encountered.');
  return scaled((x * power(scale + ys)) / (y * power(xs)), scale);
}
