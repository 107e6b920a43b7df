const columns = {
  encounter_id: 'varchar(64)',
  patient_id: 'varchar(64)',
  organization_id: 'varchar(64)',
  admission_time: 'datetime2(3)',
  discharge_time: 'datetime2(3)',
  next_admission_at: 'datetime2(3)',
  days_to_readmit: 'bigint',
  is_readmitted_30d: 'bit',
};
const patientColumns = { patient_key: 'bigint', patient_id: 'varchar(64)', death_date: 'date' };
const patients = (...rows) => test_rows.select(patientColumns, ...rows);
const alive = patients({ patient_key: 1, patient_id: 'p1' });

/** The stay that every test looks at: it ends on 10 January, 23:30 UTC. */
const stay = {
  patient_key: 1,
  department: 'inpatient',
  admission_time: '2020-01-08T10:00:00',
  discharge_time: '2020-01-10T23:30:00',
};
/** A later stay that has not ended, so that it is no index stay itself. */
const later = (admission_time) => ({ ...stay, admission_time, discharge_time: null });
const expected = (next_admission_at, days_to_readmit, is_readmitted_30d) =>
  test_rows.select(columns, {
    encounter_id: 'e1',
    patient_id: 'p1',
    organization_id: 'o1',
    admission_time: stay.admission_time,
    discharge_time: stay.discharge_time,
    next_admission_at,
    days_to_readmit,
    is_readmitted_30d,
  });
const stays = (title, encounters, result, people = alive) =>
  test(`readmissions_30d: ${title}`)
    .dataset('readmissions_30d')
    .input('fact_encounter', test_rows.encounters(...encounters))
    .input('dim_patient', people)
    .expect(result);

stays('day 30 counts', [stay, later('2020-02-09T23:59:59')], expected('2020-02-09T23:59:59', 30, 1));
stays('day 31 does not count', [stay, later('2020-02-10T00:00:00')], expected('2020-02-10T00:00:00', 31, 0));
stays('back at the moment of discharge', [stay, later('2020-01-10T23:30:00')], expected('2020-01-10T23:30:00', 0, 1));
stays('a stay that overlaps is none', [stay, later('2020-01-09T10:00:00')], expected(null, null, 0));
stays(
  'the first of several counts',
  [stay, later('2020-03-01T00:00:00'), later('2020-01-20T00:00:00')],
  expected('2020-01-20T00:00:00', 10, 1),
);
stays(
  'other departments and other patients do not count',
  [
    stay,
    { ...stay, department: 'emergency', admission_time: '2020-01-12T00:00:00' },
    { ...later('2020-01-12T00:00:00'), patient_key: 2 },
  ],
  expected(null, null, 0),
  patients({ patient_key: 1, patient_id: 'p1' }, { patient_key: 2, patient_id: 'p2' }),
);
stays(
  'a stay that ended in death is no index stay',
  [stay, { ...stay, patient_key: 2, patient_id: 'p2' }],
  expected(null, null, 0),
  patients(
    { patient_key: 1, patient_id: 'p1', death_date: '2020-01-11' },
    { patient_key: 2, patient_id: 'p2', death_date: '2020-01-10' },
  ),
);
