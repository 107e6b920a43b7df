import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { dataLakeContainer } from '../../azure/data-lake';
import { silentProgress as progress } from '../../common/progress';
import { exportGold } from '../../exports';
import { parseContract } from '../../exports/contract';
import { filesOf, type Manifest } from '../../exports/manifest';
import { keptSnapshots } from '../../exports/publish';
import { fillTable, startGoldStack, type GoldStack } from '../support/gold-stack';
import { startLakeProxy, type LakeProxy } from '../support/lake-proxy';

const column = (name: string, type: string) => ({ name, type, description: name });
const json = [
  {
    table: 'towns',
    source: 'gold.towns',
    description: 'One file.',
    key: ['name'],
    columns: [column('name', 'text'), column('people', 'int64')],
  },
  {
    table: 'visits',
    source: 'gold.visits',
    description: 'A file a year.',
    key: ['visit_id'],
    partitionBy: 'seen_at',
    columns: [column('visit_id', 'int64'), column('seen_at', 'timestamp'), column('cost', 'decimal(18,2)')],
  },
];
const contracts = json.map(parseContract);

describe('an export that dies', () => {
  let stack: GoldStack;
  let proxy: LakeProxy;
  /** sha256 of every file of every whole export so far: what a reader may find. */
  const whole = new Set<string>();
  let version = 0;

  beforeAll(async () => {
    stack = await startGoldStack();
    proxy = await startLakeProxy(stack.lakePort);
    await nextData();
    await exportWhole();
  });
  afterAll(async () => {
    await proxy?.stop();
    await stack?.stop();
  });

  const published = () => path.join(stack.lakeRoot, 'gold', 'powerbi');
  const manifest = () => JSON.parse(readFileSync(path.join(published(), '_export.json'), 'utf8')) as Manifest;
  const throughProxy = () => stack.settingsAt(proxy.port);

  /** All files change: one year leaves, another comes, the third and the towns have new values. */
  async function nextData(): Promise<void> {
    version++;
    for (const { source } of contracts)
      await stack.pool.request().batch(`IF OBJECT_ID('${source}', 'U') IS NOT NULL DROP TABLE ${source}`);
    await fillTable(stack.pool, contracts[0]!, [['Boston', String(version)]]);
    await fillTable(stack.pool, contracts[1]!, [
      ['1', '2021-01-05', `${version}.10`],
      ['2', version % 2 ? '2020-02-05' : '2022-03-05', '2.20'],
    ]);
  }

  async function exportWhole(): Promise<void> {
    await exportGold(stack.settings, { progress, contracts, maxFileRows: 1 });
    for (const { sha256 } of filesOf(manifest())) whole.add(sha256);
  }

  /** Every file that `_export.json` names is there, with exactly the content it names. Returns its run. */
  function expectWholeSnapshot(): string {
    const { run_id } = manifest();
    for (const file of filesOf(manifest())) {
      const bytes = readFileSync(path.join(published(), file.path));
      expect({ path: file.path, sha256: sha256(bytes) }).toEqual({ path: file.path, sha256: file.sha256 });
    }
    return run_id;
  }

  /** Whoever reads the folder without the manifest finds whole Parquet files only, of this export or the last. */
  function expectWholeFiles(next: ReadonlySet<string>): void {
    const names = readdirSync(published(), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.parquet'),
    );
    for (const name of names) {
      const content = sha256(readFileSync(path.join(published(), name)));
      expect({ name, isWhole: whole.has(content) || next.has(content) }).toEqual({ name, isWhole: true });
    }
  }

  /** Runs the export again as the user would, and checks that it completes: right files, nothing left over. */
  async function expectCompletes(): Promise<void> {
    await releaseLease();
    await exportWhole();
    expectWholeSnapshot();
    const found = readdirSync(published(), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.parquet'),
    );
    expect(found.map((name) => name.replaceAll(path.sep, '/')).sort()).toEqual(
      filesOf(manifest())
        .map((file) => file.path)
        .sort(),
    );
    const work = readdirSync(path.join(stack.lakeRoot, 'gold', '_export')).filter((name) => !name.startsWith('.'));
    expect(work.sort()).toEqual(['files', 'lock', 'manifests']);
  }

  /** The dead export holds its lease for 15 more seconds; the test does not wait for that. */
  async function releaseLease(): Promise<void> {
    const lock = dataLakeContainer(stack.settings, 'gold').getFileClient('_export/lock');
    await lock
      .getDataLakeLeaseClient()
      .breakLease(0)
      .catch(() => {});
  }

  test('at any other request of the publication leaves a whole snapshot, and the next export completes it', async () => {
    await nextData();
    proxy.open();
    await exportGold(throughProxy(), { progress, contracts, maxFileRows: 1 });
    for (const { sha256: content } of filesOf(manifest())) whole.add(content);
    const requests = [...proxy.requests];
    const journal = requests.findIndex((request) => request.includes('_publish.json'));
    expect(journal).toBeGreaterThan(0);
    for (let cut = journal - 4; cut < requests.length - 1; cut += 2) {
      await nextData();
      const before = manifest().run_id;
      proxy.shutAt(cut);
      const outcome = await exportGold(throughProxy(), { progress, contracts, maxFileRows: 1 }).then(
        () => 'done',
        () => 'failed',
      );
      const seen = expectWholeSnapshot();
      if (outcome === 'failed' && cut <= journal) expect(seen).toBe(before);
      expectWholeFiles(newContents());
      // Half of the time there is something new to publish when the dead one is completed.
      if (cut % 4 < 2) await nextData();
      await expectCompletes();
      expect(manifest().tables.map(({ rows }) => rows)).toEqual([1, 2]);
    }
  });

  /** Contents of the export that died, by its journal or, when it had come that far, its manifest. */
  function newContents(): Set<string> {
    const work = path.join(stack.lakeRoot, 'gold', '_export');
    const journals = readdirSync(work, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('_publish.json'),
    );
    const snapshots = journals.map(
      (name) => (JSON.parse(readFileSync(path.join(work, name), 'utf8')) as { manifest: Manifest }).manifest,
    );
    return new Set([...snapshots, manifest()].flatMap((snapshot) => filesOf(snapshot).map((file) => file.sha256)));
  }

  test('by kill -9 at a third, two thirds and nearly the end of its requests does no harm', async () => {
    await nextData();
    proxy.open();
    const run = () =>
      spawn(process.execPath, [path.join(__dirname, '..', 'support', 'export-process.js'), JSON.stringify(json)], {
        env: { ...process.env, ...stack.environmentAt(proxy.port) },
        stdio: 'ignore',
      });
    const [code] = (await once(run(), 'exit')) as [number];
    expect(code).toBe(0);
    for (const { sha256: content } of filesOf(manifest())) whole.add(content);
    const total = proxy.requests.length;
    for (const share of [0.33, 0.66, 0.9]) {
      await nextData();
      const child = run();
      proxy.shutAt(Math.floor(total * share), () => child.kill('SIGKILL'));
      const [, signal] = (await once(child, 'exit')) as [number, string];
      expect(signal).toBe('SIGKILL');
      expectWholeSnapshot();
      expectWholeFiles(newContents());
      await expectCompletes();
    }
  });

  test(`keeps the last ${keptSnapshots} snapshots whole, and nothing older`, () => {
    const work = path.join(stack.lakeRoot, 'gold', '_export');
    const kept = readdirSync(path.join(work, 'manifests')).filter((name) => name.endsWith('.json'));
    expect(kept.length).toBe(keptSnapshots);
    const needed = new Set<string>();
    for (const name of kept) {
      const snapshot = JSON.parse(readFileSync(path.join(work, 'manifests', name), 'utf8')) as Manifest;
      for (const file of filesOf(snapshot)) {
        const current = filesOf(manifest()).find(({ path: same }) => same === file.path);
        const place =
          current?.sha256 === file.sha256
            ? path.join(published(), file.path)
            : path.join(work, 'files', `${file.sha256}.parquet`);
        expect(sha256(readFileSync(place))).toBe(file.sha256);
        needed.add(`${file.sha256}.parquet`);
      }
    }
    expect(
      readdirSync(path.join(work, 'files')).filter((name) => !needed.has(name) && name.endsWith('.parquet')),
    ).toEqual([]);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
