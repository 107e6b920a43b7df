/**
 * The hops of the data, for layer_reconciliation: each gives rows_read, accepted, quarantined and superseded by counts of their
 * own (none is the difference of the others), so that a lost or doubled row shows.
 *
 * Bronze is append-only, so what was counted of a load stays true: `load_counts` and `bronze_keys` keep it and take up new loads
 * only (docs/decisions/0087-hops-by-load.md). Silver and gold are counted anew in each run.
 */

/**
 * Datasets of bronze whose rows become rows of silver. `rows` is the staging view of the stream, `load` the column that tells to which load
 * a row belongs, `id` the columns that make one row of silver; a row without its id (of several columns: without `needed`) is
 * held back; where `onlyCurrent`, only rows of the newest full load and of later ones count.
 */
const datasets = [
  batch('patients', 'dim_patient', { id: ['patient_id'] }),
  batch('organizations', 'dim_organization', { id: ['organization_id'] }),
  batch('providers', 'dim_provider', { id: ['provider_id'] }),
  batch('payers', 'dim_payer', { id: ['payer_id'] }),
  batch('claims', 'claims', { id: ['claim_id'], onlyCurrent: true }),
  batch('claims_transactions', 'claims_transactions', { id: ['transaction_id'], onlyCurrent: true }),
  batch('conditions', 'conditions', {
    id: ['patient_id', 'encounter_id', 'condition_code', 'start_date'],
    needed: 'condition_code',
    onlyCurrent: true,
  }),
  // The same event of the hub landed twice would be one event. A copy of the stream is known by its time.
  {
    dataset: 'encounters_raw',
    target: 'encounter_events',
    rows: 'stg_encounter_events',
    load: { name: 'copied_at', of: '_loaded_at' },
    id: ['hub', 'partition_id', 'sequence_number'],
    isStream: true,
  },
];

function batch(dataset, target, { id, needed, onlyCurrent = false }) {
  const load = { name: 'load_id', of: '_load_id' };
  return { dataset, target, load, id, needed, onlyCurrent };
}

/** Every table that the ledger of bronze knows. */
const bronzeTables = [
  'encounters_raw',
  'patients',
  'encounters',
  'organizations',
  'providers',
  'payers',
  'conditions',
  'claims',
  'claims_transactions',
  'payer_transitions',
  'medications',
  'procedures',
];

/** Files of the lake → rows of bronze. What was no row of a file (a broken line) was set aside when the file landed. */
const landing = (ref, table) => `SELECT 'lake to bronze.${table}' AS hop,
  ISNULL(SUM(l.rows_expected + l.rows_skipped), 0) AS rows_read,
  ISNULL(MAX(b.rows_there), 0) AS accepted,
  ISNULL(SUM(l.rows_skipped), 0) AS quarantined,
  CAST(0 AS bigint) AS superseded
FROM (SELECT COUNT_BIG(*) AS rows_there FROM ${ref('bronze', table)} t) b
LEFT JOIN ${ref('bronze', 'load_ledger')} l ON l.table_name = '${table}'`;

/** Rows of a dataset of bronze → rows of silver. A row without its key is held back; an older version of a key is superseded. */
const typing = (
  ref,
  { dataset, target },
) => `SELECT 'bronze.${dataset} to silver.${target}' AS hop, r.rows_read, a.accepted, r.quarantined, r.identified - k.different AS superseded
FROM (
  SELECT ISNULL(SUM(c.rows_read), 0) AS rows_read, ISNULL(SUM(c.quarantined), 0) AS quarantined, ISNULL(SUM(c.identified), 0) AS identified
  FROM ${ref('load_counts')} c
  WHERE c.dataset = '${dataset}'
) r
CROSS JOIN (SELECT COUNT_BIG(*) AS different FROM ${ref('bronze_keys')} t WHERE t.dataset = '${dataset}') k
CROSS JOIN (SELECT COUNT_BIG(*) AS accepted FROM ${ref('silver', target)} t) a`;

module.exports = { datasets, bronzeTables, landing, typing };
