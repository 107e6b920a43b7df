const columns = {
  organization_id: 'varchar(64)',
  organization_name: 'varchar(256)',
  organization_state: 'varchar(64)',
  month: 'date',
  encounter_count: 'bigint',
  total_claim_cost: 'decimal(18,2)',
  total_payments: 'decimal(18,2)',
};

test('encounters_by_org_month: one row a month, by the month of admission')
  .dataset('encounters_by_org_month')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { admission_month: '2020-02-01', discharge_time: '2020-03-02T00:00:00', total_claim_cost: '10.01' },
      { admission_month: '2020-02-01', total_claim_cost: '0.02', total_payments: '0.01' },
    ),
  )
  .expect(
    test_rows.select(columns, {
      organization_id: 'o1',
      organization_name: 'General Hospital',
      organization_state: 'MA',
      month: '2020-02-01',
      encounter_count: 2,
      total_claim_cost: '10.03',
      total_payments: '0.01',
    }),
  );

test('encounters_by_org_month: an organization that was renamed stays one row')
  .dataset('encounters_by_org_month')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { organization_name: 'A Clinic', organization_state: null },
      { organization_name: 'B Clinic' },
    ),
  )
  .expect(
    test_rows.select(columns, {
      organization_id: 'o1',
      organization_name: 'B Clinic',
      organization_state: 'MA',
      month: '2020-01-01',
      encounter_count: 2,
      total_claim_cost: '0.00',
      total_payments: '0.00',
    }),
  );

test('encounters_by_org_month: encounters without an organization are counted')
  .dataset('encounters_by_org_month')
  .input(
    'fact_encounter',
    test_rows.encounters({ organization_id: null, organization_name: null, organization_state: null }),
  )
  .expect(
    test_rows.select(columns, {
      month: '2020-01-01',
      encounter_count: 1,
      total_claim_cost: '0.00',
      total_payments: '0.00',
    }),
  );
