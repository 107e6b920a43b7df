/** sys views of indexes, statistics, partitions, distributions and external data. */
import { statisticsId, type IndexInfo, type ObjectInfo } from './model';
import { COMPUTE_NODE, distributionCount, DISTRIBUTIONS, partitionRows, spread } from './row-spread';
import { parseShape, valuesSql } from './shape';
import { partitionCount } from '../tsql/bind/partition';
import type { State } from '../tsql/run/state';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];
const tables = (s: State): ObjectInfo[] =>
  [...s.catalog.snapshot.objects.values()].filter((o) => o.kind === 'U' || o.materialized);
/** index_id: 0 heap, 1 clustered, 2 and up the others. */
function indexes(o: ObjectInfo): { id: number; index: IndexInfo }[] {
  let next = 2;
  const list = o.indexes ?? [];
  const base = list.find((i) => i.type !== 'NONCLUSTERED') ?? { name: '', type: 'HEAP' as const, columns: [] };
  return [
    { id: base.type === 'HEAP' ? 0 : 1, index: base },
    ...list.filter((i) => i.type === 'NONCLUSTERED').map((index) => ({ id: next++, index })),
  ];
}
const TYPES = { HEAP: 0, CLUSTERED: 1, NONCLUSTERED: 2, 'CLUSTERED COLUMNSTORE': 5 } as const;
const columnId = (o: ObjectInfo, name: string): number =>
  o.columns.find((c) => c.name.toLowerCase() === name.toLowerCase())?.id ?? 0;
/** 36 characters, the most that the views have. */
const physical = (o: ObjectInfo): string => `Table_${o.id.toString(16).padStart(30, '0')}`;
/** How an index is compressed: code and name. */
const compression = (index: IndexInfo): string =>
  index.type === 'CLUSTERED COLUMNSTORE' ? "3, 'COLUMNSTORE'" : "0, 'NONE'";
const partitionId = (o: ObjectInfo, indexId: number): string =>
  `CAST(${o.id * 10000 + indexId * 1000} + r.p AS BIGINT)`;
/** `sql` of each index of each table, one after the other. */
function ofIndexes(s: State, columns: string, sql: (o: ObjectInfo, id: number, index: IndexInfo) => string): string {
  const parts = tables(s).flatMap((o) => indexes(o).map(({ id, index }) => sql(o, id, index)));
  return parts.length ? parts.join(' UNION ALL ') : valuesSql([], parseShape(columns).length);
}
/** Rows of each partition of each index on each distribution, with the columns that `items` names of `r`. */
const spreadSql = (s: State, columns: string, items: (id: string) => string): string =>
  ofIndexes(
    s,
    columns,
    (o, id, index) =>
      `SELECT ${items(`${partitionId(o, id)}, ${o.id}, ${id}, r.p`)} FROM (${spread(s, o, index)}) AS r(p, d, n, pages)`,
  );
const PARTITIONS =
  'partition_id bigint!, object_id int!, index_id int!, partition_number int!, hobt_id bigint!, rows bigint, data_compression tinyint!, data_compression_desc nvarchar(60)';
const NODE_PARTITIONS =
  'partition_id bigint!, object_id int!, index_id int!, partition_number int!, hobt_id bigint!, rows bigint, data_compression tinyint!, data_compression_desc nvarchar(60), pdw_node_id int!, distribution_id int!';
const PAGES =
  'in_row_data_page_count bigint, in_row_used_page_count bigint, in_row_reserved_page_count bigint, lob_used_page_count bigint, lob_reserved_page_count bigint, row_overflow_used_page_count bigint, row_overflow_reserved_page_count bigint, used_page_count bigint, reserved_page_count bigint, row_count bigint';
/** Every page is a page of data in a row: DuckDB has no pages of its own to tell apart. */
const PAGES_SQL = 'r.pages, r.pages, r.pages, 0, 0, 0, 0, r.pages, r.pages, r.n';
const PARTITION_STATS = `partition_id bigint!, object_id int!, index_id int!, partition_number int!, ${PAGES}`;
const NODE_PARTITION_STATS = `${PARTITION_STATS}, pdw_node_id int!, distribution_id int!`;

export const STORAGE_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.indexes': {
    columns:
      'object_id int!, name nvarchar(128), index_id int!, type tinyint!, type_desc nvarchar(60), is_unique bit, data_space_id int, ignore_dup_key bit, is_primary_key bit, is_unique_constraint bit, fill_factor tinyint!, is_padded bit, is_disabled bit, is_hypothetical bit, has_filter bit, filter_definition nvarchar(max)',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          indexes(o).map(
            ({ id, index }): Row => [
              o.id,
              index.name || null,
              id,
              TYPES[index.type],
              index.type,
              Boolean(index.unique ?? index.primaryKey),
              o.partition ? o.id : 1,
              false,
              Boolean(index.primaryKey),
              Boolean(index.unique && !index.primaryKey),
              0,
              false,
              false,
              false,
              false,
              null,
            ],
          ),
        ),
        16,
      ),
  },
  'sys.index_columns': {
    columns:
      'object_id int!, index_id int!, index_column_id int!, column_id int!, key_ordinal tinyint!, partition_ordinal tinyint!, is_descending_key bit, is_included_column bit, column_store_order_ordinal tinyint',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          indexes(o).flatMap(({ id, index }) => {
            const columnstore = index.type === 'CLUSTERED COLUMNSTORE';
            const listed = columnstore ? o.columns.map((c) => ({ name: c.name, descending: false })) : index.columns;
            return listed.map(
              (c, i): Row => [
                o.id,
                id,
                i + 1,
                columnId(o, c.name),
                columnstore ? 0 : i + 1,
                o.partition?.column.toLowerCase() === c.name.toLowerCase() ? 1 : 0,
                c.descending,
                columnstore,
                columnstore ? index.columns.findIndex((x) => x.name.toLowerCase() === c.name.toLowerCase()) + 1 : 0,
              ],
            );
          }),
        ),
        9,
      ),
  },
  'sys.stats': {
    columns:
      'object_id int!, name nvarchar(128), stats_id int!, auto_created bit, user_created bit, no_recompute bit, has_filter bit, filter_definition nvarchar(max), is_temporary bit, is_incremental bit',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) => [
          ...indexes(o)
            .filter(({ id }) => id > 0)
            .map(({ id, index }): Row => [o.id, index.name, id, false, false, false, false, null, false, false]),
          ...(o.statistics ?? []).map(
            (x, i): Row => [
              o.id,
              x.name,
              statisticsId(i),
              x.auto,
              !x.auto,
              false,
              Boolean(x.filter),
              x.filter ? `(${x.filter})` : null,
              false,
              false,
            ],
          ),
        ]),
        10,
      ),
  },
  'sys.stats_columns': {
    columns: 'object_id int!, stats_id int!, stats_column_id int!, column_id int',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          (o.statistics ?? []).flatMap((x, i) =>
            x.columns.map((c, k): Row => [o.id, statisticsId(i), k + 1, columnId(o, c)]),
          ),
        ),
        4,
      ),
  },
  'sys.partitions': {
    columns: PARTITIONS,
    sql: (s) =>
      ofIndexes(
        s,
        PARTITIONS,
        (o, id, index) =>
          `SELECT ${partitionId(o, id)}, ${o.id}, ${id}, r.p, ${partitionId(o, id)}, r.n, ${compression(index)} FROM (${partitionRows(s, o)}) AS r(p, n)`,
      ),
  },
  'sys.partition_schemes': {
    columns: 'name nvarchar(128)!, data_space_id int!, type char(2), function_id int!',
    sql: (s) =>
      valuesSql(
        tables(s)
          .filter((o) => o.partition)
          .map((o): Row => [`ps_${o.id}`, o.id, 'PS', o.id]),
        4,
      ),
  },
  'sys.partition_functions': {
    columns: 'name nvarchar(128)!, function_id int!, type char(2), fanout int!, boundary_value_on_right bit!',
    sql: (s) =>
      valuesSql(
        tables(s)
          .filter((o) => o.partition)
          .map((o): Row => [`pf_${o.id}`, o.id, 'R', partitionCount(o), o.partition!.right]),
        5,
      ),
  },
  'sys.partition_range_values': {
    columns: 'function_id int!, boundary_id int!, parameter_id int!, value nvarchar(4000)',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) => (o.partition?.values ?? []).map((v, i): Row => [o.id, i + 1, 1, v])),
        4,
      ),
  },
  'sys.data_spaces': {
    columns: 'name nvarchar(128)!, data_space_id int!, type char(2), is_default bit',
    sql: (s) =>
      valuesSql(
        [
          ['PRIMARY', 1, 'FG', true],
          ...tables(s)
            .filter((o) => o.partition)
            .map((o): Row => [`ps_${o.id}`, o.id, 'PS', false]),
        ],
        4,
      ),
  },
  'sys.filegroups': {
    columns: 'name nvarchar(128)!, data_space_id int!, type char(2), is_default bit',
    sql: () => "SELECT 'PRIMARY', 1, 'FG', true",
  },
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
  'sys.external_data_sources': {
    columns:
      'data_source_id int!, name nvarchar(128)!, location nvarchar(4000)!, type_desc nvarchar(255), type tinyint, credential_id int',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.dataSources.values()].map(
          (d): Row => [d.id, d.name, String(d.options.LOCATION ?? ''), 'HADOOP', 0, null],
        ),
        6,
      ),
  },
  'sys.external_file_formats': {
    columns:
      'file_format_id int!, name nvarchar(128)!, format_type nvarchar(100), field_terminator nvarchar(10), string_delimiter nvarchar(10), first_row int, data_compression nvarchar(255)',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.fileFormats.values()].map((f): Row => {
          const o = (f.options.FORMAT_OPTIONS ?? {}) as Record<string, string | undefined>;
          return [
            f.id,
            f.name,
            String(f.options.FORMAT_TYPE ?? 'PARQUET'),
            o.FIELD_TERMINATOR ?? null,
            o.STRING_DELIMITER ?? null,
            Number(o.FIRST_ROW ?? 1),
            typeof f.options.DATA_COMPRESSION === 'string' ? f.options.DATA_COMPRESSION : null,
          ];
        }),
        7,
      ),
  },
  'sys.external_tables': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, location nvarchar(4000), data_source_id int, file_format_id int',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.objects.values()]
          .filter((o) => o.kind === 'ET')
          .map(
            (o): Row => [
              o.name,
              o.id,
              catalog.snapshot.schemas.get(o.schema.toLowerCase())?.id ?? 1,
              String(o.external?.LOCATION ?? ''),
              catalog.snapshot.dataSources.get(String(o.external?.DATA_SOURCE ?? '').toLowerCase())?.id ?? null,
              catalog.snapshot.fileFormats.get(String(o.external?.FILE_FORMAT ?? '').toLowerCase())?.id ?? null,
            ],
          ),
        6,
      ),
  },
};
