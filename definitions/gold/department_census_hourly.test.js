const columns = {
  organization_id: 'varchar(64)',
  department: 'varchar(32)',
  hour_start: 'datetime2(3)',
  arrivals: 'bigint',
  departures: 'bigint',
  in_progress: 'bigint',
  holds_until: 'datetime2(3)',
};

test('department_census_hourly: who comes and goes within the hour is not under way at its end')
  .dataset('department_census_hourly')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { admission_time: '2020-01-15T10:00:00', discharge_time: '2020-01-15T10:15:00' },
      { admission_time: '2020-01-15T10:59:59.999', discharge_time: null },
    ),
  )
  .expect(
    test_rows.select(columns, {
      organization_id: 'o1',
      department: 'ambulatory',
      hour_start: '2020-01-15T10:00:00',
      arrivals: 2,
      departures: 1,
      in_progress: 1,
      holds_until: null,
    }),
  );

test('department_census_hourly: hours before 1900 are cut like all others')
  .dataset('department_census_hourly')
  .input(
    'fact_encounter',
    test_rows.encounters({ admission_time: '1899-12-31T23:59:59', discharge_time: '1899-12-31T23:59:59.500' }),
  )
  .expect(
    test_rows.select(columns, {
      organization_id: 'o1',
      department: 'ambulatory',
      hour_start: '1899-12-31T23:00:00',
      arrivals: 1,
      departures: 1,
      in_progress: 0,
      holds_until: null,
    }),
  );
