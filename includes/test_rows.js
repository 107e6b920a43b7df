/**
 * Rows for unit tests (`type: "test"`): one SELECT per row, every value cast to the type of its column, so that the
 * stock CLI, which compares by JavaScript type, sees what a table would give.
 */
const types = {
  fact_encounter: {
    encounter_key: 'bigint',
    encounter_id: 'varchar(64)',
    patient_key: 'bigint',
    organization_key: 'bigint',
    provider_key: 'bigint',
    payer_key: 'bigint',
    patient_id: 'varchar(64)',
    organization_id: 'varchar(64)',
    provider_id: 'varchar(64)',
    payer_id: 'varchar(64)',
    department: 'varchar(32)',
    gender: 'varchar(8)',
    age: 'int',
    age_group: 'varchar(8)',
    organization_name: 'varchar(256)',
    organization_state: 'varchar(64)',
    payer_name: 'varchar(256)',
    is_insured: 'bit',
    primary_condition_code: 'varchar(32)',
    primary_condition: 'varchar(256)',
    dq_flags: 'varchar(256)',
    duration_minutes: 'bigint',
    base_encounter_cost: 'decimal(18,2)',
    total_claim_cost: 'decimal(18,2)',
    payer_coverage: 'decimal(18,2)',
    claim_count: 'int',
    total_charges: 'decimal(18,2)',
    total_payments: 'decimal(18,2)',
    payer_payments: 'decimal(18,2)',
    patient_payments: 'decimal(18,2)',
    admission_month: 'date',
    admission_time: 'datetime2(3)',
    discharge_time: 'datetime2(3)',
  },
};

/** What a test does not say about an encounter. */
const encounter = {
  encounter_id: 'e1',
  patient_id: 'p1',
  organization_id: 'o1',
  payer_id: 'y1',
  department: 'ambulatory',
  gender: 'F',
  age: 40,
  age_group: '35-49',
  organization_name: 'General Hospital',
  organization_state: 'MA',
  payer_name: 'Medicare',
  is_insured: 1,
  dq_flags: '',
  duration_minutes: 15,
  base_encounter_cost: '0.00',
  total_claim_cost: '0.00',
  payer_coverage: '0.00',
  claim_count: 0,
  total_charges: '0.00',
  total_payments: '0.00',
  payer_payments: '0.00',
  patient_payments: '0.00',
  admission_month: '2020-01-01',
  admission_time: '2020-01-15T10:00:00',
  discharge_time: '2020-01-15T10:15:00',
};

const literal = (value, type) =>
  `CAST(${value === null || value === undefined ? 'NULL' : `'${String(value).replace(/'/g, "''")}'`} AS ${type})`;

/** `{ department: 'varchar(32)' }` and rows → SELECT … UNION ALL SELECT …; a column that a row lacks is NULL. */
const select = (columns, ...rows) =>
  rows
    .map((row) => {
      const unknown = Object.keys(row).filter((name) => !(name in columns));
      if (unknown.length) throw new Error(`Test row with unknown columns: ${unknown.join(', ')}.`);
      return `SELECT ${Object.keys(columns)
        .map((name) => `${literal(row[name], columns[name])} AS [${name}]`)
        .join(', ')}`;
    })
    .join('\nUNION ALL ');

/** No rows, with these columns. */
const none = (columns) => `${select(columns, {})} WHERE 1 = 0`;

/** Rows of silver.fact_encounter; ids count up, keys follow the ids where a row does not say otherwise. */
const encounters = (...rows) =>
  select(
    types.fact_encounter,
    ...rows.map((row, index) => ({ ...encounter, encounter_id: `e${index + 1}`, encounter_key: index + 1, ...row })),
  );

module.exports = { types, select, none, encounters };
