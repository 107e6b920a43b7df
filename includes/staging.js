/** What the staging views over the batch tables share: the load of each row, and which row of a key is the newest. */

/** Lineage columns of a staging view, and what `from` joins. */
const lineage = `b._load_id,
  b._source_file,
  b._loaded_at,
  l.load_sequence AS _load_sequence,
  l.load_finished_at AS _load_finished_at,
  l.next_full_sequence AS _next_full_sequence,
  l.next_full_finished_at AS _next_full_finished_at,
  l.is_current_load AS _is_current_load`;

/** FROM clause: a bronze table as `b` with the whole loads `l` it came by. */
const from = (bronze, loads, table) => `${bronze} b
INNER JOIN ${loads} l ON l.table_name = '${table}' AND l.load_id = b._load_id`;

/** 1 for the newest row of a key: of the newest load, then of the last file; `ties` make it certain within a file. */
const version = (keys, ...ties) =>
  `ROW_NUMBER() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${['s._load_sequence DESC', 's._source_file DESC', ...ties].join(', ')})`;

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

module.exports = { lineage, from, version, columns };
