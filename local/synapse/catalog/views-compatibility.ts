/**
 * The views of old SQL Servers (sysobjects, syscolumns, ...) that drivers and tools ask: sys.sysobjects everywhere, bare names in `master`
 * and its kin only; sequences and table types, of which a pool has none.
 */
import type { ViewDefinition } from './system-views';
import { named } from './view-source';
import { OBJECT_COLUMNS, OBJECT_VIEWS } from './views-objects';
import { SECURITY_VIEWS } from './views-security';
import { valuesSql } from './shape';

export const COMPATIBILITY_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.sysobjects': {
    columns:
      'name nvarchar(128)!, id int!, xtype char(2)!, uid smallint, info smallint, status int, base_schema_ver int, parent_obj int!, crdate datetime!, type char(2), userstat smallint, sysstat smallint, refdate datetime!, version int, deltrig int, instrig int, updtrig int, seltrig int, category int, cache smallint',
    sql: (state) =>
      `SELECT name, object_id, type, CAST(schema_id AS SMALLINT), CAST(0 AS SMALLINT), 0, 0, parent_object_id, create_date, type, CAST(1 AS SMALLINT), CAST(3 AS SMALLINT), create_date, 0, 0, 0, 0, 0, 0, CAST(0 AS SMALLINT) FROM (SELECT name, object_id, type, schema_id, parent_object_id, create_date FROM ${named(OBJECT_VIEWS, 'sys.objects', state)} UNION ALL SELECT name, -1, 'S ', 4, 0, TIMESTAMP_MS '2009-04-13 12:59:05' FROM (VALUES ('sysobjects'), ('syscolumns'), ('systypes'), ('sysusers'), ('sysindexes')) AS s(name))`,
  },
  'sys.syscolumns': {
    columns:
      'name nvarchar(128), id int!, xtype tinyint!, typestat tinyint!, xusertype smallint, length smallint!, xprec tinyint!, xscale tinyint!, colid smallint!, xoffset smallint!, bitpos tinyint!, reserved tinyint!, colstat smallint!, cdefault int!, domain int!, number smallint!, colorder smallint, offset smallint!, collationid int, language int, status tinyint, type tinyint!, usertype smallint, prec smallint, scale int, iscomputed int, isoutparam int!, isnullable int, collation nvarchar(128)',
    sql: (state) =>
      `SELECT name, object_id, system_type_id, CAST(0 AS UTINYINT), CAST(user_type_id AS SMALLINT), max_length, precision, scale, CAST(column_id AS SMALLINT), CAST(0 AS SMALLINT), CAST(0 AS UTINYINT), CAST(0 AS UTINYINT), CAST(is_identity AS SMALLINT), default_object_id, 0, CAST(0 AS SMALLINT), CAST(column_id AS SMALLINT), CAST(0 AS SMALLINT), 53256, 0, CAST(0 AS UTINYINT), system_type_id, CAST(user_type_id AS SMALLINT), CAST(CASE WHEN precision = 0 THEN max_length ELSE precision END AS SMALLINT), CAST(scale AS INTEGER), 0, 0, CAST(is_nullable AS INTEGER), collation_name FROM ${named(OBJECT_VIEWS, 'sys.columns', state)}`,
  },
  'sys.systypes': {
    columns:
      'name nvarchar(128)!, xtype tinyint!, status tinyint!, xusertype smallint, length smallint!, xprec tinyint!, xscale tinyint!, tdefault int!, domain int!, uid smallint, reserved smallint, collationid int, usertype smallint, variable bit, allownulls bit, type tinyint!, printfmt varchar(255), prec smallint, scale tinyint, collation nvarchar(128)',
    sql: (state) =>
      `SELECT name, system_type_id, CAST(0 AS UTINYINT), CAST(user_type_id AS SMALLINT), max_length, precision, scale, 0, 0, CAST(schema_id AS SMALLINT), CAST(0 AS SMALLINT), 53256, CAST(user_type_id AS SMALLINT), collation_name IS NOT NULL, is_nullable, system_type_id, CAST(NULL AS VARCHAR), CAST(precision AS SMALLINT), scale, collation_name FROM ${named(OBJECT_VIEWS, 'sys.types', state)}`,
  },
  'sys.sysusers': {
    columns: 'uid smallint, status smallint, name nvarchar(128), issqlrole int, isaliased int, islogin int',
    sql: (state) =>
      `SELECT CAST(principal_id AS SMALLINT), CAST(0 AS SMALLINT), name, CAST(type = 'R' AS INTEGER), 0, CAST(type <> 'R' AS INTEGER) FROM ${named(SECURITY_VIEWS, 'sys.database_principals', state)}`,
  },
  'sys.sysdatabases': {
    columns: 'name nvarchar(128), dbid smallint, mode smallint, status int, crdate datetime!, cmptlevel tinyint!',
    sql: (state) =>
      `SELECT name, CAST(database_id AS SMALLINT), CAST(0 AS SMALLINT), 0, create_date, compatibility_level FROM ${named(SECURITY_VIEWS, 'sys.databases', state)}`,
  },
  'sys.sysprocesses': {
    columns:
      'spid smallint!, kpid smallint!, blocked smallint!, waittype binary(2)!, dbid smallint!, uid smallint, cpu int!, login_time datetime!, last_batch datetime!, open_tran smallint!, status nchar(30)!, hostname nchar(128)!, program_name nchar(128)!, cmd nchar(26)!, loginame nchar(128)!',
    sql: ({ catalog }) =>
      valuesSql(
        catalog.options
          .sessions()
          .map((s) => [s.spid, 0, 0, null, 1, 1, 0, null, null, 0, 'running', s.host, s.application, '', s.login]),
        15,
      ),
  },
  'sys.syscomments': {
    columns: 'id int!, number smallint, colid smallint!, status smallint!, encrypted bit!, text nvarchar(4000)',
    sql: (state) =>
      `SELECT object_id, CAST(1 AS SMALLINT), CAST(1 AS SMALLINT), CAST(2 AS SMALLINT), false, left(definition, 4000) FROM ${named(OBJECT_VIEWS, 'sys.sql_modules', state)}`,
  },
  'sys.sequences': {
    columns: `${OBJECT_COLUMNS}, start_value sql_variant!, increment sql_variant!, minimum_value sql_variant!, maximum_value sql_variant!, is_cycling bit, is_cached bit, cache_size int, system_type_id tinyint!, user_type_id int!, precision tinyint!, scale tinyint, current_value sql_variant!, is_exhausted bit!, last_used_value sql_variant`,
    sql: () => valuesSql([], 27),
  },
  // Use of the databases of a logical server, which Azure Data Studio asks their sizes of.
  'sys.resource_stats': {
    columns:
      'start_time datetime2(7)!, end_time datetime2(7)!, database_name nvarchar(128)!, sku nvarchar(128)!, storage_in_megabytes float!, avg_cpu_percent decimal(5,2)!, avg_data_io_percent decimal(5,2)!, avg_log_write_percent decimal(5,2)!, max_worker_percent decimal(5,2)!, max_session_percent decimal(5,2)!, dtu_limit int!',
    sql: () => valuesSql([], 11),
  },
  'sys.table_types': {
    columns: `${OBJECT_VIEWS['sys.types']!.columns}, type_table_object_id int!, is_memory_optimized bit!`,
    sql: (state) =>
      `SELECT v.*, v.user_type_id, false FROM ${named(OBJECT_VIEWS, 'sys.types', state)} WHERE v.is_table_type`,
  },
  'sys.sysindexes': {
    columns: 'id int!, status int, indid smallint, name nvarchar(128), keycnt smallint, rows int',
    sql: () => `SELECT 0, 0, CAST(0 AS SMALLINT), '', CAST(0 AS SMALLINT), 0 WHERE false`,
  },
};
