import type { SystemProcedure } from '../../contract';
import { quote, required, rowsOf } from './text';
import { typeRows } from './type-table';

/** The named indexes of a table with their keys. */
const indexes = (table: string): string =>
  `SELECT CAST(i.name AS nvarchar(128)) AS index_name,
      CAST(LOWER(i.type_desc) + CASE i.is_unique WHEN 1 THEN ', unique' ELSE '' END + CASE i.is_primary_key WHEN 1 THEN ', primary key' ELSE '' END
      + ' located on PRIMARY' AS varchar(210)) AS index_description, CAST(k.names AS nvarchar(2078)) AS index_keys
      FROM sys.indexes AS i JOIN (SELECT k.index_id, STRING_AGG(CAST(c.name AS nvarchar(max)) + CASE k.is_descending_key WHEN 1 THEN '(-)' ELSE '' END, ', ')
      WITHIN GROUP (ORDER BY k.key_ordinal) AS names
      FROM sys.index_columns AS k JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
      WHERE k.object_id = OBJECT_ID(${quote(table)}) GROUP BY k.index_id) AS k ON k.index_id = i.index_id
      WHERE i.object_id = OBJECT_ID(${quote(table)}) AND i.name IS NOT NULL ORDER BY i.name`;

/** sp_helpindex: the indexes of a table; a message when it has none. */
export const spHelpIndex: SystemProcedure = {
  parameters: ['@objname'],
  batch(given) {
    const name = required(given, '@objname', 'sp_helpindex');
    return `SET NOCOUNT ON; IF OBJECT_ID(${quote(name)}) IS NULL RAISERROR(15009, -1, -1, ${quote(name)}, DB_NAME());
      ELSE IF EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID(${quote(name)}) AND name IS NOT NULL) ${indexes(name)};
      ELSE PRINT ${quote(`The object '${name}' does not have any indexes, or you do not have permissions.`)}`;
  },
};

/** sp_help: an object with its columns and indexes, a type, or (without an argument) the objects of the database. */
export const spHelp: SystemProcedure = {
  parameters: ['@objname'],
  batch(given) {
    const name = given['@objname'] ?? null;
    const kind = `CASE o.type WHEN 'U' THEN 'user table' WHEN 'V' THEN 'view' WHEN 'P' THEN 'stored procedure' ELSE o.type_desc END`;
    if (name === null) {
      return `SET NOCOUNT ON; SELECT CAST(o.name AS nvarchar(128)) AS Name, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS Owner, CAST(${kind} AS nvarchar(31)) AS Object_type
        FROM sys.objects AS o ORDER BY Owner, Name`;
    }
    const parts = name.split('.').map((part) => part.replaceAll(/[[\]"]/g, ''));
    const bare = parts.at(-1)!;
    const type = typeRows.find((row) => row.name === bare.toLowerCase());
    if (type && parts.length === 1) {
      return `SET NOCOUNT ON; ${rowsOf([
        {
          Type_name: `CAST(${quote(type.name)} AS nvarchar(128))`,
          Storage_type: `CAST(${quote(type.name)} AS nvarchar(128))`,
          Length: `CAST(${Math.min(type.precision, 8000)} AS smallint)`,
          Prec: `CAST(${type.precision} AS int)`,
          Scale: type.maxScale === null ? 'CAST(NULL AS int)' : `CAST(${type.maxScale} AS int)`,
          Nullable: `CAST('yes' AS varchar(35))`,
          Default_name: `CAST('none' AS nvarchar(128))`,
          Rule_name: `CAST('none' AS nvarchar(128))`,
          Collation: 'CAST(NULL AS nvarchar(128))',
        },
      ])}`;
    }
    const missing = `The object '${name}' does not exist in database or is invalid for this operation.`;
    return `SET NOCOUNT ON; IF OBJECT_ID(${quote(name)}) IS NULL THROW 50000, ${quote(missing)}, 1;
      SELECT CAST(o.name AS nvarchar(128)) AS Name, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS Owner, CAST(${kind} AS nvarchar(31)) AS Type,
      o.create_date AS Created_datetime FROM sys.objects AS o WHERE o.object_id = OBJECT_ID(${quote(name)});
      SELECT CAST(c.name AS nvarchar(128)) AS Column_name, CAST(TYPE_NAME(c.user_type_id) AS nvarchar(128)) AS Type,
      CAST(CASE c.is_computed WHEN 1 THEN 'yes' ELSE 'no' END AS varchar(35)) AS Computed, CAST(c.max_length AS int) AS Length,
      CAST(CASE WHEN c.precision > 0 THEN CAST(c.precision AS varchar(5)) ELSE '' END AS char(5)) AS Prec,
      CAST(CASE WHEN c.precision > 0 THEN CAST(c.scale AS varchar(5)) ELSE '' END AS char(5)) AS Scale,
      CAST(CASE c.is_nullable WHEN 0 THEN 'no' ELSE 'yes' END AS varchar(35)) AS Nullable,
      CAST(CASE WHEN c.collation_name IS NULL THEN '(n/a)' ELSE 'no' END AS varchar(35)) AS TrimTrailingBlanks,
      CAST(CASE WHEN c.collation_name IS NULL THEN '(n/a)' WHEN c.is_nullable = 1 THEN 'yes' ELSE 'no' END AS varchar(35)) AS FixedLenNullInSource,
      CAST(c.collation_name AS nvarchar(128)) AS Collation
      FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(${quote(name)}) ORDER BY c.column_id;
      IF EXISTS (SELECT * FROM sys.indexes WHERE object_id = OBJECT_ID(${quote(name)}) AND name IS NOT NULL)
      ${indexes(name)}`;
  },
};
