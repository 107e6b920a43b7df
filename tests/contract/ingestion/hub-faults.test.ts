import { EventHubProducerClient } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSettings } from '../../../azure/settings';
import { silentProgress, type Progress } from '../../../common/progress';
import { projectRoot } from '../../../common/project-root';
import { generate } from '../../../simulator/generate';
import { produce } from '../../../simulator/produce';
import { account, accountKey, connectionString, key, keyName, standInEnvironment } from '../../support/credentials';
import { serviceAt } from '../../support/data-lake';
import { Killable } from '../../support/killable';

let home: string;
const running: (Killable | ChildProcess)[] = [];
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'medstream-hubfault-'));
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    if (one instanceof Killable) await one.kill();
    else if (one.exitCode === null && one.kill('SIGKILL')) await once(one, 'exit');
  }
  rmSync(home, { recursive: true });
});

const hubs = [{ name: 'encounters', partitions: 4 }];
const hubOptions = () => ({ root: path.join(home, 'eventhubs'), keyName, key, hubs });

/** A stand-in whose files may not grow beyond so many KiB: what a full disk is to it. */
async function startOnSmallDisk(service: string, options: object, kib: number): Promise<number> {
  const program = path.join(projectRoot, 'dist', 'tests', 'support', 'run-stand-in.js');
  const argument = JSON.stringify({ service, options: { ...options, port: 0 } });
  const child = spawn('bash', ['-c', `ulimit -f ${kib}; exec "$0" "$@"`, process.execPath, program, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const [text] = (await once(child.stdout!, 'data')) as [Buffer];
  return Number(text.toString());
}

/** Progress that tells when so many events have been acknowledged. */
function watched(events: number): { progress: Progress; midway: Promise<void> } {
  let count = 0;
  let reached: () => void;
  const midway = new Promise<void>((resolve) => (reached = resolve));
  const advance = (more: number) => {
    count += more;
    if (count >= events) reached();
  };
  return { progress: { start: () => ({ setTotal() {}, done() {}, advance }) }, midway };
}

describe('produce', () => {
  const settingsFor = (port: number) => parseSettings(standInEnvironment(home, 1, port));
  const data = () => path.join(home, 'data');

  test('a hub that vanishes mid-send and comes back costs nothing', async () => {
    await generate({ patients: 8, seed: 4, family: 'C', out: data(), progress: silentProgress });
    const encounters = readFileSync(path.join(data(), 'encounters.csv'), 'utf8').trimEnd().split('\n').length - 1;
    const hub = new Killable('hub', 'run-stand-in', (port) => [
      JSON.stringify({ service: 'eventhubs', options: { ...hubOptions(), port } }),
    ]);
    running.push(hub);
    await hub.start();
    const { progress, midway } = watched(encounters / 4);
    const sending = produce(settingsFor(hub.port), { data: data(), rate: 200, progress });
    await midway;
    await hub.crash(300);
    expect(await sending).toMatchObject({ sent: encounters, skipped: {} });
  });

  test('a hub that vanishes for good is one clear error, after bounded tries', async () => {
    await generate({ patients: 8, seed: 4, family: 'C', out: data(), progress: silentProgress });
    const hub = new Killable('hub', 'run-stand-in', (port) => [
      JSON.stringify({ service: 'eventhubs', options: { ...hubOptions(), port } }),
    ]);
    running.push(hub);
    await hub.start();
    const { progress, midway } = watched(20);
    const sending = produce(settingsFor(hub.port), { data: data(), rate: 200, progress });
    const vanishing = midway.then(() => hub.kill());
    await expect(sending).rejects.toMatchObject({ code: 'MS3101', exitCode: 3 });
    await vanishing;
  });
});

describe('a disk that fills', () => {
  test('Event Hubs says so, keeps what it acknowledged, and takes what still fits', async () => {
    const port = await startOnSmallDisk('eventhubs', hubOptions(), 256);
    const client = new EventHubProducerClient(connectionString(port), 'encounters', {
      retryOptions: { maxRetries: 0, timeoutInMs: 60_000 },
    });
    let acknowledged = 0;
    const fill = async () => {
      for (;;) {
        await client.sendBatch([{ body: 'x'.repeat(60_000) }], { partitionId: '0' });
        acknowledged++;
      }
    };
    await expect(fill()).rejects.toThrow(/full/);
    expect(acknowledged).toBeGreaterThan(1);
    expect((await client.getPartitionProperties('0')).lastEnqueuedSequenceNumber).toBe(acknowledged - 1);
    await client.sendBatch([{ body: 'small' }], { partitionId: '0' });
    await client.sendBatch([{ body: 'x'.repeat(60_000) }], { partitionId: '1' });
    await client.close();
  });

  test('the Data Lake answers 507 and shows nothing of the file', async () => {
    const options = { root: path.join(home, 'lake'), account, key: accountKey };
    const port = await startOnSmallDisk('datalake', options, 256);
    const lake = serviceAt(`http://127.0.0.1:${port}/${account}`).getFileSystemClient('bronze');
    await lake.create();
    await lake.getFileClient('small.txt').upload(Buffer.from('before'));
    const upload = lake.getFileClient('big.bin').upload(Buffer.alloc(1 << 20));
    await expect(upload).rejects.toMatchObject({ statusCode: 507 });
    expect((await lake.getFileClient('big.bin').getProperties()).contentLength).toBe(0);
    await lake.getFileClient('small.txt').upload(Buffer.from('after'));
    expect((await lake.getFileClient('small.txt').readToBuffer()).toString()).toBe('after');
  });
});
