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
  (column: string) =>
  (state: State): string =>
    `(SELECT o.${column} FROM (SELECT * FROM ${named(OBJECT_VIEWS, 'sys.objects', state)}) AS o WHERE o.object_id = v.object_id)`;
const dates: Constants = {
  'create_date datetime': ofObject('create_date'),
  'modify_date datetime': ofObject('modify_date'),
};

const CONSTANTS: Readonly<Record<string, Constants>> = {
  'sys.databases': {
    ...off(
      'is_ansi_null_default_on is_ansi_nulls_on is_ansi_padding_on is_ansi_warnings_on is_arithabort_on is_concat_null_yields_null_on is_numeric_roundabort_on is_quoted_identifier_on is_recursive_triggers_on is_cursor_close_on_commit_on is_local_cursor_default is_db_chaining_on is_auto_update_stats_async_on is_date_correlation_on is_parameterization_forced is_merge_published is_sync_with_backup is_auto_create_stats_incremental_on is_honor_broker_priority_on is_optimized_locking_on is_supplemental_logging_enabled is_master_key_encrypted_by_server is_cdc_enabled is_mixed_page_allocation_on is_memory_optimized_elevate_to_snapshot_on is_remote_data_archive_enabled is_federation_member',
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
    ...none('replica_id uniqueidentifier, group_database_id uniqueidentifier, target_recovery_time_in_seconds int'),
  },
  'sys.indexes': {
    'allow_row_locks bit': 'true',
    'allow_page_locks bit': 'true',
    ...off('suppress_dup_key_messages auto_created optimize_for_sequential_key'),
    ...none('compression_delay int'),
  },
  'sys.identity_columns': off('is_not_for_replication'),
  'sys.sql_modules': off('uses_native_compilation inline_type is_inlineable'),
  'sys.all_sql_modules': off('uses_native_compilation inline_type is_inlineable'),
  'sys.check_constraints': {
    ...off('is_ms_shipped is_disabled is_not_for_replication is_not_trusted uses_database_collation is_system_named'),
    ...none('principal_id int, type char(2), type_desc nvarchar(60), create_date datetime, modify_date datetime'),
  },
  'sys.external_tables': {
    ...dates,
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
    ...dates,
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
  'sys.workload_management_workload_groups': {
    'min_percentage_resource tinyint': '0',
    'cap_percentage_resource tinyint': '100',
    'request_min_resource_grant_percent decimal(5,2)': '3',
    'request_max_resource_grant_percent decimal(5,2)': '3',
    'query_execution_timeout_sec int': '0',
    ...none('create_time datetime, modify_time datetime'),
  },
  'sys.workload_management_workload_classifiers': {
    'importance nvarchar(128)': "'normal'",
    ...none('create_time datetime, modify_time datetime, is_enabled bit'),
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
