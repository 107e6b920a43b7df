/**
 * The rules that an encounter event is judged by: their one home. Models, docs, tests and the simulator's dirty mode
 * refer to them by `reason_code` (quarantine) or `dq_flag` (repair, warn). Plain data: usable from Node without Dataform.
 *
 * `fails` is the rule in T-SQL, true where it is broken, over the columns of `encounter_events` and what the reference data
 * say (`known_*`, `is_known_*`, `age_repaired`), all under the alias `j`.
 *
 * Order matters: a quarantined event's primary reason is its first failing rule in this list. A rule whose input is
 * missing does not fail (the rule for the missing input does). Rules of action `repair` and `warn` are only reported for
 * events that no `quarantine` rule holds back.
 *
 * Fate of an event, in this order (model `encounter_event_outcomes`):
 *   1. the same event_id and the same body seen before (by enqueued_at, hub, partition, sequence): `superseded`, reason `duplicate_event`
 *   2. any quarantine rule fails: `quarantined`, with all failing reason codes
 *   3. a newer valid event of the same encounter exists (event_time, then completed before started, then enqueued_at,
 *      partition, sequence): `superseded`, reason `newer_version`
 *   4. a repair rule applied: `repaired`, with the flags; otherwise `accepted` (flags of warn rules are listed too)
 */

/** Synthea's encounter classes; see includes/departments.js for what they mean. */
const departments = require('./departments').names;
/** `'a', 'b'`, for an IN list. */
const departmentList = departments.map((name) => `'${name}'`).join(', ');

/** Largest amount of one encounter that is believed, in dollars. The largest in real exports is 873,646. */
const absurdCost = 10000000;
/** Ages outside of 0 to this are impossible: nobody has been older than 122. */
const oldestAge = 125;
/** Clocks differ: an admission may lie this many hours after the event reached the hub. */
const clockToleranceHours = 24;

const rules = [
  rule(
    'E01',
    'quarantine',
    'error',
    'malformed_json',
    'The body is a JSON object',
    'The message is not readable JSON. Ask the sending system to send it again; the raw text is kept.',
    'j.is_json_object = 0',
  ),
  rule(
    'E02',
    'quarantine',
    'error',
    'missing_event_id',
    'event_id is there',
    'Without an event id a repeated message cannot be told from a new one. The sending system must fill it.',
    'j.is_json_object = 1 AND j.event_id IS NULL',
  ),
  rule(
    'E03',
    'quarantine',
    'error',
    'missing_encounter_id',
    'encounter_id is there',
    'The message names no encounter. The sending system must fill it.',
    'j.is_json_object = 1 AND j.encounter_id IS NULL',
  ),
  rule(
    'E04',
    'quarantine',
    'error',
    'unknown_event_type',
    'event_type is encounter.started or encounter.completed',
    'A kind of message that we do not know. Agree on it with the sender before it is taken.',
    "j.is_json_object = 1 AND ISNULL(j.event_type, '') NOT IN ('encounter.started', 'encounter.completed')",
  ),
  rule(
    'E05',
    'quarantine',
    'error',
    'invalid_event_time',
    'event_time is ISO 8601 in UTC, ending in Z',
    'The time of the message is missing or not an ISO 8601 UTC time, so it is unknown which version is newest.',
    'j.is_json_object = 1 AND j.event_time IS NULL',
  ),
  rule(
    'E06',
    'quarantine',
    'error',
    'invalid_admission_time',
    'admission_time is ISO 8601 in UTC, ending in Z',
    'The admission time is missing or not an ISO 8601 UTC time. It is never guessed: correct it at the source.',
    'j.is_json_object = 1 AND j.admission_time IS NULL',
  ),
  rule(
    'E07',
    'quarantine',
    'error',
    'invalid_discharge_time',
    'discharge_time is ISO 8601 in UTC, ending in Z; only a started encounter may have none',
    'The discharge time is missing or not an ISO 8601 UTC time. It is never guessed: correct it at the source.',
    "j.has_invalid_discharge_time = 1 OR (j.event_type = 'encounter.completed' AND j.discharge_time IS NULL)",
  ),
  rule(
    'E08',
    'quarantine',
    'error',
    'future_admission',
    `admission_time is at most ${clockToleranceHours} hours after the message reached the hub`,
    'The admission lies in the future of the moment at which we received it. Check the date at the source.',
    `j.admission_time > DATEADD(hour, ${clockToleranceHours}, j.enqueued_at)`,
  ),
  rule(
    'E09',
    'quarantine',
    'error',
    'discharge_before_admission',
    'discharge_time is not before admission_time',
    'The patient would have left before arriving. Check both times at the source.',
    'j.discharge_time < j.admission_time',
  ),
  rule(
    'E10',
    'quarantine',
    'error',
    'unknown_department',
    `department, trimmed and in lower case, is one of ${departments.join(', ')}`,
    'A department that is not in the accepted list. Correct it, or add the department to the list; the event is then replayed.',
    `j.is_json_object = 1 AND ISNULL(LOWER(LTRIM(RTRIM(j.department))), '') NOT IN (${departmentList})`,
  ),
  rule(
    'E11',
    'quarantine',
    'error',
    'unknown_patient',
    'patient_id is in the patients file',
    'The patient is missing or not in any patients file yet. The event is replayed when a file with the patient arrives.',
    'j.is_json_object = 1 AND j.is_known_patient = 0',
  ),
  rule(
    'E12',
    'quarantine',
    'error',
    'unknown_organization',
    'organization_id, where there is one, is in the organizations file',
    'The organization is not in any organizations file yet. The event is replayed when a file with it arrives.',
    'j.organization_id IS NOT NULL AND j.is_known_organization = 0',
  ),
  rule(
    'E13',
    'quarantine',
    'error',
    'invalid_cost',
    'The three amounts are numbers; only a started encounter may lack them',
    'An amount is missing or not a number. It is never guessed: correct it at the source.',
    "j.has_invalid_amount = 1 OR (j.event_type = 'encounter.completed' AND (j.base_encounter_cost IS NULL OR j.total_claim_cost IS NULL OR j.payer_coverage IS NULL))",
  ),
  rule(
    'E14',
    'quarantine',
    'error',
    'negative_cost',
    'No amount is below zero',
    'An encounter cannot cost less than nothing. Check the amount at the source.',
    'j.base_encounter_cost < 0 OR j.total_claim_cost < 0 OR j.payer_coverage < 0',
  ),
  rule(
    'E15',
    'quarantine',
    'error',
    'absurd_cost',
    `No amount is above ${absurdCost}`,
    'The amount is far beyond anything that one encounter costs: probably a shifted decimal point.',
    `j.base_encounter_cost > ${absurdCost} OR j.total_claim_cost > ${absurdCost} OR j.payer_coverage > ${absurdCost}`,
  ),
  rule(
    'E16',
    'quarantine',
    'error',
    'coverage_above_cost',
    'payer_coverage is not above total_claim_cost',
    'The payer would cover more than the whole cost. Check both amounts at the source.',
    'j.payer_coverage > j.total_claim_cost',
  ),
  rule(
    'E17',
    'quarantine',
    'error',
    'unverifiable_age',
    `age is a whole number from 0 to ${oldestAge}, or the patient's birth date is known`,
    'The age is impossible and the patients file has no birth date to repair it from.',
    `j.is_json_object = 1 AND j.known_birth_date IS NULL AND ISNULL(j.age, -1) NOT BETWEEN 0 AND ${oldestAge}`,
  ),
  rule(
    'E20',
    'repair',
    'warning',
    'age_repaired',
    'age equals the whole years between birth date and admission',
    'The age was missing, impossible or wrong and was calculated from the birth date in the patients file.',
    'j.age_repaired IS NOT NULL AND ISNULL(j.age, -1) <> j.age_repaired',
  ),
  rule(
    'E21',
    'repair',
    'warning',
    'gender_repaired',
    'gender equals the gender in the patients file',
    'The gender was missing or different and was taken from the patients file.',
    "j.known_gender IS NOT NULL AND ISNULL(j.gender, '') <> j.known_gender",
  ),
  rule(
    'E22',
    'repair',
    'warning',
    'department_normalized',
    'department is written in lower case without spaces around it',
    'The department was recognized after trimming and lower-casing it.',
    'j.department COLLATE Latin1_General_BIN2 <> LOWER(LTRIM(RTRIM(j.department))) OR DATALENGTH(j.department) <> DATALENGTH(LTRIM(RTRIM(j.department)))',
  ),
  rule(
    'E30',
    'warn',
    'warning',
    'organization_missing',
    'organization_id is there',
    'The encounter names no organization; it is counted, without one.',
    'j.organization_id IS NULL',
  ),
  rule(
    'E31',
    'warn',
    'warning',
    'unknown_payer',
    'payer_id is there and in the payers file',
    'The payer is missing or not in any payers file yet; the encounter is counted, its payer has no name.',
    'j.is_known_payer = 0',
  ),
  rule(
    'E32',
    'warn',
    'warning',
    'admission_before_birth',
    'admission is not before the birth date',
    "The admission lies before the patient's birth date; the age is shown as 0.",
    'CAST(j.admission_time AS date) < j.known_birth_date',
  ),
];

function rule(id, action, severity, code, check, text, fails) {
  return { id, action, severity, [action === 'quarantine' ? 'reason_code' : 'dq_flag']: code, check, text, fails };
}

/** Reasons for which an event is neither accepted nor held back. */
const supersededReasons = {
  duplicate_event: 'The same event, byte for byte, was received before.',
  newer_version: 'A newer valid version of the same encounter was received.',
};

const byAction = (action) => rules.filter((one) => one.action === action);
const quarantineRules = byAction('quarantine');
const repairRules = byAction('repair');
const warnRules = byAction('warn');
const flagRules = [...repairRules, ...warnRules];

/** The codes of all rules that fail, in order, comma-separated; '' when none. */
const failing = (list) =>
  `SUBSTRING(CONCAT(${list.map((one) => `CASE WHEN ${one.fails} THEN ',${one.reason_code || one.dq_flag}' ELSE '' END`).join(', ')}, ''), 2, 1000)`;
/** Changes when a rule does: events that older rules judged are then judged again. */
const version = fingerprint(JSON.stringify(rules));

/** FNV-1a: the includes of Dataform run without Node's crypto. */
function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

/** What each reason says, one row each: rule_id, reason_code, description. */
const reasonsAsRows = () =>
  quarantineRules
    .map(
      (one, position) =>
        `SELECT ${position + 1} AS position, '${one.id}' AS rule_id, '${one.reason_code}' AS reason_code, '${one.text.replace(/'/g, "''")}' AS description`,
    )
    .join('\n  UNION ALL ');

module.exports = {
  rules,
  failing,
  version,
  reasonsAsRows,
  quarantineRules,
  repairRules,
  warnRules,
  flagRules,
  supersededReasons,
  departments,
  departmentList,
  absurdCost,
  oldestAge,
  clockToleranceHours,
};
