import type { Quantiles } from './random';

/** Dollars in the tables, cents in the generator. */
export function usd(...points: [p: number, value: number][]): Quantiles {
  return points.map(([p, v]) => [p, v * 100]);
}
