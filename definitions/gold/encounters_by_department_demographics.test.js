const columns = {
  department: 'varchar(32)',
  month: 'date',
  age_group: 'varchar(8)',
  gender: 'varchar(8)',
  encounter_count: 'bigint',
  total_claim_cost: 'decimal(18,2)',
  is_suppressed: 'bit',
};
const row = {
  department: 'ambulatory',
  month: '2020-01-01',
  age_group: '35-49',
  gender: 'F',
  encounter_count: 11,
  total_claim_cost: '1.10',
  is_suppressed: 0,
};
const encounters = (count) =>
  test_rows.encounters(...Array.from({ length: count }, () => ({ total_claim_cost: '0.10' })));

test('encounters_by_department_demographics: 11 encounters are shown')
  .dataset('encounters_by_department_demographics')
  .input('fact_encounter', encounters(11))
  .expect(test_rows.select(columns, row));

test('encounters_by_department_demographics: 10 encounters are a small cell')
  .dataset('encounters_by_department_demographics')
  .input('fact_encounter', encounters(10))
  .expect(test_rows.select(columns, { ...row, encounter_count: 10, total_claim_cost: '1.00', is_suppressed: 1 }));
