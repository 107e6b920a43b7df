/** Charges and payments of claims, summed per claim before any join: a row-by-row join of encounters and claims counts twice. */
const charged = "CASE WHEN t.transaction_type = 'CHARGE' THEN ISNULL(t.amount, 0) ELSE 0 END";
/** Payers pay by ECHECK; COPAY, CASH, CHECK and CC are the patient's. */
const byPayer = "CASE WHEN t.payment_method = 'ECHECK' THEN ISNULL(t.payments, 0) ELSE 0 END";
const byPatient = "CASE WHEN t.payment_method = 'ECHECK' THEN 0 ELSE ISNULL(t.payments, 0) END";

/** @param filter a WHERE clause over the transactions `t` */
const perClaim = (transactions, filter = '') => `SELECT
  t.claim_key,
  COUNT(*) AS transaction_count,
  ${cast.sum(charged)} AS total_charges,
  ${cast.sum('ISNULL(t.payments, 0)')} AS total_payments,
  ${cast.sum(byPayer)} AS payer_payments,
  ${cast.sum(byPatient)} AS patient_payments,
  MAX(t._loaded_at) AS _transactions_loaded_at
FROM ${transactions} t
${filter}
GROUP BY t.claim_key`;

/** @param filter `{ claims, transactions }`: WHERE clauses over the claims `c` and the transactions `t` */
const perEncounter = (claims, transactions, filter = {}) => `SELECT
  c.encounter_key,
  COUNT(*) AS claim_count,
  ISNULL(SUM(p.transaction_count), 0) AS transaction_count,
  ${cast.sum('ISNULL(p.total_charges, 0)')} AS total_charges,
  ${cast.sum('ISNULL(p.total_payments, 0)')} AS total_payments,
  ${cast.sum('ISNULL(p.payer_payments, 0)')} AS payer_payments,
  ${cast.sum('ISNULL(p.patient_payments, 0)')} AS patient_payments,
  MAX(c._loaded_at) AS _claims_loaded_at,
  MAX(p._transactions_loaded_at) AS _transactions_loaded_at
FROM ${claims} c
LEFT JOIN (
  ${perClaim(transactions, filter.transactions)}
) p ON p.claim_key = c.claim_key
WHERE c.encounter_key IS NOT NULL
  ${filter.claims || ''}
GROUP BY c.encounter_key`;

/** The encounters of which a claim or a transaction came since `self` was last brought up to date. */
const touched = (claims, transactions, self) => `SELECT n.encounter_key FROM ${claims} n
    WHERE n._loaded_at > (SELECT ISNULL(MAX(m._claims_loaded_at), '1900-01-01') FROM ${self} m)
    UNION
    SELECT n.encounter_key FROM ${claims} n
    WHERE n.claim_key IN (
      SELECT x.claim_key FROM ${transactions} x
      WHERE x._loaded_at > (SELECT ISNULL(MAX(m._transactions_loaded_at), '1900-01-01') FROM ${self} m)
    )`;

/** The filter that limits `perEncounter` to some encounters, given as a query of their keys. */
const only = (claims, encounters) => ({
  claims: `AND c.encounter_key IN (${encounters})`,
  transactions: `WHERE t.claim_key IN (SELECT k.claim_key FROM ${claims} k WHERE k.encounter_key IN (${encounters}))`,
});

/** Columns of `encounter_payments` but its key, by how two of them are compared (includes/changes.js). */
const values = {
  numbers: [
    'claim_count',
    'transaction_count',
    'total_charges',
    'total_payments',
    'payer_payments',
    'patient_payments',
  ],
  times: ['_claims_loaded_at', '_transactions_loaded_at'],
};
const columns = ['encounter_key', ...values.numbers, ...values.times];

module.exports = { values, columns, perClaim, perEncounter, touched, only };
