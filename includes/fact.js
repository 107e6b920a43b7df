/** Columns of fact_encounter, in order: a contract with the marts, the exports and Power BI. */
const columns = [
  'encounter_key',
  'encounter_id',
  'patient_key',
  'organization_key',
  'provider_key',
  'payer_key',
  'patient_id',
  'organization_id',
  'provider_id',
  'payer_id',
  'department',
  'gender',
  'age',
  'age_group',
  'organization_name',
  'organization_state',
  'payer_name',
  'is_insured',
  'primary_condition_code',
  'primary_condition',
  'dq_flags',
  'duration_minutes',
  'base_encounter_cost',
  'total_claim_cost',
  'payer_coverage',
  'claim_count',
  'total_charges',
  'total_payments',
  'payer_payments',
  'patient_payments',
  'admission_month',
  'admission_time',
  'discharge_time',
];

/** All but the key, by how two versions are compared (includes/changes.js). */
const values = {
  keys: ['patient_key', 'organization_key', 'provider_key', 'payer_key'],
  texts: [
    'encounter_id',
    'patient_id',
    'organization_id',
    'provider_id',
    'payer_id',
    'department',
    'gender',
    'age_group',
    'organization_name',
    'organization_state',
    'payer_name',
    'primary_condition_code',
    'primary_condition',
    'dq_flags',
  ],
  numbers: [
    'age',
    'duration_minutes',
    'base_encounter_cost',
    'total_claim_cost',
    'payer_coverage',
    'claim_count',
    'total_charges',
    'total_payments',
    'payer_payments',
    'patient_payments',
  ],
  times: ['admission_month', 'admission_time', 'discharge_time'],
  flags: ['is_insured'],
};

/**
 * The organization, or the payer, of an encounter as a number: its key; where the dimension does not have it, the key that its source
 * id would have. Marts with many groups group by these: texts are compared by their collation, which costs many times more.
 */
const keyOf = (alias, dimension) => `ISNULL(${alias}.${dimension}_key, ${cast.key(`${alias}.${dimension}_id`)})`;
/** The source ids of organizations or payers that the dimension does not have, by the number that `keyOf` gives them. */
const unknownIds = (table, dimension) => `(
  SELECT ${keyOf('f', dimension)} AS ${dimension}_key, MIN(f.${dimension}_id) AS ${dimension}_id
  FROM ${table} f
  WHERE f.${dimension}_key IS NULL AND f.${dimension}_id IS NOT NULL
  GROUP BY ${keyOf('f', dimension)}
)`;

module.exports = { columns, values, keyOf, unknownIds };
