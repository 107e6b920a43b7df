import type { SystemProcedure } from '../../contract';
import { quote, rowsOf } from './text';

/** Attributes of ODBC's view of a server (sp_server_info of SQL Server, those that clients read). */
const attributes: readonly (readonly [number, string, string])[] = [
  [1, 'DBMS_NAME', 'Microsoft SQL Server'],
  [2, 'DBMS_VER', 'Microsoft Azure SQL Data Warehouse - 12.0.2000.8'],
  [10, 'OWNER_TERM', 'owner'],
  [11, 'TABLE_TERM', 'table'],
  [12, 'MAX_OWNER_NAME_LENGTH', '128'],
  [13, 'TABLE_LENGTH', '128'],
  [14, 'MAX_QUAL_LENGTH', '128'],
  [15, 'COLUMN_LENGTH', '128'],
  [16, 'IDENTIFIER_CASE', 'MIXED'],
  [17, 'TX_ISOLATION', '1'],
  [18, 'COLLATION_SEQ', 'charset=cp1252 collation=SQL_Latin1_General_CP1_CI_AS'],
  [19, 'SAVEPOINT_SUPPORT', 'N'],
  [20, 'MULTI_RESULT_SETS', 'Y'],
  [22, 'ACCESSIBLE_TABLES', 'Y'],
  [100, 'USERID_LENGTH', '128'],
  [101, 'QUALIFIER_TERM', 'database'],
  [102, 'NAMED_TRANSACTIONS', 'N'],
  [103, 'SPROC_AS_LANGUAGE', 'N'],
  [104, 'ACCESSIBLE_SPROC', 'Y'],
  [105, 'MAX_INDEX_COLS', '32'],
  [106, 'RENAME_TABLE', 'Y'],
  [107, 'RENAME_COLUMN', 'Y'],
  [108, 'DROP_COLUMN', 'Y'],
  [109, 'INCREASE_COLUMN_LENGTH', 'Y'],
  [110, 'DDL_IN_TRANSACTION', 'N'],
  [111, 'DESCENDING_INDEXES', 'Y'],
  [112, 'SP_RENAME', 'Y'],
  [113, 'REMOTE_SPROC', 'N'],
  [500, 'SYS_SPROC_VERSION', '12.00.2000'],
];

/** sp_server_info, whole or one attribute. */
export const spServerInfo: SystemProcedure = {
  parameters: ['@attribute_id'],
  batch(given) {
    const rows = rowsOf(
      attributes.map(([id, name, value]) => ({
        attribute_id: `CAST(${id} AS int)`,
        attribute_name: `CAST(${quote(name)} AS varchar(60))`,
        attribute_value: `CAST(${quote(value)} AS varchar(255))`,
      })),
    );
    const wanted = given['@attribute_id'];
    const filter =
      wanted === undefined || wanted === null ? '' : ` WHERE attribute_id = ${Number.parseInt(wanted, 10) || 0}`;
    return `SELECT attribute_id, attribute_name, attribute_value FROM (${rows}) AS t${filter} ORDER BY attribute_id`;
  },
};
