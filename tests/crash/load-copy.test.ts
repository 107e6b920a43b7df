import { afterAll, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';
import { localNeeds } from '../../cli/services';
import { silentProgress } from '../../common/progress';
import { copy } from '../../ingestion/copy';
import { load } from '../../ingestion/load';
import type { Manifest } from '../../ingestion/load/manifest';
import { startLocalStack } from '../../local/stack';
import { generate } from '../../simulator/generate';
import { finished, spawnMedstream } from '../support/medstream';

const root = mkdtempSync(path.join(tmpdir(), 'medstream-killed-'));
afterAll(() => rmSync(root, { recursive: true }));

test('load and copy that are killed at any moment leave nothing half, and the next run completes it', async () => {
  const data = path.join(root, 'data');
  const home = path.join(root, 'home');
  await generate({ patients: 25, seed: 6, family: 'C', out: data, progress: silentProgress });
  const stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  const settings = parseSettings({ MEDSTREAM_HOME: home, ...stack.environment });
  const killed = async (args: string[], after: number) => {
    const child = spawnMedstream(root, args, { ...stack.environment, MEDSTREAM_HOME: home });
    const end = finished(child);
    await sleep(after);
    child.kill('SIGKILL');
    return (await end).code === null;
  };
  try {
    // From the moment at which the command starts its work, each time a little later.
    const loads = [];
    for (let n = 0; n < 5; n++) loads.push(await killed(['load', '--data', data], 550 + 150 * n));
    expect(loads).toContain(true);
    await load(settings, { data, progress: silentProgress });
    const bronze = path.join(home, 'lake', 'bronze');
    // A folder without a manifest is no load: a kill between the renames of folder and manifest leaves one.
    const folders = readdirSync(path.join(bronze, 'reference'))
      .flatMap((table) =>
        readdirSync(path.join(bronze, 'reference', table)).map((name) => path.join(bronze, 'reference', table, name)),
      )
      .filter((folder) => existsSync(path.join(folder, '_manifest.json')));
    expect(folders).toHaveLength(11);
    let rows = 0;
    for (const folder of folders) {
      const manifest = JSON.parse(readFileSync(path.join(folder, '_manifest.json'), 'utf8')) as Manifest;
      const [file] = manifest.files;
      rows += file!.rows;
      const source = readFileSync(path.join(data, file!.source_file));
      expect(readFileSync(path.join(folder, file!.file)).equals(source)).toBe(true);
    }
    const copies = [];
    for (let n = 0; n < 5; n++) copies.push(await killed(['copy'], 600 + 200 * n));
    expect(copies).toContain(true);
    expect((await copy(settings, { progress: silentProgress })).failed).toEqual([]);
    const pool = await connectSynapse(settings, { poolSize: 1 });
    let copied = 0;
    for (const folder of folders) {
      const table = path.basename(path.dirname(folder));
      const answer = await pool.request().batch(`SELECT COUNT(*) AS n FROM bronze.${table}`);
      copied += Number((answer.recordset as unknown as { n: number }[])[0]!.n);
    }
    await pool.close();
    expect(copied).toBe(rows);
  } finally {
    await stack.stop();
  }
}, 120_000);
