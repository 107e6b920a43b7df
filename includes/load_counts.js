/** The SQL that counts the rows of bronze load by load, for includes/hops.js and definitions/quality/load_counts.sqlx. */

/** The loads of the datasets that are in bronze now, with their rows. */
const loadsThere = (ref, datasets) => {
  const batches = datasets.filter(({ isStream }) => !isStream);
  const names = (list) => list.map(({ dataset }) => `'${dataset}'`).join(', ');
  const rows = ({ dataset }) =>
    `SELECT CAST('${dataset}' AS varchar(128)) AS dataset, t._load_id, COUNT_BIG(*) AS rows_there FROM ${ref('bronze', dataset)} t GROUP BY t._load_id`;
  const copies = ({ dataset }) => `SELECT
  CAST('${dataset}' AS varchar(128)) AS dataset,
  CAST('stream' AS varchar(64)) AS load_id,
  t._loaded_at AS first_copied_at,
  t._loaded_at AS copied_at,
  CAST(1 AS bit) AS is_current,
  COUNT_BIG(*) AS rows_read
FROM ${ref('bronze', dataset)} t
GROUP BY t._loaded_at`;
  return [
    `SELECT
  l.table_name AS dataset,
  l.load_id,
  l.first_copied_at,
  l.copied_at,
  CAST(CASE WHEN l.table_name IN (${names(batches.filter(({ onlyCurrent }) => onlyCurrent))}) THEN l.is_current_load ELSE 1 END AS bit) AS is_current,
  ISNULL(b.rows_there, 0) AS rows_read
FROM ${ref('stg_bronze__loads')} l
LEFT JOIN (
  ${batches.map(rows).join('\n  UNION ALL\n  ')}
) b ON b.dataset = l.table_name AND b._load_id = l.load_id
WHERE l.table_name IN (${names(batches)})`,
    ...datasets.filter(({ isStream }) => isStream).map(copies),
  ].join('\nUNION ALL\n');
};

/** Datasets of which what was counted is not so any more: copied again, replaced by a newer full load, changed, or without keys. */
const outdated = (loads, counts, keys) => `SELECT c.dataset
FROM ${counts} c
LEFT JOIN ${loads} l
  ON l.dataset = c.dataset
  AND l.load_id = c.load_id
  AND l.copied_at = c.copied_at
  AND l.is_current = c.is_current
  AND l.rows_read = c.rows_read
WHERE l.dataset IS NULL
  OR (c.is_current = 1 AND c.identified > 0 AND c.dataset NOT IN (SELECT DISTINCT k.dataset FROM ${keys} k))`;

/** Loads to count: those that were not, and all of a dataset that is outdated. */
const uncounted = (
  loads,
  counts,
  outdated,
) => `SELECT CAST(ROW_NUMBER() OVER (ORDER BY l.dataset, l.load_id, l.copied_at) AS int) AS load_no, l.*
FROM ${loads} l
LEFT JOIN ${counts} c ON c.dataset = l.dataset AND c.load_id = l.load_id AND c.copied_at = l.copied_at
WHERE c.dataset IS NULL OR l.dataset IN (SELECT o.dataset FROM ${outdated} o)`;

/**
 * The keys that the rows of the loads bring, NULL for a row that is held back. The bytes of a key must be equal where T-SQL takes
 * two ids for one: without regard to case, and to blanks at the end.
 */
const rowKeys = (ref, of, loads) => {
  const { id, needed } = of;
  const text = id.length > 1 ? `CONCAT(${id.map((name) => `s.${name}`).join(`, '|', `)})` : `s.${id[0]}`;
  const key = cast.key(`RTRIM(${text})`);
  // The key of NULL is NULL by itself; a CASE around it would calculate it twice.
  const keyOfRow = needed ? `CASE WHEN s.${needed} IS NOT NULL THEN ${key} END` : key;
  return `SELECT s.load_no, ${keyOfRow} AS row_key\nFROM (${rowsOf(ref, of, loads)}) s`;
};

/**
 * The columns of the id in the rows of the loads; the id of a dimension is the column Id. The loads are chosen first, so that only their
 * rows are read and cast, and rows copied before the first of them are not looked at: times prune a scan, texts do not.
 */
const rowsOf = (ref, { dataset, rows, load, id, needed, isStream }, loads) => {
  const names = [...new Set([...id, needed])].filter(Boolean);
  const join = (row) => `INNER JOIN ${loads} n ON n.dataset = '${dataset}' AND n.${load.name} = ${row}.${load.of}`;
  if (isStream)
    return `SELECT n.load_no, ${names.map((name) => `r.${name}`).join(', ')} FROM ${ref(rows)} r ${join('r')}`;
  const columns = staged_columns[dataset] ?? { [id[0]]: cast.id('b.Id') };
  const first = `SELECT MIN(u.first_copied_at) FROM ${loads} u WHERE u.dataset = '${dataset}'`;
  return `SELECT n.load_no, ${names.map((name) => `${columns[name]} AS ${name}`).join(', ')} FROM ${ref('bronze', dataset)} b ${join('b')} WHERE b._loaded_at >= (${first})`;
};

module.exports = { loadsThere, outdated, uncounted, rowKeys };
