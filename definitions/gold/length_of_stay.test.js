const columns = {
  organization_id: 'varchar(64)',
  department: 'varchar(32)',
  month: 'date',
  encounter_count: 'bigint',
  median_minutes: 'decimal(18,2)',
  p90_minutes: 'decimal(18,2)',
};
const row = { organization_id: 'o1', department: 'ambulatory', month: '2020-01-01' };

test('length_of_stay: percentiles lie between the two nearest stays')
  .dataset('length_of_stay')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { duration_minutes: 15 },
      { duration_minutes: 60 },
      { duration_minutes: 1440 },
      { duration_minutes: 10 },
    ),
  )
  .expect(test_rows.select(columns, { ...row, encounter_count: 4, median_minutes: '37.50', p90_minutes: '1026.00' }));

test('length_of_stay: encounters that have not ended are left out')
  .dataset('length_of_stay')
  .input(
    'fact_encounter',
    test_rows.encounters({ duration_minutes: 30 }, { discharge_time: null, duration_minutes: null }),
  )
  .expect(test_rows.select(columns, { ...row, encounter_count: 1, median_minutes: '30.00', p90_minutes: '30.00' }));
