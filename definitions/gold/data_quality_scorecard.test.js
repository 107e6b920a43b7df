const history = {
  run_id: 'varchar(64)',
  rule_id: 'varchar(8)',
  dataset: 'varchar(128)',
  rule_name: 'varchar(64)',
  action: 'varchar(16)',
  severity: 'varchar(16)',
  description: 'varchar(400)',
  rows_checked: 'bigint',
  rows_failed: 'bigint',
  measured_at: 'datetime2(3)',
};
const columns = {
  run_id: 'varchar(64)',
  dataset: 'varchar(128)',
  rule: 'varchar(80)',
  action: 'varchar(16)',
  severity: 'varchar(16)',
  description: 'varchar(400)',
  rows_checked: 'bigint',
  rows_failed: 'bigint',
  score: 'decimal(18,6)',
  measured_at: 'datetime2(3)',
};
const shared = {
  run_id: 'r1',
  dataset: 'silver.claims',
  action: 'stop',
  severity: 'error',
  description: 'A claim is one row',
  measured_at: '2020-01-01T00:00:00',
};
const scorecard = (title, counts, score) =>
  test(`data_quality_scorecard: ${title}`)
    .dataset('data_quality_scorecard')
    .input('rule_history', test_rows.select(history, { ...shared, ...counts, rule_id: 'D50', rule_name: 'claim_once' }))
    .expect(test_rows.select(columns, { ...shared, ...counts, rule: 'D50 claim_once', score }));

scorecard('the score is the share of rows that hold', { rows_checked: 3, rows_failed: 1 }, '0.666667');
scorecard('nothing checked is no score', { rows_checked: 0, rows_failed: 0 }, null);
