/** Views that a pool has and that hold no rows here: what they tell of (nodes' workers, locks, keys, files) the local Synapse has not. */
import type { ViewDefinition } from './system-views';
import { parseShape, valuesSql } from './shape';

const empty = (columns: string): ViewDefinition => ({ columns, sql: () => valuesSql([], parseShape(columns).length) });

export const EMPTY_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.dm_pdw_dms_workers': empty(
    'request_id nvarchar(32), step_index int, dms_step_index int, pdw_node_id int, distribution_id int, type nvarchar(32), status nvarchar(32), bytes_per_sec bigint, bytes_processed bigint, rows_processed bigint, start_time datetime, end_time datetime, total_elapsed_time int, cpu_time bigint, query_time int, buffers_available int, sql_spid int, dms_cpid int, error_id nvarchar(36), source_info nvarchar(4000), destination_info nvarchar(4000)',
  ),
  'sys.dm_pdw_resource_waits': empty(
    'wait_id bigint, session_id nvarchar(32), type nvarchar(255), object_type nvarchar(255), object_name nvarchar(386), request_id nvarchar(32), request_time datetime, acquire_time datetime, state nvarchar(50), priority int, concurrency_slots_used int, resource_class nvarchar(20)',
  ),
  'sys.dm_pdw_lock_waits': empty(
    'wait_id bigint, session_id nvarchar(32), type nvarchar(255), object_type nvarchar(255), object_name nvarchar(386), request_id nvarchar(32), request_time datetime, acquire_time datetime, state nvarchar(50), priority int',
  ),
  'sys.dm_pdw_wait_stats': empty(
    'pdw_node_id int, wait_name nvarchar(255), max_wait_time bigint, request_count bigint, signal_time bigint, completed_count bigint, wait_time bigint',
  ),
  'sys.pdw_nodes_column_store_segments': empty(
    'partition_id bigint!, hobt_id bigint!, column_id int!, segment_id int!, version int!, encoding_type int!, row_count int!, has_nulls int!, base_id bigint!, magnitude float!, primary_dictionary_id int!, secondary_dictionary_id int!, min_data_id bigint!, max_data_id bigint!, null_value bigint!, on_disk_size bigint!, pdw_node_id int!',
  ),
  'sys.dm_pdw_nodes_os_performance_counters': empty(
    'object_name nchar(128)!, counter_name nchar(128)!, instance_name nchar(128), cntr_value bigint!, cntr_type int!, pdw_node_id int!',
  ),
  'sys.dm_pdw_nodes_tran_database_transactions': empty(
    'transaction_id bigint!, database_id int!, database_transaction_begin_time datetime, database_transaction_type int!, database_transaction_state int!, database_transaction_status int!, database_transaction_log_record_count bigint!, database_transaction_replicate_record_count int!, database_transaction_log_bytes_used bigint!, database_transaction_log_bytes_reserved bigint!, database_transaction_next_undo_lsn decimal(25,0), pdw_node_id int!',
  ),
  'sys.dm_pdw_dms_external_work': empty(
    'request_id nvarchar(32), step_index int, dms_step_index int, pdw_node_id int, type nvarchar(60), input_name nvarchar(60), read_location bigint, bytes_processed bigint, length bigint, start_time datetime, end_time datetime, total_elapsed_time int, status nvarchar(32)',
  ),
  'sys.query_store_query': empty(
    'query_id bigint!, query_text_id bigint!, context_settings_id bigint!, object_id bigint, query_hash binary(8)!, count_executions bigint, last_execution_time datetimeoffset',
  ),
  'sys.query_store_query_text': empty(
    'query_text_id bigint!, query_sql_text nvarchar(max), statement_sql_handle varbinary(64), is_part_of_encrypted_module bit!, has_restricted_text bit!',
  ),
  'sys.query_store_plan': empty(
    'plan_id bigint!, query_id bigint!, plan_group_id bigint, engine_version nvarchar(32), compatibility_level smallint!, query_plan_hash binary(8)!, query_plan nvarchar(max), is_forced_plan bit!, count_compiles bigint, last_execution_time datetimeoffset',
  ),
  'sys.query_store_runtime_stats': empty(
    'runtime_stats_id bigint!, plan_id bigint!, runtime_stats_interval_id bigint!, execution_type tinyint!, execution_type_desc nvarchar(60), first_execution_time datetimeoffset!, last_execution_time datetimeoffset!, count_executions bigint!, avg_duration float, last_duration bigint!, min_duration bigint!, max_duration bigint!, avg_rowcount float',
  ),
  'sys.partition_parameters': empty(
    'function_id int!, parameter_id int!, system_type_id tinyint!, max_length smallint!, precision tinyint!, scale tinyint!, collation_name nvarchar(128), user_type_id int!',
  ),
  'sys.allocation_units': empty(
    'allocation_unit_id bigint!, type tinyint!, type_desc nvarchar(60), container_id bigint!, data_space_id int, total_pages bigint!, used_pages bigint!, data_pages bigint!',
  ),
  'sys.certificates': empty(
    'name nvarchar(128)!, certificate_id int!, principal_id int, pvt_key_encryption_type char(2)!, subject nvarchar(4000), expiry_date datetime, start_date datetime',
  ),
  'sys.database_files': empty(
    'file_id int!, type tinyint!, type_desc nvarchar(60), data_space_id int!, name nvarchar(128)!, physical_name nvarchar(260)!, state tinyint, state_desc nvarchar(60), size int!, max_size int!, growth int!',
  ),
  'sys.sensitivity_classifications': empty(
    'class int!, class_desc varchar(16)!, major_id int!, minor_id int!, label sql_variant, label_id sql_variant, information_type sql_variant, information_type_id sql_variant, rank int, rank_desc varchar(8)',
  ),
  'sys.asymmetric_keys': empty(
    'name nvarchar(128)!, principal_id int, asymmetric_key_id int!, pvt_key_encryption_type char(2)!, pvt_key_encryption_type_desc nvarchar(60), thumbprint varbinary(32)!, algorithm char(2)!, algorithm_desc nvarchar(60), key_length int!, sid varbinary(85), string_sid nvarchar(128), public_key varbinary(8000)!, attested_by nvarchar(260), provider_type nvarchar(120), cryptographic_provider_guid uniqueidentifier, cryptographic_provider_algid sql_variant',
  ),
  'sys.openkeys': empty(
    'database_id int, database_name nvarchar(128), key_id int, key_name nvarchar(128), key_guid uniqueidentifier, opened_date datetime, status smallint',
  ),
  'sys.servers': empty(
    'server_id int!, name nvarchar(128)!, product nvarchar(128)!, provider nvarchar(128)!, is_linked bit!',
  ),
  'sys.database_scoped_configurations': empty(
    'configuration_id int, name nvarchar(60), value sql_variant, value_for_secondary sql_variant, is_value_default bit',
  ),
  'sys.credentials': empty(
    'credential_id int!, name nvarchar(128)!, credential_identity nvarchar(4000), create_date datetime!, modify_date datetime!',
  ),
  'sys.assembly_types': empty(
    'name nvarchar(128)!, system_type_id tinyint!, user_type_id int!, schema_id int!, principal_id int, max_length smallint!, precision tinyint!, scale tinyint!, collation_name nvarchar(128), is_nullable bit, is_user_defined bit!, is_assembly_type bit!, default_object_id int!, rule_object_id int!, assembly_id int!, assembly_class nvarchar(128)',
  ),
  'sys.database_query_store_options': empty(
    'desired_state smallint!, desired_state_desc nvarchar(60), actual_state smallint!, actual_state_desc nvarchar(60), readonly_reason int, current_storage_size_mb bigint, max_storage_size_mb bigint!',
  ),
  'sys.xml_schema_collections': empty(
    'xml_collection_id int!, schema_id int!, principal_id int, name nvarchar(128)!, create_date datetime!, modify_date datetime!',
  ),
  'sys.xml_indexes': empty('object_id int!, name nvarchar(128), index_id int!, type tinyint!, xml_index_type tinyint'),
  'sys.fulltext_indexes': empty('object_id int!, unique_index_id int!, fulltext_catalog_id int, is_enabled bit!'),
  'sys.change_tracking_tables': empty(
    'object_id int!, is_track_columns_updated_on bit!, min_valid_version bigint, begin_version bigint',
  ),
  'sys.numbered_procedures': empty('object_id int!, procedure_number smallint!, definition nvarchar(max)'),
  'sys.system_sql_modules': empty(
    'object_id int!, definition nvarchar(max), uses_ansi_nulls bit, uses_quoted_identifier bit, is_schema_bound bit, uses_database_collation bit, is_recompiled bit, null_on_null_input bit, execute_as_principal_id int',
  ),
  'sys.trigger_events': empty(
    'object_id int!, type int!, type_desc nvarchar(60)!, is_trigger_event bit, event_group_type int, event_group_type_desc nvarchar(60)',
  ),
  'sys.messages': empty(
    'message_id int!, language_id smallint!, severity tinyint!, is_event_logged bit!, text nvarchar(2048)!',
  ),
  'information_schema.check_constraints': empty(
    'CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME nvarchar(128)!, CHECK_CLAUSE nvarchar(4000)',
  ),
  'information_schema.column_privileges': empty(
    'GRANTOR nvarchar(128), GRANTEE nvarchar(128), TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, COLUMN_NAME nvarchar(128), PRIVILEGE_TYPE varchar(10), IS_GRANTABLE varchar(3)',
  ),
  'information_schema.domains': empty(
    'DOMAIN_CATALOG nvarchar(128), DOMAIN_SCHEMA nvarchar(128), DOMAIN_NAME nvarchar(128)!, DATA_TYPE nvarchar(128), CHARACTER_MAXIMUM_LENGTH int, NUMERIC_PRECISION tinyint, NUMERIC_SCALE tinyint, DOMAIN_DEFAULT nvarchar(4000)',
  ),
  'information_schema.referential_constraints': empty(
    'CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME nvarchar(128)!, UNIQUE_CONSTRAINT_CATALOG nvarchar(128), UNIQUE_CONSTRAINT_SCHEMA nvarchar(128), UNIQUE_CONSTRAINT_NAME nvarchar(128), MATCH_OPTION varchar(7), UPDATE_RULE varchar(11), DELETE_RULE varchar(11)',
  ),
  'information_schema.sequences': empty(
    'SEQUENCE_CATALOG nvarchar(128)!, SEQUENCE_SCHEMA nvarchar(128)!, SEQUENCE_NAME nvarchar(128)!, DATA_TYPE nvarchar(128)',
  ),
};
