import type { ProcedureArgument, SystemProcedure } from '../../contract';
import { like, quote, required } from './text';
import { typeTable } from './type-table';

/** Length in bytes, precision and scale of a column, from INFORMATION_SCHEMA.COLUMNS `c` and the type table `t`. */
const precision = `CAST(CASE
  WHEN c.DATA_TYPE IN ('char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary', 'text', 'ntext', 'image')
    THEN CASE WHEN c.CHARACTER_MAXIMUM_LENGTH = -1 THEN CASE WHEN t.data_type IN (-9, -8, -10) THEN 1073741823 ELSE 2147483647 END ELSE c.CHARACTER_MAXIMUM_LENGTH END
  WHEN c.DATA_TYPE IN ('decimal', 'numeric') THEN c.NUMERIC_PRECISION
  WHEN c.DATA_TYPE = 'time' THEN CASE WHEN c.DATETIME_PRECISION = 0 THEN 8 ELSE 9 + c.DATETIME_PRECISION END
  WHEN c.DATA_TYPE = 'datetime2' THEN CASE WHEN c.DATETIME_PRECISION = 0 THEN 19 ELSE 20 + c.DATETIME_PRECISION END
  WHEN c.DATA_TYPE = 'datetimeoffset' THEN CASE WHEN c.DATETIME_PRECISION = 0 THEN 26 ELSE 27 + c.DATETIME_PRECISION END
  WHEN c.DATA_TYPE = 'float' THEN 15 WHEN c.DATA_TYPE = 'real' THEN 7
  ELSE t.fixed_precision END AS int)`;
const length = `CAST(CASE
  WHEN c.DATA_TYPE IN ('nchar', 'nvarchar', 'ntext') THEN CASE WHEN c.CHARACTER_MAXIMUM_LENGTH = -1 THEN 2147483646 ELSE c.CHARACTER_MAXIMUM_LENGTH * 2 END
  WHEN c.DATA_TYPE IN ('char', 'varchar', 'binary', 'varbinary', 'text', 'image') THEN CASE WHEN c.CHARACTER_MAXIMUM_LENGTH = -1 THEN 2147483647 ELSE c.CHARACTER_MAXIMUM_LENGTH END
  WHEN c.DATA_TYPE IN ('decimal', 'numeric') THEN c.NUMERIC_PRECISION + 2
  WHEN c.DATA_TYPE IN ('bigint', 'float') THEN 8 WHEN c.DATA_TYPE IN ('int', 'real') THEN 4
  WHEN c.DATA_TYPE = 'smallint' THEN 2 WHEN c.DATA_TYPE IN ('tinyint', 'bit') THEN 1
  WHEN c.DATA_TYPE = 'money' THEN 21 WHEN c.DATA_TYPE = 'smallmoney' THEN 12
  WHEN c.DATA_TYPE = 'date' THEN 6 WHEN c.DATA_TYPE = 'time' THEN 12 WHEN c.DATA_TYPE = 'datetimeoffset' THEN 20
  WHEN c.DATA_TYPE IN ('datetime', 'datetime2', 'smalldatetime', 'uniqueidentifier') THEN 16 ELSE 8000 END AS int)`;
const scale = `CAST(CASE
  WHEN c.DATA_TYPE IN ('decimal', 'numeric') THEN c.NUMERIC_SCALE
  WHEN c.DATA_TYPE IN ('bigint', 'int', 'smallint', 'tinyint', 'smalldatetime') THEN 0
  WHEN c.DATA_TYPE IN ('money', 'smallmoney') THEN 4 WHEN c.DATA_TYPE = 'datetime' THEN 3
  WHEN c.DATA_TYPE IN ('time', 'datetime2', 'datetimeoffset') THEN c.DATETIME_PRECISION END AS smallint)`;
const octets = `CAST(CASE
  WHEN c.DATA_TYPE IN ('nchar', 'nvarchar', 'ntext') THEN CASE WHEN c.CHARACTER_MAXIMUM_LENGTH = -1 THEN 2147483646 ELSE c.CHARACTER_MAXIMUM_LENGTH * 2 END
  WHEN c.DATA_TYPE IN ('char', 'varchar', 'binary', 'varbinary', 'text', 'image') THEN CASE WHEN c.CHARACTER_MAXIMUM_LENGTH = -1 THEN 2147483647 ELSE c.CHARACTER_MAXIMUM_LENGTH END END AS int)`;

/** What sp_columns_100 tells between IS_NULLABLE and SS_DATA_TYPE; clients read it by position. */
const sql2008 = `CAST(0 AS smallint) AS SS_IS_SPARSE, CAST(0 AS smallint) AS SS_IS_COLUMN_SET, CAST(k.is_computed AS smallint) AS SS_IS_COMPUTED,
    CAST(k.is_identity AS smallint) AS SS_IS_IDENTITY, ${[
      'SS_UDT_CATALOG_NAME',
      'SS_UDT_SCHEMA_NAME',
      'SS_UDT_ASSEMBLY_TYPE_NAME',
      'SS_XML_SCHEMACOLLECTION_CATALOG_NAME',
      'SS_XML_SCHEMACOLLECTION_SCHEMA_NAME',
      'SS_XML_SCHEMACOLLECTION_NAME',
    ]
      .map((name) => `CAST(NULL AS nvarchar(128)) AS ${name}`)
      .join(', ')},`;
const sql2008Source = `LEFT JOIN (SELECT SCHEMA_NAME(o.schema_id) AS owner, o.name AS object, a.name, a.is_computed, a.is_identity
    FROM sys.all_objects AS o INNER JOIN sys.all_columns AS a ON a.object_id = o.object_id) AS k
    ON k.owner = c.TABLE_SCHEMA AND k.object = c.TABLE_NAME AND k.name = c.COLUMN_NAME`;

function batch(given: Readonly<Record<string, ProcedureArgument>>, odbc3: boolean): string {
  const table = required(given, '@table_name', 'sp_columns');
  const usePattern = given['@fusepattern'] !== '0';
  return `SELECT CAST(c.TABLE_CATALOG AS nvarchar(128)) AS TABLE_QUALIFIER, CAST(c.TABLE_SCHEMA AS nvarchar(128)) AS TABLE_OWNER,
    CAST(c.TABLE_NAME AS nvarchar(128)) AS TABLE_NAME, CAST(c.COLUMN_NAME AS nvarchar(128)) AS COLUMN_NAME,
    CAST(t.data_type AS smallint) AS DATA_TYPE, CAST(c.DATA_TYPE AS nvarchar(128)) AS TYPE_NAME,
    ${precision} AS [PRECISION], ${length} AS [LENGTH], ${scale} AS SCALE, CAST(t.radix AS smallint) AS RADIX,
    CAST(CASE c.IS_NULLABLE WHEN 'NO' THEN 0 ELSE 1 END AS smallint) AS NULLABLE, CAST(NULL AS varchar(254)) AS REMARKS,
    CAST(c.COLUMN_DEFAULT AS nvarchar(4000)) AS COLUMN_DEF, CAST(t.sql_data_type AS smallint) AS SQL_DATA_TYPE,
    CAST(t.datetime_sub AS smallint) AS SQL_DATETIME_SUB, ${octets} AS CHAR_OCTET_LENGTH,
    CAST(c.ORDINAL_POSITION AS int) AS ORDINAL_POSITION, CAST(c.IS_NULLABLE AS varchar(254)) AS IS_NULLABLE,
    ${odbc3 ? sql2008 : ''} CAST(t.tds_type AS tinyint) AS SS_DATA_TYPE
    FROM INFORMATION_SCHEMA.COLUMNS AS c INNER JOIN (${typeTable(odbc3)}) AS t ON t.type_name = c.DATA_TYPE ${odbc3 ? sql2008Source : ''}
    WHERE ${like('c.TABLE_NAME', table, usePattern)} AND ${like('c.TABLE_SCHEMA', given['@table_owner'], usePattern)}
    AND ${like('c.COLUMN_NAME', given['@column_name'], usePattern)}
    ORDER BY c.TABLE_CATALOG, c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;
}

const parameters = ['@table_name', '@table_owner', '@table_qualifier', '@column_name', '@ODBCVer', '@fUsePattern'];

/** sp_columns and sp_columns_90: date types in the terms of old clients. */
export const spColumns: SystemProcedure = { parameters, batch: (given) => batch(given, false) };

/** sp_columns_100: with the date types of SQL Server 2008. */
export const spColumns100: SystemProcedure = {
  parameters: [...parameters.slice(0, 4), '@NameScope', '@ODBCVer', '@fUsePattern'],
  batch: (given) => batch(given, true),
};

/** sp_special_columns: the columns that name a row best. A pool enforces no key and has no row version, so: none. */
export const spSpecialColumns: SystemProcedure = {
  parameters: ['@table_name', '@table_owner', '@table_qualifier', '@col_type', '@scope', '@nullable', '@ODBCVer'],
  batch(given) {
    required(given, '@table_name', 'sp_special_columns');
    return `SELECT CAST(2 AS smallint) AS SCOPE, CAST('' AS nvarchar(128)) AS COLUMN_NAME, CAST(0 AS smallint) AS DATA_TYPE,
      CAST('' AS nvarchar(128)) AS TYPE_NAME, CAST(0 AS int) AS [PRECISION], CAST(0 AS int) AS [LENGTH], CAST(0 AS smallint) AS SCALE,
      CAST(1 AS smallint) AS PSEUDO_COLUMN WHERE 1 = 0`;
  },
};

/** Columns of PRIMARY KEY ... NOT ENFORCED constraints (a pool's only keys). */
export const spPkeys: SystemProcedure = {
  parameters: ['@table_name', '@table_owner', '@table_qualifier'],
  batch(given) {
    const table = required(given, '@table_name', 'sp_pkeys');
    return `SELECT CAST(DB_NAME() AS nvarchar(128)) AS TABLE_QUALIFIER, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS TABLE_OWNER,
      CAST(o.name AS nvarchar(128)) AS TABLE_NAME, CAST(c.name AS nvarchar(128)) AS COLUMN_NAME,
      CAST(ic.key_ordinal AS smallint) AS KEY_SEQ, CAST(k.name AS nvarchar(128)) AS PK_NAME
      FROM sys.key_constraints AS k
      INNER JOIN sys.tables AS o ON o.object_id = k.parent_object_id
      INNER JOIN sys.index_columns AS ic ON ic.object_id = k.parent_object_id AND ic.index_id = k.unique_index_id
      INNER JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
      WHERE k.type = 'PK' AND o.name = ${quote(table)} AND ${like('SCHEMA_NAME(o.schema_id)', given['@table_owner'], false)}
      ORDER BY TABLE_OWNER, TABLE_NAME, KEY_SEQ`;
  },
};

/** A dedicated pool has no foreign keys: always no row. */
export const spFkeys: SystemProcedure = {
  parameters: [
    '@pktable_name',
    '@pktable_owner',
    '@pktable_qualifier',
    '@fktable_name',
    '@fktable_owner',
    '@fktable_qualifier',
  ],
  batch() {
    const name = (column: string): string => `CAST('' AS nvarchar(128)) AS ${column}`;
    const small = (column: string): string => `CAST(0 AS smallint) AS ${column}`;
    return `SELECT ${['PKTABLE_QUALIFIER', 'PKTABLE_OWNER', 'PKTABLE_NAME', 'PKCOLUMN_NAME', 'FKTABLE_QUALIFIER', 'FKTABLE_OWNER', 'FKTABLE_NAME', 'FKCOLUMN_NAME'].map(name).join(', ')},
      ${['KEY_SEQ', 'UPDATE_RULE', 'DELETE_RULE'].map(small).join(', ')}, ${['FK_NAME', 'PK_NAME'].map(name).join(', ')}, ${small('DEFERRABILITY')} WHERE 1 = 0`;
  },
};

/** sp_statistics: one row of table statistics (type 0); indexes of a pool are no access paths that a client could use. */
export const spStatistics: SystemProcedure = {
  parameters: ['@table_name', '@table_owner', '@table_qualifier', '@index_name', '@is_unique', '@accuracy'],
  batch(given) {
    const table = required(given, '@table_name', 'sp_statistics');
    return `SELECT CAST(TABLE_CATALOG AS nvarchar(128)) AS TABLE_QUALIFIER, CAST(TABLE_SCHEMA AS nvarchar(128)) AS TABLE_OWNER,
      CAST(TABLE_NAME AS nvarchar(128)) AS TABLE_NAME, CAST(NULL AS smallint) AS NON_UNIQUE, CAST(NULL AS nvarchar(128)) AS INDEX_QUALIFIER,
      CAST(NULL AS nvarchar(128)) AS INDEX_NAME, CAST(0 AS smallint) AS TYPE, CAST(NULL AS smallint) AS SEQ_IN_INDEX,
      CAST(NULL AS nvarchar(128)) AS COLUMN_NAME, CAST(NULL AS varchar(1)) AS COLLATION, CAST(NULL AS int) AS CARDINALITY,
      CAST(NULL AS int) AS PAGES, CAST(NULL AS varchar(128)) AS FILTER_CONDITION
      FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME = ${quote(table)} AND ${like('TABLE_SCHEMA', given['@table_owner'], false)}`;
  },
};
