import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseColumnType } from '../../../exports/column-type';
import type { Cell } from '../../../exports/parquet/sink';
import { parseContract } from '../../../exports/contract';
import { WasmSink } from '../../../exports/parquet/wasm-sink';
import { TableWriter, type WrittenFile } from '../../../exports/table-writer';
import { driverCell, plainValue } from '../../support/export-values';
import { readers } from '../../support/parquet-readers';

const columns = [
  ['note', 'text'],
  ['is_open', 'boolean'],
  ['age', 'int32'],
  ['key', 'int64'],
  ['cost', 'decimal(18,2)'],
  ['rate', 'decimal(18,6)'],
  ['small', 'decimal(9,2)'],
  ['born', 'date'],
  ['seen_at', 'timestamp'],
].map(([name, type]) => ({ name: name!, type: parseColumnType(type!) }));

describe('a Parquet file of an export', () => {
  test.each(Object.entries(readers))('is read back identically by %s', async (_name, { read, canRead }) => {
    const readable = columns.filter(({ type }) => canRead(type));
    const rows = fc.array(fc.tuple(...readable.map(({ type }) => plainValue(type))), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(rows, async (expected) => {
        const sink = new WasmSink(readable);
        for (const row of expected) sink.push(row.map((plain, at) => driverCell(readable[at]!.type, plain)));
        expect(await read(sink.finish(), readable)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('holds every row of several batches', async () => {
    const some = [columns[0]!, columns[3]!, columns[4]!];
    const rows = 60_001;
    const sink = new WasmSink(some);
    for (let n = 0; n < rows; n++) sink.push([n % 3 ? `row ${n}` : null, String(n), n / 100]);
    const read = await readers['DuckDB']!.read(sink.finish(), some);
    const wrong = read.filter((row, n) => row.join() !== [n % 3 ? `row ${n}` : null, n, n].join());
    expect([read.length, wrong]).toEqual([rows, []]);
  });

  test('ends before its texts fill the memory', async () => {
    const contract = parseContract({
      table: 'notes',
      source: 'gold.notes',
      description: 'Long texts.',
      key: ['id'],
      columns: ['id', 'note'].map((name) => ({ name, type: 'text', description: name })),
    });
    const files: WrittenFile[] = [];
    const writer = new TableWriter(contract, 'whole', async (file) => void files.push(file));
    const note = 'é'.repeat(50_000);
    for (let n = 0; n < 1100; n++) await writer.take([String(n), note]);
    await writer.close();
    expect(files.map(({ rows }) => rows)).toEqual([1000, 100]);
  });

  test('has the same bytes for the same rows, however many went before', () => {
    const row = columns.map(({ type }) => driverCell(type, type.kind === 'boolean' ? 'true' : '7'));
    const used = new WasmSink(columns);
    for (let n = 0; n < 1000; n++) used.push(columns.map(() => null));
    used.finish();
    const bytes = [used, new WasmSink(columns)].map((sink) => {
      for (let n = 0; n < 10; n++) sink.push(row);
      return Buffer.from(sink.finish());
    });
    expect(bytes[0]!.equals(bytes[1]!)).toBe(true);
  });

  test.each<[string, string, Cell]>([
    ['text in a number', 'int64', 'seven'],
    ['a whole number that a double rounded', 'int64', 2 ** 53],
    ['a number beyond 64 bits', 'int64', '9223372036854775808'],
    ['a number beyond 32 bits', 'int32', 2 ** 31],
    ['three digits after the point', 'decimal(18,2)', '1.005'],
    ['too many digits', 'decimal(18,2)', '10000000000000000.00'],
    ['a decimal that a double may have rounded', 'decimal(18,2)', 2 ** 46],
    ['too many digits as a number', 'decimal(4,2)', 100],
    ['no number', 'decimal(18,2)', Number.NaN],
    ['a date that is none', 'date', new Date(Number.NaN)],
    ['a date as text', 'timestamp', '2020-01-01'],
    ['a boolean as text', 'boolean', 'true'],
  ])('refuses %s, and names the column, never the value', (_what, type, value) => {
    const sink = new WasmSink([{ name: 'shown', type: parseColumnType(type) }]);
    expect(() => sink.push([value])).toThrow(expect.objectContaining({ code: 'MS5003', where: 'column shown' }));
  });
});
