import { expect, test } from '@jest/globals';
import { LineBuffer } from '../../../ingestion/land/line-buffer';

const day = (n: number) => new Date(Date.UTC(2026, 0, n));

test('holds lines as bytes, whatever their letters, beyond its size', () => {
  const buffer = new LineBuffer(10);
  const lines = ['a\n', 'é€😀\n', `${'ü'.repeat(2_000_000)}\n`, 'last\n'];
  lines.forEach((line, i) => buffer.add(line, 7 + i, day(1 + i)));
  expect(buffer.body.equals(Buffer.from(lines.join('')))).toBe(true);
  expect([buffer.count, buffer.firstSequence, buffer.lastSequence]).toEqual([4, 7, 10]);
  expect(buffer.byteLength).toBe(buffer.body.length);
});

test('what is left after a drop begins with its own sequence and time', () => {
  const buffer = new LineBuffer(100);
  ['a\n', 'bb\n', 'ccc\n'].forEach((line, i) => buffer.add(line, 5 + i, day(1 + i)));
  buffer.dropThrough(4);
  expect(buffer.count).toBe(3);
  buffer.dropThrough(5);
  expect([buffer.body.toString(), buffer.firstSequence, buffer.firstTime]).toEqual(['bb\nccc\n', 6, day(2)]);
  buffer.add('d\n', 8, day(9));
  expect([buffer.body.toString(), buffer.lastSequence]).toEqual(['bb\nccc\nd\n', 8]);
  buffer.dropThrough(100);
  expect([buffer.count, buffer.byteLength]).toEqual([0, 0]);
  buffer.add('e\n', 9, day(10));
  expect([buffer.body.toString(), buffer.firstSequence, buffer.firstTime]).toEqual(['e\n', 9, day(10)]);
});
