import type { ConnectionPool } from 'mssql';
import type { Settings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';

export interface Freshness {
  dataset: string;
  newestEventAt: string | null;
  newestLoadAt: string | null;
}

export interface Score {
  dataset: string;
  rule: string;
  rowsChecked: number;
  rowsFailed: number;
  /** Share of rows that hold, 0 to 1. */
  score: number | null;
}

/** A rule of `includes/alert_rules.js` that fires: where somebody should look now. */
export interface Alert {
  alert: string;
  severity: string;
  dataset: string;
  message: string;
}

export interface Hop {
  hop: string;
  rowsRead: number;
  accepted: number;
  quarantined: number;
  superseded: number;
  difference: number;
}

/**
 * The state of the warehouse as its own quality tables tell it; a part is null while its table is not built. A run measures all its rules
 * at one moment, which says which run is newest: the stock CLI's run ids do not sort by time.
 */
export interface WarehouseStatus {
  alerts: Alert[] | null;
  freshness: Freshness[] | null;
  /** Of the newest run. */
  scorecard: Score[] | null;
  /** Of the newest run. */
  reconciliation: Hop[] | null;
}

export async function readWarehouseStatus(settings: Settings): Promise<WarehouseStatus> {
  const pool = await connectSynapse(settings, { poolSize: 1, applicationName: 'MedStream status' });
  try {
    return {
      alerts: await ifBuilt(pool, 'quality_alerts', readAlerts),
      freshness: await ifBuilt(pool, 'pipeline_freshness', readFreshness),
      scorecard: await ifBuilt(pool, 'data_quality_scorecard', readScorecard),
      reconciliation: await ifBuilt(pool, 'layer_reconciliation', readReconciliation),
    };
  } finally {
    await pool.close();
  }
}

async function ifBuilt<T>(
  pool: ConnectionPool,
  table: string,
  read: (pool: ConnectionPool) => Promise<T>,
): Promise<T | null> {
  const { recordset } = await pool
    .request()
    .query<{ id: number | null }>(`SELECT OBJECT_ID('gold.${table}', 'U') AS id`);
  return recordset[0]!.id === null ? null : read(pool);
}

async function readAlerts(pool: ConnectionPool): Promise<Alert[]> {
  const { recordset } = await pool.request().query<Alert>(
    `SELECT CONCAT(alert_id, ' ', alert_name) AS alert, severity, dataset, message FROM gold.quality_alerts
WHERE is_firing = 1 ORDER BY severity, alert_id, dataset`,
  );
  return recordset.map((row) => ({ ...row }));
}

async function readFreshness(pool: ConnectionPool): Promise<Freshness[]> {
  const { recordset } = await pool.request().query<{
    dataset: string;
    event_at: Date | null;
    load_at: Date | null;
  }>(`SELECT dataset, newest_event_at AS event_at, newest_load_at AS load_at FROM gold.pipeline_freshness ORDER BY dataset`);
  const iso = (time: Date | null) => time?.toISOString() ?? null;
  return recordset.map((row) => ({
    dataset: row.dataset,
    newestEventAt: iso(row.event_at),
    newestLoadAt: iso(row.load_at),
  }));
}

async function readScorecard(pool: ConnectionPool): Promise<Score[]> {
  const { recordset } = await pool.request().query<{
    dataset: string;
    rule: string;
    rows_checked: string;
    rows_failed: string;
    score: number | null;
  }>(
    `SELECT dataset, [rule], rows_checked, rows_failed, score FROM gold.data_quality_scorecard
WHERE measured_at = (SELECT MAX(measured_at) FROM gold.data_quality_scorecard) ORDER BY dataset, [rule]`,
  );
  return recordset.map((row) => ({
    dataset: row.dataset,
    rule: row.rule,
    rowsChecked: Number(row.rows_checked),
    rowsFailed: Number(row.rows_failed),
    score: row.score,
  }));
}

async function readReconciliation(pool: ConnectionPool): Promise<Hop[]> {
  const { recordset } = await pool.request().query<Record<string, string>>(
    `SELECT hop, rows_read, accepted, quarantined, superseded, difference FROM gold.layer_reconciliation
WHERE measured_at = (SELECT MAX(measured_at) FROM gold.layer_reconciliation) ORDER BY hop`,
  );
  return recordset.map((row) => ({
    hop: row['hop']!,
    rowsRead: Number(row['rows_read']),
    accepted: Number(row['accepted']),
    quarantined: Number(row['quarantined']),
    superseded: Number(row['superseded']),
    difference: Number(row['difference']),
  }));
}
