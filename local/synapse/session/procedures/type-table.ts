import { rowsOf } from './text';

/** What the ODBC catalog functions say of one T-SQL type (sp_datatype_info_100 of SQL Server). */
export interface TypeRow {
  readonly name: string;
  /** SQL_* code in ODBC 3 (sp_columns_100) and in ODBC 2 clients' terms (sp_columns). */
  readonly odbc3: number;
  readonly odbc2: number;
  /** The same in sp_datatype_info_100, for ODBC 2 clients that know the types of SQL Server 2008. */
  readonly odbc2Named100: number;
  readonly precision: number;
  readonly prefix: string | null;
  readonly suffix: string | null;
  readonly parameters: string | null;
  readonly caseSensitive: boolean;
  /** SQL_PRED_CHAR 1, SQL_PRED_BASIC 2, SQL_SEARCHABLE 3, unsearchable 0. */
  readonly searchable: number;
  readonly unsigned: boolean | null;
  readonly money: boolean;
  readonly autoIncrement: boolean | null;
  readonly minScale: number | null;
  readonly maxScale: number | null;
  /** Verbose type and subtype of date-times (SQL_DATETIME = 9). */
  readonly sqlDataType: number;
  readonly datetimeSub: number | null;
  readonly radix: number | null;
  /** Type of the TDS protocol, as column SS_DATA_TYPE has it. */
  readonly tds: number;
}

type Rest = Partial<Omit<TypeRow, 'name' | 'odbc3' | 'precision' | 'tds'>>;

function row(name: string, odbc3: number, precision: number, tds: number, rest: Rest = {}): TypeRow {
  return {
    name,
    odbc3,
    odbc2: odbc3,
    odbc2Named100: rest.odbc2 === 11 ? 11 : odbc3,
    precision,
    prefix: null,
    suffix: null,
    parameters: null,
    caseSensitive: false,
    searchable: 2,
    unsigned: null,
    money: false,
    autoIncrement: null,
    minScale: null,
    maxScale: null,
    sqlDataType: odbc3,
    datetimeSub: null,
    radix: null,
    tds,
    ...rest,
  };
}

const number: Rest = { unsigned: false, autoIncrement: false, radix: 10, minScale: 0, maxScale: 0 };
const text: Rest = { prefix: "'", suffix: "'", searchable: 3 };
const wide: Rest = { prefix: "N'", suffix: "'", searchable: 3 };
const bytes: Rest = { prefix: '0x' };
const moment = (sub: number, minScale: number, maxScale: number): Rest => ({
  ...text,
  sqlDataType: 9,
  datetimeSub: sub,
  minScale,
  maxScale,
});

/** All types, in the order of sp_datatype_info: by data type, then name. */
export const typeRows: readonly TypeRow[] = [
  row('datetimeoffset', -155, 34, 0, {
    ...text,
    odbc2: -9,
    parameters: 'scale',
    minScale: 0,
    maxScale: 7,
    datetimeSub: 0,
  }),
  row('time', -154, 16, 0, { ...text, odbc2: -9, parameters: 'scale', minScale: 0, maxScale: 7, datetimeSub: 0 }),
  row('xml', -152, 0, 0, { ...wide, odbc2: -10, caseSensitive: true, searchable: 0 }),
  row('sql_variant', -150, 8000, 39, { radix: 10, datetimeSub: 0 }),
  row('uniqueidentifier', -11, 36, 37, { prefix: "'", suffix: "'" }),
  row('ntext', -10, 1073741823, 35, { ...wide, searchable: 1 }),
  row('nvarchar', -9, 4000, 39, { ...wide, parameters: 'max length' }),
  row('sysname', -9, 128, 39, { ...wide }),
  row('nchar', -8, 4000, 39, { ...wide, parameters: 'length' }),
  row('bit', -7, 1, 50, { radix: null, minScale: 0, maxScale: 0 }),
  row('tinyint', -6, 3, 38, { ...number, unsigned: true }),
  row('bigint', -5, 19, 108, number),
  row('image', -4, 2147483647, 34, { ...bytes, searchable: 0 }),
  row('varbinary', -3, 8000, 37, { ...bytes, parameters: 'max length' }),
  row('binary', -2, 8000, 37, { ...bytes, parameters: 'length' }),
  row('text', -1, 2147483647, 35, { ...text, searchable: 1 }),
  row('char', 1, 8000, 39, { ...text, parameters: 'length' }),
  row('numeric', 2, 38, 108, { ...number, parameters: 'precision,scale', maxScale: 38 }),
  row('decimal', 3, 38, 106, { ...number, parameters: 'precision,scale', maxScale: 38 }),
  row('money', 3, 19, 110, { ...number, prefix: '$', money: true, minScale: 4, maxScale: 4 }),
  row('smallmoney', 3, 10, 110, { ...number, prefix: '$', money: true, minScale: 4, maxScale: 4 }),
  row('int', 4, 10, 38, number),
  row('smallint', 5, 5, 38, number),
  row('float', 6, 53, 109, { ...number, radix: 2, minScale: null, maxScale: null }),
  row('real', 7, 24, 109, { ...number, radix: 2, minScale: null, maxScale: null }),
  row('varchar', 12, 8000, 39, { ...text, parameters: 'max length' }),
  row('date', 91, 10, 0, { ...moment(1, 0, 0), odbc2: -9, odbc2Named100: 9, minScale: null, maxScale: 0 }),
  row('datetime', 93, 23, 111, { ...moment(3, 3, 3), odbc2: 11 }),
  row('datetime2', 93, 27, 0, { ...moment(3, 0, 7), odbc2: -9, odbc2Named100: 11, parameters: 'scale' }),
  row('smalldatetime', 93, 16, 111, { ...moment(3, 0, 0), odbc2: 11 }),
];

const cell = (value: number | string | null): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`;

/**
 * The type table as a derived table `t` with the columns type_name, data_type, fixed_precision, radix, sql_data_type,
 * datetime_sub and tds_type, for joins by type name.
 */
export function typeTable(odbc3: boolean): string {
  const rows = typeRows
    .filter((type) => type.name !== 'sysname')
    .map((type) => ({
      type_name: cell(type.name),
      data_type: String(odbc3 ? type.odbc3 : type.odbc2),
      fixed_precision: String(type.precision),
      radix: type.radix === null ? 'CAST(NULL AS int)' : String(type.radix),
      sql_data_type: String(type.sqlDataType),
      datetime_sub:
        type.datetimeSub === null || type.datetimeSub === 0 ? 'CAST(NULL AS int)' : String(type.datetimeSub),
      tds_type: String(type.tds),
    }));
  return rowsOf(rows);
}

/** The batch of sp_datatype_info (`named100`: of sp_datatype_info_100); `code` 0 = all types. */
export function datatypeInfo(code: number, { odbc3, named100 }: { odbc3: boolean; named100: boolean }): string {
  const dataType = (type: TypeRow): number => (odbc3 ? type.odbc3 : named100 ? type.odbc2Named100 : type.odbc2);
  const flag = (value: boolean | null): string =>
    value === null ? 'CAST(NULL AS smallint)' : `CAST(${value ? 1 : 0} AS smallint)`;
  const small = (value: number | null): string =>
    value === null ? 'CAST(NULL AS smallint)' : `CAST(${value} AS smallint)`;
  const word = (value: string | null, length: number): string =>
    value === null
      ? `CAST(NULL AS varchar(${length}))`
      : `CAST('${value.replaceAll("'", "''")}' AS varchar(${length}))`;
  const wanted = typeRows.filter((type) => code === 0 || dataType(type) === code);
  // Without a match: the columns, and no row.
  const shown = wanted.length > 0 ? wanted : typeRows.slice(0, 1);
  const rows = shown.map((type) => ({
    TYPE_NAME: `CAST('${type.name}' AS nvarchar(128))`,
    DATA_TYPE: small(dataType(type)),
    PRECISION: `CAST(${type.precision} AS int)`,
    LITERAL_PREFIX: word(type.prefix, 32),
    LITERAL_SUFFIX: word(type.suffix, 32),
    CREATE_PARAMS: word(type.parameters, 32),
    NULLABLE: small(type.name === 'sysname' ? 0 : 1),
    CASE_SENSITIVE: flag(type.caseSensitive),
    SEARCHABLE: small(type.searchable),
    UNSIGNED_ATTRIBUTE: flag(type.unsigned),
    MONEY: flag(type.money),
    AUTO_INCREMENT: flag(type.autoIncrement),
    LOCAL_TYPE_NAME: `CAST('${type.name}' AS nvarchar(128))`,
    MINIMUM_SCALE: small(type.minScale),
    MAXIMUM_SCALE: small(type.maxScale),
    SQL_DATA_TYPE: small(type.sqlDataType),
    SQL_DATETIME_SUB: small(type.datetimeSub),
    NUM_PREC_RADIX: type.radix === null ? 'CAST(NULL AS int)' : `CAST(${type.radix} AS int)`,
    INTERVAL_PRECISION: small(null),
    USERTYPE: small(0),
  }));
  return `SELECT * FROM (${rowsOf(rows)}) AS t${wanted.length > 0 ? '' : ' WHERE 1 = 0'} ORDER BY t.DATA_TYPE, t.TYPE_NAME`;
}
