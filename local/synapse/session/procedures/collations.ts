import type { SystemProcedure } from '../../contract';
import { like, quote, required } from './text';

/** sp_tablecollations_100: the collation of each column, which SqlBulkCopy asks for before it sends data. */
export const spTableCollations: SystemProcedure = {
  parameters: ['@object'],
  batch(given) {
    const parts = required(given, '@object', 'sp_tablecollations_100')
      .split('.')
      .map((part) => part.replaceAll(/[[\]"]/g, ''));
    const schema = parts.length > 1 && parts.at(-2) !== '' ? parts.at(-2)! : null;
    const isText = `DATA_TYPE IN ('char', 'varchar', 'nchar', 'nvarchar', 'text', 'ntext')`;
    const bytes = `CASE WHEN ${isText} THEN CAST(0x0904D00034 AS binary(5)) END`;
    const name = `CAST(CASE WHEN ${isText} THEN 'SQL_Latin1_General_CP1_CI_AS' END AS nvarchar(128))`;
    return `SELECT CAST(ORDINAL_POSITION AS int) AS colid, CAST(COLUMN_NAME AS nvarchar(128)) AS name, ${bytes} AS tds_collation_28,
      ${name} AS collation_28, ${bytes} AS tds_collation_100, ${name} AS collation_100 FROM INFORMATION_SCHEMA.COLUMNS
      WHERE TABLE_NAME = ${quote(parts.at(-1)!)} AND ${like('TABLE_SCHEMA', schema, false)} ORDER BY ORDINAL_POSITION`;
  },
};
