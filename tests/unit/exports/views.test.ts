import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '../../../azure/settings';
import { silentProgress } from '../../../common/progress';
import { exportGold } from '../../../exports';
import { parseContract } from '../../../exports/contract';
import { createViews, viewStatement } from '../../../exports/views';

const contract = parseContract({
  table: 'visits',
  source: 'gold.visits',
  description: 'One row a visit.',
  key: ['id'],
  partitionBy: 'seen_at',
  columns: [
    { name: 'id', type: 'int64', description: 'Key.' },
    { name: 'note', type: 'text', description: 'Note.' },
    { name: 'cost', type: 'decimal(18,2)', description: 'Cost.' },
    { name: 'seen_at', type: 'timestamp', description: 'Time.' },
  ],
});
const azure = parseSettings({
  EVENTHUB_NAMESPACE: 'hub.servicebus.windows.net',
  AZURE_STORAGE_ACCOUNT: 'hospitallake',
  SYNAPSE_SERVER: 'hospital.sql.azuresynapse.net',
  SYNAPSE_DATABASE: 'medstream',
});

describe('a serverless view', () => {
  test('reads the whole folder of its table, with a type for each column', () => {
    expect(viewStatement(azure, contract)).toBe(
      [
        'CREATE OR ALTER VIEW [dbo].[vw_pbi_visits] AS',
        'SELECT r.[id], r.[note], r.[cost], r.[seen_at], r.[year], r.[month]',
        "FROM OPENROWSET(BULK 'https://hospitallake.dfs.core.windows.net/gold/powerbi/visits/**', FORMAT = 'PARQUET')",
        'WITH ([id] bigint, [note] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8, [cost] decimal(18,2), [seen_at] datetime2(6), [year] int, [month] int) AS r',
      ].join('\n'),
    );
  });

  test('needs a serverless endpoint on Azure: a dedicated pool has no OPENROWSET', async () => {
    await expect(createViews(azure, [contract])).rejects.toMatchObject({ code: 'MS5007', exitCode: 2 });
    const early = exportGold(azure, { contracts: [contract], views: true, progress: silentProgress });
    await expect(early).rejects.toMatchObject({ code: 'MS5007' });
  });
});
