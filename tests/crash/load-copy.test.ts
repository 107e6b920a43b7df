import { afterAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectSynapse } from '../../azure/synapse';
import { parseSettings } from '../../azure/settings';
import { localNeeds } from '../../cli/services';
import { silentProgress } from '../../common/progress';
import { copy } from '../../ingestion/copy';
import { load } from '../../ingestion/load';
import type { Manifest } from '../../ingestion/load/manifest';
import { startLocalStack } from '../../local/stack';
import { generate } from '../../simulator/generate';
import { startLakeProxy } from '../support/lake-proxy';
import { spawnMedstream } from '../support/medstream';
import { startTcpDoor } from '../support/tcp-door';

const root = mkdtempSync(path.join(tmpdir(), 'medstream-killed-'));
afterAll(() => rmSync(root, { recursive: true }));

/**
 * Runs a verb again and again, and kills it without warning each time a little later by what it has asked for (so it does not
 * matter how fast the machine is), until a run comes to its end. Returns the number of kills.
 */
async function killUntilDone(
  args: string[],
  environment: NodeJS.ProcessEnv,
  step: number,
  shutAfter: (amount: number, then: () => void) => void,
  afterKill: () => void,
): Promise<number> {
  for (let kills = 0; ; kills++) {
    const child = spawnMedstream(root, args, environment);
    shutAfter(step * (kills + 1), () => child.kill('SIGKILL'));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code === null) {
      afterKill();
      continue;
    }
    expect(code).toBe(0);
    return kills;
  }
}

test('load and copy that are killed at any moment leave nothing half, and the next run completes it', async () => {
  const data = path.join(root, 'data');
  const home = path.join(root, 'home');
  await generate({ patients: 25, seed: 6, family: 'C', out: data, progress: silentProgress });
  const stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  const environment = { ...stack.environment, MEDSTREAM_HOME: home };
  const settings = parseSettings(environment);
  const lake = await startLakeProxy(stack.ports.dataLake);
  const synapse = await startTcpDoor(stack.ports.synapse);
  const bronze = path.join(home, 'lake', 'bronze');
  const namesIn = (folder: string) =>
    existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  const folders = () => namesIn(path.join(bronze, 'reference')).flatMap(namesIn);
  /** A folder that stands in bronze is a load: its manifest is there, and with it every file, byte for byte. */
  const rowsOfWholeFolder = (folder: string): number => {
    const manifest = JSON.parse(readFileSync(path.join(folder, '_manifest.json'), 'utf8')) as Manifest;
    const [file] = manifest.files;
    const source = readFileSync(path.join(data, file!.source_file));
    expect(readFileSync(path.join(folder, file!.file)).equals(source)).toBe(true);
    return file!.rows;
  };
  try {
    const lakeAt = (port: number) =>
      stack.environment['AZURE_STORAGE_CONNECTION_STRING']!.replace(`:${stack.ports.dataLake}/`, `:${port}/`);
    const loads = await killUntilDone(
      ['load', '--data', data],
      { ...environment, AZURE_STORAGE_CONNECTION_STRING: lakeAt(lake.port) },
      9,
      (requests, then) => lake.shutAt(requests, then),
      () => folders().forEach(rowsOfWholeFolder),
    );
    expect(loads).toBeGreaterThanOrEqual(2);
    expect(folders()).toHaveLength(11);
    const rows = folders().reduce((sum, folder) => sum + rowsOfWholeFolder(folder), 0);
    // However often it was cut off, it is one load.
    expect(new Set(folders().map((folder) => path.basename(folder))).size).toBe(1);
    const again = await load(settings, { data, progress: silentProgress });
    expect(again.files.map(({ status }) => status)).toEqual(Array(11).fill('unchanged'));

    const copies = await killUntilDone(
      ['copy'],
      { ...environment, SYNAPSE_PORT: String(synapse.port) },
      20_000,
      (bytes, then) => {
        synapse.open();
        synapse.shutAfter(bytes, then);
      },
      () => undefined,
    );
    expect(copies).toBeGreaterThanOrEqual(2);
    expect(await copy(settings, { progress: silentProgress })).toMatchObject({ files: 0, failed: [] });
    const pool = await connectSynapse(settings, { poolSize: 1 });
    let copied = 0;
    for (const folder of folders()) {
      const table = path.basename(path.dirname(folder));
      const answer = await pool.request().batch(`SELECT COUNT(*) AS n FROM bronze.${table}`);
      copied += Number((answer.recordset as unknown as { n: number }[])[0]!.n);
    }
    await pool.close();
    expect(copied).toBe(rows);
    process.stderr.write(`load was killed ${loads} times, copy ${copies} times\n`);
  } finally {
    await synapse.stop();
    await lake.stop();
    await stack.stop();
  }
});
