import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashOfKey } from '../../../azure/partition-key';
import {
  type EventChunk,
  eventChunks,
  type EventTotals,
  type EventWork,
} from '../../../simulator/produce/event-chunks';
import { encounterColumns } from '../../../simulator/produce/encounter-event';
import { ReadAhead } from '../../../simulator/produce/read-ahead';

const folder = mkdtempSync(path.join(tmpdir(), 'medstream-chunks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A data folder with one row per id; an id '' is a row without one. */
function dataOf(name: string, ids: readonly string[], header: readonly string[] = encounterColumns): EventWork {
  const data = path.join(folder, name);
  mkdirSync(data);
  writeFileSync(path.join(data, 'patients.csv'), 'Id,BIRTHDATE,GENDER\np1,1980-02-03,F\n');
  const rows = ids.map((id) => `${id},2020-01-01T00:00:00Z,2020-01-01T01:00:00Z,p1,o1,v1,y1,Wellness,1.5,2.25,0`);
  writeFileSync(path.join(data, 'encounters.csv'), [header.join(','), ...rows, ''].join('\n'));
  return { data, lifecycle: false, loop: false, dirty: 0, seed: 1 };
}

async function unpack(chunks: AsyncIterable<EventChunk>) {
  const events: { text: string; hash: number }[] = [];
  let totals: EventTotals | undefined;
  let largest = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (const [i, end] of chunk.ends.entries()) {
      events.push({ text: Buffer.from(chunk.bytes.subarray(start, end)).toString(), hash: chunk.hashes[i]! });
      start = end;
    }
    largest = Math.max(largest, chunk.bytes.length);
    totals = chunk.totals;
  }
  return { events, totals, largest };
}

const idOf = (text: string) => (JSON.parse(text) as { encounter_id: string }).encounter_id;

test('packs every event once, in order, also one that is longer than a chunk', async () => {
  const ids = Array.from({ length: 3000 }, (_, i) => (i === 1500 ? 'ü'.repeat(400_000) : `e${i}`));
  const { events, totals, largest } = await unpack(eventChunks(dataOf('long', [...ids, ''])));
  expect(events.map(({ text }) => idOf(text))).toEqual(ids);
  expect(events.map(({ hash }) => hash)).toEqual(ids.map(hashOfKey));
  expect(totals).toEqual({ read: 3001, skipped: { no_encounter_id: 1 }, dirty: {} });
  expect(largest).toBeLessThan(3 * 401_000);
});

test('tells the totals also where nothing is sent', async () => {
  const { events, totals } = await unpack(eventChunks(dataOf('nothing', ['', ''])));
  expect(events).toEqual([]);
  expect(totals).toEqual({ read: 2, skipped: { no_encounter_id: 2 }, dirty: {} });
});

test('gives the same from a thread of its own, with faults and their answer key', async () => {
  const ids = Array.from({ length: 4000 }, (_, i) => `e${i}`);
  const work = { ...dataOf('thread', ids), dirty: 0.3, answerKey: path.join(folder, 'thread.jsonl') };
  const here = await unpack(eventChunks(work));
  const answers = readFileSync(work.answerKey, 'utf8');
  rmSync(work.answerKey);
  const ahead = new ReadAhead(work);
  expect(await unpack(ahead)).toEqual(here);
  await ahead.close();
  expect(readFileSync(work.answerKey, 'utf8')).toBe(answers);
  expect(answers.trimEnd().split('\n')).toHaveLength(here.events.length);
});

test('ends early with whole lines in the answer key, though the data has no end', async () => {
  const ids = Array.from({ length: 4000 }, (_, i) => `e${i}`);
  const answerKey = path.join(folder, 'early.jsonl');
  const ahead = new ReadAhead({ ...dataOf('early', ids), loop: true, dirty: 0.3, answerKey });
  for await (const { ends } of ahead) {
    expect(ends.length).toBeGreaterThan(0);
    break;
  }
  await ahead.close();
  for (const line of readFileSync(answerKey, 'utf8').trimEnd().split('\n'))
    expect(() => JSON.parse(line)).not.toThrow();
});

test('an error of the thread keeps its code and its words', async () => {
  const wrong = new ReadAhead(dataOf('wrong', ['e1'], ['Id', ...encounterColumns.slice(2), 'X']));
  await expect(unpack(wrong)).rejects.toMatchObject({ code: 'MS2103', message: 'The header lacks START.' });
  await wrong.close();
  const blocked = new ReadAhead({ ...dataOf('blocked', ['e1']), dirty: 1, answerKey: folder });
  await expect(unpack(blocked)).rejects.toMatchObject({ code: 'MS2106', where: folder });
  await blocked.close();
});
