const types = {
  ...Object.fromEntries(Object.entries(silver_rows.types.event).filter(([name]) => outcomes.columns.includes(name))),
  fate: 'varchar(16)',
  reason_codes: 'varchar(1000)',
  dq_flags: 'varchar(1000)',
  is_known_patient: 'bit',
  is_known_organization: 'bit',
  is_known_payer: 'bit',
  known_birth_date: 'date',
  known_gender: 'varchar(8)',
  rules_version: 'varchar(8)',
};
const columnTypes = Object.fromEntries(outcomes.columns.map((name) => [name, types[name]]));

/** What becomes of the default event where a test does not say otherwise. */
const judged = (...rows) =>
  test_rows.select(
    columnTypes,
    ...rows.map((row) => {
      const all = {
        ...silver_rows.event,
        fate: 'accepted',
        reason_codes: '',
        dq_flags: '',
        is_known_patient: 1,
        is_known_organization: 1,
        is_known_payer: 1,
        known_birth_date: '2000-01-01',
        known_gender: 'F',
        rules_version: encounter_rules.version,
        ...row,
      };
      return Object.fromEntries(Object.entries(all).filter(([name]) => name in columnTypes));
    }),
  );

const judge = (name, events, expected, patients = {}) =>
  test(`encounter_event_judgements: ${name}`)
    .dataset('encounter_event_judgements')
    .input('encounter_events', silver_rows.events(...events))
    .input('dim_patient', silver_rows.patients(patients))
    .input('dim_organization', 'SELECT CAST(1 AS bigint) AS organization_key')
    .input('dim_payer', 'SELECT CAST(1 AS bigint) AS payer_key')
    .expect(judged(...expected));

/** An event that is held back keeps its values and has no flags. */
const quarantined = (name, event, reasons, more = {}) =>
  judge(name, [event], [{ ...event, fate: 'quarantined', reason_codes: reasons, ...more }]);

judge('a valid event is accepted', [{}], [{}]);
quarantined('discharge before admission', { discharge_time: '2020-05-01T09:00:00' }, 'discharge_before_admission');
quarantined(
  'admission in the future of the hub',
  { admission_time: '2020-05-03T10:00:00', discharge_time: '2020-05-03T11:00:00' },
  'future_admission',
);
judge('a clock that is a day ahead is believed', [{ enqueued_at: '2020-04-30T10:00:00' }], [{}]);
quarantined('an unknown department', { department: 'cafeteria' }, 'unknown_department');
quarantined('coverage above cost', { payer_coverage: '200.01' }, 'coverage_above_cost');
quarantined(
  'coverage of the whole cost and a cent below zero',
  { total_claim_cost: '-0.01', payer_coverage: '-0.01' },
  'negative_cost',
);
quarantined('a cost beyond belief', { total_claim_cost: '10000000.01' }, 'absurd_cost');
quarantined('a completed event without its cost', { total_claim_cost: null }, 'invalid_cost');
quarantined(
  'an unknown patient, and an unknown organization: both reasons, in order',
  { patient_key: 9, patient_id: 'p9', organization_key: 9, organization_id: 'o9' },
  'unknown_patient,unknown_organization',
  {
    is_known_patient: 0,
    is_known_organization: 0,
    known_birth_date: null,
    known_gender: null,
  },
);
quarantined(
  'text that is no JSON',
  {
    is_json_object: 0,
    event_id: null,
    event_type: null,
    encounter_id: null,
    patient_key: null,
    patient_id: null,
    organization_key: null,
    organization_id: null,
    provider_key: null,
    provider_id: null,
    payer_key: null,
    payer_id: null,
    department: null,
    gender: null,
    age: null,
    base_encounter_cost: null,
    total_claim_cost: null,
    payer_coverage: null,
    event_time: null,
    admission_time: null,
    discharge_time: null,
  },
  'malformed_json',
  { is_known_patient: 0, is_known_organization: 0, is_known_payer: 0, known_birth_date: null, known_gender: null },
);
judge(
  'an impossible age is calculated from the birth date',
  [{ age: 999 }],
  [{ fate: 'repaired', dq_flags: 'age_repaired' }],
);
judge(
  'a leap-day birthday is on 1 March in other years',
  [{ age: 0, admission_time: '2001-02-28T23:59:59' }],
  [{ age: 0, admission_time: '2001-02-28T23:59:59', known_birth_date: '2000-02-29' }],
  { birth_date: '2000-02-29' },
);
judge(
  'on 1 March the leap-day child is a year old',
  [{ age: 0, admission_time: '2001-03-01T00:00:00' }],
  [
    {
      age: 1,
      admission_time: '2001-03-01T00:00:00',
      known_birth_date: '2000-02-29',
      fate: 'repaired',
      dq_flags: 'age_repaired',
    },
  ],
  { birth_date: '2000-02-29' },
);
judge(
  'the gender of the patients file counts',
  [{ gender: 'M' }],
  [{ gender: 'F', fate: 'repaired', dq_flags: 'gender_repaired' }],
);
judge(
  'a department is recognized after trimming',
  [{ department: ' Emergency ' }],
  [{ department: 'emergency', fate: 'repaired', dq_flags: 'department_normalized' }],
);
judge(
  'an unknown payer is a warning',
  [{ payer_key: 9, payer_id: 'y9' }],
  [{ payer_key: 9, payer_id: 'y9', is_known_payer: 0, dq_flags: 'unknown_payer' }],
);
judge(
  'no organization is a warning',
  [{ organization_key: null, organization_id: null }],
  [{ organization_key: null, organization_id: null, is_known_organization: 0, dq_flags: 'organization_missing' }],
);
judge(
  'an admission before birth shows age 0',
  [{ age: 0 }],
  [{ age: 0, known_birth_date: '2020-05-02', dq_flags: 'admission_before_birth' }],
  { birth_date: '2020-05-02' },
);

const later = { event_key: 2, sequence_number: 2 };
judge(
  'the same event again is superseded',
  [{}, later],
  [{}, { ...later, fate: 'superseded', reason_codes: 'duplicate_event' }],
);
judge(
  'an update that arrives out of order does not win',
  [{}, { ...later, event_id: 'v0', body_hash: 'h0', event_time: '2020-05-01T10:30:00', payer_coverage: '0.00' }],
  [
    {},
    {
      ...later,
      fate: 'superseded',
      reason_codes: 'newer_version',
      event_time: '2020-05-01T10:30:00',
      payer_coverage: '0.00',
    },
  ],
);
judge(
  'completed wins over started of the same time',
  [{ ...later, event_id: 'v0', body_hash: 'h0', event_type: 'encounter.started' }, {}],
  [{}, { ...later, event_type: 'encounter.started', fate: 'superseded', reason_codes: 'newer_version' }],
);
judge(
  'an event in quarantine does not replace a valid older one',
  [{}, { ...later, event_id: 'v2', body_hash: 'h2', event_time: '2020-05-02T11:00:00', department: 'cafeteria' }],
  [
    {},
    {
      ...later,
      event_time: '2020-05-02T11:00:00',
      department: 'cafeteria',
      fate: 'quarantined',
      reason_codes: 'unknown_department',
    },
  ],
);
