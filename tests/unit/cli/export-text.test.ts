import { expect, test } from '@jest/globals';
import { exportText } from '../../../cli/verbs/export';
import { bytes } from '../../../cli/format';
import type { ExportSummary } from '../../../exports';

const summary: ExportSummary = {
  runId: '20260101T000000000Z-1a2b3c4d',
  exportedAt: '2026-01-01T00:00:00.000Z',
  tables: [
    { table: 'payers', rows: 10, files: 1, written: 0, carried: 1, bytes: 2400, notExported: [] },
    { table: 'visits', rows: 1_234_567, files: 12, written: 3, carried: 9, bytes: 98_700_000, notExported: ['zip'] },
  ],
  notBuilt: ['length_of_stay'],
  rows: 1_234_577,
  files: 13,
  bytes: 98_702_400,
  views: ['dbo.vw_pbi_payers'],
  seconds: 12.345,
};

test('the text of an export shows rows, files and sizes, what was left out, and where the result is', () => {
  expect(exportText(summary)).toBe(
    [
      'table        rows  files  new files     size',
      '──────  ─────────  ─────  ─────────  ───────',
      'payers         10      1  unchanged   2.4 kB',
      'visits  1,234,567     12          3  98.7 MB',
      '',
      'visits: not in its contract, so not exported: zip',
      'Not built yet, so not exported (medstream run builds them): length_of_stay',
      'Views: dbo.vw_pbi_payers',
      '1,234,577 rows in 13 files, 98.7 MB · 12.3 s · gold/powerbi/_export.json',
    ].join('\n'),
  );
});

test.each<[number, string]>([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_550_000, '1.6 MB'],
  [7.2e12, '7.2 TB'],
  [7.2e15, '7200.0 TB'],
])('%d bytes are %s', (value, text) => {
  expect(bytes(value)).toBe(text);
});
