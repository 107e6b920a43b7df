import { expect, test } from '@jest/globals';
import { readWarehouseStatus } from '../../cli/pipeline/warehouse-status';
import { startWarehouse } from '../support/warehouse';

test('status tells of the alerts that fire and of the run that was measured last, also beside runs of the stock CLI, whose id is "adhoc"', async () => {
  const warehouse = await startWarehouse();
  try {
    const values = (rows: string[]) => rows.map((row) => `SELECT ${row}`).join('\nUNION ALL\n');
    const rule = (run: string, failed: number, at: string) =>
      `'${run}' AS run_id, 'silver.x' AS dataset, 'D01' AS [rule], CAST(9 AS bigint) AS rows_checked, ` +
      `CAST(${failed} AS bigint) AS rows_failed, CAST(0.5 AS decimal(18,6)) AS score, CAST('${at}' AS datetime2(3)) AS measured_at`;
    const hop = (run: string, read: number, at: string) =>
      `'${run}' AS run_id, 'a to b' AS hop, CAST(${read} AS bigint) AS rows_read, CAST(1 AS bigint) AS accepted, ` +
      `CAST(0 AS bigint) AS quarantined, CAST(0 AS bigint) AS superseded, CAST(0 AS bigint) AS difference, CAST('${at}' AS datetime2(3)) AS measured_at`;
    const moments: [string, number, string][] = [
      ['20261124T000000Z-aaaaaa', 1, '2026-11-24'],
      ['adhoc', 2, '2026-11-25'],
      ['20261126T000000Z-bbbbbb', 3, '2026-11-26'],
    ];
    const create = (table: string, row: typeof rule) =>
      `CREATE TABLE gold.${table} WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS\n${values(moments.map((moment) => row(...moment)))}`;
    await warehouse.query('CREATE SCHEMA gold');
    await warehouse.query(create('data_quality_scorecard', rule));
    await warehouse.query(create('layer_reconciliation', hop));

    const alert = (id: string, firing: number) =>
      `'${id}' AS alert_id, 'stale' AS alert_name, 'warning' AS severity, 'bronze.x' AS dataset, 'Look.' AS message, CAST(${firing} AS bit) AS is_firing`;
    await warehouse.query(
      `CREATE TABLE gold.quality_alerts WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS\n${values([alert('A06', 1), alert('A07', 0)])}`,
    );

    const { alerts, scorecard, reconciliation, freshness } = await readWarehouseStatus(warehouse.settings);
    expect(scorecard?.map(({ rowsFailed }) => rowsFailed)).toEqual([3]);
    expect(reconciliation?.map(({ rowsRead }) => rowsRead)).toEqual([3]);
    expect(alerts).toEqual([{ alert: 'A06 stale', severity: 'warning', dataset: 'bronze.x', message: 'Look.' }]);
    expect(freshness).toBeNull();
  } finally {
    await warehouse.stop();
  }
});
