/**
 * The glossary: every column name of silver means one thing, said here once, with its class of protected health
 * information (PHI). Docs, dynamic data masking and dim_patient_deid take both from here.
 *
 * Classes, after the HIPAA Safe Harbor method, 45 CFR 164.514(b)(2)(i):
 *   identifier    one of its 18 identifiers, or a key of a person: never leaves silver unmasked
 *   generalized   identifying as it is; leaves silver only in a coarser form (year, ZIP3, age band)
 *   health        about a person's health, care or money, without telling who it is
 *   none          about no person
 */
const identifier = (element, description) => ({ phi: 'identifier', element, description });
const generalized = (element, description) => ({ phi: 'generalized', element, description });
const health = (description) => ({ phi: 'health', description });
const none = (description) => ({ phi: 'none', description });

const glossary = {
  // Keys
  event_key: none('Surrogate key of the event, from hub, partition and sequence.'),
  encounter_key: none('Surrogate key of the encounter, from encounter_id (for an event without one, from its place).'),
  patient_key: identifier('R', 'Surrogate key of the patient, from patient_id.'),
  organization_key: none('Surrogate key of the organization, from organization_id.'),
  provider_key: none('Surrogate key of the clinician, from provider_id.'),
  payer_key: none('Surrogate key of the payer, from payer_id.'),
  department_key: none('Surrogate key of the department, from its name.'),
  claim_key: none('Surrogate key of the claim, from claim_id.'),
  transaction_key: none('Surrogate key of the transaction, from transaction_id.'),
  condition_key: none('Surrogate key, from patient, encounter, code and start date.'),
  date_key: none('The day as a number: 20240131.'),

  // Source ids
  event_id: none('Id of the event, given by the sender; the same fact has the same id.'),
  encounter_id: identifier('R', 'Source id of the encounter.'),
  patient_id: identifier('R', 'Source id of the patient.'),
  organization_id: none('Source id of the organization.'),
  provider_id: none('Source id of the clinician.'),
  payer_id: none('Source id of the payer.'),
  primary_payer_id: none('Payer that is billed first; NULL for the uninsured.'),
  secondary_payer_id: none('Payer that is billed second, if any.'),
  claim_id: identifier('J', 'Source id of the claim.'),
  transaction_id: identifier('J', 'Source id of the transaction.'),
  member_id: identifier('I', 'Member number at the payer; NULL without insurance.'),

  // Patient
  birth_date: generalized('C', 'Date of birth.'),
  death_date: generalized('C', 'Date of death; NULL for the living.'),
  social_security_number: identifier('G', 'Social security number.'),
  drivers_license: identifier('K', "Driver's license number."),
  passport: identifier('K', 'Passport number.'),
  name_prefix: identifier('A', 'Mr., Mrs., …'),
  first_name: identifier('A', 'First name.'),
  middle_name: identifier('A', 'Middle name; exports since 2024.'),
  last_name: identifier('A', 'Last name.'),
  name_suffix: identifier('A', 'MD, PhD, …'),
  maiden_name: identifier('A', 'Name at birth.'),
  owner_name: identifier('A', 'Name of the owner of the plan.'),
  marital_status: health('M married, S single, D divorced, W widowed.'),
  race: health('white, black, asian, native, hawaiian or other.'),
  ethnicity: health('hispanic or nonhispanic.'),
  gender: health('M or F.'),
  birth_place: identifier('B', 'Town, state and country of birth.'),
  address: identifier('B', 'Street and number.'),
  city: identifier('B', 'Town.'),
  state: health('State, written out.'),
  county: identifier('B', 'County.'),
  county_fips: identifier('B', 'FIPS code of the county; exports since 2022.'),
  zip: generalized('B', 'ZIP code, as text.'),
  latitude: identifier('B', 'Latitude, degrees.'),
  longitude: identifier('B', 'Longitude, degrees.'),
  healthcare_expenses: health("The patient's own cost over the whole life, dollars."),
  healthcare_coverage: health('Cost paid by payers over the whole life, dollars.'),
  income: health('Yearly income, dollars; exports since 2022.'),
  is_deceased: health('1 where a date of death is known.'),
  age: generalized('C', 'Whole years at admission.'),
  age_group: generalized('C', 'Age band: 0-17, 18-34, 35-49, 50-64, 65-79, 80+.'),

  deid_code: none('Random code of the patient, given once.'),
  birth_year: health('Year of birth; NULL from age 90 on.'),
  death_year: health('Year of death; NULL from age 90 on and for the living.'),
  age_band: health('Age band: 0-17, 18-34, 35-49, 50-64, 65-79, 80-89, 90+.'),
  zip3: health('First three digits of the ZIP code; 000 in areas of 20,000 people or fewer.'),

  // Organization, clinician, payer, department
  organization_name: none('Name of the organization.'),
  organization_address: none('Street and number of the organization.'),
  organization_city: none('Town of the organization.'),
  organization_state: none('Two-letter state of the organization.'),
  organization_zip: none('ZIP code of the organization, as text.'),
  organization_phone: none('Telephone of the organization, as written at the source.'),
  organization_npi: none('National provider identifier; exports since 2026.'),
  utilization: none('Encounters in the simulation; not the rows of encounters.'),
  provider_name: none('Name of the clinician.'),
  provider_gender: none('Gender of the clinician.'),
  specialty: none('Specialty of the clinician.'),
  provider_city: none('Town of the clinician.'),
  provider_state: none('State of the clinician.'),
  provider_zip: none('ZIP code of the clinician, as text.'),
  provider_npi: none('National provider identifier; exports since 2026.'),
  payer_name: none('Name of the payer.'),
  ownership: none('GOVERNMENT, PRIVATE or NO_INSURANCE; exports since 2022.'),
  payer_state: none('State of the headquarters.'),
  is_insured: none('0 for NO_INSURANCE; NULL where the payer is unknown.'),
  amount_covered: none('Covered in the whole simulation, dollars.'),
  amount_uncovered: none('Not covered in the whole simulation, dollars.'),
  revenue: none('Revenue in the whole simulation, dollars.'),
  unique_customers: none('Customers in the whole simulation.'),
  member_months: none('Months of membership in the whole simulation.'),
  average_quality_of_life: none('Average quality of life score; NULL for a payer without customers.'),
  department: none('Encounter class, lower case.'),
  department_title: none('Name of the department for readers.'),
  care_setting: none('outpatient, inpatient, emergency or post-acute.'),
  is_overnight: none('1 where patients stay overnight.'),
  department_number: none('Department by number, as claims have it.'),

  // Calendar
  date: none('The day.'),
  year: none('Calendar year.'),
  quarter: none('Quarter of the year, 1 to 4.'),
  month: none('Month of the year, 1 to 12.'),
  month_start: none('First day of the month.'),
  month_name: none('Name of the month.'),
  day: none('Day of the month.'),
  day_of_week: none('1 Monday to 7 Sunday.'),
  day_name: none('Name of the day of the week.'),
  is_weekend: none('1 for Saturday and Sunday.'),

  // Event
  hub: none('Incarnation of the event hub: sequences start again in another one.'),
  partition_id: none('Partition of the event hub.'),
  sequence_number: none('Sequence number in the partition.'),
  enqueued_at: none('When the event reached the hub, UTC.'),
  event_type: none('encounter.started or encounter.completed.'),
  event_time: health('Time of the event at the source, UTC; NULL where it is missing or no ISO 8601 UTC time.'),
  body: identifier('R', 'The event exactly as received.'),
  body_hash: none('SHA-256 of the body, hexadecimal.'),
  document: identifier('R', 'The body where it is a JSON object.'),
  is_json_object: none('1 where the body is a JSON object.'),
  has_invalid_discharge_time: none('1 where a discharge time is given that is no ISO 8601 UTC time.'),
  has_invalid_amount: none('1 where an amount is given that is no number.'),
  is_late: none('1 where the event reached the hub more than a day after its time.'),
  fate: none('accepted, repaired, quarantined or superseded.'),
  reason_codes: none(
    'Why the event is quarantined or superseded: codes of includes/encounter_rules.js, comma-separated.',
  ),
  reason_code: none('Code of the rule in includes/encounter_rules.js.'),
  description: none('What a steward reads: what is wrong and what to do.'),
  is_primary_reason: none('1 for the first failing rule of the event.'),
  rule_id: none('Id of the rule in includes/encounter_rules.js.'),
  dq_flags: none("Flags of repair and warning rules, comma-separated; '' when none."),
  rules_version: none('Fingerprint of the rules that judged the event.'),
  run_id: none('The run that wrote the row.'),
  known_birth_date: generalized('C', 'Birth date in the patients file when the event was judged.'),
  known_gender: health('Gender in the patients file when the event was judged.'),
  is_known_patient: none('1 where the patient was in a patients file when the event was judged.'),
  is_known_organization: none('1 where the organization was in an organizations file when the event was judged.'),
  is_known_payer: none('1 where the payer was in a payers file when the event was judged.'),

  // Encounter
  encounter_code: health('SNOMED code of the encounter.'),
  encounter_description: health('Text of the SNOMED code.'),
  visit_reason_code: health('SNOMED code of the reason.'),
  visit_reason: health('Text of the reason.'),
  admission_time: generalized('C', 'Admission, UTC.'),
  discharge_time: generalized('C', 'Discharge, UTC; NULL while the patient is still in.'),
  admission_month: generalized('C', 'First day of the UTC month of admission.'),
  duration_minutes: health('Minutes from admission to discharge; NULL without discharge.'),
  base_encounter_cost: health('Price of the visit itself, dollars.'),
  total_claim_cost: health("Total of the encounter's claim, dollars; NULL while it is not known."),
  payer_coverage: health('Part of total_claim_cost that the payer covers, dollars.'),
  primary_condition_code: health('SNOMED code of the first condition recorded at the encounter.'),
  primary_condition: health('Text of the first condition recorded at the encounter.'),
  claim_count: health('Claims of the encounter.'),
  transaction_count: health('Transactions of the claims.'),
  total_charges: health('Sum of charges, dollars; 0.00 when none.'),
  total_payments: health('Sum of payments, dollars; 0.00 when none.'),
  payer_payments: health('Payments by payers (ECHECK), dollars; 0.00 when none.'),
  patient_payments: health('Payments by the patient (all other methods), dollars; 0.00 when none.'),

  // Conditions, medications, procedures
  code_system: none('Code system; exports since July 2024.'),
  condition_code: health('SNOMED code of the condition.'),
  condition_description: health('Text of the condition.'),
  medication_code: health('RxNorm code.'),
  medication_description: health('Text of the medication.'),
  procedure_code: health('Code of the procedure.'),
  procedure_description: health('Text of the procedure.'),
  start_date: generalized('C', 'First day.'),
  stop_date: generalized('C', 'Last day; NULL while it lasts.'),
  start_time: generalized('C', 'Start, UTC.'),
  end_time: generalized('C', 'End, UTC; NULL while it lasts.'),
  dispenses: health('Number of times it was dispensed.'),
  base_cost: health('Cost of one, dollars.'),
  total_cost: health('Cost of all dispenses, dollars.'),
  plan_ownership: health('Self, Guardian or Spouse.'),

  // Claims and transactions
  diagnosis_1: health('First diagnosis of the claim, or the code of the visit.'),
  diagnosis_2: health('Second diagnosis of the claim.'),
  diagnosis_3: health('Third diagnosis of the claim.'),
  diagnosis_4: health('Fourth diagnosis of the claim.'),
  diagnosis_5: health('Fifth diagnosis of the claim.'),
  diagnosis_6: health('Sixth diagnosis of the claim.'),
  diagnosis_7: health('Seventh diagnosis of the claim.'),
  diagnosis_8: health('Eighth diagnosis of the claim.'),
  claim_type: none('1 professional, 2 institutional.'),
  primary_status: none('CLOSED or BILLED at the first payer.'),
  patient_status: none('CLOSED or BILLED at the patient.'),
  primary_outstanding: health('Open at the first payer, dollars.'),
  patient_outstanding: health('Open at the patient, dollars.'),
  service_time: generalized('C', 'Start of the service, UTC.'),
  last_billed_at: generalized('C', 'Last billed to the first payer, UTC.'),
  charge_number: none('Orders the transactions of one simulation run.'),
  transaction_type: none('CHARGE, PAYMENT, ADJUSTMENT, TRANSFEROUT or TRANSFERIN.'),
  payment_method: none('ECHECK by a payer; COPAY, CASH, CHECK, CC by the patient; SYSTEM for adjustments.'),
  transfer_type: none('Who owes next: 1 first payer, 2 second payer, p patient.'),
  amount: health('Price of a charge or balance moved, dollars; NULL for payments.'),
  payments: health('Money paid, dollars.'),
  adjustments: health('Written off, dollars.'),
  transfers: health('Balance moved, dollars; never part of totals.'),
  outstanding: health('Balance of the line after this row, dollars; never to be summed.'),
  from_time: generalized('C', 'Start of the billed entry, UTC.'),
  to_time: generalized('C', 'End of the billed entry, UTC; NULL while open.'),

  // Validity
  valid_from: none('First moment of the period, UTC: when the load was taken at the source.'),
  valid_to: none('End of the period, UTC, exclusive; NULL for the current one.'),
  is_current: none('1 for the version that is true now.'),
  is_deleted: none('1 where the newest full load does not have the row any more.'),
  attribute_hash: none('SHA-256 of the attributes: equal versions have the same.'),

  // Loads
  table_name: none('Table of schema bronze.'),
  load_id: none('Id of the load.'),
  load_kind: none('full: everything there is; incremental: what changed.'),
  load_finished_at: none('When the load was complete, UTC.'),
  first_copied_at: none('When the first file of the load was copied into bronze, UTC.'),
  copied_at: none('When the last file of the load was copied into bronze, UTC.'),
  load_sequence: none('Order of the loads of a table, by the time at which they were complete.'),
  next_full_sequence: none('The next full load after this one, if any.'),
  next_full_finished_at: none('When the next full load was complete, UTC.'),
  is_current_load: none('1 for the newest full load and the incremental loads after it.'),
  _load_id: none('Lineage: load that the row came by.'),
  _source_file: none('Lineage: file that the row came by.'),
  _loaded_at: none('Lineage: when the load was whole in bronze (an event: when it was copied), UTC.'),
  _claims_loaded_at: none('Lineage: newest load among the claims, UTC.'),
  _transactions_loaded_at: none('Lineage: newest load among the transactions, UTC; NULL when there are none.'),
  _load_sequence: none('Lineage: order of the load.'),
  _load_finished_at: none('Lineage: when the load was complete, UTC.'),
  _next_full_sequence: none('Lineage: the next full load, if any.'),
  _next_full_finished_at: none('Lineage: when the next full load was complete, UTC.'),
  _is_current_load: none('Lineage: 1 where the load belongs to what is true now.'),
};

/** Column docs for a config block: `{ name: description }`. Ends the text with the PHI class where there is one. */
function of(...names) {
  return Object.fromEntries(names.map((name) => [name, describe(name)]));
}

function describe(name) {
  const entry = glossary[name];
  if (!entry) throw new Error(`Column ${name} is not in includes/columns.js`);
  return entry.phi === 'none' ? entry.description : `${entry.description} [PHI: ${entry.phi}]`;
}

/** Columns of a PHI class among these. */
const ofClass = (phi, names) => names.filter((name) => glossary[name]?.phi === phi);

/**
 * Statements that mask the identifying columns of a table for everybody without UNMASK (dynamic data masking,
 * learn.microsoft.com/azure/synapse-analytics/guidance/security-white-paper-access-control). Masks do not survive a CTAS, so
 * the model repeats them after every build.
 */
const mask = (table, names) =>
  [...ofClass('identifier', names), ...ofClass('generalized', names)]
    .filter((name) => !name.endsWith('_key'))
    .map((name) => `ALTER TABLE ${table} ALTER COLUMN [${name}] ADD MASKED WITH (FUNCTION = 'default()')`)
    .join(';\n');

module.exports = { glossary, of, ofClass, mask };
