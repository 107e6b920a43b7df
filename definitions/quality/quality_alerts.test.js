const scores = {
  run_id: 'varchar(64)',
  dataset: 'varchar(128)',
  action: 'varchar(16)',
  rows_failed: 'bigint',
  score: 'decimal(18,6)',
};
const hops = {
  run_id: 'varchar(64)',
  hop: 'varchar(128)',
  rows_read: 'bigint',
  quarantined: 'bigint',
  difference: 'bigint',
};
const volumes = { dataset: 'varchar(128)', robust_z: 'decimal(18,6)' };
const loads = { dataset: 'varchar(140)', newest_load_at: 'datetime2(3)' };
const columns = {
  alert_id: 'varchar(8)',
  alert_name: 'varchar(64)',
  severity: 'varchar(16)',
  dataset: 'varchar(140)',
  message: 'varchar(200)',
  measured_value: 'decimal(18,6)',
  limit_value: 'decimal(18,6)',
  is_firing: 'bit',
  run_id: 'varchar(64)',
};
const run_id = dataform.projectConfig.vars.run_id;

/** One row of one input, so that one alert rule is asked; a row of an older run is never asked. */
const alert = (title, id, inputs, expected) => {
  const rule = alert_rules.alerts.find((one) => one.id === id);
  return test(`quality_alerts: ${title}`)
    .dataset('quality_alerts')
    .input('data_quality_scorecard', inputs.scores ?? test_rows.none(scores))
    .input('layer_reconciliation', inputs.hops ?? test_rows.none(hops))
    .input('volume_anomaly', inputs.volumes ?? test_rows.none(volumes))
    .input('pipeline_freshness', inputs.loads ?? test_rows.none(loads))
    .expect(
      test_rows.select(columns, {
        alert_id: id,
        alert_name: rule.name,
        severity: rule.severity,
        message: rule.message,
        run_id,
        ...expected,
      }),
    );
};

const claims = { run_id, dataset: 'silver.claims' };
alert(
  'a broken rule of action stop fires',
  'A01',
  {
    scores: test_rows.select(
      scores,
      { ...claims, action: 'stop', rows_failed: 3, score: '0.9' },
      { ...claims, action: 'stop', rows_failed: 0, score: '1' },
      { ...claims, run_id: 'an older run', action: 'stop', rows_failed: 7, score: '0.8' },
    ),
  },
  { dataset: 'silver.claims', measured_value: '1', limit_value: '0', is_firing: 1 },
);
alert(
  'a rule of action warn may be broken by 1 row in 20',
  'A03',
  { scores: test_rows.select(scores, { ...claims, action: 'warn', rows_failed: 5, score: '0.95' }) },
  { dataset: 'silver.claims', measured_value: '0.95', limit_value: '0.95', is_firing: 0 },
);
alert(
  'rows that are nowhere fire',
  'A02',
  { hops: test_rows.select(hops, { run_id, hop: 'a to b', rows_read: 10, quarantined: 0, difference: -2 }) },
  { dataset: 'a to b', measured_value: '2', limit_value: '0', is_firing: 1 },
);
alert(
  'an unusual volume fires, upwards and downwards',
  'A05',
  { volumes: test_rows.select(volumes, { dataset: 'silver.claims', robust_z: '-3.6' }) },
  { dataset: 'silver.claims', measured_value: '3.6', limit_value: '3.5', is_firing: 1 },
);
alert(
  'the freshest table is not stale',
  'A06',
  { loads: test_rows.select(loads, { dataset: 'bronze.claims', newest_load_at: '2020-01-01T00:00:00' }) },
  { dataset: 'bronze.claims', measured_value: '0', limit_value: '604800', is_firing: 0 },
);
