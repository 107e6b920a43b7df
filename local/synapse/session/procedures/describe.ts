import { TSqlError, type ResultColumn, type SqlType, type SystemProcedure } from '../../contract';
import { typeText } from '../../engine/literal';
import { sizeOf } from '../../type-size';
import { quote, required, rowsOf } from './text';

/** sys.types.system_type_id of each type. */
const systemTypeId: Record<SqlType['name'], number> = {
  image: 34,
  text: 35,
  uniqueidentifier: 36,
  date: 40,
  time: 41,
  datetime2: 42,
  datetimeoffset: 43,
  tinyint: 48,
  smallint: 52,
  int: 56,
  smalldatetime: 58,
  real: 59,
  money: 60,
  datetime: 61,
  float: 62,
  sql_variant: 98,
  ntext: 99,
  bit: 104,
  decimal: 106,
  smallmoney: 122,
  bigint: 127,
  varbinary: 165,
  varchar: 167,
  binary: 173,
  char: 175,
  nvarchar: 231,
  nchar: 239,
  xml: 241,
};

const isText = (type: SqlType): boolean => /^(n?(var)?char|n?text)$/.test(type.name);
const nothing = (type: string): string => `CAST(NULL AS ${type})`;

function resultRow(column: ResultColumn, ordinal: number): Record<string, string> {
  const type = column.type ?? { name: 'nvarchar', length: -1 };
  const { bytes, precision, scale } = sizeOf(type);
  return {
    is_hidden: 'CAST(0 AS bit)',
    column_ordinal: `CAST(${ordinal} AS int)`,
    name: `CAST(${quote(column.name === '' ? null : column.name)} AS nvarchar(128))`,
    is_nullable: `CAST(${column.nullable === false ? 0 : 1} AS bit)`,
    system_type_id: `CAST(${systemTypeId[type.name]} AS int)`,
    system_type_name: `CAST(${quote(typeText(type))} AS nvarchar(256))`,
    max_length: `CAST(${bytes} AS smallint)`,
    precision: `CAST(${precision} AS tinyint)`,
    scale: `CAST(${scale} AS tinyint)`,
    collation_name: isText(type) ? `CAST('SQL_Latin1_General_CP1_CI_AS' AS nvarchar(128))` : nothing('nvarchar(128)'),
    user_type_id: nothing('int'),
    user_type_database: nothing('nvarchar(128)'),
    user_type_schema: nothing('nvarchar(128)'),
    user_type_name: nothing('nvarchar(128)'),
    assembly_qualified_type_name: nothing('nvarchar(4000)'),
    xml_collection_id: nothing('int'),
    xml_collection_database: nothing('nvarchar(128)'),
    xml_collection_schema: nothing('nvarchar(128)'),
    xml_collection_name: nothing('nvarchar(128)'),
    is_xml_document: 'CAST(0 AS bit)',
    is_case_sensitive: 'CAST(0 AS bit)',
    is_fixed_length_clr_type: 'CAST(0 AS bit)',
    source_server: nothing('nvarchar(128)'),
    source_database: nothing('nvarchar(128)'),
    source_schema: nothing('nvarchar(128)'),
    source_table: nothing('nvarchar(128)'),
    source_column: nothing('nvarchar(128)'),
    is_identity_column: `CAST(${column.identity ? 1 : 0} AS bit)`,
    is_part_of_unique_key: nothing('bit'),
    is_updateable: 'CAST(1 AS bit)',
    is_computed_column: 'CAST(0 AS bit)',
    is_sparse_column_set: 'CAST(0 AS bit)',
    ordinal_in_order_by_list: nothing('smallint'),
    order_by_is_descending: nothing('smallint'),
    order_by_list_length: nothing('smallint'),
    tds_type_id: `CAST(${systemTypeId[type.name]} AS int)`,
    tds_length: `CAST(${bytes === -1 ? 65535 : bytes} AS int)`,
    tds_collation_id: isText(type) ? 'CAST(13632521 AS int)' : nothing('int'),
    tds_collation_sort_id: isText(type) ? 'CAST(52 AS tinyint)' : nothing('tinyint'),
  };
}

/** sp_describe_first_result_set: the columns a statement would give. */
export const spDescribeFirstResultSet: SystemProcedure = {
  parameters: ['@tsql', '@params', '@include_browse_information'],
  async batch(given, engine) {
    const columns = await engine.describe(
      required(given, '@tsql', 'sp_describe_first_result_set'),
      given['@params'] ?? '',
    );
    const rows =
      columns && columns.length > 0 ? columns.map((column, index) => resultRow(column, index + 1)) : undefined;
    const source = rowsOf(rows ?? [resultRow({ name: '' }, 0)]);
    return `SELECT * FROM (${source}) AS d${rows ? '' : ' WHERE 1 = 0'} ORDER BY column_ordinal`;
  },
};

/** sp_describe_undeclared_parameters: what a statement's parameters should be declared as. */
export const spDescribeUndeclaredParameters: SystemProcedure = {
  parameters: ['@tsql', '@params'],
  async batch(given, engine) {
    const sql = required(given, '@tsql', 'sp_describe_undeclared_parameters');
    const found = await engine.undeclaredParameters(sql, given['@params'] ?? '');
    const row = (name: string, type: SqlType, ordinal: number): Record<string, string> => {
      const { bytes, precision, scale } = sizeOf(type);
      return {
        parameter_ordinal: `CAST(${ordinal} AS int)`,
        name: `CAST(${quote(name)} AS nvarchar(128))`,
        suggested_system_type_id: `CAST(${systemTypeId[type.name]} AS int)`,
        suggested_system_type_name: `CAST(${quote(typeText(type))} AS nvarchar(256))`,
        suggested_max_length: `CAST(${bytes} AS smallint)`,
        suggested_precision: `CAST(${precision} AS tinyint)`,
        suggested_scale: `CAST(${scale} AS tinyint)`,
        suggested_user_type_id: nothing('int'),
        suggested_user_type_database: nothing('nvarchar(128)'),
        suggested_user_type_schema: nothing('nvarchar(128)'),
        suggested_user_type_name: nothing('nvarchar(128)'),
        suggested_assembly_qualified_type_name: nothing('nvarchar(4000)'),
        suggested_xml_collection_id: nothing('int'),
        suggested_xml_collection_database: nothing('nvarchar(128)'),
        suggested_xml_collection_schema: nothing('nvarchar(128)'),
        suggested_xml_collection_name: nothing('nvarchar(128)'),
        suggested_is_xml_document: 'CAST(0 AS bit)',
        suggested_is_case_sensitive: 'CAST(0 AS bit)',
        suggested_is_fixed_length_clr_type: 'CAST(0 AS bit)',
        suggested_is_input: 'CAST(1 AS bit)',
        suggested_is_output: 'CAST(0 AS bit)',
        formal_parameter_name: nothing('nvarchar(128)'),
        suggested_tds_type_id: `CAST(${systemTypeId[type.name]} AS int)`,
        suggested_tds_length: `CAST(${bytes === -1 ? 65535 : bytes} AS int)`,
      };
    };
    if (new Set(found.map((one) => one.name.toLowerCase())).size !== found.length) {
      throw new TSqlError(11508, 'The undeclared parameter is used more than once in the batch being analyzed.');
    }
    const rows = found.map((one, index) => row(one.name, one.type, index + 1));
    const source = rowsOf(rows.length > 0 ? rows : [row('', { name: 'int' }, 0)]);
    return `SELECT * FROM (${source}) AS d${rows.length > 0 ? '' : ' WHERE 1 = 0'} ORDER BY parameter_ordinal`;
  },
};
