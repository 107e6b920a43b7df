import { expect, test } from '@jest/globals';
import { crashLanding } from './landing';

// The short form; the long one is `node dist/tests/crash/landing.js` (120,000 events, 24 kills).
test('nothing is lost, doubled or left out when consumers, event hub and lake are killed at random', async () => {
  const { kills, acknowledged, landedAmidKills, ...result } = await crashLanding({ events: 12_000, kills: 6, seed: 7 });
  expect(acknowledged).toBe(12_000);
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(6);
  expect(result).toMatchObject({ duplicates: 0, gaps: 0, lost: 0, badFiles: 0, behind: 0 });
  expect(landedAmidKills).toBeGreaterThan(0);
  expect(result.rows).toBeGreaterThanOrEqual(12_000);
});
