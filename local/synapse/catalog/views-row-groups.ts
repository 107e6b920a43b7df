/** sys views of the row groups of columnstore indexes. */
import { COMPUTE_NODE, spread } from './row-spread';
import { parseShape, valuesSql } from './shape';
import { indexes, tables } from './table-indexes';
import type { State } from '../tsql/run/state';
import type { ViewDefinition } from './system-views';

const ROW_GROUP = 1_048_576;
const ROW_GROUP_KEY =
  'object_id int!, index_id int!, partition_number int!, row_group_id int!, delta_store_hobt_id bigint, state tinyint!';
const ROW_GROUPS = `${ROW_GROUP_KEY}, state_description nvarchar(60)!, total_rows bigint!, deleted_rows bigint, size_in_bytes bigint!`;
const ROW_GROUP_STATS = `${ROW_GROUP_KEY}, state_desc nvarchar(60)!, total_rows bigint!, deleted_rows bigint, size_in_bytes bigint!, trim_reason tinyint, trim_reason_desc nvarchar(60), transition_to_compressed_state tinyint, transition_to_compressed_state_desc nvarchar(60), has_vertipaq_optimization bit, generation bigint, created_time datetime, closed_time datetime, pdw_node_id int!, distribution_id int`;
/**
 * Row groups of every columnstore index: a million rows each on a distribution. What is left is compressed when it is worth it (102,400
 * rows), and waits in an open one else; `rest` gives the columns behind size_in_bytes.
 */
const rowGroups = (s: State, columns: string, rest = ''): string => {
  const parts = tables(s).flatMap((o) =>
    indexes(o)
      .filter(({ index }) => index.type === 'CLUSTERED COLUMNSTORE')
      .map(
        ({ id, index }) =>
          `SELECT ${o.id} AS o, ${id} AS i, r.*, CAST(unnest(range(0, (r.n + ${ROW_GROUP - 1}) // ${ROW_GROUP})) AS INTEGER) AS g FROM (${spread(s, o, index)}) AS r(p, d, n, pages) WHERE r.n > 0`,
      ),
  );
  if (!parts.length) return valuesSql([], parseShape(columns).length);
  const size = `least(${ROW_GROUP}, n - g * ${ROW_GROUP})`;
  const open = `${size} < 102400`;
  return `SELECT o, i, p, g, CAST(NULL AS BIGINT), CAST(CASE WHEN ${open} THEN 1 ELSE 3 END AS UTINYINT), CASE WHEN ${open} THEN 'OPEN' ELSE 'COMPRESSED' END,
    CAST(${size} AS BIGINT), CASE WHEN ${open} THEN NULL ELSE CAST(0 AS BIGINT) END, CAST(pages * 8192 * ${size} // n AS BIGINT)${rest} FROM (${parts.join(' UNION ALL ')})`;
};

export const ROW_GROUP_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.column_store_row_groups': { columns: ROW_GROUPS, sql: (s) => rowGroups(s, ROW_GROUPS) },
  'sys.pdw_nodes_column_store_row_groups': {
    columns: `${ROW_GROUPS}, pdw_node_id int!, distribution_id int`,
    sql: (s) => rowGroups(s, `${ROW_GROUPS}, pdw_node_id int!, distribution_id int`, `, ${COMPUTE_NODE}, d`),
  },
  'sys.dm_pdw_nodes_db_column_store_row_group_physical_stats': {
    columns: ROW_GROUP_STATS,
    sql: (s) =>
      rowGroups(
        s,
        ROW_GROUP_STATS,
        `, CAST(NULL AS UTINYINT), CAST(NULL AS VARCHAR), CAST(NULL AS UTINYINT), CAST(NULL AS VARCHAR), CAST(NULL AS BOOLEAN), CAST(NULL AS BIGINT), CAST(NULL AS TIMESTAMP_MS), CAST(NULL AS TIMESTAMP_MS), ${COMPUTE_NODE}, d`,
      ),
  },
};
