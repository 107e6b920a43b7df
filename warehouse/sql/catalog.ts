import { literal } from './names';
import type { Target } from '../graph/model';

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

/** Columns of one table in their order. */
export function listColumns({ schema, name }: Target): string {
  return `SELECT COLUMN_NAME AS name, DATA_TYPE AS type, CHARACTER_MAXIMUM_LENGTH AS length, NUMERIC_PRECISION AS precision, NUMERIC_SCALE AS scale, DATETIME_PRECISION AS fraction
FROM INFORMATION_SCHEMA.COLUMNS
WHERE TABLE_SCHEMA = ${literal(schema)} AND TABLE_NAME = ${literal(name)}
ORDER BY ORDINAL_POSITION`;
}

interface ColumnRow {
  type: string;
  length: number | null;
  precision: number | null;
  scale: number | null;
  fraction: number | null;
}

/** The type of a column as a column definition writes it. */
export function typeText({ type, length, precision, scale, fraction }: ColumnRow): string {
  const name = type.toLowerCase();
  if (/^(n?(var)?char|(var)?binary)$/.test(name)) return length === -1 ? `${name}(max)` : `${name}(${length ?? 1})`;
  if (name === 'decimal' || name === 'numeric') return `decimal(${precision ?? 18},${scale ?? 0})`;
  if (/^(datetime2|datetimeoffset|time)$/.test(name)) return `${name}(${fraction ?? 7})`;
  return name;
}
