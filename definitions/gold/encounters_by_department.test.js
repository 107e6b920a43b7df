const columns = {
  department: 'varchar(32)',
  encounter_count: 'bigint',
  total_claim_cost: 'decimal(18,2)',
  total_payments: 'decimal(18,2)',
  payment_rate: 'decimal(18,6)',
};

test('encounters_by_department: sums cost and payments to the cent')
  .dataset('encounters_by_department')
  .input(
    'fact_encounter',
    test_rows.encounters(
      { department: 'emergency', total_claim_cost: '100.10', total_payments: '25.05' },
      { department: 'emergency', total_claim_cost: '50.05', total_payments: '0.00' },
    ),
  )
  .expect(
    test_rows.select(columns, {
      department: 'emergency',
      encounter_count: 2,
      total_claim_cost: '150.15',
      total_payments: '25.05',
      payment_rate: '0.166833',
    }),
  );

test('encounters_by_department: no payments are 0.00, a cost of 0 has no rate')
  .dataset('encounters_by_department')
  .input('fact_encounter', test_rows.encounters({ department: 'wellness', total_claim_cost: '0.00' }))
  .expect(
    test_rows.select(columns, {
      department: 'wellness',
      encounter_count: 1,
      total_claim_cost: '0.00',
      total_payments: '0.00',
      payment_rate: null,
    }),
  );
