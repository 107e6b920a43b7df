/** The SQL that counts what breaks the rules of includes/data_rules.js: one scan of a table for all its row rules. */
const { rules, scope } = require('./data_rules');

const quote = (value) => `'${value.replace(/'/g, "''")}'`;
const where = (dataset) => (scope[dataset] ? `\nWHERE ${scope[dataset]}` : '');

const datasets = [...new Set(rules.map((rule) => rule.dataset))];
/**
 * Datasets by when their rules are counted: the largest table as soon as it is built (transaction_checks), the rest of silver beside
 * the marts (silver_checks), the marts last (rule_history).
 */
const transactions = ['silver.claims_transactions'];
const marts = datasets.filter((dataset) => dataset.startsWith('gold.'));
const silver = datasets.filter((dataset) => !transactions.includes(dataset) && !marts.includes(dataset));

/** SELECT of rule_id, rows_checked, rows_failed for every rule of the datasets. `table` gives the SQL name of a dataset (`schema.name`). */
const counts = (table, of = datasets) =>
  of
    .flatMap((dataset) => {
      const own = rules.filter((rule) => rule.dataset === dataset);
      const row = own.filter((rule) => rule.holds);
      return [
        ...(row.length ? [rowCounts(table(dataset), dataset, row)] : []),
        ...own.filter((rule) => rule.unique).map((rule) => uniqueCount(table(dataset), rule)),
        ...own.filter((rule) => rule.exists).map((rule) => existsCount(table, rule)),
        ...own.filter((rule) => rule.equals).map((rule) => equalsCount(table, rule)),
      ];
    })
    .join('\nUNION ALL\n');

function rowCounts(name, dataset, own) {
  const failed = own.map(
    (rule) => `ISNULL(SUM(CAST(CASE WHEN ${rule.holds} THEN 0 ELSE 1 END AS bigint)), 0) AS ${rule.id}`,
  );
  return `SELECT r.rule_id, c.rows_checked, CASE r.rule_id ${own.map(({ id }) => `WHEN '${id}' THEN c.${id}`).join(' ')} END AS rows_failed
FROM (SELECT COUNT_BIG(*) AS rows_checked, ${failed.join(',\n  ')} FROM ${name} t${where(dataset)}) c
CROSS JOIN (${own.map(({ id }) => `SELECT '${id}' AS rule_id`).join(' UNION ALL ')}) r`;
}

/** All rows of a value but one; no value is a value too, which a count of different values leaves out. */
function uniqueCount(name, { id, dataset, unique }) {
  return `SELECT '${id}' AS rule_id, c.rows_checked, c.rows_checked - c.different - c.has_none AS rows_failed
FROM (
  SELECT
    COUNT_BIG(*) AS rows_checked,
    COUNT_BIG(DISTINCT t.${unique}) AS different,
    ISNULL(MAX(CASE WHEN t.${unique} IS NULL THEN 1 ELSE 0 END), 0) AS has_none
  FROM ${name} t${where(dataset)}
) c`;
}

/** A row without a value is checked and breaks the rule too. */
function existsCount(table, { id, dataset, exists }) {
  return `SELECT '${id}' AS rule_id, COUNT_BIG(*) AS rows_checked, ISNULL(SUM(CAST(CASE WHEN o.${exists.column} IS NULL THEN 1 ELSE 0 END AS bigint)), 0) AS rows_failed
FROM ${table(dataset)} t
LEFT JOIN (SELECT DISTINCT d.${exists.column} FROM ${table(exists.in)} d) o ON o.${exists.column} = t.${exists.column}`;
}

function equalsCount(table, { id, equals }) {
  const [left, right] = equals.map(({ of, value, where: filter = '1 = 1' }) => {
    const rows = filter.replace(/\{([\w.]+)\}/g, (_all, dataset) => table(dataset));
    return `(SELECT ISNULL(${value}, 0) AS total FROM ${table(of)} t WHERE ${rows})`;
  });
  return `SELECT '${id}' AS rule_id, CAST(1 AS bigint) AS rows_checked, CAST(CASE WHEN a.total = b.total THEN 0 ELSE 1 END AS bigint) AS rows_failed
FROM ${left} a CROSS JOIN ${right} b`;
}

/** The rules as rows: rule_id, dataset, rule, action, severity, description. */
const rulesAsRows = () =>
  rules
    .map(
      (rule, at) =>
        `SELECT ${[
          ['rule_id', rule.id, 8],
          ['dataset', rule.dataset, 128],
          ['rule_name', rule.name, 64],
          ['action', rule.action, 16],
          ['severity', rule.severity, 16],
          ['description', rule.check, 400],
        ]
          .map(([name, value, length]) => `CAST(${quote(value)} AS varchar(${length}))${at === 0 ? ` AS ${name}` : ''}`)
          .join(', ')}`,
    )
    .join('\nUNION ALL ');

/** SELECT of what the rules are beside what was counted of them. */
const judged = (
  counted,
) => `SELECT r.rule_id, r.dataset, r.rule_name, r.action, r.severity, r.description, c.rows_checked, c.rows_failed
FROM (
${counted}
) c
INNER JOIN (
${rulesAsRows()}
) r ON r.rule_id = c.rule_id`;

module.exports = { transactions, silver, marts, counts, judged };
