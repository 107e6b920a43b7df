import { beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentProgress } from '../../common/progress';
import type { LoadSummary } from '../../ingestion/load';
import { generate } from '../../simulator/generate';
import { medstream, newFolder } from '../support/medstream';

let folder: string;
let data: string;
beforeAll(async () => {
  folder = newFolder();
  data = path.join(folder, 'data');
  await generate({ patients: 3, seed: 3, family: 'C', out: data, progress: silentProgress });
});

describe('load as a command', () => {
  test('a refused file: the rest lands, the reason is printed, exit code 1', async () => {
    const file = path.join(data, 'claims.csv');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replaceAll(',', ';'));
    const { code, stdout, stderr } = await medstream(folder, ['load', '--data', data]);
    writeFileSync(file, whole);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Refused claims\.csv: its fields are separated by ";"/);
    expect(stdout).toMatch(/Landed [\d,]+ rows of 10 files/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('--json is one document; once the file is right it lands alone, exit code 0', async () => {
    const { code, stdout } = await medstream(folder, ['load', '--data', data, '--json']);
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout) as LoadSummary;
    expect(files.filter(({ status }) => status === 'landed').map(({ file }) => file)).toEqual(['claims.csv']);
    expect(files.filter(({ status }) => status === 'unchanged')).toHaveLength(10);
  });

  test('no patients.csv: one error that says where and what next, exit code 2', async () => {
    const { code, stderr, stdout } = await medstream(folder, ['load', '--data', folder]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^MS2102: [^\n]+\n {2}where: [^\n]+\n {2}why: [^\n]+\n {2}next: [^\n]+\n$/);
  });

  test('a home that cannot be made: one error, exit code 2', async () => {
    const file = path.join(folder, 'plain-file');
    writeFileSync(file, '');
    // Below /proc nothing can be made, and Node's own recursive mkdir never ends there.
    const homes = [path.join(file, 'home'), ...(existsSync('/proc/self') ? ['/proc/nothing/home'] : [])];
    for (const home of homes)
      for (const verb of [
        ['load', '--data', data],
        ['local', 'up', '--port-base', '0'],
      ]) {
        const { code, stdout, stderr } = await medstream(folder, verb, { MEDSTREAM_HOME: home });
        expect({ home, verb, code, stdout }).toEqual({ home, verb, code: 2, stdout: '' });
        expect(stderr).toMatch(/^MS6002: [^\n]+\n {2}where: [^\n]+\n {2}next: [^\n]+\n$/);
      }
    rmSync(file);
  });
});
