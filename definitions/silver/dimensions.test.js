const { organizations, types } = silver_rows;

const historyTypes = {
  organization_key: 'bigint',
  ...Object.fromEntries(
    ['organization_id', ...entities.organization.attributes].map((name) => [name, types.organization[name]]),
  ),
  is_current: 'bit',
  is_deleted: 'bit',
  attribute_hash: 'varchar(64)',
  valid_from: 'datetime2(3)',
  valid_to: 'datetime2(3)',
};
/** SHA-256 of the attributes and the first eight bytes of that of the id, computed by the test itself in SQL over constants. */
const hashOf = (name) => `CONVERT(varchar(64), HASHBYTES('SHA2_256', '${name}||||||||'), 2)`;
const keyOf = (id) => `CONVERT(bigint, SUBSTRING(HASHBYTES('SHA2_256', '${id}'), 1, 8))`;
const version = (name, row) =>
  test_rows
    .select(historyTypes, { organization_id: 'o1', organization_name: name, is_deleted: 0, is_current: 0, ...row })
    .replace('CAST(NULL AS bigint) AS [organization_key]', `${keyOf('o1')} AS organization_key`)
    .replace('CAST(NULL AS varchar(64)) AS [attribute_hash]', `${hashOf(name)} AS attribute_hash`);
/** Load n is complete on the first of month n. */
const load = (n, more) => ({ _load_sequence: n, _load_finished_at: `2024-0${n}-01T00:00:00`, ...more });
const thenFull = (n) => ({ _next_full_sequence: n, _next_full_finished_at: `2024-0${n}-01T00:00:00` });
const month = (n) => `2024-0${n}-01T00:00:00`;

const history = (title, rows, expected) =>
  test(`dim_organization_history: ${title}`)
    .dataset('dim_organization_history')
    .input('stg_synthea__organizations', organizations(...rows))
    .expect(expected.join('\nUNION ALL '));

history(
  'the same attributes in the next load are the same version',
  [load(1, thenFull(2)), load(2)],
  [version('General', { is_current: 1, valid_from: month(1) })],
);
history(
  'a changed attribute closes the version and begins the next',
  [load(1, thenFull(2)), load(2, { organization_name: 'Saint Mary' })],
  [
    version('General', { valid_from: month(1), valid_to: month(2) }),
    version('Saint Mary', { is_current: 1, valid_from: month(2) }),
  ],
);
history(
  'who is missing in a full load is closed',
  [load(1, thenFull(2))],
  [version('General', { valid_from: month(1), valid_to: month(2) })],
);
history(
  'who disappears and comes back leaves no hole',
  [load(1, thenFull(2)), load(3)],
  [
    version('General', { valid_from: month(1), valid_to: month(2) }),
    version('General', { is_deleted: 1, valid_from: month(2), valid_to: month(3) }),
    version('General', { is_current: 1, valid_from: month(3) }),
  ],
);
history(
  'an incremental load says nothing of who is missing in it',
  [load(1)],
  [version('General', { is_current: 1, valid_from: month(1) })],
);
history(
  'a row that stands twice in a load is one',
  [load(1), load(1)],
  [version('General', { is_current: 1, valid_from: month(1) })],
);

const payerTypes = {
  payer_id: 'varchar(64)',
  payer_name: 'varchar(256)',
  ownership: 'varchar(32)',
  payer_state: 'varchar(64)',
};
const payer = (title, rows, expected) =>
  test(`dim_payer: ${title}`)
    .dataset('dim_payer')
    .input(
      'stg_synthea__payers',
      test_rows.select(
        { ...payerTypes, ...silver_rows.lineage },
        ...rows.map((row) => ({ ...silver_rows.firstLoad, ...row })),
      ),
    )
    .expect(
      test_rows
        .select({ payer_key: 'bigint', ...payerTypes, is_insured: 'bit' }, expected)
        .replace('CAST(NULL AS bigint) AS [payer_key]', `${keyOf('y1')} AS payer_key`),
    );
payer('NO_INSURANCE by its name', [{ payer_id: 'Y1', payer_name: 'NO_INSURANCE' }], {
  payer_id: 'Y1',
  payer_name: 'NO_INSURANCE',
  is_insured: 0,
});
payer('NO_INSURANCE by its ownership', [{ payer_id: 'y1', payer_name: 'None', ownership: 'NO_INSURANCE' }], {
  payer_id: 'y1',
  payer_name: 'None',
  ownership: 'NO_INSURANCE',
  is_insured: 0,
});
payer(
  'the newest row counts',
  [
    { payer_id: 'y1', payer_name: 'Old' },
    { payer_id: 'y1', payer_name: 'New', _load_sequence: 2 },
  ],
  { payer_id: 'y1', payer_name: 'New', is_insured: 1 },
);

const patientTypes = {
  patient_key: 'bigint',
  birth_date: 'date',
  death_date: 'date',
  gender: 'varchar(8)',
  race: 'varchar(32)',
  ethnicity: 'varchar(32)',
  marital_status: 'varchar(8)',
  state: 'varchar(64)',
  zip: 'varchar(16)',
};
const deidTypes = {
  deid_code: 'varchar(36)',
  birth_year: 'int',
  death_year: 'int',
  age_band: 'varchar(8)',
  gender: 'varchar(8)',
  race: 'varchar(32)',
  ethnicity: 'varchar(32)',
  marital_status: 'varchar(8)',
  state: 'varchar(64)',
  zip3: 'varchar(3)',
  is_deceased: 'bit',
};
const deid = (title, patient, expected) =>
  test(`dim_patient_deid: ${title}`)
    .dataset('dim_patient_deid')
    .input('dim_patient', test_rows.select(patientTypes, { patient_key: 1, ...patient }))
    .input(
      'patient_deid_codes',
      test_rows.select({ patient_key: 'bigint', deid_code: 'varchar(36)' }, { patient_key: 1, deid_code: 'x' }),
    )
    .input('stg_bronze__loads', silver_rows.loads('patients'))
    .expect(test_rows.select(deidTypes, { deid_code: 'x', is_deceased: 0, ...expected }));
deid(
  'the day before the 90th birthday',
  { birth_date: '1934-01-02', zip: '02139' },
  { birth_year: 1934, age_band: '80-89', zip3: '021' },
);
deid('from 90 on no year tells the age', { birth_date: '1934-01-01', zip: '02139' }, { age_band: '90+', zip3: '021' });
deid(
  'the dead have their age at death',
  { birth_date: '1900-01-01', death_date: '1970-06-01' },
  { birth_year: 1900, death_year: 1970, age_band: '65-79', is_deceased: 1 },
);
deid(
  'a sparsely populated ZIP area is 000',
  { birth_date: '2000-01-01', zip: '03601' },
  { birth_year: 2000, age_band: '18-34', zip3: '000' },
);
