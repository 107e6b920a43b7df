const columns = {
  condition_code: 'varchar(64)',
  condition_name: 'varchar(256)',
  year: 'int',
  age_group: 'varchar(8)',
  gender: 'varchar(8)',
  patients: 'bigint',
  per_1000: 'decimal(18,2)',
  is_suppressed: 'bit',
};
const person = { patient_key: 1, gender: 'F', birth_date: '1950-12-31', is_deleted: 0 };
const people = (...rows) =>
  test_rows.select(
    { patient_key: 'bigint', gender: 'varchar(8)', birth_date: 'date', death_date: 'date', is_deleted: 'bit' },
    ...rows.map((row) => ({ ...person, ...row })),
  );
const asthma = { patient_key: 1, condition_code: '195967001', condition_description: 'Asthma (disorder)' };
const diagnoses = (...rows) =>
  test_rows.select(
    {
      patient_key: 'bigint',
      condition_code: 'varchar(64)',
      condition_description: 'varchar(256)',
      start_date: 'date',
      stop_date: 'date',
    },
    ...rows.map((row) => ({ ...asthma, ...row })),
  );
const row = {
  condition_code: '195967001',
  condition_name: 'Asthma (disorder)',
  year: 2020,
  age_group: '65-79',
  gender: 'F',
  patients: 1,
  per_1000: '333.33',
  is_suppressed: 1,
};
const prevalence = (title, patients, conditions, result) =>
  test(`condition_prevalence: ${title}`)
    .dataset('condition_prevalence')
    .input('fact_encounter', test_rows.encounters({ admission_time: '2020-05-01T00:00:00' }))
    .input('dim_patient', patients)
    .input(['silver', 'conditions'], conditions)
    .expect(test_rows.select(columns, result));

prevalence(
  'a patient counts once a year, however often the condition came back',
  people({}, { patient_key: 2 }, { patient_key: 3 }),
  diagnoses(
    { start_date: '2020-01-01', stop_date: '2020-01-05' },
    { start_date: '2020-12-31', stop_date: '2020-12-31' },
  ),
  row,
);
prevalence(
  'the dead are not in the group of the years after, nor is a condition that was left open',
  people({}, { patient_key: 2, death_date: '2019-12-31' }, { patient_key: 3, death_date: '2020-01-01' }),
  diagnoses(
    { start_date: '2020-02-01' },
    { patient_key: 2, start_date: '2020-02-01' },
    { condition_code: null, condition_description: null, start_date: '2020-02-01' },
  ),
  { ...row, per_1000: '500.00' },
);
prevalence(
  'eleven patients are no small cell',
  people(...Array.from({ length: 11 }, (_, at) => ({ patient_key: at }))),
  diagnoses(...Array.from({ length: 11 }, (_, at) => ({ patient_key: at, start_date: '2020-02-01' }))),
  { ...row, patients: 11, per_1000: '1000.00', is_suppressed: 0 },
);
