const counts = {
  run_id: 'varchar(64)',
  hop: 'varchar(128)',
  rows_read: 'bigint',
  accepted: 'bigint',
  quarantined: 'bigint',
  superseded: 'bigint',
};
const history = { ...counts, measured_at: 'datetime2(3)' };
const columns = { ...counts, difference: 'bigint', measured_at: 'datetime2(3)' };
const hop = { run_id: 'r1', hop: 'a to b', rows_read: 10, quarantined: 2, superseded: 1, measured_at: '2020-01-01' };
const reconciliation = (title, accepted, difference) =>
  test(`layer_reconciliation: ${title}`)
    .dataset('layer_reconciliation')
    .input('hop_history', test_rows.select(history, { ...hop, accepted }))
    .expect(test_rows.select(columns, { ...hop, accepted, difference }));

reconciliation('accepted, quarantined and superseded make up what was read', 7, 0);
reconciliation('a lost row is a difference of 1', 6, 1);
reconciliation('a doubled row is a difference of -1', 8, -1);
