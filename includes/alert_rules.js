/**
 * When somebody should look, by id. Each is a SELECT of dataset, value and limit; it fires for the rows where `fires` holds.
 * docs/data-quality.md explains them; definitions/quality/quality_alerts.sqlx runs them.
 */
const quarantineShare = 0.05;
const staleDays = 7;

const alerts = [
  {
    id: 'A01',
    severity: 'error',
    name: 'rule_broken',
    message: 'A rule of action stop is broken: the run fails.',
    from: (ref, run) =>
      `SELECT s.dataset, SUM(CASE WHEN s.rows_failed > 0 THEN 1 ELSE 0 END) AS value, 0 AS limit_value FROM ${ref('data_quality_scorecard')} s WHERE s.run_id = '${run}' AND s.action = 'stop' GROUP BY s.dataset`,
    fires: 'a.value > a.limit_value',
  },
  {
    id: 'A02',
    severity: 'error',
    name: 'rows_unaccounted',
    message: 'Rows were lost or doubled between two tables: the run fails.',
    from: (ref, run) =>
      `SELECT r.hop AS dataset, ABS(r.difference) AS value, 0 AS limit_value FROM ${ref('layer_reconciliation')} r WHERE r.run_id = '${run}'`,
    fires: 'a.value > a.limit_value',
  },
  {
    id: 'A03',
    severity: 'warning',
    name: 'rule_often_broken',
    message: 'More than 1 in 20 rows breaks a rule of action warn.',
    from: (ref, run) =>
      `SELECT s.dataset, MIN(s.score) AS value, 0.95 AS limit_value FROM ${ref('data_quality_scorecard')} s WHERE s.run_id = '${run}' AND s.action = 'warn' AND s.score IS NOT NULL GROUP BY s.dataset`,
    fires: 'a.value < a.limit_value',
  },
  {
    id: 'A04',
    severity: 'warning',
    name: 'much_quarantined',
    message: 'More than 1 in 20 events is in quarantine: look at quarantine_summary.',
    from: (ref, run) =>
      `SELECT r.hop AS dataset, CAST(r.quarantined AS decimal(18,2)) / NULLIF(r.rows_read, 0) AS value, ${quarantineShare} AS limit_value FROM ${ref('layer_reconciliation')} r WHERE r.run_id = '${run}' AND r.hop LIKE '%silver.encounters_clean'`,
    fires: 'a.value > a.limit_value',
  },
  {
    id: 'A05',
    severity: 'warning',
    name: 'unusual_volume',
    message: 'The run changed the table by an unusual number of rows: look at volume_anomaly.',
    from: (ref) =>
      `SELECT v.dataset, ABS(v.robust_z) AS value, 3.5 AS limit_value FROM ${ref('volume_anomaly')} v WHERE v.robust_z IS NOT NULL`,
    fires: 'a.value > a.limit_value',
  },
  {
    id: 'A06',
    severity: 'warning',
    name: 'stale',
    message: `The newest load is more than ${staleDays} days older than that of the freshest table.`,
    from: (ref) =>
      `SELECT f.dataset, DATEDIFF_BIG(second, f.newest_load_at, MAX(f.newest_load_at) OVER ()) AS value, ${staleDays * 86400} AS limit_value FROM ${ref('pipeline_freshness')} f`,
    fires: 'a.value > a.limit_value',
  },
];

module.exports = { alerts };
