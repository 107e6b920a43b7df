const quarantine = {
  rule_id: 'varchar(8)',
  reason_code: 'varchar(64)',
  description: 'varchar(400)',
  enqueued_at: 'datetime2(3)',
};
const columns = {
  rule_id: 'varchar(8)',
  reason_code: 'varchar(64)',
  description: 'varchar(400)',
  events: 'bigint',
  first_enqueued_at: 'datetime2(3)',
  last_enqueued_at: 'datetime2(3)',
};
const reason = { rule_id: 'E11', reason_code: 'unknown_patient', description: 'No such patient.' };

test('quarantine_summary: events of a reason, and when they came')
  .dataset('quarantine_summary')
  .input(
    'encounter_quarantine',
    test_rows.select(
      quarantine,
      { ...reason, enqueued_at: '2020-01-02T00:00:00' },
      { ...reason, enqueued_at: '2020-01-01T00:00:00' },
    ),
  )
  .expect(
    test_rows.select(columns, {
      ...reason,
      events: 2,
      first_enqueued_at: '2020-01-01T00:00:00',
      last_enqueued_at: '2020-01-02T00:00:00',
    }),
  );
