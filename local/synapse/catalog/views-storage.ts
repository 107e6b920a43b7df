/** sys views of indexes, statistics, partitions, distributions and external data. */
import type { IndexInfo, ObjectInfo } from './model';
import { valuesSql } from './shape';
import { partitionCondition, partitionCount } from '../tsql/bind/partition';
import { physicalName } from '../tsql/bind/tables';
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
const physical = (o: ObjectInfo): string => `Table_${o.id.toString(16).padStart(32, '0')}`;
/** A row for each partition of each index: object, index, partition and how it is compressed. */
const partitions = (s: State): Row[] =>
  tables(s).flatMap((o) =>
    indexes(o).flatMap(({ id, index }) =>
      Array.from({ length: partitionCount(o) }, (_, p): Row => {
        const isColumnstore = index.type === 'CLUSTERED COLUMNSTORE';
        return [
          o.id * 10000 + id * 1000 + p + 1,
          o.id,
          id,
          p + 1,
          ...(isColumnstore ? [3, 'COLUMNSTORE'] : [0, 'NONE']),
        ];
      }),
    ),
  );
/** The same with rows `n`, which are counted: DuckDB's own estimate holds deleted rows as well. */
function countedPartitions(s: State): string {
  const counts = tables(s).flatMap((o) =>
    Array.from(
      { length: partitionCount(o) },
      (_, p) =>
        `SELECT ${o.id} AS id, ${p + 1} AS p, count(*) AS n FROM ${physicalName(o)} WHERE ${partitionCondition(o, p + 1)}`,
    ),
  );
  const rows = counts.length ? counts.join(' UNION ALL ') : 'SELECT 0 AS id, 0 AS p, 0 AS n WHERE false';
  return `(SELECT CAST(v.a AS BIGINT) AS partition_id, v.b AS id, v.c AS index_id, v.d AS p, r.n, v.e, v.f
    FROM (${valuesSql(partitions(s), 6)}) AS v(a, b, c, d, e, f) JOIN (${rows}) AS r ON r.id = v.b AND r.p = v.d) AS x`;
}

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
            (x, i): Row => [o.id, x.name, i + 10, x.auto, !x.auto, false, false, null, false, false],
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
          (o.statistics ?? []).flatMap((x, i) => x.columns.map((c, k): Row => [o.id, i + 10, k + 1, columnId(o, c)])),
        ),
        4,
      ),
  },
  'sys.partitions': {
    columns:
      'partition_id bigint!, object_id int!, index_id int!, partition_number int!, hobt_id bigint!, rows bigint, data_compression tinyint!, data_compression_desc nvarchar(60)',
    sql: (s) =>
      `SELECT partition_id, id, index_id, p, partition_id, n, CAST(e AS UTINYINT), f FROM ${countedPartitions(s)}`,
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
        tables(s).map((o): Row => [physical(o).slice(0, 36), o.id]),
        2,
      ),
  },
  'sys.pdw_permanent_table_mappings': {
    columns: 'physical_name nvarchar(36)!, object_id int!',
    sql: (s) =>
      valuesSql(
        tables(s).map((o): Row => [physical(o).slice(0, 36), o.id]),
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
        tables(s).map((o): Row => [physical(o).slice(0, 36), o.id, 1, 1]),
        4,
      ),
  },
  'sys.pdw_nodes_indexes': {
    columns:
      'object_id int!, name nvarchar(128), index_id int!, type tinyint!, type_desc nvarchar(60), pdw_node_id int!',
    sql: (s) =>
      valuesSql(
        tables(s).flatMap((o) =>
          indexes(o).map(({ id, index }): Row => [o.id, index.name || null, id, TYPES[index.type], index.type, 1]),
        ),
        6,
      ),
  },
  'sys.pdw_nodes_partitions': {
    columns:
      'partition_id bigint!, object_id int!, index_id int!, partition_number int!, rows bigint, pdw_node_id int!, distribution_id int!',
    sql: (s) => `SELECT partition_id, id, index_id, p, n, 1, 1 FROM ${countedPartitions(s)}`,
  },
  'sys.pdw_distributions': {
    columns: 'distribution_id int!, pdw_node_id int!, name nvarchar(32)!, position int!',
    sql: () => "SELECT CAST(i AS INTEGER), 1, 'Distribution_' || i, CAST(i AS INTEGER) FROM range(1, 61) AS r(i)",
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
    columns:
      'partition_id bigint!, object_id int!, index_id int!, partition_number int!, in_row_data_page_count bigint, used_page_count bigint, reserved_page_count bigint, row_count bigint, pdw_node_id int!, distribution_id int!',
    sql: (s) =>
      `SELECT partition_id, id, index_id, p, CAST(0 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT), n, 1, 1 FROM ${countedPartitions(s)}`,
  },
  'sys.dm_db_partition_stats': {
    columns:
      'partition_id bigint!, object_id int!, index_id int!, partition_number int!, row_count bigint, used_page_count bigint, reserved_page_count bigint',
    sql: (s) =>
      `SELECT partition_id, id, index_id, p, n, CAST(0 AS BIGINT), CAST(0 AS BIGINT) FROM ${countedPartitions(s)}`,
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
