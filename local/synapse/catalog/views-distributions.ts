/** sys views of distributions: tables, indexes and partitions as they lie on the compute node. */
import type { ObjectInfo } from './model';
import { COMPUTE_NODE, distributionCount, DISTRIBUTIONS, spread } from './row-spread';
import { valuesSql } from './shape';
import { compression, indexes, ofIndexes, partitionId, PARTITIONS, tables, TYPES } from './table-indexes';
import type { State } from '../tsql/run/state';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];
/** 36 characters, the most that the views have. */
const physical = (o: ObjectInfo): string => `Table_${o.id.toString(16).padStart(30, '0')}`;
/** Rows of each partition of each index on each distribution, with the columns that `items` names of `r`. */
const spreadSql = (s: State, columns: string, items: (id: string) => string): string =>
  ofIndexes(
    s,
    columns,
    (o, id, index) =>
      `SELECT ${items(`${partitionId(o, id)}, ${o.id}, ${id}, r.p`)} FROM (${spread(s, o, index)}) AS r(p, d, n, pages)`,
  );
const NODE_PARTITIONS = `${PARTITIONS}, pdw_node_id int!, distribution_id int!`;
const PAGES =
  'in_row_data_page_count bigint, in_row_used_page_count bigint, in_row_reserved_page_count bigint, lob_used_page_count bigint, lob_reserved_page_count bigint, row_overflow_used_page_count bigint, row_overflow_reserved_page_count bigint, used_page_count bigint, reserved_page_count bigint, row_count bigint';
/** Every page is a page of data in a row: DuckDB has no pages of its own to tell apart. */
const PAGES_SQL = 'r.pages, r.pages, r.pages, 0, 0, 0, 0, r.pages, r.pages, r.n';
const PARTITION_STATS = `partition_id bigint!, object_id int!, index_id int!, partition_number int!, ${PAGES}`;
const NODE_PARTITION_STATS = `${PARTITION_STATS}, pdw_node_id int!, distribution_id int!`;

export const DISTRIBUTION_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.pdw_table_distribution_properties': {
    columns: 'object_id int!, distribution_policy tinyint!, distribution_policy_desc nvarchar(60)',
    sql: (s) =>
      valuesSql(
        tables(s).map(
          (o): Row => [
            o.id,
            { HASH: 2, REPLICATE: 3, ROUND_ROBIN: 4 }[o.distribution ?? 'ROUND_ROBIN'],
            o.distribution ?? 'ROUND_ROBIN',
          ],
        ),
        3,
      ),
  },
  'sys.pdw_column_distribution_properties': {
    columns: 'object_id int!, column_id int!, distribution_ordinal tinyint!',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          o.columns.map(
            (c): Row => [
              o.id,
              c.id,
              (o.hashColumns ?? []).findIndex((h) => h.toLowerCase() === c.name.toLowerCase()) + 1,
            ],
          ),
        ),
        3,
      ),
  },
  'sys.pdw_table_mappings': {
    columns: 'physical_name nvarchar(36)!, object_id int!',
    sql: (s) =>
      valuesSql(
        tables(s).map((o): Row => [physical(o), o.id]),
        2,
      ),
  },
  'sys.pdw_permanent_table_mappings': {
    columns: 'physical_name nvarchar(36)!, object_id int!',
    sql: (s) =>
      valuesSql(
        tables(s).map((o): Row => [physical(o), o.id]),
        2,
      ),
  },
  'sys.pdw_index_mappings': {
    columns: 'object_id int!, index_id int!, physical_name nvarchar(36)!',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) => indexes(o).map(({ id }): Row => [o.id, id, `Index_${o.id}_${id}`])),
        3,
      ),
  },
  'sys.pdw_nodes_tables': {
    columns: 'name nvarchar(128)!, object_id int!, pdw_node_id int!, distribution_id int',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          Array.from({ length: distributionCount(o) }, (_, d): Row => [physical(o), o.id, COMPUTE_NODE, d + 1]),
        ),
        4,
      ),
  },
  'sys.pdw_nodes_indexes': {
    columns:
      'object_id int!, name nvarchar(128), index_id int!, type tinyint!, type_desc nvarchar(60), pdw_node_id int!',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          indexes(o).map(
            ({ id, index }): Row => [o.id, index.name || null, id, TYPES[index.type], index.type, COMPUTE_NODE],
          ),
        ),
        6,
      ),
  },
  'sys.pdw_nodes_partitions': {
    columns: NODE_PARTITIONS,
    sql: (s) =>
      ofIndexes(
        s,
        NODE_PARTITIONS,
        (o, id, index) =>
          `SELECT ${partitionId(o, id)}, ${o.id}, ${id}, r.p, ${partitionId(o, id)}, r.n, ${compression(index)}, ${COMPUTE_NODE}, r.d FROM (${spread(s, o, index)}) AS r(p, d, n, pages)`,
      ),
  },
  'sys.pdw_distributions': {
    columns: 'distribution_id int!, pdw_node_id int!, name nvarchar(32)!, position int!',
    sql: () =>
      `SELECT CAST(i AS INTEGER), ${COMPUTE_NODE}, 'Distribution_' || i, CAST(i AS INTEGER) FROM range(1, ${DISTRIBUTIONS + 1}) AS r(i)`,
  },
  'sys.pdw_materialized_view_distribution_properties': {
    columns: 'object_id int!, distribution_policy tinyint!, distribution_policy_desc nvarchar(60)',
    sql: (s) =>
      valuesSql(
        tables(s)
          .filter((o) => o.materialized)
          .map((o): Row => [o.id, 2, o.distribution ?? 'HASH']),
        3,
      ),
  },
  'sys.pdw_replicated_table_cache_state': {
    columns: 'object_id int!, state nvarchar(40)!',
    sql: (s) =>
      valuesSql(
        tables(s)
          .filter((o) => o.distribution === 'REPLICATE')
          .map((o): Row => [o.id, 'Ready']),
        2,
      ),
  },
  'sys.dm_pdw_nodes_db_partition_stats': {
    columns: NODE_PARTITION_STATS,
    sql: (s) => spreadSql(s, NODE_PARTITION_STATS, (key) => `${key}, ${PAGES_SQL}, ${COMPUTE_NODE}, r.d`),
  },
  'sys.dm_db_partition_stats': {
    columns: PARTITION_STATS,
    sql: (s) =>
      `SELECT id, object_id, index_id, p, sum(a), sum(b), sum(c), sum(d), sum(e), sum(f), sum(g), sum(h), sum(i), sum(j)
        FROM (${spreadSql(s, PARTITION_STATS, (key) => `${key}, ${PAGES_SQL}`)}) AS t(id, object_id, index_id, p, a, b, c, d, e, f, g, h, i, j) GROUP BY ALL`,
  },
  'sys.pdw_materialized_view_mappings': {
    columns: 'physical_name nvarchar(36)!, object_id int!',
    sql: (s) =>
      valuesSql(
        tables(s)
          .filter((o) => o.materialized)
          .map((o): Row => [physical(o), o.id]),
        2,
      ),
  },
  'sys.pdw_materialized_view_column_distribution_properties': {
    columns: 'object_id int!, column_id int!, distribution_ordinal tinyint!',
    sql: (s) =>
      valuesSql(
        tables(s)
          .filter((o) => o.materialized)
          .flatMap((o) =>
            o.columns.map(
              (c): Row => [
                o.id,
                c.id,
                (o.hashColumns ?? []).findIndex((h) => h.toLowerCase() === c.name.toLowerCase()) + 1,
              ],
            ),
          ),
        3,
      ),
  },
};
