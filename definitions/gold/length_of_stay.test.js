const columns = {
  organization_id: 'varchar(64)',
  department: 'varchar(32)',
  month: 'date',
  encounter_count: 'bigint',
  median_minutes: 'decimal(18,2)',
  p90_minutes: 'decimal(18,2)',
};
const organizations = test_rows.select(
  { organization_key: 'bigint', organization_id: 'varchar(64)' },
  { organization_key: 7, organization_id: 'o1' },
);
const row = { organization_id: 'o1', department: 'ambulatory', month: '2020-01-01' };

test('length_of_stay: percentiles lie between the two nearest stays')
  .dataset('length_of_stay')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { organization_key: 7, duration_minutes: 15 },
      { organization_key: 7, duration_minutes: 60 },
      { organization_key: 7, duration_minutes: 1440 },
      { organization_key: 7, duration_minutes: 10 },
    ),
  )
  .input('dim_organization', organizations)
  .expect(test_rows.select(columns, { ...row, encounter_count: 4, median_minutes: '37.50', p90_minutes: '1026.00' }));

test('length_of_stay: encounters that have not ended are left out')
  .dataset('length_of_stay')
  .input(
    'fact_encounter',
    test_rows.encounters({ duration_minutes: 30 }, { discharge_time: null, duration_minutes: null }),
  )
  .input('dim_organization', organizations)
  .expect(test_rows.select(columns, { ...row, encounter_count: 1, median_minutes: '30.00', p90_minutes: '30.00' }));

test('length_of_stay: organizations that no file has, and none at all, are rows of their own')
  .dataset('length_of_stay')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { organization_key: 7, duration_minutes: 30 },
      { organization_id: 'o8', duration_minutes: 10 },
      { organization_id: 'O8', duration_minutes: 20 },
      { organization_id: null, duration_minutes: 40 },
    ),
  )
  .input('dim_organization', organizations)
  .expect(
    test_rows.select(
      columns,
      { ...row, encounter_count: 1, median_minutes: '30.00', p90_minutes: '30.00' },
      { ...row, organization_id: 'O8', encounter_count: 2, median_minutes: '15.00', p90_minutes: '19.00' },
      { ...row, organization_id: null, encounter_count: 1, median_minutes: '40.00', p90_minutes: '40.00' },
    ),
  );
