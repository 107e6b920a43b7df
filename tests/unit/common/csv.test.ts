import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { fieldAt, fieldsOf, readRecords } from '../../../common/synthea/csv';
import type { CsvRecord } from '../../../common/synthea/records';

const field = fc.string({ unit: fc.constantFrom('a', 'é', '🏥', ' ', ',', '"', '\n', '\r\n', '0'), maxLength: 6 });
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
const written = (value: string) => (/[",\r\n]/.test(value) ? quoted(value) : value);
const csvOf = (rows: string[][], lineEnd: string) => rows.map((row) => row.map(written).join(',') + lineEnd).join('');

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

async function recordsOf(bytes: Buffer, size: number): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readRecords(inChunks(bytes, size)))
    records.push({ ...record, bytes: Buffer.from(record.bytes) });
  return records;
}

describe('CSV', () => {
  it('reads what csv-parse reads, however the bytes are cut into chunks', () =>
    fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 64 }),
        async (rows, end, size) => {
          const text = csvOf(rows, end);
          const records = await recordsOf(Buffer.from(text), size);
          const values = records.map((record) => fieldsOf(record));
          expect(records.map(({ bad }) => bad)).toEqual(rows.map(() => undefined));
          expect(values).toEqual(parse(text, { record_delimiter: end }));
          for (const [at, record] of records.entries())
            expect(values[at]!.map((_, position) => fieldAt(record, position))).toEqual(values[at]);
        },
      ),
      { seed: 20261125, numRuns: 500 },
    ));

  it('never throws and loses no byte, whatever the file holds', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.map((byte) => [34, 44, 10, 13][byte % 16] ?? byte)),
        fc.integer({ min: 1, max: 64 }),
        async (bytes, size) => {
          const whole = Buffer.from(bytes);
          const records = await recordsOf(whole, size);
          expect(
            Buffer.concat(records.map((record) => Buffer.concat([record.mark ?? Buffer.alloc(0), record.bytes]))),
          ).toEqual(whole);
        },
      ),
      { seed: 20261125, numRuns: 1000 },
    ));

  it('a line without end is bad, in pieces of one MiB at most; the lines around it are good', async () => {
    const long = 'x'.repeat(2_500_000);
    const lines = ['a,b', long, '1,2', `"q\nq",${long}`, '3,"4"', long];
    const bytes = Buffer.from(lines.join('\n'));
    for (const size of [100_000, 700_001, bytes.length]) {
      const records = await recordsOf(bytes, size);
      expect(Buffer.concat(records.map((record) => record.bytes)).equals(bytes)).toBe(true);
      const good = records.filter(({ bad }) => !bad);
      expect(good.map((record) => [record.line, ...fieldsOf(record)])).toEqual([
        [1, 'a', 'b'],
        [3, '1', '2'],
        [6, '3', '4'],
      ]);
      const bad = records.filter((record) => record.bad);
      // Of the quoted field that is followed by too much, its first line is bad, and its second by itself.
      expect(bad.map(({ line, bad: reason }) => `${line} ${reason}`)).toEqual([
        ...Array.from({ length: 3 }, () => '2 too_long'),
        '4 too_long',
        ...Array.from({ length: 3 }, () => '5 too_long'),
        ...Array.from({ length: 3 }, () => '7 too_long'),
      ]);
      expect(Math.max(...records.map((record) => record.bytes.length))).toBe(1 << 20);
    }
  });
});
