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
 * An encounter belongs to the organization of its key; where the organizations do not have it, to that of its source id. Marts with
 * many groups group by these two: texts are compared by their collation, which costs many times more than a number.
 */
const unknownOrganization = (alias) => `CASE WHEN ${alias}.organization_key IS NULL THEN ${alias}.organization_id END`;
/** The same of the payer. */
const unknownPayer = (alias) => `CASE WHEN ${alias}.payer_key IS NULL THEN ${alias}.payer_id END`;

module.exports = { columns, values, unknownOrganization, unknownPayer };
