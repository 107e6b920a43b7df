/** sys views of schemas, objects, columns, types and modules. */
import type { SqlType } from '../contract';
import { TYPE_SIZES } from '../type-size';
import { TYPE_IDS, bytes, precisionOf, scaleOf } from '../tsql/types/type-facts';
import type { TypeName } from '../tsql/syntax/ast';
import { resolveType } from '../tsql/types/sql-types';
import { constraints, keyId } from './constraints';
import { key } from './model';
import type { State } from '../tsql/run/state';
import { valuesSql } from './shape';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];

const KIND = `CASE o.kind WHEN 'ET' THEN 'U ' WHEN 'U' THEN 'U ' WHEN 'V' THEN 'V ' WHEN 'P' THEN 'P ' WHEN 'FN' THEN 'FN' WHEN 'IF' THEN 'IF' ELSE 'SP' END`;
const DESC = `CASE o.kind WHEN 'U' THEN 'USER_TABLE' WHEN 'ET' THEN 'USER_TABLE' WHEN 'V' THEN 'VIEW' WHEN 'P' THEN 'SQL_STORED_PROCEDURE' WHEN 'FN' THEN 'SQL_SCALAR_FUNCTION' WHEN 'IF' THEN 'SQL_INLINE_TABLE_VALUED_FUNCTION' ELSE 'SECURITY_POLICY' END`;
const SCHEMAS = `(SELECT x->>'$.name' AS name, CAST(x->>'$.id' AS INTEGER) AS id FROM (SELECT unnest(from_json(json_extract(data, '$.schemas'), '["JSON"]')) AS x FROM tsql.settings WHERE name = 'settings'))`;
const STAMP = (column: string): string => `CAST(CAST(o.${column} AS TIMESTAMP) AS TIMESTAMP_MS)`;
export const OBJECT_COLUMNS =
  'name nvarchar(128)!, object_id int!, principal_id int, schema_id int!, parent_object_id int!, type char(2), type_desc nvarchar(60), create_date datetime!, modify_date datetime!, is_ms_shipped bit!, is_published bit!, is_schema_published bit!';
const OBJECT_SQL = `o.name, o.id, CAST(NULL AS INTEGER), s.id, 0, ${KIND}, ${DESC}, ${STAMP('created')}, ${STAMP('modified')}, false, false, false`;
const FROM = `tsql.objects o JOIN ${SCHEMAS} s ON lower(s.name) = lower(o.schema_name)`;
/** Bytes, precision and scale of a type as sys.columns shows them. */
const LENGTH = `CASE WHEN c.length = -1 THEN -1 WHEN c.type_name IN ('nvarchar', 'nchar') THEN 2 * c.length WHEN c.length IS NOT NULL THEN c.length ELSE CASE c.type_name ${TYPE_IDS.filter(
  ([n]) => !['decimal', 'varchar'].includes(n),
)
  .map(
    ([n]) =>
      `WHEN '${n}' THEN ${bytes({ name: n })}${/^(time|datetime2|datetimeoffset)$/.test(n) ? ' - CASE WHEN c.scale <= 2 THEN 2 WHEN c.scale <= 4 THEN 1 ELSE 0 END' : ''}`,
  )
  .join(
    ' ',
  )} WHEN 'decimal' THEN CASE WHEN c.precision <= 9 THEN 5 WHEN c.precision <= 19 THEN 9 WHEN c.precision <= 28 THEN 13 ELSE 17 END ELSE 8 END END`;
const DIGITS = 'CASE c.scale WHEN 0 THEN -1 ELSE c.scale END';
const PRECISION = `CASE c.type_name WHEN 'decimal' THEN c.precision WHEN 'int' THEN 10 WHEN 'bigint' THEN 19 WHEN 'smallint' THEN 5 WHEN 'tinyint' THEN 3 WHEN 'bit' THEN 1 WHEN 'float' THEN 53 WHEN 'real' THEN 24 WHEN 'money' THEN 19 WHEN 'smallmoney' THEN 10 WHEN 'date' THEN 10 WHEN 'datetime' THEN 23 WHEN 'smalldatetime' THEN 16 WHEN 'datetime2' THEN 20 + ${DIGITS} WHEN 'time' THEN 9 + ${DIGITS} WHEN 'datetimeoffset' THEN 27 + ${DIGITS} ELSE 0 END`;
const SCALE = `CASE c.type_name WHEN 'datetime' THEN 3 WHEN 'money' THEN 4 WHEN 'smallmoney' THEN 4 ELSE coalesce(c.scale, 0) END`;
/** `((0))`, `('x')`, `(getdate())`: as the catalog writes a default. */
const BARE_DEFAULT = `CASE WHEN regexp_full_match(c.default_text, '\\([^()]*(\\(\\))?\\)') THEN substring(c.default_text, 2, length(c.default_text) - 2) ELSE c.default_text END`;
export const DEFAULT_TEXT = `CASE WHEN regexp_full_match(${BARE_DEFAULT}, '[-+]?[0-9.]+') THEN '((' || ${BARE_DEFAULT} || '))' WHEN regexp_full_match(${BARE_DEFAULT}, '\\w+\\(\\)') THEN '(' || lower(${BARE_DEFAULT}) || ')' ELSE '(' || ${BARE_DEFAULT} || ')' END`;
const TYPE_ID = `CASE c.type_name ${TYPE_IDS.map(([n, i]) => `WHEN '${n}' THEN ${i}`).join(' ')} END`;
export const COLUMN_COLUMNS =
  'object_id int!, name nvarchar(128), column_id int!, system_type_id tinyint!, user_type_id int!, max_length smallint!, precision tinyint!, scale tinyint!, collation_name nvarchar(128), is_nullable bit, is_ansi_padded bit!, is_rowguidcol bit!, is_identity bit!, is_computed bit!, is_filestream bit!, is_replicated bit, is_non_sql_subscribed bit, is_merge_published bit, is_dts_replicated bit, is_xml_document bit!, xml_collection_id int!, default_object_id int!, rule_object_id int!, is_sparse bit, is_column_set bit, generated_always_type tinyint, generated_always_type_desc nvarchar(60), is_hidden bit, is_masked bit!, encryption_type int, encryption_type_desc nvarchar(64), encryption_algorithm_name nvarchar(128), column_encryption_key_id int, column_encryption_key_database_name nvarchar(128)';
/** Computed columns with their T-SQL text; a pool has none. */
const computed = ({ catalog: { snapshot } }: State): Row[] =>
  [...snapshot.objects.values()].flatMap((o) =>
    o.columns.flatMap((c): Row[] => (c.computed ? [[o.id, c.id, c.computed.text]] : [])),
  );
function isComputed(state: State): string {
  const ids = computed(state).map(([object, column]) => `(${object}, ${column})`);
  return ids.length ? `(c.object_id, c.column_id) IN (${ids.join(', ')})` : 'false';
}
/** Rows of sys.columns out of a table expression with the columns of tsql.columns. */
export const columnSql = (state: State, source = 'tsql.columns'): string =>
  `SELECT c.object_id, c.name, c.column_id, CAST(${TYPE_ID} AS UTINYINT), ${TYPE_ID}, CAST(${LENGTH} AS SMALLINT), CAST(${PRECISION} AS UTINYINT), CAST(${SCALE} AS UTINYINT), CASE WHEN c.type_name LIKE '%char' THEN coalesce(c.collation_name, 'SQL_Latin1_General_CP1_CI_AS') END, c.nullable, true, false, c.is_identity, ${isComputed(state)}, false, false, false, false, false, false, 0, CASE WHEN c.default_name IS NULL THEN 0 ELSE 1000000 + c.object_id * 1000 + c.column_id END, 0, false, false, CAST(0 AS UTINYINT), 'NOT_APPLICABLE', false, c.mask IS NOT NULL, CAST(NULL AS INTEGER), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS INTEGER), CAST(NULL AS VARCHAR) FROM ${source} c`;
const MODULE_COLUMNS =
  'object_id int!, definition nvarchar(max), uses_ansi_nulls bit, uses_quoted_identifier bit, is_schema_bound bit, uses_database_collation bit, is_recompiled bit, null_on_null_input bit, execute_as_principal_id int';

/** The type of a parameter; an alias type of the database stands as nvarchar(max). */
export function parameterType(written: TypeName): SqlType {
  try {
    return resolveType(written);
  } catch {
    return { name: 'nvarchar', length: -1 };
  }
}

export const OBJECT_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.schemas': {
    columns: 'name nvarchar(128)!, schema_id int!, principal_id int!',
    sql: () =>
      `SELECT s.name, s.id, 1 FROM ${SCHEMAS} s UNION ALL SELECT 'sys', 4, 1 UNION ALL SELECT 'INFORMATION_SCHEMA', 3, 1`,
  },
  'sys.objects': {
    columns: OBJECT_COLUMNS,
    sql: ({ catalog }) => {
      const rows = constraints(catalog.snapshot).map(({ id, name, table, type }) => [
        name,
        id,
        catalog.snapshot.schemas.get(table.schema.toLowerCase())?.id ?? 1,
        table.id,
        type.padEnd(2),
        { PK: 'PRIMARY_KEY_CONSTRAINT', UQ: 'UNIQUE_CONSTRAINT', D: 'DEFAULT_CONSTRAINT' }[type],
      ]);
      const keys = `SELECT v.a, v.b, CAST(NULL AS INTEGER), v.c, v.d, v.e, v.f, ${STAMP('created')}, ${STAMP('modified')}, false, false, false
        FROM (${valuesSql(rows, 6)}) AS v(a, b, c, d, e, f) JOIN tsql.objects o ON o.id = v.d`;
      return `SELECT ${OBJECT_SQL} FROM ${FROM}${rows.length ? ` UNION ALL ${keys}` : ''}`;
    },
  },
  'sys.tables': {
    columns: `${OBJECT_COLUMNS}, lob_data_space_id int!, max_column_id_used int!, lock_on_bulk_load bit!, uses_ansi_nulls bit, is_replicated bit, has_replication_filter bit, is_merge_published bit, is_sync_tran_subscribed bit, has_unchecked_assembly_data bit!, text_in_row_limit int, large_value_types_out_of_row bit, is_tracked_by_cdc bit, lock_escalation tinyint, lock_escalation_desc nvarchar(60), is_filetable bit, is_memory_optimized bit, durability tinyint, durability_desc nvarchar(60), temporal_type tinyint, temporal_type_desc nvarchar(60), is_remote_data_archive_enabled bit, is_external bit!, is_node bit, is_edge bit`,
    sql: () =>
      `SELECT ${OBJECT_SQL}, 0, CAST((SELECT max(c.column_id) FROM tsql.columns c WHERE c.object_id = o.id) AS INTEGER), false, true, false, false, false, false, false, 0, false, false, CAST(0 AS UTINYINT), 'TABLE', false, false, CAST(0 AS UTINYINT), 'SCHEMA_AND_DATA', CAST(0 AS UTINYINT), 'NON_TEMPORAL_TABLE', false, o.kind = 'ET', false, false FROM ${FROM} WHERE o.kind IN ('U', 'ET')`,
  },
  'sys.views': {
    columns: `${OBJECT_COLUMNS}, is_replicated bit, has_replication_filter bit, has_opaque_metadata bit!, has_unchecked_assembly_data bit!, with_check_option bit!, is_date_correlation_view bit!`,
    sql: () => `SELECT ${OBJECT_SQL}, false, false, false, false, false, false FROM ${FROM} WHERE o.kind = 'V'`,
  },
  'sys.procedures': {
    columns: `${OBJECT_COLUMNS}, is_auto_executed bit!`,
    sql: () => `SELECT ${OBJECT_SQL}, false FROM ${FROM} WHERE o.kind = 'P'`,
  },
  'sys.columns': { columns: COLUMN_COLUMNS, sql: (state) => columnSql(state) },
  'sys.identity_columns': {
    columns: `${COLUMN_COLUMNS}, seed_value bigint, increment_value bigint, last_value bigint`,
    sql: (state) =>
      `SELECT v.*, c.seed, c.increment, CAST(NULL AS BIGINT) FROM (${columnSql(state)}) AS v(object_id, name, column_id) JOIN tsql.columns c ON c.object_id = v.object_id AND c.column_id = v.column_id WHERE c.is_identity`,
  },
  'sys.computed_columns': {
    columns: `${COLUMN_COLUMNS}, definition nvarchar(max), uses_database_collation bit!, is_persisted bit!`,
    sql: (state) =>
      `SELECT v.*, c.text, true, false FROM (${columnSql(state)}) AS v(object_id, name, column_id) JOIN (${valuesSql(computed(state), 3)}) AS c(object_id, column_id, text) ON c.object_id = v.object_id AND c.column_id = v.column_id`,
  },
  'sys.masked_columns': {
    columns: 'object_id int!, name nvarchar(128), column_id int!, is_masked bit!, masking_function nvarchar(4000)',
    sql: () => 'SELECT c.object_id, c.name, c.column_id, true, c.mask FROM tsql.columns c WHERE c.mask IS NOT NULL',
  },
  'sys.default_constraints': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, parent_object_id int!, type char(2), type_desc nvarchar(60), parent_column_id int!, definition nvarchar(max), is_system_named bit!',
    sql: () =>
      `SELECT c.default_name, 1000000 + c.object_id * 1000 + c.column_id, s.id, c.object_id, 'D ', 'DEFAULT_CONSTRAINT', c.column_id, ${DEFAULT_TEXT}, c.default_name LIKE 'DF\\_\\_%' ESCAPE '\\' FROM tsql.columns c JOIN ${FROM} ON o.id = c.object_id WHERE c.default_name IS NOT NULL`,
  },
  'sys.key_constraints': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, parent_object_id int!, type char(2), type_desc nvarchar(60), unique_index_id int, is_system_named bit!, is_enforced bit!',
    sql: ({ catalog }) => {
      const rows = [...catalog.snapshot.objects.values()].flatMap((o) =>
        (o.indexes ?? [])
          .map((x, i) => ({ o, x, i }))
          .filter(({ x }) => x.primaryKey || x.unique)
          .map(({ o, x, i }) => [
            x.name,
            keyId(o, i),
            catalog.snapshot.schemas.get(o.schema.toLowerCase())?.id ?? 1,
            o.id,
            x.primaryKey ? 'PK' : 'UQ',
            x.primaryKey ? 'PRIMARY_KEY_CONSTRAINT' : 'UNIQUE_CONSTRAINT',
            i + 1,
            false,
            false,
          ]),
      );
      return valuesSql(rows, 9);
    },
  },
  'sys.check_constraints': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, parent_object_id int!, definition nvarchar(max), parent_column_id int',
    sql: () => `SELECT '', 0, 0, 0, '', 0 WHERE false`,
  },
  'sys.foreign_keys': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, parent_object_id int!, referenced_object_id int, key_index_id int, delete_referential_action tinyint, update_referential_action tinyint, is_disabled bit!',
    sql: () => `SELECT '', 0, 0, 0, 0, 0, CAST(0 AS UTINYINT), CAST(0 AS UTINYINT), false WHERE false`,
  },
  'sys.foreign_key_columns': {
    columns:
      'constraint_object_id int!, constraint_column_id int!, parent_object_id int!, parent_column_id int!, referenced_object_id int!, referenced_column_id int!',
    sql: () => 'SELECT 0, 0, 0, 0, 0, 0 WHERE false',
  },
  'sys.triggers': {
    columns:
      'name nvarchar(128)!, object_id int!, parent_id int!, type char(2), is_disabled bit!, is_instead_of_trigger bit!, is_ms_shipped bit!',
    sql: () => `SELECT '', 0, 0, 'TR', false, false, false WHERE false`,
  },
  'sys.synonyms': {
    columns: `${OBJECT_COLUMNS}, base_object_name nvarchar(1035)`,
    sql: () => `SELECT ${OBJECT_SQL}, '' FROM ${FROM} WHERE false`,
  },
  'sys.types': {
    columns:
      'name nvarchar(128)!, system_type_id tinyint!, user_type_id int!, schema_id int!, principal_id int, max_length smallint!, precision tinyint!, scale tinyint!, collation_name nvarchar(128), is_nullable bit, is_user_defined bit!, is_assembly_type bit!, default_object_id int!, rule_object_id int!, is_table_type bit!',
    sql: (state) => valuesSql([...TYPE_IDS.map(([name, id]) => systemType(name, id)), ...userTypes(state)], 15),
  },
  'sys.sql_modules': {
    columns: MODULE_COLUMNS,
    sql: () =>
      `SELECT o.id, o.data->>'$.definition', true, true, false, false, false, false, CAST(NULL AS INTEGER) FROM tsql.objects o WHERE o.kind IN ('V', 'P', 'FN', 'IF')`,
  },
  'sys.all_sql_modules': {
    columns: MODULE_COLUMNS,
    sql: () =>
      `SELECT o.id, o.data->>'$.definition', true, true, false, false, false, false, CAST(NULL AS INTEGER) FROM tsql.objects o WHERE o.kind IN ('V', 'P', 'FN', 'IF')`,
  },
  'sys.parameters': {
    columns:
      'object_id int!, name nvarchar(128), parameter_id int!, system_type_id tinyint!, user_type_id int!, max_length smallint!, precision tinyint!, scale tinyint!, is_output bit!, has_default_value bit!',
    sql: ({ catalog }) => {
      const ids = new Map(TYPE_IDS);
      const row = (object: number, name: string, position: number, written: TypeName, isOutput: boolean): Row => {
        const type = parameterType(written);
        const id = ids.get(written.name) ?? ids.get(type.name) ?? 231;
        return [
          object,
          name,
          position,
          Math.min(id, 255),
          id,
          bytes(type),
          precisionOf(type),
          scaleOf(type),
          isOutput,
          false,
        ];
      };
      // Row 0 is what a scalar function returns. Defaults are known for CLR objects only.
      const rows = [...catalog.snapshot.objects.values()]
        .filter((o) => ['P', 'FN', 'IF'].includes(o.kind))
        .flatMap((o) => {
          const { parameters, returns } = catalog.module(o);
          return [
            ...(o.kind === 'FN' ? [row(o.id, '', 0, returns as TypeName, true)] : []),
            ...parameters.map((p, i) => row(o.id, p.name, i + 1, p.type, p.output)),
          ];
        });
      return valuesSql(rows, 10);
    },
  },
  'sys.extended_properties': {
    columns:
      'class tinyint!, class_desc nvarchar(60), major_id int!, minor_id int!, name nvarchar(128)!, value nvarchar(4000)',
    sql: () => `SELECT CAST(0 AS UTINYINT), '', 0, 0, '', '' WHERE false`,
  },
  'sys.sql_expression_dependencies': {
    columns:
      'referencing_id int!, referencing_minor_id int!, referenced_schema_name nvarchar(128), referenced_entity_name nvarchar(128), referenced_id int',
    sql: () => `SELECT 0, 0, '', '', 0 WHERE false`,
  },
};
function systemType(name: string, id: number): Row {
  const [bytes, precision, scale] = TYPE_SIZES[name] ?? [8000, 0, 0];
  const collation = /char|text|sysname/.test(name) ? 'SQL_Latin1_General_CP1_CI_AS' : null;
  const system = name === 'sysname' ? 231 : id;
  const nullable = name !== 'sysname';
  return [name, system, id, 4, null, bytes, precision, scale, collation, nullable, false, false, 0, 0, false];
}
/** Types of CREATE TYPE: aliases and table types. */
function userTypes({ catalog: { snapshot } }: State): Row[] {
  return [...snapshot.objects.values()]
    .filter((o) => o.kind === 'TT')
    .map((o): Row => {
      const schema = snapshot.schemas.get(o.schema.toLowerCase())?.id ?? 1;
      const base = o.alias && TYPE_IDS.find(([name]) => name === o.alias!.name)?.[1];
      const system = base ?? 243;
      return [o.name, system, o.id, schema, null, -1, 0, 0, null, !!o.alias, true, false, 0, 0, !o.alias];
    });
}
export { key };
