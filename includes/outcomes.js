/**
 * The judgement of events by the rules of includes/encounter_rules.js, as one query without CTE (the stock CLI wraps it).
 * Two models use it: `encounter_event_judgements`, a view over all events, which the unit tests read, and
 * `encounter_event_outcomes`, the table, which a run brings up to date for the encounters that changed.
 */

/** Columns of both, in order. */
const columns = [
  'event_key',
  'encounter_key',
  'patient_key',
  'organization_key',
  'provider_key',
  'payer_key',
  'encounter_id',
  'patient_id',
  'organization_id',
  'provider_id',
  'payer_id',
  'fate',
  'reason_codes',
  'dq_flags',
  'event_type',
  'department',
  'gender',
  'age',
  'base_encounter_cost',
  'total_claim_cost',
  'payer_coverage',
  'admission_time',
  'discharge_time',
  'event_time',
  'is_known_patient',
  'is_known_organization',
  'is_known_payer',
  'known_birth_date',
  'known_gender',
  'rules_version',
];

/** What the reference data say of the event with this alias: `p`, `o`, `y`. */
const reference = (event, refs) => `LEFT JOIN ${refs.patients} p ON p.patient_key = ${event}.patient_key
        LEFT JOIN ${refs.organizations} o ON o.organization_key = ${event}.organization_key
        LEFT JOIN ${refs.payers} y ON y.payer_key = ${event}.payer_key`;

const isKnown = (key) => `CAST(CASE WHEN ${key} IS NULL THEN 0 ELSE 1 END AS bit)`;

/**
 * The fate of every event of the encounters that `filter` (on the alias `e`) lets through.
 * @param refs `{ events, patients, organizations, payers }`
 */
const query = (refs, filter = '') => `SELECT
  f.event_key,
  f.encounter_key,
  f.patient_key,
  f.organization_key,
  f.provider_key,
  f.payer_key,
  f.encounter_id,
  f.patient_id,
  f.organization_id,
  f.provider_id,
  f.payer_id,
  f.fate,
  CASE
    WHEN f.copy_number > 1 THEN 'duplicate_event'
    WHEN f.fate = 'superseded' THEN 'newer_version'
    ELSE f.failed_rules
  END AS reason_codes,
  CASE WHEN f.fate IN ('accepted', 'repaired') THEN CONCAT(f.repairs, CASE WHEN f.repairs <> '' AND f.warnings <> '' THEN ',' ELSE '' END, f.warnings) ELSE '' END AS dq_flags,
  f.event_type,
  LOWER(LTRIM(RTRIM(f.department))) AS department,
  COALESCE(f.known_gender, f.gender) AS gender,
  COALESCE(f.age_repaired, f.age) AS age,
  f.base_encounter_cost,
  f.total_claim_cost,
  f.payer_coverage,
  f.admission_time,
  f.discharge_time,
  f.event_time,
  f.is_known_patient,
  f.is_known_organization,
  f.is_known_payer,
  f.known_birth_date,
  f.known_gender,
  '${encounter_rules.version}' AS rules_version
FROM (
  SELECT
    r.*,
    CASE
      WHEN r.copy_number > 1 THEN 'superseded'
      WHEN r.failed_rules <> '' THEN 'quarantined'
      WHEN ROW_NUMBER() OVER (
        PARTITION BY r.encounter_key
        ORDER BY r.is_candidate DESC, r.event_time DESC, r.event_type, r.enqueued_at DESC, r.hub DESC, r.partition_id DESC, r.sequence_number DESC
      ) > 1 THEN 'superseded'
      WHEN r.repairs <> '' THEN 'repaired'
      ELSE 'accepted'
    END AS fate
  FROM (
    SELECT w.*, CASE WHEN w.copy_number = 1 AND w.failed_rules = '' THEN 1 ELSE 0 END AS is_candidate
    FROM (
      SELECT
        j.*,
        CASE
          WHEN j.event_id IS NULL THEN 1
          ELSE ROW_NUMBER() OVER (
            PARTITION BY j.encounter_key, j.event_id, j.body_hash
            ORDER BY j.enqueued_at, j.hub, j.partition_id, j.sequence_number
          )
        END AS copy_number,
        ${encounter_rules.failing(encounter_rules.quarantineRules)} AS failed_rules,
        ${encounter_rules.failing(encounter_rules.repairRules)} AS repairs,
        ${encounter_rules.failing(encounter_rules.warnRules)} AS warnings
      FROM (
        SELECT
          e.event_key, e.encounter_key, e.patient_key, e.organization_key, e.provider_key, e.payer_key, e.hub, e.partition_id, e.sequence_number, e.event_id, e.event_type, e.encounter_id,
          e.patient_id, e.organization_id, e.provider_id, e.payer_id, e.department, e.gender, e.age, e.base_encounter_cost,
          e.total_claim_cost, e.payer_coverage, e.is_json_object, e.has_invalid_discharge_time, e.has_invalid_amount,
          e.body_hash, e.event_time, e.admission_time, e.discharge_time, e.enqueued_at,
          ${isKnown('p.patient_key')} AS is_known_patient,
          ${isKnown('o.organization_key')} AS is_known_organization,
          ${isKnown('y.payer_key')} AS is_known_payer,
          p.birth_date AS known_birth_date,
          p.gender AS known_gender,
          CASE WHEN CAST(e.admission_time AS date) < p.birth_date THEN 0 ELSE ${cast.years('p.birth_date', 'e.admission_time')} END AS age_repaired
        FROM ${refs.events} e
        ${reference('e', refs)}
        ${filter}
      ) j
    ) w
  ) r
) f`;

/**
 * The encounters whose events must be judged (again): a new event came, a rule changed, or the patient, organization or payer is
 * known now, or known otherwise, than when they were judged. So an event leaves quarantine when its reference data arrive.
 */
const changed = (refs, outcomes) => `WHERE e.encounter_key IN (
          SELECT c.encounter_key
          FROM ${refs.events} c
          LEFT JOIN ${outcomes} s ON s.event_key = c.event_key
          ${reference('c', refs)}
          WHERE s.event_key IS NULL
            OR s.rules_version <> '${encounter_rules.version}'
            OR s.is_known_patient <> ${isKnown('p.patient_key')}
            OR s.is_known_organization <> ${isKnown('o.organization_key')}
            OR s.is_known_payer <> ${isKnown('y.payer_key')}
            OR ISNULL(s.known_birth_date, '1800-01-01') <> ISNULL(p.birth_date, '1800-01-01')
            OR ISNULL(s.known_gender, '') <> ISNULL(p.gender, '')
        )`;

module.exports = { columns, query, changed };
