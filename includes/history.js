/**
 * Slowly changing dimension, type 2, computed whole from all loads in bronze: a re-run gives the same, and a file that
 * arrives late takes its place in the order of the loads. Who is missing in a full load is deleted from that moment on; an
 * incremental load says nothing of who is not in it. A gap between leaving and coming back is a period of its own
 * (`is_deleted` = 1), so that the periods of an entity follow one another; after a last deletion there is none.
 */

const lineage = ['is_current', 'is_deleted', 'attribute_hash', 'valid_from', 'valid_to'];

/** Columns of a history, in order. */
const columns = ({ key, id, attributes }) => [key, id, ...attributes, ...lineage];

/**
 * @param staging ref of the staging view (grain: source row)
 * @param entity `{ key, id, attributes }`: names of the surrogate key, the source id and the attributes
 */
const query = (staging, { key, id, attributes }) => `SELECT
  ${cast.key(`v.${id}`)} AS ${key},
  v.${id},
  ${attributes.map((name) => `v.${name},`).join('\n  ')}
  CAST(CASE WHEN v.valid_to IS NULL THEN 1 ELSE 0 END AS bit) AS is_current,
  CAST(v.is_deleted AS bit) AS is_deleted,
  v.attribute_hash,
  v.valid_from,
  v.valid_to
FROM (
  SELECT c.*, LEAD(c.valid_from) OVER (PARTITION BY c.${id} ORDER BY c.load_sequence) AS valid_to
  FROM (
    SELECT
      h.*,
      LAG(CONCAT(h.is_deleted, h.attribute_hash)) OVER (PARTITION BY h.${id} ORDER BY h.load_sequence) AS state_before
    FROM (
      SELECT
        r.${id},
        ${attributes.map((name) => `r.${name},`).join('\n        ')}
        r.attribute_hash,
        d.is_deleted,
        CASE WHEN d.is_deleted = 1 THEN r._next_full_sequence ELSE r._load_sequence END AS load_sequence,
        CASE WHEN d.is_deleted = 1 THEN r._next_full_finished_at ELSE r._load_finished_at END AS valid_from
      FROM (
        SELECT
          o.*,
          LEAD(o._load_sequence) OVER (PARTITION BY o.${id} ORDER BY o._load_sequence) AS seen_again_sequence
        FROM (
          SELECT
            n.*,
            ROW_NUMBER() OVER (
              PARTITION BY n.${id}, n._load_sequence ORDER BY n._source_file COLLATE Latin1_General_BIN2 DESC, n.attribute_hash COLLATE Latin1_General_BIN2
            ) AS row_in_load
          FROM (
            SELECT
              s.*,
              CONVERT(varchar(64), HASHBYTES('SHA2_256', CONCAT(${attributes.map((name) => `s.${name}`).join(", '|', ")})), 2) AS attribute_hash
            FROM ${staging} s
            WHERE s.${id} IS NOT NULL
          ) n
        ) o
        WHERE o.row_in_load = 1
      ) r
      CROSS JOIN (SELECT 0 AS is_deleted UNION ALL SELECT 1 AS is_deleted) d
      WHERE d.is_deleted = 0
        OR (r._next_full_sequence IS NOT NULL AND (r.seen_again_sequence IS NULL OR r._next_full_sequence < r.seen_again_sequence))
    ) h
  ) c
  WHERE c.state_before IS NULL OR c.state_before <> CONCAT(c.is_deleted, c.attribute_hash)
) v
WHERE (v.valid_to IS NULL AND v.is_deleted = 0) OR v.valid_to > v.valid_from`;

/** The newest version of each entity, also of one that was deleted: facts keep a dimension row for ever. */
const newest = (history, { key, id, attributes }) => `SELECT
  v.${key},
  v.${id},
  ${attributes.map((name) => `v.${name},`).join('\n  ')}
  CAST(CASE WHEN v.is_current = 1 THEN 0 ELSE 1 END AS bit) AS is_deleted,
  v.attribute_hash,
  v.valid_from
FROM (
  SELECT h.*, ROW_NUMBER() OVER (PARTITION BY h.${id} ORDER BY h.valid_from DESC) AS age_of_version
  FROM ${history} h
) v
WHERE v.age_of_version = 1`;

const newestColumns = ({ key, id, attributes }) => [
  key,
  id,
  ...attributes,
  'is_deleted',
  'attribute_hash',
  'valid_from',
];

/** Rows of a history that overlap the next one or leave a hole before it: there must be none. */
const broken = (history, { id }) => `SELECT p.${id}, p.valid_from, p.valid_to, p.next_from
FROM (
  SELECT h.${id}, h.valid_from, h.valid_to, LEAD(h.valid_from) OVER (PARTITION BY h.${id} ORDER BY h.valid_from) AS next_from
  FROM ${history} h
) p
WHERE p.valid_to <= p.valid_from
  OR (p.next_from IS NOT NULL AND (p.valid_to IS NULL OR p.valid_to <> p.next_from))`;

module.exports = { columns, query, newest, newestColumns, broken };
