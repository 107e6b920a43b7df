/** sys views of indexes, statistics and partitions. */
import { statisticsId } from './model';
import { partitionRows } from './row-spread';
import { valuesSql } from './shape';
import { columnId, compression, indexes, ofIndexes, partitionId, PARTITIONS, tables, TYPES } from './table-indexes';
import { partitionCount } from '../tsql/bind/partition';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];

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
};
