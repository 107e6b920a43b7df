import type { SystemProcedure } from '../../contract';
import { like, quote } from './text';

const columns = `TABLE_QUALIFIER, TABLE_OWNER, TABLE_NAME, TABLE_TYPE, CAST(NULL AS varchar(254)) AS REMARKS`;

/** sp_tables: tables and views, those of the system too; '%' alone in one argument lists the catalogs, schemas or table types (ODBC SQLTables). */
export const spTables: SystemProcedure = {
  parameters: ['@table_name', '@table_owner', '@table_qualifier', '@table_type', '@fUsePattern'],
  batch(given) {
    const name = given['@table_name'] ?? null;
    const owner = given['@table_owner'] ?? null;
    const qualifier = given['@table_qualifier'] ?? null;
    const type = given['@table_type'] ?? null;
    const isBlank = (value: string | null): boolean => value === '';
    const none = (length: number): string => `CAST(NULL AS nvarchar(${length}))`;
    if (qualifier === '%' && isBlank(name) && isBlank(owner)) {
      const source = `SELECT CAST(name AS nvarchar(128)) AS TABLE_QUALIFIER, ${none(128)} AS TABLE_OWNER, ${none(128)} AS TABLE_NAME, CAST(NULL AS varchar(32)) AS TABLE_TYPE FROM sys.databases`;
      return `SELECT ${columns} FROM (${source}) AS t ORDER BY TABLE_QUALIFIER`;
    }
    if (owner === '%' && isBlank(name) && isBlank(qualifier)) {
      const source = `SELECT DISTINCT ${none(128)} AS TABLE_QUALIFIER, CAST(SCHEMA_NAME AS nvarchar(128)) AS TABLE_OWNER, ${none(128)} AS TABLE_NAME, CAST(NULL AS varchar(32)) AS TABLE_TYPE FROM INFORMATION_SCHEMA.SCHEMATA`;
      return `SELECT ${columns} FROM (${source}) AS t ORDER BY TABLE_OWNER`;
    }
    if (type === '%' && isBlank(name) && isBlank(owner) && isBlank(qualifier)) {
      const kinds = ['SYSTEM TABLE', 'TABLE', 'VIEW'].map(
        (kind) =>
          `SELECT ${none(128)} AS TABLE_QUALIFIER, ${none(128)} AS TABLE_OWNER, ${none(128)} AS TABLE_NAME, CAST('${kind}' AS varchar(32)) AS TABLE_TYPE`,
      );
      return `SELECT ${columns} FROM (${kinds.join(' UNION ALL ')}) AS t ORDER BY TABLE_TYPE`;
    }
    const usePattern = given['@fusepattern'] !== '0';
    const kinds =
      type === null || type === '%'
        ? []
        : [...type.matchAll(/[A-Za-z ]+/g)].map((match) => quote(match[0].trim().toUpperCase()));
    const source = `SELECT CAST(TABLE_CATALOG AS nvarchar(128)) AS TABLE_QUALIFIER, CAST(TABLE_SCHEMA AS nvarchar(128)) AS TABLE_OWNER,
      CAST(TABLE_NAME AS nvarchar(128)) AS TABLE_NAME, CAST(CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END AS varchar(32)) AS TABLE_TYPE
      FROM INFORMATION_SCHEMA.TABLES
      UNION ALL SELECT DB_NAME(), SCHEMA_NAME(schema_id), name, 'VIEW' FROM sys.system_views`;
    return `SELECT ${columns} FROM (${source}) AS t
      WHERE ${like('TABLE_NAME', name, usePattern)} AND ${like('TABLE_OWNER', owner === '' ? null : owner, usePattern)}
      AND ${kinds.length > 0 ? `TABLE_TYPE IN (${kinds.join(', ')})` : '1 = 1'}
      ORDER BY TABLE_TYPE, TABLE_QUALIFIER, TABLE_OWNER, TABLE_NAME`;
  },
};

/** sp_databases: the databases a login can use. */
export const spDatabases: SystemProcedure = {
  parameters: [],
  batch: () =>
    `SELECT CAST(name AS nvarchar(128)) AS DATABASE_NAME, CAST(NULL AS int) AS DATABASE_SIZE, CAST(NULL AS varchar(254)) AS REMARKS FROM sys.databases ORDER BY name`,
};
