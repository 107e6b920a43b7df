import { afterAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentProgress } from '../../../common/progress';
import { generate } from '../../../simulator/generate';
import type { Family } from '../../../simulator/generate/families';
import { headerOf, syntheaFiles } from '../../../common/synthea/header-families';
import { generateInto } from './dataset';

const root = mkdtempSync(path.join(tmpdir(), 'medstream-bytes-'));
afterAll(() => rmSync(root, { recursive: true }));

function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const name of [...syntheaFiles].sort()) hash.update(readFileSync(path.join(folder, `${name}.csv`)));
  return hash.digest('hex').slice(0, 16);
}

describe('the same seed gives the same bytes on every machine', () => {
  // Change these only together with the generator: they are what other machines must produce, too.
  test.each([
    ['A', '3e4811a8371bbca5'],
    ['B', '7b71dd96a4fa3830'],
    ['C', '7c8f4779010e788a'],
    ['D', '57ecabed2e5d22c9'],
  ] as [Family, string][])('family %s', async (family, expected) => {
    const folder = path.join(root, family);
    await generateInto(folder, family, 12, 3);
    expect(digest(folder)).toBe(expected);
  });

  test('another seed gives other patients', async () => {
    const folder = path.join(root, 'other');
    await generateInto(folder, 'C', 12, 4);
    expect(digest(folder)).not.toBe('7c8f4779010e788a');
  });
});

test('every file starts with the header of its family', async () => {
  for (const family of ['A', 'B', 'C', 'D'] as const)
    for (const name of syntheaFiles) {
      const text = readFileSync(path.join(root, family, `${name}.csv`), 'utf8');
      expect([name, text.slice(0, text.indexOf('\n'))]).toEqual([name, headerOf(name, family).join(',')]);
      expect(text).not.toMatch(/["\r]|undefined|NaN,0\n\n/);
    }
});

test('a stopped run leaves no files behind', async () => {
  const out = path.join(root, 'stopped');
  const abort = new AbortController();
  abort.abort();
  const run = generate({ patients: 100, seed: 1, family: 'C', out, progress: silentProgress, signal: abort.signal });
  await expect(run).rejects.toMatchObject({ code: 'MS1004', exitCode: 4 });
  expect(readdirSync(out)).toEqual([]);
});

test.each([
  ['patients', { patients: 0 }],
  ['patients', { patients: 1.5 }],
  ['seed', { seed: -1 }],
  ['family', { family: 'E' as Family }],
])('refuses a wrong --%s as wrong usage', async (option, wrong) => {
  const out = path.join(root, 'wrong');
  const run = generate({ patients: 1, seed: 1, family: 'C', out, progress: silentProgress, ...wrong });
  await expect(run).rejects.toMatchObject({
    code: 'MS1002',
    exitCode: 2,
    message: expect.stringContaining(`--${option}`),
  });
  expect(existsSync(out)).toBe(false);
});
