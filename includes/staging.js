/** What the staging views over the batch tables share: the load of each row; and how silver takes the newest row of a key. */

/** Lineage columns of a staging view, and what `from` joins. */
const lineage = `b._load_id,
  b._source_file,
  l.copied_at AS _loaded_at,
  l.load_sequence AS _load_sequence,
  l.load_finished_at AS _load_finished_at,
  l.next_full_sequence AS _next_full_sequence,
  l.next_full_finished_at AS _next_full_finished_at,
  l.is_current_load AS _is_current_load`;

const columns = [
  '_load_id',
  '_source_file',
  '_loaded_at',
  '_load_sequence',
  '_load_finished_at',
  '_next_full_sequence',
  '_next_full_finished_at',
  '_is_current_load',
];

/** FROM clause: a bronze table as `b` with the whole loads `l` it came by. */
const from = (bronze, loads, table) => `${bronze} b
INNER JOIN ${loads} l ON l.table_name = '${table}' AND l.load_id = b._load_id`;

/** The columns of a staging view, as includes/staged_columns.js says them. */
const project = (list) =>
  Object.entries(list)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(',\n      ');

/**
 * 1 for the newest row of a key: of the newest load, then of the last file; `ties` make it certain within a file. Files are ordered by
 * the bytes of their names: by the collation, each name would be taken apart once more for each row.
 */
const version = (keys, ...ties) =>
  `ROW_NUMBER() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${['s._load_sequence DESC', 's._source_file COLLATE Latin1_General_BIN2 DESC', ...ties].join(', ')})`;

/**
 * FROM clause of a silver table: the newest row of each key in the loads that count, as `c`. In an incremental run only what
 * loads since the last run brought: a row replaces the one that is there (`o`) unless that came by a newer load, as it does
 * where a file arrives late. Rows that are there already are left out, so that the query gives the same after its own deletion.
 * @param of `{ bronze, columns, loads, table, keys, required, ties, key, self, incremental }`: `keys` are the
 *   columns of the grain, without `required` there is no row, `key` is the name and expression (over `c`) of the surrogate key
 */
const newest = (of) => `FROM (
  SELECT s.*, ${version(
    of.keys.map((key) => `s.${key}`),
    ...of.ties,
  )} AS version
  FROM (
    SELECT
      ${project(of.columns)},
      ${lineage}
    FROM ${from(of.bronze, of.incremental ? newLoads(of) : of.loads, of.table)}
    WHERE l.is_current_load = 1${of.incremental ? `\n      AND b._loaded_at >= (SELECT MIN(f.first_copied_at) FROM ${newLoads(of)} f)` : ''}
  ) s
  WHERE s.${of.required} IS NOT NULL
) c${of.incremental ? replaced(of) : '\nWHERE c.version = 1'}`;

/**
 * Loads since the last run. They are chosen before the join, so that only their rows are read and cast; and rows copied before the
 * first file of theirs are not even looked at: times prune a scan, texts do not.
 */
const newLoads = ({ loads, table, self }) =>
  `(SELECT n.* FROM ${loads} n WHERE n.table_name = '${table}' AND n.copied_at > (SELECT ISNULL(MAX(m._loaded_at), '1900-01-01') FROM ${self} m))`;

const replaced = ({ loads, table, key, self }) => `
LEFT JOIN ${self} o ON o.${key.name} = ${key.of}
LEFT JOIN ${loads} l ON l.table_name = '${table}' AND l.load_id = o._load_id AND l.is_current_load = 1
WHERE c.version = 1
  AND (l.load_id IS NULL OR (c._load_sequence >= l.load_sequence AND c._loaded_at <> o._loaded_at))`;

/** Removes what a newer full load does not have any more. Changes nothing in a table that was built whole. */
const removeGone = (self, loads, table) =>
  `DELETE FROM ${self} WHERE _load_id NOT IN (SELECT l.load_id FROM ${loads} l WHERE l.table_name = '${table}' AND l.is_current_load = 1)`;

module.exports = { project, lineage, columns, from, version, newest, removeGone };
