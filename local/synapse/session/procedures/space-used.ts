import type { SystemProcedure } from '../../contract';
import { quote } from './text';

/** Pages of 8 KB as text: `16 KB`. */
const kilobytes = (pages: string, name: string): string =>
  `CAST(CAST(ISNULL(SUM(${pages}), 0) * 8 AS varchar(15)) + ' KB' AS varchar(18)) AS [${name}]`;
const SIZES = [
  kilobytes('p.reserved_page_count', 'reserved'),
  kilobytes('CASE WHEN p.index_id < 2 THEN p.used_page_count ELSE 0 END', 'data'),
  kilobytes('CASE WHEN p.index_id < 2 THEN 0 ELSE p.used_page_count END', 'index_size'),
  kilobytes('p.reserved_page_count - p.used_page_count', 'unused'),
].join(', ');
/** What is reserved is all there is: DuckDB's file has no space set aside for the database's tables. */
const DATABASE = `CAST(DB_NAME() AS nvarchar(128)) AS database_name,
  CAST(CAST(CAST(ISNULL(SUM(p.reserved_page_count), 0) / 128.0 AS decimal(15, 2)) AS varchar(15)) + ' MB' AS varchar(18)) AS database_size,
  CAST('0.00 MB' AS varchar(18)) AS [unallocated space]`;
const STATISTICS = 'FROM sys.dm_db_partition_stats AS p';

/** sp_spaceused: rows and space of a table, or space of the database. */
export const spSpaceUsed: SystemProcedure = {
  parameters: ['@objname', '@updateusage', '@mode', '@oneresultset'],
  batch(given) {
    const name = given['@objname'] ?? null;
    if (name === null)
      return given['@oneresultset'] === '1'
        ? `SELECT ${DATABASE}, ${SIZES} ${STATISTICS}`
        : `SELECT ${DATABASE} ${STATISTICS}; SELECT ${SIZES} ${STATISTICS}`;
    return `IF OBJECT_ID(${quote(name)}) IS NULL RAISERROR(15009, -1, -1, ${quote(name)}, DB_NAME());
      ELSE SELECT CAST(OBJECT_NAME(OBJECT_ID(${quote(name)})) AS nvarchar(128)) AS name,
      CAST(ISNULL(SUM(CASE WHEN p.index_id < 2 THEN p.row_count ELSE 0 END), 0) AS char(20)) AS rows, ${SIZES}
      ${STATISTICS} WHERE p.object_id = OBJECT_ID(${quote(name)})`;
  },
};
