/** INFORMATION_SCHEMA. */
import type { SqlType } from '../contract';
import type { TypeName } from '../tsql/syntax/ast';
import { precisionOf, scaleOf } from '../tsql/types/type-facts';
import { DEFAULT_TEXT, parameterType } from './views-objects';
import { valuesSql } from './shape';
import type { ViewDefinition } from './system-views';

const DB = (name: string): string => `'${name.replaceAll("'", "''")}'`;
type Row = (string | number | boolean | null)[];

const EXACT = /^(decimal|bigint|int|smallint|tinyint|money|smallmoney)$/;
/** Name, characters, bytes, precision, radix, scale and digits of a second, as INFORMATION_SCHEMA shows a type. */
function described(t: SqlType): [string, ...(number | null)[]] {
  const length = /char|binary/.test(t.name) ? (t.length ?? 1) : null;
  const isExact = EXACT.test(t.name);
  const isNumber = isExact || t.name === 'float' || t.name === 'real';
  const octets = length !== null && length > 0 && t.name.startsWith('n') ? 2 * length : length;
  const digits = /^(time|datetime2|datetimeoffset)$/.test(t.name)
    ? (t.scale ?? 7)
    : t.name === 'datetime'
      ? 3
      : /date/.test(t.name)
        ? 0
        : null;
  return [
    t.name,
    length,
    octets,
    isNumber ? precisionOf(t) : null,
    isNumber ? (isExact ? 10 : 2) : null,
    isExact ? scaleOf(t) : null,
    digits,
  ];
}
/** Catalog, schema and name of what a pool has none of, or the same of character sets and collations. */
const three = (prefix: string): string =>
  ['CATALOG', 'SCHEMA', 'NAME'].map((part) => `${prefix}_${part} nvarchar(128)`).join(', ');
const CODE_PAGE: Readonly<Record<string, string>> = { n: 'UNICODE', '': 'iso_1' };

function parameterColumns(written: TypeName): Row {
  const [name, length, octets, precision, radix, scale, digits] = described(parameterType(written));
  const characters = /^(n?)(var)?char$/.exec(name);
  return [
    name,
    length!,
    octets!,
    null,
    null,
    characters ? 'SQL_Latin1_General_CP1_CI_AS' : null,
    null,
    null,
    characters ? CODE_PAGE[characters[1]!]! : null,
    precision!,
    radix!,
    scale!,
    digits!,
    ...Array<null>(8).fill(null),
  ];
}

/** Columns of ROUTINES with their values: `o` is the routine, `r` what it returns, `d` the database. */
const none = (prefix: string): [string, string] => [three(prefix), 'NULL, NULL, NULL'];
const ROUTINES: readonly (readonly [column: string, value: string])[] = [
  [three('SPECIFIC'), 'd.db, o.schema_name, o.name'],
  [three('ROUTINE'), 'd.db, o.schema_name, o.name'],
  ['ROUTINE_TYPE nvarchar(20)', "CASE o.kind WHEN 'P' THEN 'PROCEDURE' ELSE 'FUNCTION' END"],
  none('MODULE'),
  none('UDT'),
  ['DATA_TYPE nvarchar(128)', "CASE o.kind WHEN 'IF' THEN 'TABLE' ELSE CAST(r.c1 AS VARCHAR) END"],
  ['CHARACTER_MAXIMUM_LENGTH int', 'CAST(r.c2 AS INTEGER)'],
  ['CHARACTER_OCTET_LENGTH int', 'CAST(r.c3 AS INTEGER)'],
  none('COLLATION'),
  none('CHARACTER_SET'),
  ['NUMERIC_PRECISION tinyint', 'CAST(r.c4 AS UTINYINT)'],
  ['NUMERIC_PRECISION_RADIX smallint', 'CAST(r.c5 AS SMALLINT)'],
  ['NUMERIC_SCALE smallint', 'CAST(r.c6 AS SMALLINT)'],
  ['DATETIME_PRECISION smallint', 'CAST(r.c7 AS SMALLINT)'],
  ['INTERVAL_TYPE nvarchar(30), INTERVAL_PRECISION smallint', 'NULL, NULL'],
  none('TYPE_UDT'),
  none('SCOPE'),
  ['MAXIMUM_CARDINALITY bigint, DTD_IDENTIFIER nvarchar(128)', 'NULL, NULL'],
  ['ROUTINE_BODY nvarchar(30)', "'SQL'"],
  ['ROUTINE_DEFINITION nvarchar(4000)', "left(o.data->>'$.definition', 4000)"],
  ['EXTERNAL_NAME nvarchar(128), EXTERNAL_LANGUAGE nvarchar(30), PARAMETER_STYLE nvarchar(30)', 'NULL, NULL, NULL'],
  ['IS_DETERMINISTIC nvarchar(10)', "'NO'"],
  ['SQL_DATA_ACCESS nvarchar(30)', "CASE o.kind WHEN 'P' THEN 'MODIFIES' ELSE 'READS' END"],
  ['IS_NULL_CALL nvarchar(10)', "CASE o.kind WHEN 'FN' THEN 'NO' END"],
  ['SQL_PATH nvarchar(128)', 'NULL'],
  ['SCHEMA_LEVEL_ROUTINE nvarchar(10)', "'YES'"],
  ['MAX_DYNAMIC_RESULT_SETS smallint', "CAST(CASE o.kind WHEN 'P' THEN -1 ELSE 0 END AS SMALLINT)"],
  ['IS_USER_DEFINED_CAST nvarchar(10), IS_IMPLICITLY_INVOCABLE nvarchar(10)', "'NO', 'NO'"],
  ['CREATED datetime', 'CAST(CAST(o.created AS TIMESTAMP) AS TIMESTAMP_MS)'],
  ['LAST_ALTERED datetime', 'CAST(CAST(o.modified AS TIMESTAMP) AS TIMESTAMP_MS)'],
];

export const INFORMATION_SCHEMA: Readonly<Record<string, ViewDefinition>> = {
  'information_schema.tables': {
    columns:
      'TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, TABLE_TYPE varchar(10)',
    sql: ({ catalog }) =>
      `SELECT ${DB(catalog.options.database)}, o.schema_name, o.name, CASE o.kind WHEN 'V' THEN 'VIEW' ELSE 'BASE TABLE' END FROM tsql.objects o WHERE o.kind IN ('U', 'V', 'ET')`,
  },
  'information_schema.views': {
    columns:
      'TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, VIEW_DEFINITION nvarchar(4000), CHECK_OPTION varchar(7), IS_UPDATABLE varchar(2)!',
    sql: ({ catalog }) =>
      `SELECT ${DB(catalog.options.database)}, o.schema_name, o.name, left(o.data->>'$.definition', 4000), 'NONE', 'NO' FROM tsql.objects o WHERE o.kind = 'V'`,
  },
  'information_schema.schemata': {
    columns:
      'CATALOG_NAME nvarchar(128), SCHEMA_NAME nvarchar(128)!, SCHEMA_OWNER nvarchar(128), DEFAULT_CHARACTER_SET_CATALOG varchar(6), DEFAULT_CHARACTER_SET_SCHEMA varchar(3), DEFAULT_CHARACTER_SET_NAME nvarchar(128)',
    sql: ({ catalog }) =>
      valuesSql(
        [...[...catalog.snapshot.schemas.values()].map((s) => s.name), 'INFORMATION_SCHEMA', 'sys'].map(
          (name): Row => [catalog.options.database, name, 'dbo', null, null, 'iso_1'],
        ),
        6,
      ),
  },
  'information_schema.columns': {
    columns:
      'TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, COLUMN_NAME nvarchar(128), ORDINAL_POSITION int, COLUMN_DEFAULT nvarchar(4000), IS_NULLABLE varchar(3), DATA_TYPE nvarchar(128), CHARACTER_MAXIMUM_LENGTH int, CHARACTER_OCTET_LENGTH int, NUMERIC_PRECISION tinyint, NUMERIC_PRECISION_RADIX smallint, NUMERIC_SCALE int, DATETIME_PRECISION smallint, CHARACTER_SET_CATALOG nvarchar(128), CHARACTER_SET_SCHEMA nvarchar(128), CHARACTER_SET_NAME nvarchar(128), COLLATION_CATALOG nvarchar(128), COLLATION_SCHEMA nvarchar(128), COLLATION_NAME nvarchar(128), DOMAIN_CATALOG nvarchar(128), DOMAIN_SCHEMA nvarchar(128), DOMAIN_NAME nvarchar(128)',
    sql: ({ catalog }) =>
      `SELECT ${DB(catalog.options.database)}, o.schema_name, o.name, c.name, CAST(row_number() OVER (PARTITION BY c.object_id ORDER BY c.column_id) AS INTEGER), CASE WHEN c.default_text IS NOT NULL THEN ${DEFAULT_TEXT} END, CASE WHEN c.nullable THEN 'YES' ELSE 'NO' END, c.type_name, c.length, CASE WHEN c.type_name IN ('nvarchar', 'nchar') AND c.length > 0 THEN 2 * c.length ELSE c.length END, CAST(CASE c.type_name WHEN 'decimal' THEN c.precision WHEN 'int' THEN 10 WHEN 'bigint' THEN 19 WHEN 'smallint' THEN 5 WHEN 'tinyint' THEN 3 WHEN 'float' THEN 53 WHEN 'real' THEN 24 WHEN 'money' THEN 19 WHEN 'smallmoney' THEN 10 END AS UTINYINT), CAST(CASE WHEN c.type_name IN ('decimal', 'int', 'bigint', 'smallint', 'tinyint', 'money', 'smallmoney') THEN 10 WHEN c.type_name IN ('float', 'real') THEN 2 END AS SMALLINT), CASE WHEN c.type_name = 'decimal' THEN c.scale WHEN c.type_name IN ('int', 'bigint', 'smallint', 'tinyint') THEN 0 WHEN c.type_name IN ('money', 'smallmoney') THEN 4 END, CAST(CASE WHEN c.type_name IN ('time', 'datetime2', 'datetimeoffset') THEN c.scale WHEN c.type_name = 'datetime' THEN 3 WHEN c.type_name IN ('date', 'smalldatetime') THEN 0 END AS SMALLINT), NULL, NULL, CASE WHEN c.type_name IN ('varchar', 'char') THEN 'iso_1' WHEN c.type_name IN ('nvarchar', 'nchar') THEN 'UNICODE' END, NULL, NULL, CASE WHEN c.type_name LIKE '%char' THEN coalesce(c.collation_name, 'SQL_Latin1_General_CP1_CI_AS') END, NULL, NULL, NULL FROM tsql.columns c JOIN tsql.objects o ON o.id = c.object_id WHERE o.kind IN ('U', 'V', 'ET')`,
  },
  'information_schema.routines': {
    columns: ROUTINES.map(([column]) => column).join(', '),
    sql: ({ catalog }) => {
      const types = [...catalog.snapshot.objects.values()].flatMap((o): Row[] => {
        const { returns } = o.kind === 'FN' ? catalog.module(o) : { returns: undefined };
        return returns && returns !== 'table' ? [[o.id, ...described(parameterType(returns))]] : [];
      });
      return `SELECT ${ROUTINES.map(([, value]) => value).join(', ')} FROM (SELECT ${DB(catalog.options.database)} AS db) AS d, tsql.objects o LEFT JOIN (${valuesSql(types, 8)}) AS r(c0, c1, c2, c3, c4, c5, c6, c7) ON r.c0 = o.id WHERE o.kind IN ('P', 'FN', 'IF')`;
    },
  },
  'information_schema.parameters': {
    columns: `${three('SPECIFIC')}, ORDINAL_POSITION int!, PARAMETER_MODE nvarchar(10), IS_RESULT nvarchar(10), AS_LOCATOR nvarchar(10), PARAMETER_NAME nvarchar(128), DATA_TYPE nvarchar(128), CHARACTER_MAXIMUM_LENGTH int, CHARACTER_OCTET_LENGTH int, ${three('COLLATION')}, ${three('CHARACTER_SET')}, NUMERIC_PRECISION tinyint, NUMERIC_PRECISION_RADIX smallint, NUMERIC_SCALE int, DATETIME_PRECISION smallint, INTERVAL_TYPE nvarchar(30), INTERVAL_PRECISION smallint, ${three('USER_DEFINED_TYPE')}, ${three('SCOPE')}`,
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.objects.values()]
          .filter((o) => ['P', 'FN', 'IF'].includes(o.kind))
          .flatMap((o) =>
            catalog
              .module(o)
              .parameters.map(
                (p, i): Row => [
                  catalog.options.database,
                  o.schema,
                  o.name,
                  i + 1,
                  p.output ? 'INOUT' : 'IN',
                  'NO',
                  'NO',
                  p.name,
                  ...parameterColumns(p.type),
                ],
              ),
          ),
        29,
      ),
  },
  'information_schema.table_constraints': {
    columns:
      'CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME nvarchar(128)!, TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128), CONSTRAINT_TYPE varchar(11), IS_DEFERRABLE varchar(2)!, INITIALLY_DEFERRED varchar(2)!',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.objects.values()].flatMap((o) =>
          (o.indexes ?? [])
            .filter((x) => x.primaryKey || x.unique)
            .map(
              (x): Row => [
                catalog.options.database,
                o.schema,
                x.name,
                catalog.options.database,
                o.schema,
                o.name,
                x.primaryKey ? 'PRIMARY KEY' : 'UNIQUE',
                'NO',
                'NO',
              ],
            ),
        ),
        9,
      ),
  },
  'information_schema.key_column_usage': {
    columns:
      'CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME nvarchar(128)!, TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128), COLUMN_NAME nvarchar(128), ORDINAL_POSITION int!',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.objects.values()].flatMap((o) =>
          (o.indexes ?? [])
            .filter((x) => x.primaryKey || x.unique)
            .flatMap((x) =>
              x.columns.map(
                (c, i): Row => [
                  catalog.options.database,
                  o.schema,
                  x.name,
                  catalog.options.database,
                  o.schema,
                  o.name,
                  c.name,
                  i + 1,
                ],
              ),
            ),
        ),
        8,
      ),
  },
  'information_schema.table_privileges': {
    columns:
      'GRANTOR nvarchar(128), GRANTEE nvarchar(128), TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, PRIVILEGE_TYPE varchar(10), IS_GRANTABLE varchar(3)',
    sql: () => "SELECT '', '', '', '', '', '', '' WHERE false",
  },
};
