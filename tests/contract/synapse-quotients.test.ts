import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../simulator/generate/random';
import { startTSql, type TSqlServer } from '../support/tsql';

let server: TSqlServer;
beforeAll(async () => {
  server = await startTSql();
}, 30_000);
afterAll(() => server.stop());

/** Amounts in cents, from nothing to what fills a decimal(18,2), of both signs. */
function amounts(count: number): [bigint, bigint][] {
  const random = new Random(7, 1, 1);
  const amount = (): bigint =>
    BigInt(random.int(0, 999_999_999)) * 10n ** BigInt(random.int(0, 9)) * (random.int(0, 3) ? 1n : -1n) +
    BigInt(random.int(0, 9));
  const pairs = Array.from({ length: count }, (): [bigint, bigint] => [amount(), amount() || 1n]);
  // 0.0000005 and its like: halves are rounded away from zero.
  return [...pairs, [1n, 2_000_000n], [-1n, 2_000_000n], [125n, 1_000_000n], [999_999_999_999_999_999n, 1n]];
}

/** The quotient of whole numbers, cut off after 20 decimals, then rounded half away from zero to six. */
function rounded(a: bigint, b: bigint): string {
  const sign = a < 0n !== b < 0n ? -1n : 1n;
  const digits = ((a < 0n ? -a : a) * 10n ** 20n) / (b < 0n ? -b : b);
  const millionths = sign * ((digits + 5n * 10n ** 13n) / 10n ** 14n);
  const text = String(millionths < 0n ? -millionths : millionths).padStart(7, '0');
  return `${millionths < 0n ? '-' : ''}${text.slice(0, -6)}.${text.slice(-6)}`;
}

const decimal = (cents: bigint): string => {
  const text = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `CAST(${cents < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)} AS decimal(18,2))`;
};

test('a quotient that is rounded to fewer digits is exact, however large its parts', async () => {
  const pairs = amounts(400).filter(([a, b]) => rounded(a, b).length < 18);
  expect(pairs.length).toBeGreaterThan(250);
  const rows = pairs.map(([a, b], id) => `SELECT ${id} AS id, ${decimal(a)} AS a, ${decimal(b)} AS b`);
  const outcome = await server.run(
    `SELECT CAST(CAST(t.a / t.b AS decimal(18,6)) AS varchar(40)) AS q FROM (${rows.join(' UNION ALL ')}) t ORDER BY t.id`,
  );
  expect(outcome.error).toBeUndefined();
  expect(outcome.sets[0]?.rows).toEqual(pairs.map(([a, b]) => [rounded(a, b)]));
});
