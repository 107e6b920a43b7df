/**
 * The rules that tables are held to, after the rules of the stream (includes/encounter_rules.js): their one home.
 * The scorecard counts what breaks each rule, definitions/quality/ stops the run where a rule of action `stop` is broken,
 * docs/data-quality.md is generated from them. Plain data: usable from Node without Dataform.
 *
 * A rule is one of: `holds` (a condition on a row of alias t; a row for which it is false or unknown breaks the rule), `unique`
 * (a column; all rows of a value but one break it), `exists` (a column whose value must be in another table), `equals` (two
 * sums; rows_checked is 1; `{schema.table}` in a `where` stands for a table).
 */
const { rules: encounterRules, departmentList, oldestAge } = require('./encounter_rules');

const fact = 'silver.fact_encounter';
const events = 'silver.encounter_event_outcomes';
const transactionTypes = "'CHARGE', 'PAYMENT', 'ADJUSTMENT', 'TRANSFEROUT', 'TRANSFERIN'";

/** Rules of action `stop` end the run; `warn` is shown in the scorecard and in the alerts. */
const stop = (id, dataset, name, check, description, what) => ({
  id,
  dataset,
  name,
  action: 'stop',
  severity: 'error',
  check,
  description,
  ...what,
});
const warn = (...parts) => ({ ...stop(...parts), action: 'warn', severity: 'warning' });

const tableRules = [
  stop('D01', fact, 'encounter_once', 'An encounter is one row', 'Counts and sums would be too high.', {
    unique: 'encounter_key',
  }),
  stop('D02', fact, 'patient_known', 'Every encounter has a patient', 'A join has lost the patient.', {
    holds: 't.patient_key IS NOT NULL',
  }),
  stop(
    'D03',
    fact,
    'coverage_within_cost',
    'payer_coverage is from 0 to total_claim_cost',
    'Coverage rates would be wrong.',
    { holds: 't.total_claim_cost IS NULL OR t.payer_coverage BETWEEN 0 AND t.total_claim_cost' },
  ),
  stop('D04', fact, 'discharge_after_admission', 'discharge is not before admission', 'Stays would be negative.', {
    holds: 't.discharge_time IS NULL OR t.discharge_time >= t.admission_time',
  }),
  stop('D05', fact, 'age_possible', `age is from 0 to ${oldestAge}`, 'Age groups would be wrong.', {
    holds: `t.age BETWEEN 0 AND ${oldestAge}`,
  }),
  stop('D06', fact, 'department_accepted', 'department is one of the list', 'Marts would show unknown departments.', {
    holds: `t.department IN (${departmentList})`,
  }),
  stop(
    'D07',
    fact,
    'payments_add_up',
    'total_payments = payer_payments + patient_payments, none below zero',
    'Money was counted twice or lost between transactions, claims and encounters.',
    {
      holds:
        't.payer_payments >= 0 AND t.patient_payments >= 0 AND t.total_payments = t.payer_payments + t.patient_payments',
    },
  ),
  stop(
    'D08',
    fact,
    'month_of_admission',
    'admission_month is the month of admission in UTC',
    'Trends would be wrong.',
    {
      holds:
        't.admission_month <= t.admission_time AND t.admission_time < DATEADD(month, 1, t.admission_month) AND DAY(t.admission_month) = 1',
    },
  ),
  warn(
    'D09',
    fact,
    'uninsured_without_coverage',
    'NO_INSURANCE covers nothing',
    'Uninsured encounters would look insured.',
    { holds: 't.is_insured IS NULL OR t.is_insured = 1 OR ISNULL(t.payer_coverage, 0) = 0' },
  ),
  warn(
    'D10',
    fact,
    'organization_known',
    'The organization, where there is one, is in its table',
    'Such encounters have no organization name.',
    { holds: 't.organization_id IS NULL OR t.organization_key IS NOT NULL' },
  ),
  warn('D11', fact, 'provider_known', 'The provider is in its table', 'A providers file is missing or late.', {
    holds: 't.provider_key IS NOT NULL',
  }),
  warn('D12', fact, 'payer_known', 'The payer is in its table', 'A payers file is missing or late.', {
    holds: 't.payer_key IS NOT NULL',
  }),
  warn(
    'D13',
    fact,
    'payments_within_charges',
    'total_payments is not above total_charges',
    'Exports of Synthea v3.0 break this in about 15 % of claims (a copay larger than the price). In real billing: a credit to repay.',
    { holds: 't.total_payments <= t.total_charges' },
  ),
  warn('D14', fact, 'has_ended', 'The encounter has ended', 'Encounters under way have no final cost yet.', {
    holds: 't.discharge_time IS NOT NULL',
  }),
  stop('D20', 'silver.dim_patient', 'patient_once', 'A patient is one row', 'Joins would multiply encounters.', {
    unique: 'patient_key',
  }),
  warn('D21', 'silver.dim_patient', 'birth_date_known', 'birth_date is there', 'Ages cannot be checked.', {
    holds: 't.birth_date IS NOT NULL',
  }),
  warn('D22', 'silver.dim_patient', 'gender_known', 'gender is M or F', 'Demographic marts count them apart.', {
    holds: "t.gender IN ('M', 'F')",
  }),
  warn(
    'D23',
    'silver.dim_patient',
    'death_after_birth',
    'death_date is not before birth_date',
    'One of both is wrong.',
    {
      holds: 't.death_date IS NULL OR t.birth_date IS NULL OR t.death_date >= t.birth_date',
    },
  ),
  warn('D24', 'silver.dim_patient', 'zip_known', 'zip is there', 'Synthea v3.0 leaves 45 % of them empty.', {
    holds: 't.zip IS NOT NULL',
  }),
  stop('D30', 'silver.dim_organization', 'organization_once', 'An organization is one row', 'Joins would multiply.', {
    unique: 'organization_key',
  }),
  warn('D31', 'silver.dim_organization', 'organization_named', 'It has a name', 'Reports show an empty name.', {
    holds: 't.organization_name IS NOT NULL',
  }),
  stop('D40', 'silver.dim_payer', 'payer_once', 'A payer is one row', 'Joins would multiply encounters.', {
    unique: 'payer_key',
  }),
  warn('D41', 'silver.dim_payer', 'payer_named', 'It has a name', 'Reports show an empty name.', {
    holds: 't.payer_name IS NOT NULL',
  }),
  stop('D50', 'silver.claims', 'claim_once', 'A claim is one row', 'Payments would be counted twice.', {
    unique: 'claim_key',
  }),
  warn('D51', 'silver.claims', 'claim_of_encounter', 'Its encounter is in the fact', 'Its money is in no mart yet.', {
    exists: { column: 'encounter_key', in: fact },
  }),
  stop('D60', 'silver.claims_transactions', 'transaction_once', 'It is one row', 'Payments would be counted twice.', {
    unique: 'transaction_key',
  }),
  stop(
    'D61',
    'silver.claims_transactions',
    'transaction_type_accepted',
    'transaction_type is one of the list',
    'An unknown kind of money movement would be left out or counted wrongly.',
    // Silver writes them in capitals; by the collation, each of the millions of texts would be made small first.
    { holds: `t.transaction_type COLLATE Latin1_General_BIN2 IN (${transactionTypes})` },
  ),
  warn('D62', 'silver.claims_transactions', 'payment_not_negative', 'payments is not negative', 'Probably a refund.', {
    holds: 't.payments IS NULL OR t.payments >= 0',
  }),
  warn(
    'D63',
    'silver.claims_transactions',
    'transaction_of_claim',
    'Its claim is in its table',
    'Its money is in no mart yet: a claims file is missing or late.',
    { exists: { column: 'claim_key', in: 'silver.claims' } },
  ),
  warn('D70', 'silver.conditions', 'condition_ends_after_start', 'It does not end before it starts', 'One is wrong.', {
    holds: 't.stop_date IS NULL OR t.stop_date >= t.start_date',
  }),
  ...identities(),
];

/** Money identities: what a mart adds up to is what the fact adds up to, and the fact what silver adds up to. */
function identities() {
  const sums = [
    ['gold.encounters_by_department', ['encounter_count', 'total_claim_cost', 'total_payments']],
    ['gold.encounters_by_org_month', ['encounter_count', 'total_claim_cost', 'total_payments']],
    ['gold.payer_coverage_summary', ['encounter_count', 'total_claim_cost', 'total_payer_coverage', 'total_payments']],
    ['gold.encounters_by_department_demographics', ['encounter_count', 'total_claim_cost']],
    ['gold.payer_mix_month', ['encounter_count', 'total_claim_cost', 'total_payer_coverage']],
  ].flatMap(([mart, columns]) => columns.map((column) => [mart, column]));
  const inFact = (column) =>
    column === 'encounter_count' ? 'COUNT_BIG(*)' : `SUM(t.${column.replace('total_payer_', 'payer_')})`;
  return [
    ...sums.map(([mart, column], at) =>
      stop(
        `D${100 + at}`,
        mart,
        `${column}_adds_up`,
        `The sum of ${column} is that of the fact`,
        'A mart has lost or multiplied rows.',
        {
          equals: [
            { of: mart, value: `SUM(t.${column})` },
            { of: fact, value: inFact(column) },
          ],
        },
      ),
    ),
    stop(
      'D90',
      fact,
      'cost_as_in_events',
      'The sum of total_claim_cost is that of the newest valid events',
      'A join has lost or multiplied encounters.',
      {
        equals: [
          { of: fact, value: 'SUM(t.total_claim_cost)' },
          { of: 'silver.encounters_clean', value: 'SUM(t.total_claim_cost)' },
        ],
      },
    ),
    stop(
      'D91',
      fact,
      'payments_as_in_transactions',
      'The sum of total_payments is that of the transactions of its claims',
      'Money was counted twice or lost between transactions, claims and encounters, or a late file was not taken up.',
      {
        equals: [
          { of: fact, value: 'SUM(t.total_payments)' },
          {
            of: 'silver.claims_transactions',
            value: 'SUM(t.payments)',
            where: `t.payments <> 0 AND t.claim_key IN (SELECT c.claim_key FROM {silver.claims} c WHERE c.encounter_key IN (SELECT f.encounter_key FROM {${fact}} f))`,
          },
        ],
      },
    ),
  ];
}

/** The rules of the stream, as conditions on what became of each event. */
const streamRules = encounterRules.map((rule) => {
  const list = rule.reason_code ? 'reason_codes' : 'dq_flags';
  return {
    id: rule.id,
    dataset: events,
    name: rule.reason_code ?? rule.dq_flag,
    action: rule.action,
    severity: rule.severity,
    check: rule.check,
    description: rule.text,
    holds: `CHARINDEX(',${rule.reason_code ?? rule.dq_flag},', CONCAT(',', t.${list}, ',')) = 0`,
  };
});

const rules = [...streamRules, ...tableRules];
/** Rows of a dataset that rules look at; without an entry, all. */
const scope = { [events]: "t.fate <> 'superseded'" };

module.exports = { rules, streamRules, tableRules, scope };
