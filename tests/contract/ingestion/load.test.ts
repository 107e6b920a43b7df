import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { silentProgress } from '../../../common/progress';
import { load, type LoadOptions, type LoadSummary } from '../../../ingestion/load';
import type { Manifest } from '../../../ingestion/load/manifest';
import { generate } from '../../../simulator/generate';
import { startIngestStack, type IngestStack } from '../../support/ingest-stack';

const root = mkdtempSync(path.join(tmpdir(), 'medstream-load-'));
const clean = path.join(root, 'clean');
let stack: IngestStack;
let data: string;
let run = 0;

beforeAll(async () => {
  await generate({ patients: 12, seed: 3, family: 'C', out: clean, progress: silentProgress });
});
beforeEach(async () => {
  await stack?.stop();
  stack = await startIngestStack();
  data = path.join(root, `data-${run++}`);
  cpSync(clean, data, { recursive: true });
});
afterAll(async () => {
  await stack.stop();
  rmSync(root, { recursive: true });
});

const loadData = (options: Partial<LoadOptions> = {}) =>
  load(stack.settings, { data, progress: silentProgress, ...options });
const at = (name: string) => path.join(data, name);
const linesOf = (name: string) => readFileSync(at(name), 'utf8').trimEnd().split('\n');
const writeLines = (name: string, lines: string[]) => writeFileSync(at(name), `${lines.join('\n')}\n`);
const fileOf = (summary: LoadSummary, name: string) => summary.files.find(({ file }) => file === name)!;
const landed = (summary: LoadSummary, table: string, name: string) =>
  readFileSync(stack.bronzePath(`reference/${table}/load=${summary.loadId}/${name}`));
const manifestOf = (summary: LoadSummary, table: string) =>
  JSON.parse(landed(summary, table, '_manifest.json').toString()) as Manifest;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Everything but the one table that a test spoils has landed. */
function expectRestLanded(summary: LoadSummary, but: string): void {
  const others = summary.files.filter(({ table }) => table !== but);
  expect(others.length).toBeGreaterThan(9);
  expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['landed']));
}

describe('load', () => {
  test('lands every file byte for byte, with a manifest that says what it is', async () => {
    const summary = await loadData();
    for (const { file, table, rows, rowsRead } of summary.files) {
      const source = readFileSync(at(file));
      expect(landed(summary, table, file).equals(source)).toBe(true);
      const [entry] = manifestOf(summary, table).files;
      expect(entry).toMatchObject({ bytes: source.length, sha256: sha256(source), rows, rows_read: rowsRead });
      expect([rows, rowsRead]).toEqual([linesOf(file).length - 1, rows]);
      expect(entry!.header).toEqual(linesOf(file)[0]!.split(','));
      expect(entry!.header_family).toContain('C');
    }
    expect(summary.files).toHaveLength(11);
  });

  test('lands nothing twice, and changed content beside the old', async () => {
    const first = await loadData();
    const files = stack.bronzeFiles();
    const second = await loadData();
    expect(second.files.map(({ status }) => status)).toEqual(Array(11).fill('unchanged'));
    expect(stack.bronzeFiles()).toEqual(files);
    writeLines('patients.csv', linesOf('patients.csv').slice(0, -1));
    const third = await loadData();
    expect(third.files.filter(({ status }) => status === 'landed').map(({ file }) => file)).toEqual(['patients.csv']);
    expect(third.loadId).not.toBe(first.loadId);
    expect(stack.bronzeFiles()).toHaveLength(files.length + 2);
  });

  test('a dry run says what would land, and lands nothing', async () => {
    const summary = await loadData({ dryRun: true });
    expect(summary.files.every(({ status }) => status === 'landed')).toBe(true);
    expect(stack.bronzeFiles()).toEqual([]);
  });

  test('reads split files and .gz as one table', async () => {
    const [header, ...rows] = linesOf('encounters.csv');
    rmSync(at('encounters.csv'));
    writeLines('encounters-1.csv', [header!, ...rows.slice(0, 100)]);
    writeFileSync(at('encounters-2.csv.gz'), gzipSync([header, ...rows.slice(100)].join('\n') + '\n'));
    const summary = await loadData();
    const parts = summary.files.filter(({ table }) => table === 'encounters');
    expect(parts.map(({ file, rows: n }) => [file, n])).toEqual([
      ['encounters-1.csv', 100],
      ['encounters-2.csv.gz', rows.length - 100],
    ]);
    const second = landed(summary, 'encounters', 'encounters-2.csv').toString();
    expect(second.trimEnd().split('\n').slice(1)).toEqual(rows.slice(100));
  });

  test('incremental: takes the rows since the watermark minus the overlap, and counts the others', async () => {
    const [header, ...rows] = linesOf('encounters.csv');
    const stop = (row: string) => row.split(',')[2]!;
    const sorted = rows.toSorted((a, b) => (stop(a) < stop(b) ? -1 : 1));
    const known = sorted.slice(0, -20);
    writeLines('encounters.csv', [header!, ...known]);
    await loadData();
    writeLines('encounters.csv', [header!, ...sorted]);
    const summary = await loadData({ incremental: true, overlapDays: 0 });
    const day = stop(known.at(-1)!).slice(0, 10);
    const wanted = sorted.filter((row) => stop(row) >= day);
    const file = fileOf(summary, 'encounters.csv');
    expect(file).toMatchObject({ rows: wanted.length, rowsRead: sorted.length });
    expect(file.skipped).toEqual({ before_watermark: sorted.length - wanted.length });
    const lines = landed(summary, 'encounters', 'encounters.csv').toString().trimEnd().split('\n');
    expect(lines).toEqual([header, ...wanted]);
    expect(manifestOf(summary, 'encounters')).toMatchObject({ load_kind: 'incremental' });
  });
});

describe('load: bad input', () => {
  test('a folder without patients.csv, and no folder, are one clear error each', async () => {
    rmSync(at('patients.csv'));
    await expect(loadData()).rejects.toMatchObject({ code: 'MS2102', exitCode: 2 });
    await expect(loadData({ data: at('nowhere') })).rejects.toMatchObject({ code: 'MS2101', exitCode: 2 });
  });

  test('a file that cannot be read is refused, the rest goes on', async () => {
    rmSync(at('conditions.csv'));
    symlinkSync(at('nowhere'), at('conditions.csv'));
    const summary = await loadData();
    expect(fileOf(summary, 'conditions.csv')).toMatchObject({ status: 'refused', rows: 0 });
    expect(fileOf(summary, 'conditions.csv').reason).toContain('ENOENT');
    expectRestLanded(summary, 'conditions');
  });

  test('a .gz that is cut off is refused, the rest goes on', async () => {
    const packed = gzipSync(readFileSync(at('claims.csv')));
    rmSync(at('claims.csv'));
    writeFileSync(at('claims.csv.gz'), packed.subarray(0, packed.length / 2));
    const summary = await loadData();
    expect(fileOf(summary, 'claims.csv.gz')).toMatchObject({ status: 'refused' });
    expect(fileOf(summary, 'claims.csv.gz').reason).toMatch(/gzip/);
    expectRestLanded(summary, 'claims');
  });

  test.each<[string, (lines: string[]) => string | Buffer, RegExp]>([
    ['an empty file', () => '', /empty/],
    ['a missing required column', (lines) => `${lines.join('\n').replace('PAYER_COVERAGE', 'COVERED')}\n`, /PAYER_COV/],
    ['another delimiter', (lines) => `${lines.join('\n').replaceAll(',', ';')}\n`, /separated by ";"/],
    ['tabs', (lines) => `${lines.join('\n').replaceAll(',', '\t')}\n`, /tabs/],
    ['a header that repeats a column', (lines) => `${lines.join('\n').replace('STOP', 'START')}\n`, /repeats START/],
    ['another encoding', (lines) => Buffer.from(`${lines.join('\n')}\n`, 'utf16le'), /header/],
    ['another kind of file', () => Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 255, 254]), /header/],
  ])('%s: the file is refused with the reason, the rest goes on', async (_, spoil, reason) => {
    writeFileSync(at('encounters.csv'), spoil(linesOf('encounters.csv')));
    const summary = await loadData();
    const file = fileOf(summary, 'encounters.csv');
    expect(file.status).toBe('refused');
    expect(file.reason).toMatch(reason);
    expectRestLanded(summary, 'encounters');
    expect(stack.bronzeFiles().filter((name) => name.includes('/encounters/'))).toEqual([]);
  });

  test('a new column is kept and reported; a column of another family too', async () => {
    const lines = linesOf('patients.csv').map((text, i) => `${text},${i ? 'x' : 'BLOODTYPE'}`);
    writeLines('patients.csv', lines);
    const summary = await loadData();
    expect(fileOf(summary, 'patients.csv')).toMatchObject({
      status: 'landed',
      drift: ['new column BLOODTYPE'],
      family: '',
    });
    expect(landed(summary, 'patients', 'patients.csv').toString()).toBe(`${lines.join('\n')}\n`);
  });

  test.each(['A', 'B', 'D'] as const)('family %s is known by its header', async (family) => {
    rmSync(data, { recursive: true });
    await generate({ patients: 5, seed: 3, family, out: data, progress: silentProgress });
    const summary = await loadData();
    expect(summary.files.every((file) => file.family.includes(family) && file.drift.length === 0)).toBe(true);
  });

  test('bad lines are counted, named and kept beside the file, byte for byte', async () => {
    const lines = linesOf('encounters.csv');
    const short = lines[3]!.split(',').slice(0, 4).join(',');
    const long = Buffer.from(`${'x'.repeat(2_500_000)}\n`);
    const bad = [Buffer.from(`${short}\n`), Buffer.from([...Buffer.from(lines[6]!), 0xff, 10]), long];
    const good = lines.filter((_, i) => i !== 3 && i !== 6);
    const bytes = [...lines.slice(0, 3), bad[0]!, ...lines.slice(4, 6), bad[1]!, ...lines.slice(7), long].map((line) =>
      typeof line === 'string' ? Buffer.from(`${line}\n`) : line,
    );
    writeFileSync(at('encounters.csv'), Buffer.concat(bytes));
    const summary = await loadData();
    const file = fileOf(summary, 'encounters.csv');
    expect(file).toMatchObject({ rows: good.length - 1, rowsRead: lines.length, status: 'landed' });
    expect(file.skipped).toEqual({ too_few_fields: 1, not_utf8: 1, too_long: 1 });
    expect(file.badLines).toEqual([
      { line: 4, reason: 'too_few_fields' },
      { line: 7, reason: 'not_utf8' },
      { line: lines.length + 1, reason: 'too_long' },
    ]);
    expect(landed(summary, 'encounters', 'encounters.csv').toString()).toBe(`${good.join('\n')}\n`);
    expect(landed(summary, 'encounters', '_rejected-encounters.csv').equals(Buffer.concat(bad))).toBe(true);
  });

  test('a last line that was cut off is one bad line', async () => {
    const bytes = readFileSync(at('encounters.csv'));
    truncateSync(at('encounters.csv'), bytes.length - 90);
    const file = fileOf(await loadData(), 'encounters.csv');
    expect(file).toMatchObject({ status: 'landed', skipped: { too_few_fields: 1 } });
  });

  test('a folder in place of a file, and CSV files that nobody knows, are left out', async () => {
    mkdirSync(at('observations.csv.d'));
    writeLines('observations.csv', ['DATE,PATIENT', 'x,y']);
    expect((await loadData()).ignored).toEqual(['observations.csv']);
  });
});
