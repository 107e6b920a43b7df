import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readTable, tableFiles } from '../../../simulator/produce/read-table';

const folder = mkdtempSync(path.join(tmpdir(), 'medstream-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string | Buffer, columns: string[]): Promise<string[][]> {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const rows: string[][] = [];
  for await (const chunk of readTable(file, columns)) rows.push(...chunk);
  return rows;
}

test('reads the named columns in any order of the header', async () => {
  expect(await read('a.csv', 'X,Id,START\n1,2,3\n4,5,6\n', ['Id', 'START', 'X'])).toEqual([
    ['2', '3', '1'],
    ['5', '6', '4'],
  ]);
});

test('reads what other tools save: byte order mark, CRLF, quotes, doubled quotes, line ends in quotes, no last line end', async () => {
  const text = '\uFEFF"Id","NAME"\r\n1,"a, ""b"""\r\n\r\n2,"two\nlines"\r\n3,plain';
  expect(await read('b.csv', text, ['Id', 'NAME'])).toEqual([
    ['1', 'a, "b"'],
    ['2', 'two\nlines'],
    ['3', 'plain'],
  ]);
});

test('gives the same rows whatever the size of the chunks', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => [
    `${i}`,
    `näme ${i}`,
    i < 20_000 || i % 7 ? 'x' : 'a "quoted"\nfield',
  ]);
  const quote = (field: string) => (/["\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  const text = `Id,NAME,NOTE\n${rows.map((row) => row.map(quote).join(',')).join('\n')}\n`;
  expect(await read('c.csv', text, ['Id', 'NAME', 'NOTE'])).toEqual(rows);
});

test('leaves out and counts lines with a wrong number of fields', async () => {
  const file = path.join(folder, 'd.csv.gz');
  writeFileSync(file, gzipSync('Id,B\n1\n2,3\n4,5,6\n"7",8\n"9"\n'));
  let bad = 0;
  const rows: string[][] = [];
  for await (const chunk of readTable(file, ['B', 'Id'], () => bad++)) rows.push(...chunk);
  expect(rows).toEqual([
    ['3', '2'],
    ['8', '7'],
  ]);
  expect(bad).toBe(3);
});

test('a line without end is one bad line, in bounded memory', async () => {
  const file = path.join(folder, 'long.csv');
  writeFileSync(file, `Id,B\n1,2\n${'x'.repeat(5 << 20)}\n3,4\n`);
  let bad = 0;
  const rows: string[][] = [];
  for await (const chunk of readTable(file, ['Id', 'B'], () => bad++)) rows.push(...chunk);
  expect(rows).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(bad).toBe(1);
});

test('names the columns that are missing', async () => {
  await expect(read('e.csv', 'Id,B\n1,2\n', ['Id', 'START', 'STOP'])).rejects.toMatchObject({
    code: 'MS2103',
    message: expect.stringContaining('START, STOP'),
  });
});

test('an empty file has no header either', async () => {
  for (const content of ['', '\n\n'])
    await expect(read('empty.csv', content, ['Id'])).rejects.toMatchObject({
      code: 'MS2103',
      message: 'The header lacks Id.',
    });
});

test('refuses a gzip file that was cut off', async () => {
  const content = gzipSync('Id\n1\n2\n').subarray(0, 15);
  await expect(read('f.csv.gz', content, ['Id'])).rejects.toMatchObject({ code: 'MS2104' });
});

test('finds split files in the order of their numbers', async () => {
  const parts = mkdtempSync(path.join(folder, 'parts-'));
  for (const name of [
    'encounters-10.csv',
    'encounters-2.csv.gz',
    'encounters-01.csv',
    'encounters_x.csv',
    'claims.csv',
  ])
    writeFileSync(path.join(parts, name), '');
  const names = (await tableFiles(parts, 'encounters')).map((file) => path.basename(file));
  expect(names).toEqual(['encounters-01.csv', 'encounters-2.csv.gz', 'encounters-10.csv']);
  await expect(tableFiles(parts, 'patients')).rejects.toMatchObject({ code: 'MS2102' });
});
