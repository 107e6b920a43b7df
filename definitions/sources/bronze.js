/** The bronze tables that `medstream copy` fills (ingestion/copy/bronze-tables.ts). */
const batch = {
  patients: 'Patients as the batch files give them.',
  encounters: 'Encounters as the batch files give them; the models take encounters from the stream.',
  organizations: 'Hospitals and practices.',
  providers: 'Clinicians.',
  payers: 'Insurers; NO_INSURANCE is one of them.',
  conditions: 'Diagnoses of an encounter.',
  claims: 'Claims: one per encounter and one per medication ordered in it.',
  claims_transactions: 'Charges, payments and transfers of claims.',
  payer_transitions: 'The insurance of a patient over time.',
  medications: 'Medications ordered.',
  procedures: 'Procedures done.',
};

declare({
  schema: 'bronze',
  name: 'load_ledger',
  description: 'One row per file of the lake that was copied, or whose copy failed.',
});
declare({
  schema: 'bronze',
  name: 'encounters_raw',
  description: 'One row per event of the stream: the landed line, unchanged.',
});
Object.keys(batch).forEach((name) => declare({ schema: 'bronze', name, description: `${batch[name]} All text.` }));
