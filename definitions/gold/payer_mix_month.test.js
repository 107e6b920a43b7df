const columns = {
  payer_id: 'varchar(64)',
  payer_name: 'varchar(256)',
  organization_id: 'varchar(64)',
  month: 'date',
  encounter_count: 'bigint',
  total_claim_cost: 'decimal(18,2)',
  total_payer_coverage: 'decimal(18,2)',
  coverage_rate: 'decimal(18,6)',
};

test('payer_mix_month: coverage of a payer at an organization in a month')
  .dataset('payer_mix_month')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { total_claim_cost: '129.16', payer_coverage: '100.00' },
      { total_claim_cost: '0.84', payer_coverage: '0.84' },
    ),
  )
  .expect(
    test_rows.select(columns, {
      payer_id: 'y1',
      payer_name: 'Medicare',
      organization_id: 'o1',
      month: '2020-01-01',
      encounter_count: 2,
      total_claim_cost: '130.00',
      total_payer_coverage: '100.84',
      coverage_rate: '0.775692',
    }),
  );
