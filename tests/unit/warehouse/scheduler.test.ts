import { describe, expect, test } from '@jest/globals';
import { runInOrder } from '../../../warehouse/run/scheduler';

/** a → c → d, b, e: at most one at a time, so the order of the starts shows. */
const before: Record<string, string[]> = { a: [], b: [], c: ['a'], d: ['c'], e: [] };
async function order(weight?: (node: string) => number): Promise<string> {
  const started: string[] = [];
  await runInOrder(
    Object.keys(before),
    (node) => before[node]!,
    1,
    async (node) => {
      started.push(node);
    },
    weight,
  );
  return started.join('');
}

describe('Actions that are ready', () => {
  test('begin with the one that most others wait for', async () => {
    expect(await order()).toBe('acbed');
  });
  test('begin with the longest way in seconds where it is known', async () => {
    expect(await order((node) => ({ b: 9, e: 5 })[node] ?? 1)).toBe('beacd');
  });
  test('each run after what it depends on, whatever its weight', async () => {
    expect(await order((node) => (node === 'd' ? 100 : 1))).toBe('acdbe');
  });
});
