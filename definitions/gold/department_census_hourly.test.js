const columns = {
  organization_id: 'varchar(64)',
  department: 'varchar(32)',
  hour_start: 'datetime2(3)',
  arrivals: 'bigint',
  departures: 'bigint',
  in_progress: 'bigint',
  holds_until: 'datetime2(3)',
};
const organizations = { organization_key: 'bigint', organization_id: 'varchar(64)' };
const known = test_rows.select(organizations, { organization_key: 7, organization_id: 'o1' });

test('department_census_hourly: who comes and goes within the hour is not under way at its end')
  .dataset('department_census_hourly')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { organization_key: 7, admission_time: '2020-01-15T10:00:00', discharge_time: '2020-01-15T10:15:00' },
      { organization_key: 7, admission_time: '2020-01-15T10:59:59.999', discharge_time: null },
    ),
  )
  .input('dim_organization', known)
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
  .input('dim_organization', test_rows.none(organizations))
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

const hour = { department: 'ambulatory', hour_start: '2020-01-15T10:00:00', departures: 0, holds_until: null };

test('department_census_hourly: organizations that no file has, and none at all, are rows of their own')
  .dataset('department_census_hourly')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { organization_key: 7, organization_id: 'o1', discharge_time: null },
      { organization_id: 'o8', discharge_time: null },
      { organization_id: 'o9', discharge_time: null },
      { organization_id: 'o9', discharge_time: null },
      { organization_id: null, discharge_time: null },
    ),
  )
  .input('dim_organization', known)
  .expect(
    test_rows.select(
      columns,
      { ...hour, organization_id: 'o1', arrivals: 1, in_progress: 1 },
      { ...hour, organization_id: 'o8', arrivals: 1, in_progress: 1 },
      { ...hour, organization_id: 'o9', arrivals: 2, in_progress: 2 },
      { ...hour, organization_id: null, arrivals: 1, in_progress: 1 },
    ),
  );
