/** DBCC: what a dedicated pool has of it. Its reports are T-SQL over the catalog's own views. */
import { TSqlError } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { mayDefine } from '../../catalog/security';
import { notSupported, refusedByPool } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import { runOwn } from './execute';
import type { Interpreter } from './interpreter';
import { splitName } from './metadata-functions';
import { statisticsReport } from './show-statistics';

/** Commands with nothing to do here: DuckDB looks after its own caches and files. */
const HOUSEKEEPING = new Set([
  'DROPCLEANBUFFERS',
  'FREEPROCCACHE',
  'DROPRESULTSETCACHE',
  'SHRINKDATABASE',
  'SHRINKLOG',
]);
/** Commands of SQL Server that a pool refuses. */
const REFUSED = new Set(
  'CHECKALLOC CHECKCATALOG CHECKCONSTRAINTS CHECKDB CHECKFILEGROUP CHECKIDENT CHECKTABLE CLEANTABLE CLONEDATABASE DBREINDEX FREESESSIONCACHE FREESYSTEMCACHE HELP INDEXDEFRAG INPUTBUFFER OPENTRAN OUTPUTBUFFER PROCCACHE SHOWCONTIG SHRINKFILE SQLPERF TRACEOFF TRACEON TRACESTATUS UPDATEUSAGE USEROPTIONS'.split(
    ' ',
  ),
);

export async function dbcc(i: Interpreter, s: StatementOf<'dbcc'>): Promise<void> {
  const { command, args, options } = s;
  if (HOUSEKEEPING.has(command)) {
    if (!options.includes('NO_INFOMSGS')) finished(i, s.span.line);
    return i.done('other');
  }
  switch (command) {
    case 'PDW_SHOWSPACEUSED':
      return report(i, args.length ? spaceOfTable(target(i, args[0]!, ['U'])) : SPACE_OF_DATABASE);
    case 'PDW_SHOWPARTITIONSTATS':
      return report(i, partitionStatistics(target(i, args[0], ['U'])));
    case 'PDW_SHOWMATERIALIZEDVIEWOVERHEAD':
      return report(i, overhead(target(i, args[0], ['V'])));
    case 'SHOWRESULTCACHESPACEUSED':
      return report(i, NO_CACHE);
    case 'SHOW_STATISTICS': {
      const table = target(i, args[0], ['U', 'V'], true);
      i.env.demand('SELECT', table);
      return runOwn(i, statisticsReport(table, args[1] ?? '', options));
    }
  }
  if (REFUSED.has(command)) throw refusedByPool(`DBCC ${command}`, s.span.line);
  if (command === 'PDW_SHOWEXECUTIONPLAN') throw notSupported(`DBCC ${command}`, s.span.line);
  throw new TSqlError(
    2526,
    'Incorrect DBCC statement. Check the documentation for the correct DBCC syntax and options.',
    3,
  );
}

function finished(i: Interpreter, line: number): void {
  const message = 'DBCC execution completed. If DBCC printed error messages, contact your system administrator.';
  i.state.sink.info({ number: 2528, state: 1, class: 0, line, message });
}

/** A report about the whole service: for those who may see its state. */
async function report(i: Interpreter, sql: string): Promise<void> {
  if (!mayDefine(i.state.catalog.snapshot, i.state.user, 'VIEW DATABASE STATE'))
    throw new TSqlError(262, `VIEW DATABASE STATE permission denied in database '${i.env.database}'.`, 1, 14);
  await runOwn(i, sql);
}

/** The table or materialized view that an argument names; reports of space know no temporary ones. Msg 2501. */
function target(i: Interpreter, name: string | undefined, kinds: readonly string[], temporary = false): ObjectInfo {
  const found = name === undefined ? undefined : i.env.object(splitName(name));
  if (
    !found ||
    !kinds.includes(found.kind) ||
    (found.kind === 'V' && !found.materialized) ||
    (found.temp && !temporary)
  )
    throw new TSqlError(
      2501,
      `Cannot find a table or object with the name "${name ?? ''}". Check the system catalog.`,
      45,
    );
  return found;
}

/** Sizes in KB, of pages of 8 KB. */
const SIZES = `SUM(p.reserved_page_count) * 8 AS RESERVED_SPACE,
  SUM(CASE WHEN p.index_id < 2 THEN p.used_page_count ELSE 0 END) * 8 AS DATA_SPACE,
  SUM(CASE WHEN p.index_id < 2 THEN 0 ELSE p.used_page_count END) * 8 AS INDEX_SPACE,
  SUM(p.reserved_page_count - p.used_page_count) * 8 AS UNUSED_SPACE`;
const SPACE_OF_DATABASE = `SELECT ${SIZES.replaceAll(/SUM\((.*)\) \*/g, 'ISNULL(SUM($1), 0) *')}, n.pdw_node_id AS PDW_NODE_ID
  FROM sys.dm_pdw_nodes AS n LEFT JOIN sys.dm_pdw_nodes_db_partition_stats AS p ON p.pdw_node_id = n.pdw_node_id
  WHERE n.type = 'COMPUTE' GROUP BY n.pdw_node_id`;
const spaceOfTable = (o: ObjectInfo): string =>
  `SELECT SUM(CASE WHEN p.index_id < 2 THEN p.row_count ELSE 0 END) AS ROWS, ${SIZES}, p.pdw_node_id AS PDW_NODE_ID, ${distribution(o)} AS DISTRIBUTION_ID
  FROM sys.dm_pdw_nodes_db_partition_stats AS p WHERE p.object_id = ${o.id} GROUP BY p.pdw_node_id, p.distribution_id ORDER BY DISTRIBUTION_ID`;
const partitionStatistics = (o: ObjectInfo): string =>
  `SELECT p.partition_number AS PARTITION_NUMBER, SUM(p.used_page_count) AS USED_PAGE_COUNT, SUM(p.reserved_page_count) AS RESERVED_PAGE_COUNT,
  SUM(CASE WHEN p.index_id < 2 THEN p.row_count ELSE 0 END) AS ROW_COUNT, p.pdw_node_id AS PDW_NODE_ID, ${distribution(o)} AS DISTRIBUTION_ID
  FROM sys.dm_pdw_nodes_db_partition_stats AS p WHERE p.object_id = ${o.id}
  GROUP BY p.partition_number, p.pdw_node_id, p.distribution_id ORDER BY DISTRIBUTION_ID, PARTITION_NUMBER`;
/** A replicated table is on no distribution of its own. */
const distribution = (o: ObjectInfo): string =>
  o.distribution === 'REPLICATE' ? 'CASE WHEN p.distribution_id > 0 THEN -1 END' : 'p.distribution_id';
/** A materialized view is computed when it is read: no changes of its tables wait beside it. */
const overhead = (o: ObjectInfo): string =>
  `SELECT ${o.id} AS OBJECT_ID, SUM(p.rows) AS BASE_VIEW_ROWS, SUM(p.rows) AS TOTAL_ROWS,
  CAST(SUM(p.rows) * 1.0 / CASE WHEN SUM(p.rows) > 1 THEN SUM(p.rows) ELSE 1 END AS decimal(38, 17)) AS OVERHEAD_RATIO
  FROM sys.partitions AS p WHERE p.object_id = ${o.id}`;
const NO_CACHE =
  'SELECT CAST(0 AS bigint) AS RESERVED_SPACE, CAST(0 AS bigint) AS DATA_SPACE, CAST(0 AS bigint) AS INDEX_SPACE, CAST(0 AS bigint) AS UNUSED_SPACE';
