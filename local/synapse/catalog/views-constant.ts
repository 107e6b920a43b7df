/** Columns that say the same of every row here: services of SQL Server that the local Synapse has not, which tools ask for all the same. */
import type { State } from '../tsql/run/state';
import { duckType } from '../tsql/types/sql-types';
import { parseShape } from './shape';
import type { ViewDefinition } from './system-views';
import { named } from './view-source';
import { OBJECT_VIEWS } from './views-objects';

/** `name type` → a DuckDB expression, which may use the view's row `v`. */
type Constants = Readonly<Record<string, string | ((state: State) => string)>>;

const off = (names: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [`${name} bit`, 'false']));
const none = (columns: string): Record<string, string> =>
  Object.fromEntries(columns.split(', ').map((column) => [column, 'NULL']));
const ofObject =
  (column: string, id: string) =>
  (state: State): string =>
    `(SELECT o.${column} FROM (SELECT * FROM ${named(OBJECT_VIEWS, 'sys.objects', state)}) AS o WHERE o.object_id = v.${id})`;
/** Dates of the object that the view's column `id` names. */
const dates = (id = 'object_id'): Constants => ({
  'create_date datetime': ofObject('create_date', id),
  'modify_date datetime': ofObject('modify_date', id),
});
const shipped = off('is_ms_shipped is_published is_schema_published');

const PARAMETERS: Constants = {
  // Table-valued parameters are READONLY.
  'is_readonly bit': 'v.system_type_id = 243',
  'is_nullable bit': 'true',
  'xml_collection_id int': '0',
  ...off('is_cursor_ref is_xml_document'),
  ...none(
    'default_value nvarchar(4000), encryption_type int, encryption_type_desc nvarchar(64), encryption_algorithm_name nvarchar(128), column_encryption_key_id int, column_encryption_key_database_name nvarchar(128)',
  ),
};

const CONSTANTS: Readonly<Record<string, Constants>> = {
  'sys.databases': {
    ...off(
      'is_ansi_null_default_on is_ansi_nulls_on is_ansi_padding_on is_ansi_warnings_on is_arithabort_on is_concat_null_yields_null_on is_numeric_roundabort_on is_quoted_identifier_on is_recursive_triggers_on is_cursor_close_on_commit_on is_local_cursor_default is_db_chaining_on is_auto_update_stats_async_on is_date_correlation_on is_parameterization_forced is_merge_published is_sync_with_backup is_auto_create_stats_incremental_on is_honor_broker_priority_on is_optimized_locking_on is_supplemental_logging_enabled is_master_key_encrypted_by_server is_cdc_enabled is_mixed_page_allocation_on is_memory_optimized_elevate_to_snapshot_on is_remote_data_archive_enabled is_federation_member is_cleanly_shutdown',
    ),
    'page_verify_option tinyint': '2',
    'page_verify_option_desc nvarchar(60)': "'CHECKSUM'",
    'log_reuse_wait tinyint': '0',
    'log_reuse_wait_desc nvarchar(60)': "'NOTHING'",
    'service_broker_guid uniqueidentifier': "'00000000-0000-0000-0000-000000000000'",
    'delayed_durability int': '0',
    'delayed_durability_desc nvarchar(60)': "'DISABLED'",
    'catalog_collation_type int': '0',
    'catalog_collation_type_desc nvarchar(60)': "'DATABASE_DEFAULT'",
    ...none(
      'replica_id uniqueidentifier, group_database_id uniqueidentifier, target_recovery_time_in_seconds int, default_language_lcid smallint, default_language_name nvarchar(128), default_fulltext_language_lcid int, default_fulltext_language_name nvarchar(128), is_nested_triggers_on bit, is_transform_noise_words_on bit, two_digit_year_cutoff smallint, resource_pool_id int',
    ),
  },
  'sys.indexes': {
    'allow_row_locks bit': 'true',
    'allow_page_locks bit': 'true',
    ...off('suppress_dup_key_messages auto_created optimize_for_sequential_key'),
    ...none('compression_delay int'),
  },
  'sys.tables': none('filestream_data_space_id int, history_table_id int'),
  'sys.views': off('is_tracked_by_cdc'),
  'sys.all_views': off('is_tracked_by_cdc'),
  'sys.procedures': off('is_execution_replicated is_repl_serializable_only skips_repl_constraints'),
  'sys.parameters': PARAMETERS,
  'sys.all_parameters': PARAMETERS,
  'sys.identity_columns': off('is_not_for_replication'),
  'sys.key_constraints': { ...dates('parent_object_id'), ...shipped, ...none('principal_id int') },
  'sys.default_constraints': { ...dates('parent_object_id'), ...shipped, ...none('principal_id int') },
  'sys.foreign_keys': {
    ...shipped,
    ...off('is_not_for_replication is_not_trusted is_system_named'),
    ...none(
      'principal_id int, type char(2), type_desc nvarchar(60), create_date datetime, modify_date datetime, delete_referential_action_desc nvarchar(60), update_referential_action_desc nvarchar(60)',
    ),
  },
  'sys.triggers': {
    ...off('is_not_for_replication'),
    ...none(
      'parent_class tinyint, parent_class_desc nvarchar(60), type_desc nvarchar(60), create_date datetime, modify_date datetime',
    ),
  },
  'sys.sql_expression_dependencies': {
    ...off('is_schema_bound_reference is_caller_dependent is_ambiguous'),
    ...none(
      'referencing_class tinyint, referencing_class_desc nvarchar(60), referenced_class tinyint, referenced_class_desc nvarchar(60), referenced_server_name nvarchar(128), referenced_database_name nvarchar(128), referenced_minor_id int',
    ),
  },
  'sys.partitions': { 'filestream_filegroup_id smallint': '0', ...off('xml_compression') },
  'sys.data_spaces': {
    'type_desc nvarchar(60)': "CASE v.type WHEN 'PS' THEN 'PARTITION_SCHEME' ELSE 'ROWS_FILEGROUP' END",
    ...off('is_system'),
  },
  'sys.filegroups': {
    'type_desc nvarchar(60)': "'ROWS_FILEGROUP'",
    ...off('is_system is_read_only is_autogrow_all_files'),
    ...none('filegroup_guid uniqueidentifier, log_filegroup_id int'),
  },
  'sys.partition_schemes': { 'type_desc nvarchar(60)': "'PARTITION_SCHEME'", ...off('is_default is_system') },
  'sys.partition_functions': {
    'type_desc nvarchar(60)': "'RANGE'",
    ...dates('function_id'),
    ...off('is_system'),
  },
  'sys.database_principals': {
    ...none('default_language_name nvarchar(128), default_language_lcid int'),
    ...off('allow_encrypted_value_modifications'),
  },
  'sys.assemblies': none(
    'principal_id int, clr_name nvarchar(4000), permission_set tinyint, permission_set_desc nvarchar(60), is_visible bit, create_date datetime, modify_date datetime, is_user_defined bit',
  ),
  'sys.dm_exec_sessions': { 'total_scheduled_time int': '0', ...none('original_security_id varbinary(85)') },
  'sys.dm_exec_connections': none('most_recent_sql_handle varbinary(64)'),
  'sys.dm_exec_requests': {
    'user_id int': '1',
    'wait_time int': '0',
    'open_transaction_count int': '0',
    'percent_complete real': '0',
    'cpu_time int': '0',
    'reads bigint': '0',
    'writes bigint': '0',
    'logical_reads bigint': '0',
    'row_count bigint': '0',
    'transaction_isolation_level smallint': '1',
    ...none(
      'sql_handle varbinary(64), statement_start_offset int, statement_end_offset int, plan_handle varbinary(64), connection_id uniqueidentifier, last_wait_type nvarchar(60), wait_resource nvarchar(256)',
    ),
  },
  'sys.database_files': none('is_read_only bit, is_sparse bit, file_guid uniqueidentifier, is_media_read_only bit'),
  'sys.xml_indexes': none('secondary_type char(1), secondary_type_desc nvarchar(60), using_xml_index_id int'),
  'sys.sql_modules': off('uses_native_compilation inline_type is_inlineable'),
  'sys.all_sql_modules': off('uses_native_compilation inline_type is_inlineable'),
  'sys.check_constraints': {
    ...off(
      'is_ms_shipped is_published is_schema_published is_disabled is_not_for_replication is_not_trusted uses_database_collation is_system_named',
    ),
    ...none('principal_id int, type char(2), type_desc nvarchar(60), create_date datetime, modify_date datetime'),
  },
  'sys.external_tables': {
    ...dates(),
    ...off('is_ms_shipped'),
    'type char(2)': "'U '",
    'type_desc nvarchar(60)': "'USER_TABLE'",
    'parent_object_id int': '0',
    'uses_ansi_nulls bit': 'true',
    ...none(
      'principal_id int, reject_type nvarchar(20), reject_value float, reject_sample_value float, distribution_type tinyint, distribution_desc nvarchar(60), sharding_col_id int, remote_schema_name nvarchar(128), remote_object_name nvarchar(128), rejected_row_location nvarchar(4000)',
    ),
  },
  'sys.security_policies': {
    ...dates(),
    ...off('is_ms_shipped uses_database_collation'),
    'is_schema_bound bit': 'true',
    'parent_object_id int': '0',
    ...none('principal_id int'),
  },
  'sys.server_principals': {
    'default_language_name nvarchar(128)': "'us_english'",
    ...none(
      'sid varbinary(85), modify_date datetime, credential_id int, owning_principal_id int, is_fixed_role bit, tenant_id uniqueidentifier',
    ),
  },
  'sys.sql_logins': {
    'type char(1)': "'S'",
    'type_desc nvarchar(60)': "'SQL_LOGIN'",
    'create_date datetime': "TIMESTAMP '2024-01-01'",
    'modify_date datetime': "TIMESTAMP '2024-01-01'",
    'default_database_name nvarchar(128)': "'master'",
    'default_language_name nvarchar(128)': "'us_english'",
    'is_policy_checked bit': 'true',
    'is_expiration_checked bit': 'false',
    ...none('sid varbinary(85), credential_id int, password_hash varbinary(256)'),
  },
  'sys.security_predicates': none('operation int, operation_desc nvarchar(60)'),
  'sys.database_scoped_credentials': none(
    'create_date datetime, modify_date datetime, target_type nvarchar(100), target_id int',
  ),
  'sys.certificates': {
    ...off('is_active_for_begin_dialog'),
    ...none(
      'pvt_key_encryption_type_desc nvarchar(60), issuer_name nvarchar(442), cert_serial_number nvarchar(64), sid varbinary(85), string_sid nvarchar(128), thumbprint varbinary(32), attested_by nvarchar(260), pvt_key_last_backup_date datetime, key_length int',
    ),
  },
};

/** The view with its constant columns, after its own. */
export function withConstants(id: string, view: ViewDefinition): ViewDefinition {
  const constants = CONSTANTS[id];
  if (!constants) return view;
  const own = parseShape(view.columns).map((column) => `"${column.name}"`);
  const types = parseShape(Object.keys(constants).join(', ')).map((column) => duckType(column.type));
  return {
    columns: [view.columns, ...Object.keys(constants)].join(', '),
    sql(state) {
      const cells = Object.values(constants).map(
        (value, n) => `CAST(${typeof value === 'string' ? value : value(state)} AS ${types[n]!})`,
      );
      return `SELECT v.*, ${cells.join(', ')} FROM (${view.sql(state)}) AS v(${own.join(', ')})`;
    },
  };
}
