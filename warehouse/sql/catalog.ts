import { literal } from './names';

/** All tables and views of some schemas: `schema_name`, `object_name`, `object_type` (BASE TABLE or VIEW). */
export function listObjects(schemas: readonly string[]): string {
  return `SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS object_name, TABLE_TYPE AS object_type
FROM INFORMATION_SCHEMA.TABLES
WHERE TABLE_SCHEMA IN (${schemas.map(literal).join(', ')})`;
}

export const listSchemas = 'SELECT name AS schema_name FROM sys.schemas';

/** Permissions on single objects and their columns. Permissions on a schema need no carrying. */
export const listGrants = `SELECT s.name AS schema_name, o.name AS object_name, p.state_desc AS state, p.permission_name AS permission, u.name AS principal, c.name AS column_name
FROM sys.database_permissions p
JOIN sys.objects o ON o.object_id = p.major_id
JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN sys.database_principals u ON u.principal_id = p.grantee_principal_id
LEFT JOIN sys.columns c ON c.object_id = p.major_id AND c.column_id = p.minor_id
WHERE p.class = 1 AND o.type IN ('U', 'V')`;
