/**
 * The hops of the data, for layer_reconciliation: each gives rows_read, accepted, quarantined and superseded by counts of their
 * own (none is the difference of the others), so that a lost or doubled row shows.
 */

/** Batch tables: their target in silver, the id, and whether only rows of the newest full load (and later ones) count. */
const batch = [
  { table: 'patients', target: 'dim_patient', key: ['patient_id'] },
  { table: 'organizations', target: 'dim_organization', key: ['organization_id'] },
  { table: 'providers', target: 'dim_provider', key: ['provider_id'] },
  { table: 'payers', target: 'dim_payer', key: ['payer_id'] },
  { table: 'claims', target: 'claims', key: ['claim_id'], onlyCurrent: true },
  { table: 'claims_transactions', target: 'claims_transactions', key: ['transaction_id'], onlyCurrent: true },
  {
    table: 'conditions',
    target: 'conditions',
    key: ['patient_id', 'encounter_id', 'condition_code', 'start_date'],
    needed: 'condition_code',
    onlyCurrent: true,
  },
];
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

/**
 * Rows of a batch table → rows of silver. A row without its key is held back; an older version of a key is superseded. One
 * pass over the rows: bronze is the largest that a run without new data reads.
 */
const typing = (ref, { table, target, key, needed = key[0], onlyCurrent = false }) => {
  const held = `s.${needed} IS NULL`;
  const counts = onlyCurrent ? `s.${needed} IS NOT NULL AND s._is_current_load = 1` : `s.${needed} IS NOT NULL`;
  const columns = key.map((column) => `s.${column}`);
  const id = columns.length > 1 ? `CONCAT(${columns.join(`, '|', `)})` : columns[0];
  const count = (condition) => `ISNULL(SUM(CAST(CASE WHEN ${condition} THEN 1 ELSE 0 END AS bigint)), 0)`;
  return `SELECT 'bronze.${table} to silver.${target}' AS hop, r.rows_read, a.accepted, r.quarantined, r.identified - r.different AS superseded
FROM (
  SELECT
    COUNT_BIG(*) AS rows_read,
    ${count(held)} AS quarantined,
    ${count(`NOT (${held})`)} AS identified,
    COUNT_BIG(DISTINCT CASE WHEN ${counts} THEN ${id} END) AS different
  FROM ${ref(`stg_synthea__${table}`)} s
) r
CROSS JOIN (SELECT COUNT_BIG(*) AS accepted FROM ${ref('silver', target)} t) a`;
};

module.exports = { batch, bronzeTables, landing, typing };
