/** sp_table_privileges and sp_column_privileges: what the owner may, and what was granted. */
import type { SystemProcedure } from '../../contract';
import { like } from './text';

const ACTIONS = ['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'];

/** Rows of (schema, object, object_id, grantor, grantee, privilege, grantable); the owner has every privilege and may grant it. */
const granted = (actions: readonly string[]): string =>
  `SELECT s.name AS o, t.name AS n, t.object_id AS i, N'dbo' AS grantor, N'dbo' AS grantee, a.p AS privilege, 'YES' AS grantable
   FROM sys.objects t JOIN sys.schemas s ON s.schema_id = t.schema_id
   CROSS JOIN (${actions.map((name) => `SELECT CAST('${name}' AS varchar(32)) AS p`).join(' UNION ALL ')}) AS a WHERE t.type IN ('U', 'V')
   UNION ALL
   SELECT s.name, t.name, t.object_id, N'dbo', g.name, CAST(d.permission_name AS varchar(32)), CASE d.state WHEN 'W' THEN 'YES' ELSE 'NO' END
   FROM sys.database_permissions d JOIN sys.objects t ON t.object_id = d.major_id JOIN sys.schemas s ON s.schema_id = t.schema_id
   JOIN sys.database_principals g ON g.principal_id = d.grantee_principal_id
   WHERE d.class = 1 AND d.state IN ('G', 'W') AND t.type IN ('U', 'V') AND d.permission_name IN (${actions.map((name) => `'${name}'`).join(', ')})`;

export const spTablePrivileges: SystemProcedure = {
  parameters: ['@table_name', '@table_owner', '@table_qualifier', '@fUsePattern'],
  batch: (
    given,
  ) => `SELECT DB_NAME() AS TABLE_QUALIFIER, o AS TABLE_OWNER, n AS TABLE_NAME, grantor AS GRANTOR, grantee AS GRANTEE, privilege AS PRIVILEGE, grantable AS IS_GRANTABLE
    FROM (${granted(ACTIONS)}) AS t WHERE ${like('n', given['@table_name'])} AND ${like('o', given['@table_owner'])}
    ORDER BY TABLE_QUALIFIER, TABLE_OWNER, TABLE_NAME, PRIVILEGE`,
};

export const spColumnPrivileges: SystemProcedure = {
  parameters: ['@table_name', '@table_owner', '@table_qualifier', '@column_name'],
  batch: (
    given,
  ) => `SELECT DB_NAME() AS TABLE_QUALIFIER, o AS TABLE_OWNER, n AS TABLE_NAME, c.name AS COLUMN_NAME, grantor AS GRANTOR, grantee AS GRANTEE, privilege AS PRIVILEGE, grantable AS IS_GRANTABLE
    FROM (${granted(ACTIONS.filter((name) => name !== 'DELETE'))}) AS t JOIN sys.columns c ON c.object_id = t.i
    WHERE ${like('n', given['@table_name'], false)} AND ${like('o', given['@table_owner'], false)} AND ${like('c.name', given['@column_name'])}
    ORDER BY TABLE_QUALIFIER, TABLE_OWNER, TABLE_NAME, COLUMN_NAME, PRIVILEGE`,
};
