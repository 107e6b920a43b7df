import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { message as amqp } from 'rhea';
import { parseMessage } from '../../../local/eventhubs/amqp-bytes';
import { PartitionLog } from '../../../local/eventhubs/log';
import { randomFrom } from '../../support/random';

const root = fs.mkdtempSync(path.join(tmpdir(), 'medstream-log-'));
const open: PartitionLog[] = [];
let run = 0;
afterEach(async () => {
  jest.restoreAllMocks();
  for (const log of open.splice(0)) await log.close();
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const newFolder = () => path.join(root, String(run++));
function openLog(folder: string, segmentBytes?: number, now?: () => number): PartitionLog {
  const log = new PartitionLog(folder, segmentBytes, now);
  open.push(log);
  return log;
}
async function closeLog(log: PartitionLog): Promise<void> {
  open.splice(open.indexOf(log), 1);
  await log.close();
}
const messageOf = (text: string) => {
  const bytes = amqp.encode({ body: text });
  return { bytes, layout: parseMessage(bytes) };
};
const append = (log: PartitionLog, ...texts: string[]) =>
  new Promise<void>((resolve, reject) =>
    log.append(texts.map(messageOf), (error) => (error ? reject(error) : resolve())),
  );
/** Sequence and text of every event that the log gives out. */
function contentOf(log: PartitionLog): [number, string][] {
  const found: [number, string][] = [];
  for (let offset = log.seek(() => true); offset < log.end; )
    for (const stored of log.read(offset)) {
      found.push([stored.sequence, String(amqp.decode(stored.body).body)]);
      offset = stored.next;
    }
  return found;
}
const numbered = (from: number, to: number, text = (n: number) => `event ${n}`): [number, string][] =>
  Array.from({ length: to - from + 1 }, (_, i) => [from + i, text(from + i)]);
const filesOf = (folder: string) => fs.readdirSync(folder).sort();

describe('durability', () => {
  test('events are there after a new start, over several files', async () => {
    const folder = newFolder();
    const log = openLog(folder, 4096);
    for (let n = 0; n < 200; n++) await append(log, `event ${n}`);
    expect(filesOf(folder).length).toBeGreaterThan(3);
    await closeLog(log);
    const again = openLog(folder, 4096);
    expect(contentOf(again)).toEqual(numbered(0, 199));
    await append(again, 'event 200');
    expect(contentOf(again).at(-1)).toEqual([200, 'event 200']);
  });

  test('a torn tail is cut, wherever it is torn, and the log goes on behind it', async () => {
    const random = randomFrom(4);
    for (let round = 0; round < 20; round++) {
      const folder = newFolder();
      const log = openLog(folder);
      for (let n = 0; n < 10; n++) await append(log, `event ${n}`);
      await closeLog(log);
      const file = path.join(folder, filesOf(folder)[0]!);
      const size = fs.statSync(file).size;
      fs.truncateSync(file, 32 + Math.floor(random() * (size - 32)));
      const again = openLog(folder);
      const kept = contentOf(again);
      expect(kept).toEqual(numbered(0, kept.length - 1));
      await append(again, 'more');
      expect(contentOf(again)).toEqual([...kept, [kept.length, 'more']]);
    }
  });

  test('a file that was finished and is damaged is an error, not a gap', async () => {
    const folder = newFolder();
    const log = openLog(folder, 4096);
    for (let n = 0; n < 100; n++) await append(log, `event ${n}`);
    await closeLog(log);
    const file = path.join(folder, filesOf(folder)[0]!);
    const bytes = fs.readFileSync(file);
    bytes[200]! ^= 1;
    fs.writeFileSync(file, bytes);
    expect(() => new PartitionLog(folder, 4096)).toThrow(/is damaged/);
  });

  test('a full disk: the batch is refused whole, and the log goes on when there is room', async () => {
    const folder = newFolder();
    const log = openLog(folder);
    await append(log, 'before');
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    jest.spyOn(fs, 'writev').mockImplementationOnce(((fd: number, buffers: Buffer[], at: number, done: Function) => {
      fs.writeSync(fd, buffers[0]!.subarray(0, 40), 0, 40, at); // half of it gets through
      done(full);
    }) as never);
    await expect(append(log, 'a', 'b')).rejects.toBe(full);
    expect(contentOf(log)).toEqual([[0, 'before']]);
    await append(log, 'after');
    await closeLog(log);
    expect(contentOf(openLog(folder))).toEqual([
      [0, 'before'],
      [1, 'after'],
    ]);
  });

  test('events that come while the disk syncs share the next sync', async () => {
    const log = openLog(newFolder());
    const syncs = jest.spyOn(fs, 'fdatasync');
    await Promise.all(Array.from({ length: 100 }, (_, n) => append(log, `event ${n}`)));
    expect(syncs.mock.calls.length).toBeLessThan(5);
    expect(contentOf(log)).toEqual(numbered(0, 99));
  });
});

describe('retention', () => {
  const hour = 3_600_000;

  test('by time: old files go, numbers go on, readers begin at the oldest event that is left', async () => {
    let now = 1_700_000_000_000;
    const folder = newFolder();
    const log = openLog(folder, 4096, () => now);
    for (let n = 0; n < 100; n++) await append(log, `event ${n}`);
    now += 5 * hour;
    for (let n = 100; n < 150; n++) await append(log, `event ${n}`);
    await log.enforce({ hours: 24 });
    expect(log.beginSequence).toBe(0);
    now += 20 * hour;
    await log.enforce({ hours: 24 });
    const begin = log.beginSequence;
    expect(begin).toBeGreaterThan(50);
    expect(begin).toBeLessThanOrEqual(100);
    expect(contentOf(log)).toEqual(numbered(begin, 149));
    expect(log.read(log.seek(({ sequence }) => sequence >= 3))[0]!.sequence).toBe(begin);
    now += 48 * hour;
    await log.enforce({ hours: 24 });
    expect([log.isEmpty, log.beginSequence, log.nextSequence]).toEqual([true, 150, 150]);
    await closeLog(log);
    const again = openLog(folder, 4096, () => now);
    await append(again, 'event 150');
    expect(contentOf(again)).toEqual([[150, 'event 150']]);
  });

  test('by size: the oldest files go while there is too much', async () => {
    const log = openLog(newFolder(), 4096);
    for (let n = 0; n < 300; n++) await append(log, `event ${n}`);
    await log.enforce({ bytes: 12_000 });
    const left = contentOf(log);
    expect(left).toEqual(numbered(log.beginSequence, 299));
    expect(log.beginSequence).toBeGreaterThan(100);
    expect(left.length).toBeGreaterThan(20);
  });

  test('a clock that falls back does not reorder events', async () => {
    let now = 1_700_000_000_000;
    const log = openLog(newFolder(), undefined, () => now);
    await append(log, 'first');
    now -= 10 * hour;
    await append(log, 'second');
    const times = log.read(0).map(({ time }) => time);
    expect(times).toEqual([1_700_000_000_000, 1_700_000_000_000]);
    expect(log.seek(({ time }) => time > 1_700_000_000_000)).toBe(log.end);
  });
});
