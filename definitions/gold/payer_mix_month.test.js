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
const organization = { organization_key: 'bigint', organization_id: 'varchar(64)' };
const payer = { payer_key: 'bigint', payer_id: 'varchar(64)', payer_name: 'varchar(256)' };
const mix = (title, encounters, ...expected) =>
  test(`payer_mix_month: ${title}`)
    .dataset('payer_mix_month')
    .input('fact_encounter', test_rows.encounters(...encounters))
    .input('dim_organization', test_rows.select(organization, { organization_key: 7, organization_id: 'o1' }))
    .input('dim_payer', test_rows.select(payer, { payer_key: 8, payer_id: 'y1', payer_name: 'Medicare' }))
    .expect(test_rows.select(columns, ...expected));
const known = { organization_key: 7, payer_key: 8 };

mix(
  'coverage of a payer at an organization in a month',
  [
    { ...known, total_claim_cost: '129.16', payer_coverage: '100.00' },
    { ...known, total_claim_cost: '0.84', payer_coverage: '0.84' },
  ],
  {
    payer_id: 'y1',
    payer_name: 'Medicare',
    organization_id: 'o1',
    month: '2020-01-01',
    encounter_count: 2,
    total_claim_cost: '130.00',
    total_payer_coverage: '100.84',
    coverage_rate: '0.775692',
  },
);

const free = { month: '2020-01-01', total_claim_cost: '0.00', total_payer_coverage: '0.00', coverage_rate: null };
mix(
  'payers and organizations that no file has, and none at all, are rows of their own',
  [
    known,
    { ...known, payer_key: null, payer_id: 'y8', payer_name: null },
    { ...known, payer_key: null, payer_id: 'y9', payer_name: null },
    { ...known, payer_key: null, payer_id: 'y9', payer_name: null },
    { organization_id: 'o9', payer_id: null, payer_name: null },
  ],
  { ...free, payer_id: 'y1', payer_name: 'Medicare', organization_id: 'o1', encounter_count: 1 },
  { ...free, payer_id: 'y8', organization_id: 'o1', encounter_count: 1 },
  { ...free, payer_id: 'y9', organization_id: 'o1', encounter_count: 2 },
  { ...free, organization_id: 'o9', encounter_count: 1 },
);
