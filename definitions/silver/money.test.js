const paymentTypes = {
  claim_key: 'bigint',
  transaction_count: 'int',
  total_charges: 'decimal(18,2)',
  total_payments: 'decimal(18,2)',
  payer_payments: 'decimal(18,2)',
  patient_payments: 'decimal(18,2)',
  _transactions_loaded_at: 'datetime2(3)',
};
const loaded = { claim_key: 1, _transactions_loaded_at: '2024-01-01T00:00:00' };
const claim = (title, rows, expected) =>
  test(`claim_payments: ${title}`)
    .dataset('claim_payments')
    .input(['silver', 'claims_transactions'], silver_rows.transactions(...rows))
    .expect(test_rows.select(paymentTypes, { ...loaded, ...expected }));

claim(
  'several transactions of a claim; what is moved is neither charged nor paid',
  [
    { transaction_type: 'CHARGE', amount: '100.00' },
    { transaction_type: 'PAYMENT', payment_method: 'COPAY', payments: '20.10' },
    { transaction_type: 'PAYMENT', payment_method: 'ECHECK', payments: '60.00' },
    { transaction_type: 'TRANSFEROUT', payments: '0.00' },
    { transaction_type: 'TRANSFERIN', amount: '19.90', payments: '0.00' },
    { transaction_type: 'PAYMENT', payment_method: 'CC', payments: '19.90' },
  ],
  {
    transaction_count: 6,
    total_charges: '100.00',
    total_payments: '100.00',
    payer_payments: '60.00',
    patient_payments: '40.00',
  },
);
claim('a charge of nothing has payments of 0.00, not NULL', [{ transaction_type: 'CHARGE', amount: '0.00' }], {
  transaction_count: 1,
  total_charges: '0.00',
  total_payments: '0.00',
  payer_payments: '0.00',
  patient_payments: '0.00',
});

const encounterTypes = {
  encounter_key: 'bigint',
  patient_key: 'bigint',
  organization_key: 'bigint',
  provider_key: 'bigint',
  payer_key: 'bigint',
  encounter_id: 'varchar(64)',
  patient_id: 'varchar(64)',
  organization_id: 'varchar(64)',
  provider_id: 'varchar(64)',
  payer_id: 'varchar(64)',
  department: 'varchar(32)',
  gender: 'varchar(8)',
  age: 'int',
  base_encounter_cost: 'decimal(18,2)',
  total_claim_cost: 'decimal(18,2)',
  payer_coverage: 'decimal(18,2)',
  dq_flags: 'varchar(256)',
  admission_time: 'datetime2(3)',
  discharge_time: 'datetime2(3)',
};
const encounter = {
  encounter_key: 1,
  patient_key: 1,
  organization_key: 1,
  provider_key: 1,
  payer_key: 1,
  encounter_id: 'e1',
  patient_id: 'p1',
  organization_id: 'o1',
  provider_id: 'd1',
  payer_id: 'y1',
  department: 'inpatient',
  gender: 'F',
  age: 80,
  base_encounter_cost: '100.00',
  total_claim_cost: '200.00',
  payer_coverage: '0.00',
  dq_flags: '',
  admission_time: '2020-01-31T23:59:59.999',
  discharge_time: '2020-02-01T00:00:58',
};
const found = {
  ...encounter,
  age_group: '80+',
  organization_name: 'General',
  organization_state: 'MA',
  payer_name: 'NO_INSURANCE',
  is_insured: 0,
  admission_month: '2020-01-01',
  duration_minutes: 0,
  claim_count: 0,
  total_charges: '0.00',
  total_payments: '0.00',
  payer_payments: '0.00',
  patient_payments: '0.00',
};
const sums = {
  encounter_key: 'bigint',
  claim_count: 'int',
  total_charges: 'decimal(18,2)',
  total_payments: 'decimal(18,2)',
  payer_payments: 'decimal(18,2)',
  patient_payments: 'decimal(18,2)',
};
const enriched = (title, { row, payments = [], conditions = [], provider = 1 }, expected) =>
  test(`encounters_enriched: ${title}`)
    .dataset('encounters_enriched')
    .input('encounters_clean', test_rows.select(encounterTypes, { ...encounter, ...row }))
    .input('dim_patient', 'SELECT CAST(1 AS bigint) AS patient_key')
    .input(
      'dim_organization',
      test_rows.select(
        { organization_key: 'bigint', organization_name: 'varchar(256)', organization_state: 'varchar(64)' },
        { organization_key: 1, organization_name: 'General', organization_state: 'MA' },
      ),
    )
    .input('dim_provider', `SELECT CAST(${provider} AS bigint) AS provider_key`)
    .input(
      'dim_payer',
      test_rows.select(
        { payer_key: 'bigint', payer_name: 'varchar(256)', is_insured: 'bit' },
        { payer_key: 1, payer_name: 'NO_INSURANCE', is_insured: 0 },
      ),
    )
    .input(
      'encounter_primary_condition',
      test_rows.select(
        { encounter_key: 'bigint', primary_condition_code: 'varchar(32)', primary_condition: 'varchar(256)' },
        ...(conditions.length ? conditions : [{ encounter_key: 9 }]),
      ),
    )
    .input('encounter_payments', test_rows.select(sums, ...(payments.length ? payments : [{ encounter_key: 9 }])))
    .expect(test_rows.select(test_rows.types.fact_encounter, expected));

enriched('the month is cut in UTC; no claim is 0.00; NO_INSURANCE is a payer', { row: {} }, found);
enriched(
  'an encounter with several claims is one row, with their sums',
  {
    row: {},
    payments: [
      {
        encounter_key: 1,
        claim_count: 2,
        total_charges: '300.00',
        total_payments: '250.25',
        payer_payments: '0.00',
        patient_payments: '250.25',
      },
    ],
  },
  { ...found, claim_count: 2, total_charges: '300.00', total_payments: '250.25', patient_payments: '250.25' },
);
enriched(
  'a clinician and a payer that no file has leave the row, without key or name',
  { row: { payer_key: 7, payer_id: 'y7' }, provider: 2 },
  { ...found, payer_key: null, payer_id: 'y7', payer_name: null, is_insured: null, provider_key: null },
);
enriched(
  'who is still in has no duration',
  { row: { discharge_time: null, total_claim_cost: null, payer_coverage: null } },
  { ...found, discharge_time: null, duration_minutes: null, total_claim_cost: null, payer_coverage: null },
);

const conditionTypes = {
  condition_key: 'bigint',
  encounter_key: 'bigint',
  condition_code: 'varchar(32)',
  condition_description: 'varchar(256)',
  start_date: 'date',
};
test('encounter_primary_condition: the first by date, then by code')
  .dataset('encounter_primary_condition')
  .input(
    ['silver', 'conditions'],
    test_rows.select(
      conditionTypes,
      {
        condition_key: 1,
        encounter_key: 1,
        condition_code: '20',
        condition_description: 'Later',
        start_date: '2020-01-02',
      },
      {
        condition_key: 2,
        encounter_key: 1,
        condition_code: '30',
        condition_description: 'Second',
        start_date: '2020-01-01',
      },
      {
        condition_key: 3,
        encounter_key: 1,
        condition_code: '10',
        condition_description: 'First',
        start_date: '2020-01-01',
      },
    ),
  )
  .expect(
    test_rows.select(
      { encounter_key: 'bigint', primary_condition_code: 'varchar(32)', primary_condition: 'varchar(256)' },
      { encounter_key: 1, primary_condition_code: '10', primary_condition: 'First' },
    ),
  );
