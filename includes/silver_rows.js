/** Rows of bronze, staging and silver for unit tests (see includes/test_rows.js): what a test does not say has a default. */

const id = 'varchar(64)';
const text = 'varchar(256)';
const money = 'decimal(18,2)';
const time = 'datetime2(3)';
const flag = 'bit';
const key = 'bigint';

const lineage = {
  _load_id: 'varchar(64)',
  _source_file: 'varchar(1024)',
  _loaded_at: time,
  _load_sequence: key,
  _load_finished_at: time,
  _next_full_sequence: key,
  _next_full_finished_at: time,
  _is_current_load: flag,
};
const firstLoad = {
  _load_id: 'l1',
  _source_file: 'f1',
  _loaded_at: '2024-01-01T00:00:00',
  _load_sequence: 1,
  _load_finished_at: '2024-01-01T00:00:00',
  _is_current_load: 1,
};

const types = {
  load_ledger: {
    load_id: 'varchar(64)',
    table_name: 'varchar(128)',
    source_file: 'varchar(1024)',
    load_kind: 'varchar(16)',
    load_files: 'int',
    status: 'varchar(16)',
    load_finished_at: time,
    copied_at: time,
  },
  loads: {
    table_name: 'varchar(128)',
    load_id: 'varchar(64)',
    load_kind: 'varchar(16)',
    load_finished_at: time,
    first_copied_at: time,
    copied_at: time,
    load_sequence: key,
    next_full_sequence: key,
    next_full_finished_at: time,
    is_current_load: flag,
  },
  organization: {
    organization_id: id,
    organization_name: text,
    organization_address: text,
    organization_city: text,
    organization_state: id,
    organization_zip: 'varchar(16)',
    organization_phone: id,
    organization_npi: 'varchar(16)',
    latitude: 'decimal(18,8)',
    longitude: 'decimal(18,8)',
    ...lineage,
  },
  event: {
    event_key: key,
    encounter_key: key,
    patient_key: key,
    organization_key: key,
    provider_key: key,
    payer_key: key,
    hub: 'varchar(1024)',
    partition_id: 'int',
    sequence_number: key,
    event_id: id,
    event_type: id,
    encounter_id: id,
    patient_id: id,
    organization_id: id,
    provider_id: id,
    payer_id: id,
    department: id,
    gender: 'varchar(16)',
    age: 'int',
    base_encounter_cost: money,
    total_claim_cost: money,
    payer_coverage: money,
    is_json_object: flag,
    has_invalid_discharge_time: flag,
    has_invalid_amount: flag,
    body_hash: id,
    body: 'varchar(max)',
    event_time: time,
    admission_time: time,
    discharge_time: time,
    enqueued_at: time,
  },
  patient: { patient_key: key, patient_id: id, birth_date: 'date', gender: 'varchar(8)' },
  transaction: {
    claim_key: key,
    transaction_type: 'varchar(16)',
    payment_method: 'varchar(16)',
    amount: money,
    payments: money,
    _loaded_at: time,
  },
};

const event = {
  event_key: 1,
  encounter_key: 1,
  patient_key: 1,
  organization_key: 1,
  provider_key: 1,
  payer_key: 1,
  hub: 'h',
  partition_id: 0,
  sequence_number: 1,
  event_id: 'v1',
  event_type: 'encounter.completed',
  encounter_id: 'e1',
  patient_id: 'p1',
  organization_id: 'o1',
  provider_id: 'd1',
  payer_id: 'y1',
  department: 'ambulatory',
  gender: 'F',
  age: 20,
  base_encounter_cost: '100.00',
  total_claim_cost: '200.00',
  payer_coverage: '50.00',
  is_json_object: 1,
  has_invalid_discharge_time: 0,
  has_invalid_amount: 0,
  body_hash: 'h1',
  event_time: '2020-05-01T11:00:00',
  admission_time: '2020-05-01T10:00:00',
  discharge_time: '2020-05-01T11:00:00',
  enqueued_at: '2020-05-01T12:00:00',
};

const rows =
  (columns, defaults) =>
  (...list) =>
    test_rows.select(columns, ...list.map((row) => ({ ...defaults, ...row })));

/** A bronze table: `columns` as text, of load l1 where a row does not say otherwise. */
const bronze = (columns, ...list) =>
  test_rows.select(
    {
      ...Object.fromEntries(columns.map((name) => [name, 'varchar(4000)'])),
      _load_id: 'varchar(64)',
      _source_file: 'varchar(1024)',
    },
    ...list.map((row) => ({ _load_id: 'l1', _source_file: 'f1', ...row })),
  );

const loads = (table) =>
  test_rows.select(types.loads, {
    table_name: table,
    load_id: 'l1',
    load_kind: 'full',
    load_finished_at: '2024-01-01T00:00:00',
    copied_at: '2024-01-01T00:00:00',
    load_sequence: 1,
    is_current_load: 1,
  });

module.exports = {
  types,
  lineage,
  firstLoad,
  event,
  bronze,
  loads,
  ledger: rows(types.load_ledger, {
    table_name: 'patients',
    load_kind: 'full',
    status: 'copied',
    copied_at: '2024-02-01T00:00:00',
  }),
  organizations: rows(types.organization, { organization_id: 'o1', organization_name: 'General', ...firstLoad }),
  events: rows(types.event, event),
  patients: rows(types.patient, { patient_key: 1, patient_id: 'p1', birth_date: '2000-01-01', gender: 'F' }),
  transactions: rows(types.transaction, { claim_key: 1, _loaded_at: '2024-01-01T00:00:00' }),
};
