const columns = {
  payer_id: 'varchar(64)',
  payer_name: 'varchar(256)',
  is_insured: 'bit',
  encounter_count: 'bigint',
  total_claim_cost: 'decimal(18,2)',
  total_payer_coverage: 'decimal(18,2)',
  total_payments: 'decimal(18,2)',
  coverage_rate: 'decimal(18,6)',
  payment_rate: 'decimal(18,6)',
};

test('payer_coverage_summary: coverage rate and payment rate are two things')
  .dataset('payer_coverage_summary')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { total_claim_cost: '200.00', payer_coverage: '150.00', total_payments: '10.00' },
      { total_claim_cost: '100.00', payer_coverage: '0.00', total_payments: '2.50' },
    ),
  )
  .expect(
    test_rows.select(columns, {
      payer_id: 'y1',
      payer_name: 'Medicare',
      is_insured: 1,
      encounter_count: 2,
      total_claim_cost: '300.00',
      total_payer_coverage: '150.00',
      total_payments: '12.50',
      coverage_rate: '0.5',
      payment_rate: '0.041667',
    }),
  );

test('payer_coverage_summary: NO_INSURANCE is a payer that covers nothing')
  .dataset('payer_coverage_summary')
  .input(
    'fact_encounter',
    test_rows.encounters({
      payer_name: 'NO_INSURANCE',
      is_insured: 0,
      total_claim_cost: '129.16',
      total_payments: '129.16',
    }),
  )
  .expect(
    test_rows.select(columns, {
      payer_id: 'y1',
      payer_name: 'NO_INSURANCE',
      is_insured: 0,
      encounter_count: 1,
      total_claim_cost: '129.16',
      total_payer_coverage: '0.00',
      total_payments: '129.16',
      coverage_rate: '0',
      payment_rate: '1',
    }),
  );

test('payer_coverage_summary: encounters of an unknown payer are counted')
  .dataset('payer_coverage_summary')
  .input('fact_encounter', test_rows.encounters({ payer_name: null, is_insured: null, total_claim_cost: '0.00' }))
  .expect(
    test_rows.select(columns, {
      payer_id: 'y1',
      encounter_count: 1,
      total_claim_cost: '0.00',
      total_payer_coverage: '0.00',
      total_payments: '0.00',
    }),
  );
