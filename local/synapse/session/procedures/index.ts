import type { SystemProcedure } from '../../contract';
import { spGetAppLock, spReleaseAppLock } from './app-lock';
import { spTableCollations } from './collations';
import { spColumns, spColumns100, spFkeys, spPkeys, spSpecialColumns, spStatistics } from './columns';
import { spDescribeFirstResultSet, spDescribeUndeclaredParameters } from './describe';
import { spHelp, spHelpIndex } from './help';
import { spHelpText } from './help-text';
import { spColumnPrivileges, spTablePrivileges } from './privileges';
import { spSprocColumns, spSprocColumns100, spStoredProcedures } from './routines';
import { spServerInfo } from './server-info';
import { spSpaceUsed } from './space-used';
import { spDatabases, spTables } from './tables';
import { like } from './text';
import { datatypeInfo } from './type-table';

/** `named100` = sp_datatype_info_100, which knows the types of SQL Server 2008. */
const spDatatypeInfo = (named100: boolean): SystemProcedure => ({
  parameters: ['@data_type', '@ODBCVer'],
  batch: (given) =>
    datatypeInfo(Number.parseInt(given['@data_type'] ?? '0', 10) || 0, {
      odbc3: given['@odbcver'] === '3',
      named100,
    }),
});

/** Catalog procedures by lower-case name. */
export const systemProcedures: ReadonlyMap<string, SystemProcedure> = new Map<string, SystemProcedure>([
  ['sp_tables', spTables],
  // What FreeTDS asks for patterns of catalogs.
  ['sp_tableswc', spTables],
  ['sp_columns', spColumns],
  ['sp_columns_90', spColumns],
  ['sp_columns_100', spColumns100],
  ['sp_special_columns', spSpecialColumns],
  ['sp_special_columns_90', spSpecialColumns],
  ['sp_special_columns_100', spSpecialColumns],
  ['sp_pkeys', spPkeys],
  ['sp_fkeys', spFkeys],
  ['sp_statistics', spStatistics],
  ['sp_statistics_100', spStatistics],
  ['sp_table_privileges', spTablePrivileges],
  ['sp_column_privileges', spColumnPrivileges],
  ['sp_databases', spDatabases],
  // What JDBC asks for the most connections, where sys.configurations does not tell.
  [
    'sp_configure',
    {
      parameters: ['@configname'],
      batch: (given) =>
        `SELECT name, minimum, maximum, value AS config_value, value_in_use AS run_value FROM sys.configurations WHERE ${like('name', given['@configname'])} ORDER BY name`,
    },
  ],
  // What OLE DB asks first: may the user write?
  ['sp_oledb_ro_usrname', { parameters: [], batch: () => "SELECT 'N', USER_NAME()" }],
  ['sp_server_info', spServerInfo],
  ['sp_stored_procedures', spStoredProcedures],
  ['sp_sproc_columns', spSprocColumns],
  ['sp_sproc_columns_90', spSprocColumns],
  ['sp_sproc_columns_100', spSprocColumns100],
  ['sp_datatype_info', spDatatypeInfo(false)],
  ['sp_datatype_info_90', spDatatypeInfo(false)],
  ['sp_datatype_info_100', spDatatypeInfo(true)],
  ['sp_tablecollations_90', spTableCollations],
  ['sp_tablecollations_100', spTableCollations],
  ['sp_help', spHelp],
  ['sp_helptext', spHelpText],
  ['sp_helpindex', spHelpIndex],
  ['sp_spaceused', spSpaceUsed],
  ['sp_getapplock', spGetAppLock],
  ['sp_releaseapplock', spReleaseAppLock],
  ['sp_describe_first_result_set', spDescribeFirstResultSet],
  ['sp_describe_undeclared_parameters', spDescribeUndeclaredParameters],
]);
