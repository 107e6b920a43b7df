import type { SystemProcedure } from '../../contract';
import { quote, rowsOf } from './text';
import { typeRows } from './type-table';

/** sp_help: an object and its columns, a type, or (without an argument) the objects of the database. */
export const spHelp: SystemProcedure = {
  parameters: ['@objname'],
  batch(given) {
    const name = given['@objname'] ?? null;
    const kind = `CASE o.type WHEN 'U' THEN 'user table' WHEN 'V' THEN 'view' WHEN 'P' THEN 'stored procedure' ELSE o.type_desc END`;
    if (name === null) {
      return `SELECT CAST(o.name AS nvarchar(128)) AS Name, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS Owner, CAST(${kind} AS nvarchar(31)) AS Object_type
        FROM sys.objects AS o ORDER BY Owner, Name`;
    }
    const parts = name.split('.').map((part) => part.replaceAll(/[[\]"]/g, ''));
    const bare = parts.at(-1)!;
    const type = typeRows.find((row) => row.name === bare.toLowerCase());
    if (type && parts.length === 1) {
      return rowsOf([
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
      ]);
    }
    const schema = quote(parts.length > 1 ? parts.at(-2)! : 'dbo');
    const missing = `The object '${name}' does not exist in database or is invalid for this operation.`;
    return `IF OBJECT_ID(${quote(name)}) IS NULL THROW 50000, ${quote(missing)}, 1;
      SELECT CAST(o.name AS nvarchar(128)) AS Name, CAST(SCHEMA_NAME(o.schema_id) AS nvarchar(128)) AS Owner, CAST(${kind} AS nvarchar(31)) AS Type,
      o.create_date AS Created_datetime FROM sys.objects AS o WHERE o.object_id = OBJECT_ID(${quote(name)});
      SELECT CAST(COLUMN_NAME AS nvarchar(128)) AS Column_name, CAST(DATA_TYPE AS nvarchar(128)) AS Type, CAST('no' AS varchar(35)) AS Computed,
      CAST(CHARACTER_MAXIMUM_LENGTH AS int) AS Length, CAST(NUMERIC_PRECISION AS char(5)) AS Prec, CAST(NUMERIC_SCALE AS char(5)) AS Scale,
      CAST(CASE IS_NULLABLE WHEN 'NO' THEN 'no' ELSE 'yes' END AS varchar(35)) AS Nullable
      FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = ${quote(bare)} AND TABLE_SCHEMA = ${schema} ORDER BY ORDINAL_POSITION`;
  },
};
