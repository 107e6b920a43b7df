import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dataLakeContainer, synapseUrl } from '../../azure/data-lake';
import { silentProgress as progress } from '../../common/progress';
import { exportGold } from '../../exports';
import { parseContract } from '../../exports/contract';
import type { Manifest } from '../../exports/manifest';
import { copyCsv } from '../../ingestion/copy/copy-into';
import { textColumn } from '../../ingestion/copy/bronze-tables';
import { plainValue, writtenText } from '../support/export-values';
import { sqlType, startGoldStack, type GoldStack } from '../support/gold-stack';
import { readers, type Plain } from '../support/parquet-readers';

const contract = parseContract({
  table: 'visits',
  source: 'gold.visits',
  description: 'Values of every type.',
  key: ['id'],
  columns: Object.entries({
    id: 'int64',
    name: 'text',
    is_open: 'boolean',
    age: 'int32',
    account: 'int64',
    cost: 'decimal(18,2)',
    rate: 'decimal(18,6)',
    born: 'date',
    seen_at: 'timestamp',
  }).map(([name, type]) => ({ name, type, description: name })),
});
const columns = contract.columns;

describe('values on their way from a CSV file to Parquet', () => {
  let stack: GoldStack;
  beforeAll(async () => {
    stack = await startGoldStack();
    await stack.pool.request().batch('CREATE SCHEMA bronze');
    await dataLakeContainer(stack.settings, 'bronze').createIfNotExists();
  });
  afterAll(() => stack?.stop());

  /** CSV → bronze table (all text) → gold table (typed) → Parquet; the file's bytes. */
  async function through(rows: Plain[][]): Promise<Uint8Array> {
    const lines = rows.map((row) => row.map((plain, at) => csvField(writtenText(columns[at]!.type, plain))).join(','));
    const csv = [columns.map(({ name }) => name).join(','), ...lines, ''].join('\n');
    await dataLakeContainer(stack.settings, 'bronze').getFileClient('values/visits.csv').upload(Buffer.from(csv));
    const batch = (statement: string) => stack.pool.request().batch(statement);
    for (const table of ['bronze.visits', 'gold.visits'])
      await batch(`IF OBJECT_ID('${table}', 'U') IS NOT NULL DROP TABLE ${table}`);
    const heap = 'WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)';
    const header = columns.map(({ name }) => name);
    await batch(`CREATE TABLE bronze.visits (${header.map(textColumn).join(', ')}) ${heap}`);
    await batch(copyCsv('bronze.visits', header, 'LF', [synapseUrl(stack.settings, 'bronze', 'values/visits.csv')]));
    const casts = columns.map(({ name, type }) =>
      type.kind === 'text' ? name : `TRY_CAST(${name} AS ${sqlType(type)}) AS ${name}`,
    );
    await batch(`CREATE TABLE gold.visits ${heap} AS SELECT ${casts.join(', ')} FROM bronze.visits`);
    await exportGold(stack.settings, { progress, contracts: [contract] });
    const published = path.join(stack.lakeRoot, 'gold', 'powerbi');
    const manifest = JSON.parse(readFileSync(path.join(published, '_export.json'), 'utf8')) as Manifest;
    expect(manifest.tables[0]!.rows).toBe(rows.length);
    return readFileSync(path.join(published, manifest.tables[0]!.files[0]!.path));
  }

  test('survive: beyond 2^53, negative money, before 1970, in 9999, NULL, emoji and quotes', async () => {
    const values = fc.array(fc.tuple(...columns.slice(1).map(({ type }) => plainValue(type))), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(values, async (generated) => {
        const rows = generated.map((row, at) => [String(at), ...row]);
        const file = await through(rows);
        for (const { read } of Object.values(readers)) expect(await read(file, columns)).toEqual(rows);
      }),
      { numRuns: 12 },
    );
  });
});

/** NULL as an empty field; everything else quoted. */
function csvField(text: string | null): string {
  return text === null ? '' : `"${text.replaceAll('"', '""')}"`;
}
