import type { SystemProcedure } from '../../contract';
import { like } from './text';
import { typeTable } from './type-table';

/** sp_stored_procedures: procedures and functions; the `;1` of SQL Server's group number is kept, clients cut it off. */
export const spStoredProcedures: SystemProcedure = {
  parameters: ['@sp_name', '@sp_owner', '@sp_qualifier', '@fUsePattern'],
  batch(given) {
    const usePattern = given['@fusepattern'] !== '0';
    return `SELECT CAST(DB_NAME() AS nvarchar(128)) AS PROCEDURE_QUALIFIER, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS PROCEDURE_OWNER,
      CAST(o.name + CASE o.type WHEN 'P' THEN ';1' ELSE ';0' END AS nvarchar(134)) AS PROCEDURE_NAME, CAST(-1 AS int) AS NUM_INPUT_PARAMS,
      CAST(-1 AS int) AS NUM_OUTPUT_PARAMS, CAST(-1 AS int) AS NUM_RESULT_SETS, CAST(NULL AS varchar(254)) AS REMARKS,
      CAST(2 AS smallint) AS PROCEDURE_TYPE
      FROM sys.objects AS o WHERE o.type IN ('P', 'FN', 'IF', 'TF') AND ${like('o.name', given['@sp_name'], usePattern)}
      AND ${like('SCHEMA_NAME(o.schema_id)', given['@sp_owner'], usePattern)}
      ORDER BY PROCEDURE_OWNER, PROCEDURE_NAME`;
  },
};

function sprocColumns(odbc3: boolean): SystemProcedure {
  return {
    parameters: [
      '@procedure_name',
      '@procedure_owner',
      '@procedure_qualifier',
      '@column_name',
      '@ODBCVer',
      '@fUsePattern',
    ],
    batch(given) {
      const usePattern = given['@fusepattern'] !== '0';
      return `SELECT CAST(DB_NAME() AS nvarchar(128)) AS PROCEDURE_QUALIFIER, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS PROCEDURE_OWNER,
        CAST(o.name + ';1' AS nvarchar(134)) AS PROCEDURE_NAME, CAST(p.name AS nvarchar(128)) AS COLUMN_NAME,
        CAST(CASE WHEN p.is_output = 1 THEN 2 ELSE 1 END AS smallint) AS COLUMN_TYPE, CAST(t.data_type AS smallint) AS DATA_TYPE,
        CAST(t.type_name AS nvarchar(128)) AS TYPE_NAME, CAST(CASE WHEN p.precision > 0 THEN p.precision ELSE p.max_length END AS int) AS [PRECISION],
        CAST(p.max_length AS int) AS [LENGTH], CAST(p.scale AS smallint) AS SCALE, CAST(t.radix AS smallint) AS RADIX, CAST(1 AS smallint) AS NULLABLE,
        CAST(NULL AS varchar(254)) AS REMARKS, CAST(NULL AS nvarchar(4000)) AS COLUMN_DEF, CAST(t.sql_data_type AS smallint) AS SQL_DATA_TYPE,
        CAST(t.datetime_sub AS smallint) AS SQL_DATETIME_SUB, CAST(NULL AS int) AS CHAR_OCTET_LENGTH, CAST(p.parameter_id AS int) AS ORDINAL_POSITION,
        CAST('YES' AS varchar(254)) AS IS_NULLABLE, CAST(t.tds_type AS tinyint) AS SS_DATA_TYPE
        FROM sys.parameters AS p INNER JOIN sys.objects AS o ON o.object_id = p.object_id
        INNER JOIN (${typeTable(odbc3)}) AS t ON t.type_name = TYPE_NAME(p.user_type_id)
        WHERE ${like('o.name', given['@procedure_name'], usePattern)} AND ${like('SCHEMA_NAME(o.schema_id)', given['@procedure_owner'], usePattern)}
        AND ${like('p.name', given['@column_name'], usePattern)}
        ORDER BY PROCEDURE_OWNER, PROCEDURE_NAME, ORDINAL_POSITION`;
    },
  };
}

/** sp_sproc_columns: parameters of procedures, in the terms of old clients. */
export const spSprocColumns = sprocColumns(false);
/** sp_sproc_columns_100: with the date types of SQL Server 2008. */
export const spSprocColumns100 = sprocColumns(true);
