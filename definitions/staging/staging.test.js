const { bronze, loads, firstLoad, lineage, ledger, types } = silver_rows;

/** Columns of the files, and those of their staging views with their types. */
const tables = {
  patients: {
    file: 'Id BIRTHDATE DEATHDATE SSN DRIVERS PASSPORT PREFIX FIRST MIDDLE LAST SUFFIX MAIDEN MARITAL RACE ETHNICITY GENDER BIRTHPLACE ADDRESS CITY STATE COUNTY FIPS ZIP LAT LON HEALTHCARE_EXPENSES HEALTHCARE_COVERAGE INCOME',
    view: {
      patient_id: 'varchar(64)',
      birth_date: 'date',
      death_date: 'date',
      social_security_number: 'varchar(32)',
      drivers_license: 'varchar(32)',
      passport: 'varchar(32)',
      name_prefix: 'varchar(32)',
      first_name: 'varchar(256)',
      middle_name: 'varchar(256)',
      last_name: 'varchar(256)',
      name_suffix: 'varchar(32)',
      maiden_name: 'varchar(256)',
      marital_status: 'varchar(8)',
      race: 'varchar(32)',
      ethnicity: 'varchar(32)',
      gender: 'varchar(8)',
      birth_place: 'varchar(256)',
      address: 'varchar(256)',
      city: 'varchar(256)',
      state: 'varchar(64)',
      county: 'varchar(256)',
      county_fips: 'varchar(16)',
      zip: 'varchar(16)',
      latitude: 'decimal(18,8)',
      longitude: 'decimal(18,8)',
      healthcare_expenses: 'decimal(18,2)',
      healthcare_coverage: 'decimal(18,2)',
      income: 'decimal(18,2)',
    },
  },
  encounters: {
    file: 'Id PATIENT ORGANIZATION PROVIDER PAYER ENCOUNTERCLASS CODE DESCRIPTION REASONCODE REASONDESCRIPTION BASE_ENCOUNTER_COST TOTAL_CLAIM_COST PAYER_COVERAGE START STOP',
    view: {
      encounter_id: 'varchar(64)',
      patient_id: 'varchar(64)',
      organization_id: 'varchar(64)',
      provider_id: 'varchar(64)',
      payer_id: 'varchar(64)',
      department: 'varchar(32)',
      encounter_code: 'varchar(32)',
      encounter_description: 'varchar(256)',
      visit_reason_code: 'varchar(32)',
      visit_reason: 'varchar(256)',
      base_encounter_cost: 'decimal(18,2)',
      total_claim_cost: 'decimal(18,2)',
      payer_coverage: 'decimal(18,2)',
      admission_time: 'datetime2(3)',
      discharge_time: 'datetime2(3)',
    },
  },
  payers: {
    file: 'Id NAME OWNERSHIP STATE_HEADQUARTERED AMOUNT_COVERED AMOUNT_UNCOVERED REVENUE UNIQUE_CUSTOMERS MEMBER_MONTHS QOLS_AVG',
    view: {
      payer_id: 'varchar(64)',
      payer_name: 'varchar(256)',
      ownership: 'varchar(32)',
      payer_state: 'varchar(64)',
      amount_covered: 'decimal(18,2)',
      amount_uncovered: 'decimal(18,2)',
      revenue: 'decimal(18,2)',
      unique_customers: 'int',
      member_months: 'int',
      average_quality_of_life: 'decimal(18,8)',
    },
  },
  claims: {
    file: 'Id APPOINTMENTID PATIENTID PROVIDERID PRIMARYPATIENTINSURANCEID SECONDARYPATIENTINSURANCEID DEPARTMENTID DIAGNOSIS1 DIAGNOSIS2 DIAGNOSIS3 DIAGNOSIS4 DIAGNOSIS5 DIAGNOSIS6 DIAGNOSIS7 DIAGNOSIS8 HEALTHCARECLAIMTYPEID1 STATUS1 STATUSP OUTSTANDING1 OUTSTANDINGP SERVICEDATE LASTBILLEDDATE1',
    view: {
      claim_id: 'varchar(64)',
      encounter_id: 'varchar(64)',
      patient_id: 'varchar(64)',
      provider_id: 'varchar(64)',
      primary_payer_id: 'varchar(64)',
      secondary_payer_id: 'varchar(64)',
      department_number: 'int',
      diagnosis_1: 'varchar(32)',
      diagnosis_2: 'varchar(32)',
      diagnosis_3: 'varchar(32)',
      diagnosis_4: 'varchar(32)',
      diagnosis_5: 'varchar(32)',
      diagnosis_6: 'varchar(32)',
      diagnosis_7: 'varchar(32)',
      diagnosis_8: 'varchar(32)',
      claim_type: 'int',
      primary_status: 'varchar(16)',
      patient_status: 'varchar(16)',
      primary_outstanding: 'decimal(18,2)',
      patient_outstanding: 'decimal(18,2)',
      service_time: 'datetime2(3)',
      last_billed_at: 'datetime2(3)',
    },
  },
  claims_transactions: {
    file: 'ID CLAIMID APPOINTMENTID PATIENTID PLACEOFSERVICE CHARGEID TYPE METHOD TRANSFERTYPE PROCEDURECODE AMOUNT PAYMENTS ADJUSTMENTS TRANSFERS OUTSTANDING FROMDATE TODATE',
    view: {
      transaction_id: 'varchar(64)',
      claim_id: 'varchar(64)',
      encounter_id: 'varchar(64)',
      patient_id: 'varchar(64)',
      organization_id: 'varchar(64)',
      charge_number: 'int',
      transaction_type: 'varchar(16)',
      payment_method: 'varchar(16)',
      transfer_type: 'varchar(8)',
      procedure_code: 'varchar(32)',
      amount: 'decimal(18,2)',
      payments: 'decimal(18,2)',
      adjustments: 'decimal(18,2)',
      transfers: 'decimal(18,2)',
      outstanding: 'decimal(18,2)',
      from_time: 'datetime2(3)',
      to_time: 'datetime2(3)',
    },
  },
  payer_transitions: {
    file: 'PATIENT MEMBERID PAYER SECONDARY_PAYER PLAN_OWNERSHIP OWNERSHIP OWNER_NAME OWNERNAME START_DATE START_YEAR END_DATE END_YEAR',
    view: {
      patient_id: 'varchar(64)',
      member_id: 'varchar(64)',
      payer_id: 'varchar(64)',
      secondary_payer_id: 'varchar(64)',
      plan_ownership: 'varchar(32)',
      owner_name: 'varchar(256)',
      start_time: 'datetime2(3)',
      end_time: 'datetime2(3)',
    },
  },
};

/** One row of a batch file, and what the staging view makes of it; columns not named are NULL. */
const typed = (title, table, row, expected) =>
  test(`stg_synthea__${table}: ${title}`)
    .dataset(`stg_synthea__${table}`)
    .input(['bronze', table], bronze(tables[table].file.split(' '), row))
    .input('stg_bronze__loads', loads(table))
    .expect(test_rows.select({ ...tables[table].view, ...lineage }, { ...firstLoad, ...expected }));

typed(
  'a ZIP keeps its leading zero, empty text is NULL',
  'patients',
  {
    Id: 'p1',
    BIRTHDATE: '2000-02-29',
    DEATHDATE: '',
    GENDER: 'f',
    ZIP: '02139',
    SUFFIX: ' ',
    HEALTHCARE_EXPENSES: '1000.005000000000001',
  },
  { patient_id: 'p1', birth_date: '2000-02-29', gender: 'F', zip: '02139', healthcare_expenses: '1000.01' },
);
typed(
  'a date that is none is NULL, never another date',
  'patients',
  { Id: 'p1', BIRTHDATE: '2001-02-29', DEATHDATE: 'soon' },
  { patient_id: 'p1' },
);
typed(
  'the sentinel 0 is no insurance',
  'claims',
  { Id: 'c1', APPOINTMENTID: 'e1', PRIMARYPATIENTINSURANCEID: '0', SECONDARYPATIENTINSURANCEID: '', OUTSTANDING1: '0' },
  { claim_id: 'c1', encounter_id: 'e1', primary_outstanding: '0.00' },
);
typed(
  '1970 is open, a payment has no amount',
  'claims_transactions',
  {
    ID: 't1',
    CLAIMID: 'c1',
    TYPE: 'payment',
    METHOD: 'copay',
    AMOUNT: '',
    PAYMENTS: '25',
    FROMDATE: '2020-01-01T00:00:00Z',
    TODATE: '1970-01-01T00:00:00Z',
  },
  {
    transaction_id: 't1',
    claim_id: 'c1',
    transaction_type: 'PAYMENT',
    payment_method: 'COPAY',
    payments: '25.00',
    from_time: '2020-01-01T00:00:00',
  },
);
typed(
  'a payer without customers has no quality of life',
  'payers',
  { Id: 'y1', NAME: 'NO_INSURANCE', QOLS_AVG: 'NaN' },
  { payer_id: 'y1', payer_name: 'NO_INSURANCE' },
);
typed(
  'the column names of v3.0',
  'payer_transitions',
  {
    PATIENT: 'p1',
    PAYER: 'y1',
    START_YEAR: '2014-10-14T04:17:47Z',
    END_YEAR: '2015-10-20T04:17:47Z',
    OWNERSHIP: 'Guardian',
    OWNERNAME: 'Gail741',
  },
  {
    patient_id: 'p1',
    payer_id: 'y1',
    plan_ownership: 'Guardian',
    owner_name: 'Gail741',
    start_time: '2014-10-14T04:17:47',
    end_time: '2015-10-20T04:17:47',
  },
);
typed(
  'the column names since 2022',
  'payer_transitions',
  { PATIENT: 'p1', PAYER: 'y1', START_DATE: '2014-10-14T04:17:47Z', PLAN_OWNERSHIP: 'Self', OWNER_NAME: 'Gail741' },
  {
    patient_id: 'p1',
    payer_id: 'y1',
    plan_ownership: 'Self',
    owner_name: 'Gail741',
    start_time: '2014-10-14T04:17:47',
  },
);
typed(
  'a code of 18 digits stays exact, the class is lower case',
  'encounters',
  {
    Id: 'e1',
    START: '2020-01-31T23:59:59Z',
    STOP: '',
    ENCOUNTERCLASS: 'Emergency',
    CODE: '900000000000000003',
    TOTAL_CLAIM_COST: '129.16',
  },
  {
    encounter_id: 'e1',
    department: 'emergency',
    encounter_code: '900000000000000003',
    total_claim_cost: '129.16',
    admission_time: '2020-01-31T23:59:59',
  },
);

/** `l1`, where it is the only load that counts. */
const onlyFirstLoad = test_rows.select(types.loads, {
  table_name: 'patients',
  load_id: 'l1',
  load_kind: 'full',
  load_finished_at: '2024-01-01T00:00:00',
  first_copied_at: '2024-02-01T00:00:00',
  copied_at: '2024-02-01T00:00:00',
  load_sequence: 1,
  is_current_load: 1,
});

test('stg_bronze__loads: a load with a file that was not copied does not count yet')
  .dataset('stg_bronze__loads')
  .input(
    ['bronze', 'load_ledger'],
    ledger(
      { load_id: 'l1', source_file: 'a', load_finished_at: '2024-01-01T00:00:00' },
      { load_id: 'l2', source_file: 'b', load_finished_at: '2024-02-01T00:00:00' },
      { load_id: 'l2', source_file: 'c', load_finished_at: '2024-02-01T00:00:00', status: 'failed' },
    ),
  )
  .expect(onlyFirstLoad);

test('stg_bronze__loads: a load of which a file is still missing does not count yet')
  .dataset('stg_bronze__loads')
  .input(
    ['bronze', 'load_ledger'],
    ledger(
      { load_id: 'l1', source_file: 'a', load_files: 1, load_finished_at: '2024-01-01T00:00:00' },
      { load_id: 'l2', source_file: 'b', load_files: 2, load_finished_at: '2024-02-01T00:00:00' },
    ),
  )
  .expect(onlyFirstLoad);

test(
  'stg_bronze__loads: loads in the order of the source, not of the copy; the newest full load and what follows counts',
)
  .dataset('stg_bronze__loads')
  .input(
    ['bronze', 'load_ledger'],
    ledger(
      {
        load_id: 'new',
        source_file: 'a',
        load_kind: 'incremental',
        load_finished_at: '2024-03-01T00:00:00',
        copied_at: '2024-03-01T00:00:00',
      },
      {
        load_id: 'new',
        source_file: 'd',
        load_kind: 'incremental',
        load_finished_at: '2024-03-01T00:00:00',
        copied_at: '2024-03-02T00:00:00',
      },
      { load_id: 'full', source_file: 'b', load_finished_at: '2024-02-01T00:00:00', copied_at: '2024-02-01T00:00:00' },
      { load_id: 'late', source_file: 'c', load_finished_at: '2024-01-01T00:00:00', copied_at: '2024-04-01T00:00:00' },
    ),
  )
  .expect(
    test_rows.select(
      types.loads,
      {
        table_name: 'patients',
        load_id: 'late',
        load_kind: 'full',
        load_finished_at: '2024-01-01T00:00:00',
        first_copied_at: '2024-04-01T00:00:00',
        copied_at: '2024-04-01T00:00:00',
        load_sequence: 1,
        next_full_sequence: 2,
        next_full_finished_at: '2024-02-01T00:00:00',
        is_current_load: 0,
      },
      {
        table_name: 'patients',
        load_id: 'full',
        load_kind: 'full',
        load_finished_at: '2024-02-01T00:00:00',
        first_copied_at: '2024-02-01T00:00:00',
        copied_at: '2024-02-01T00:00:00',
        load_sequence: 2,
        is_current_load: 1,
      },
      {
        table_name: 'patients',
        load_id: 'new',
        load_kind: 'incremental',
        load_finished_at: '2024-03-01T00:00:00',
        first_copied_at: '2024-03-01T00:00:00',
        copied_at: '2024-03-02T00:00:00',
        load_sequence: 3,
        is_current_load: 1,
      },
    ),
  );

const landed = (body) =>
  `SELECT CAST('${JSON.stringify({ partition: 2, sequence: 7, offset: '7', enqueued_at: '2020-01-01T00:00:00.123Z', body })}' AS varchar(max)) AS line, CAST('bronze/encounters_raw/hub=h1/partition=2/date=2020-01-01/7.ndjson' AS varchar(1024)) AS _source_file, CAST('2020-01-01' AS datetime2(3)) AS _loaded_at`;
const lineOf = (body, document) =>
  test_rows.select(
    {
      hub: 'varchar(64)',
      partition_id: 'int',
      sequence_number: 'bigint',
      enqueued_at: 'datetime2(3)',
      body: 'varchar(max)',
      document: 'varchar(max)',
      _source_file: 'varchar(1024)',
      _loaded_at: 'datetime2(3)',
    },
    {
      hub: 'h1',
      partition_id: 2,
      sequence_number: 7,
      enqueued_at: '2020-01-01T00:00:00.123',
      body,
      document,
      _source_file: 'bronze/encounters_raw/hub=h1/partition=2/date=2020-01-01/7.ndjson',
      _loaded_at: '2020-01-01',
    },
  );
const taken = (title, body, document) =>
  test(`stg_encounter_events: ${title}`)
    .dataset('stg_encounter_events')
    .input(['bronze', 'encounters_raw'], landed(body))
    .expect(lineOf(body, document));
taken('a JSON object is a document', '{"event_id":"v1"}', '{"event_id":"v1"}');
taken('text that was cut off is kept, and is no document', '{"event_id":"v', null);
taken('an array is no document', '[1]', null);
const long = JSON.stringify(
  { event_id: 'v1', note: String.raw`"quoted" C:\new\table \\ é ${'x'.repeat(5000)}`, more: ['\n\t"\\'] },
  null,
  2,
);
taken('a body of more than 4,000 characters is taken whole', long, long);
