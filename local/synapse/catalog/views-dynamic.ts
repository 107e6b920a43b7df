/** Dynamic management views: sessions, requests, nodes. */
import { COMPUTE_NODE } from './row-spread';
import type { State } from '../tsql/run/state';
import { isOn, textSize } from '../tsql/run/session-options';
import { valuesSql } from './shape';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];
const stamp = (d: Date): string => d.toISOString().replace('T', ' ').replace('Z', '');
const sessions = (s: State): Row[] => {
  const open = s.catalog.options.sessions();
  const list = open.some((x) => x.spid === s.session.spid) ? open : [...open, s.session];
  return list.map(
    (x): Row => [
      `SID${x.spid}`,
      x.spid,
      x.spid === s.session.spid || s.catalog.log.entries.some((e) => e.session === x.spid && e.status === 'Running')
        ? 'Active'
        : 'Idle',
      x.login,
      stamp(x.startedAt),
      x.application,
      x.host,
      x.clientLibrary,
    ],
  );
};
const requests = (s: State): Row[] =>
  s.catalog.log.entries.map(
    (e): Row => [
      e.id,
      `SID${e.session}`,
      e.session,
      e.status,
      e.submitted,
      e.ended ?? null,
      e.elapsed,
      e.label ?? null,
      e.command,
      e.error ?? null,
    ],
  );
const REQUEST = (s: State): string =>
  `(${valuesSql(requests(s), 10)}) AS v(id, sid, spid, status, submitted, ended, elapsed, label, command, error)`;
const TIME = (c: string): string => `CAST(CAST(${c} AS TIMESTAMP) AS TIMESTAMP_MS)`;

/** sys.dm_exec_sessions.transaction_isolation_level; a pool begins with READ UNCOMMITTED. */
const ISOLATION: Readonly<Record<string, number>> = {
  'READ UNCOMMITTED': 1,
  'READ COMMITTED': 2,
  'REPEATABLE READ': 3,
  SERIALIZABLE: 4,
  SNAPSHOT: 5,
};
const SESSION_SWITCHES = [
  'QUOTED_IDENTIFIER',
  'ARITHABORT',
  'ANSI_NULL_DFLT_ON',
  'ANSI_DEFAULTS',
  'ANSI_WARNINGS',
  'ANSI_PADDING',
  'ANSI_NULLS',
  'CONCAT_NULL_YIELDS_NULL',
];

export const DYNAMIC_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.dm_pdw_exec_requests': {
    columns:
      'request_id nvarchar(32)!, session_id nvarchar(32), status nvarchar(32), submit_time datetime, start_time datetime, end_compile_time datetime, end_time datetime, total_elapsed_time int, "label" nvarchar(255), error_id nvarchar(36), database_id int, command nvarchar(4000), resource_class nvarchar(20), importance nvarchar(32), group_name nvarchar(128), classifier_name nvarchar(128), resource_allocation_percentage decimal(5,2), result_cache_hit int, client_correlation_id nvarchar(255)'.replaceAll(
        '"',
        '',
      ),
    sql: (s) =>
      `SELECT v.id, v.sid, v.status, ${TIME('v.submitted')}, ${TIME('v.submitted')}, ${TIME('v.submitted')}, ${TIME('v.ended')}, CAST(v.elapsed AS INTEGER), v.label, v.error, 5, v.command, 'smallrc', 'normal', 'smallrc', 'smallrc', CAST(25 AS DECIMAL(5,2)), 0, CAST(NULL AS VARCHAR) FROM ${REQUEST(s)}`,
  },
  'sys.dm_pdw_exec_sessions': {
    columns:
      'session_id nvarchar(32)!, status nvarchar(10), request_id nvarchar(32), security_id varbinary(85), login_name nvarchar(128), login_time datetime, query_count int, is_transactional bit, client_id nvarchar(255), app_name nvarchar(255), sql_spid int',
    sql: (s) =>
      `SELECT v.sid, v.status, CAST(NULL AS VARCHAR), '\\x01'::BLOB, v.login, ${TIME('v.started')}, 0, false, '127.0.0.1', v.app, CAST(v.spid AS INTEGER) FROM (${valuesSql(sessions(s), 8)}) AS v(sid, spid, status, login, started, app, host, lib)`,
  },
  'sys.dm_exec_sessions': {
    columns:
      'session_id smallint!, login_time datetime!, host_name nvarchar(128), program_name nvarchar(128), client_interface_name nvarchar(32), login_name nvarchar(128)!, status nvarchar(30)!, database_id smallint!, is_user_process bit!, open_transaction_count int!, language nvarchar(128), transaction_isolation_level smallint!, date_format nvarchar(3), date_first smallint!, text_size int!, quoted_identifier bit!, arithabort bit!, ansi_null_dflt_on bit!, ansi_defaults bit!, ansi_warnings bit!, ansi_padding bit!, ansi_nulls bit!, concat_null_yields_null bit!, lock_timeout int!, deadlock_priority int!, row_count bigint!, prev_error int!, original_login_name nvarchar(128)!, host_process_id int, client_version int, cpu_time int!, memory_usage int!, total_elapsed_time int!, last_request_start_time datetime!, last_request_end_time datetime, reads bigint!, writes bigint!, logical_reads bigint!, security_id varbinary(85)!, nt_domain nvarchar(128), nt_user_name nvarchar(128), endpoint_id int!, authenticating_database_id int, is_filtered bit!, context_info varbinary(128), group_id int!',
    sql: (s) =>
      `SELECT CAST(v.spid AS SMALLINT), ${TIME('v.started')}, v.host, v.app, v.lib, v.login, CASE v.status WHEN 'Active' THEN 'running' ELSE 'sleeping' END, CAST(5 AS SMALLINT), true, 0, 'us_english', CAST(${ISOLATION[s.options.get('ISOLATION') ?? 'READ UNCOMMITTED']} AS SMALLINT), '${s.dateOrder}', CAST(${s.options.get('DATEFIRST') ?? 7} AS SMALLINT), ${textSize(s.options)}, ${SESSION_SWITCHES.map((name) => isOn(s.options, name)).join(', ')}, -1, 0, CAST(${s.rowCount} AS BIGINT), 0, v.login, CAST(NULL AS INTEGER), 7, 0, 0, 0, ${TIME('v.started')}, ${TIME('v.started')}, CAST(0 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT), '\\x01'::BLOB, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), 4, 1, false, CAST(NULL AS BLOB), 1 FROM (${valuesSql(sessions(s), 8)}) AS v(sid, spid, status, login, started, app, host, lib)`,
  },
  'sys.dm_exec_requests': {
    columns:
      'session_id smallint!, request_id int!, start_time datetime!, status nvarchar(30)!, command nvarchar(32)!, database_id smallint!, blocking_session_id smallint, wait_type nvarchar(60), total_elapsed_time int!',
    sql: (s) =>
      `SELECT CAST(v.spid AS SMALLINT), 0, ${TIME('v.submitted')}, 'running', 'SELECT', CAST(5 AS SMALLINT), CAST(0 AS SMALLINT), CAST(NULL AS VARCHAR), CAST(v.elapsed AS INTEGER) FROM ${REQUEST(s)} WHERE v.status = 'Running'`,
  },
  'sys.dm_exec_connections': {
    columns:
      'session_id int, connect_time datetime!, net_transport nvarchar(40)!, protocol_type nvarchar(40), encrypt_option nvarchar(40)!, auth_scheme nvarchar(40)!, client_net_address varchar(48), local_net_address varchar(48), net_packet_size int, protocol_version int, endpoint_id int, node_affinity smallint!, num_reads int, num_writes int, last_read datetime, last_write datetime, client_tcp_port int, local_tcp_port int, connection_id uniqueidentifier!, parent_connection_id uniqueidentifier, most_recent_session_id int',
    sql: (s) =>
      `SELECT CAST(v.spid AS INTEGER), ${TIME('v.started')}, 'TCP', 'TSQL', '${s.session.encrypted ? 'TRUE' : 'FALSE'}', 'SQL', '127.0.0.1', '127.0.0.1', ${s.session.packetSize || 4096}, ${s.session.tdsVersion | 0}, 4, CAST(0 AS SMALLINT), 0, 0, ${TIME('v.started')}, ${TIME('v.started')}, CAST(NULL AS INTEGER), CAST(NULL AS INTEGER), CAST('00000000-0000-0000-0000-' || lpad(CAST(v.spid AS VARCHAR), 12, '0') AS UUID), CAST(NULL AS UUID), CAST(v.spid AS INTEGER) FROM (${valuesSql(sessions(s), 8)}) AS v(sid, spid, status, login, started, app, host, lib)`,
  },
  'sys.sysprocesses': {
    columns:
      'spid smallint!, blocked smallint!, dbid smallint!, status nchar(30)!, hostname nchar(128)!, program_name nchar(128)!, loginame nchar(128)!, login_time datetime!, open_tran smallint!',
    sql: (s) =>
      `SELECT CAST(v.spid AS SMALLINT), CAST(0 AS SMALLINT), CAST(5 AS SMALLINT), 'runnable', v.host, v.app, v.login, ${TIME('v.started')}, CAST(0 AS SMALLINT) FROM (${valuesSql(sessions(s), 8)}) AS v(sid, spid, status, login, started, app, host, lib)`,
  },
  'sys.dm_pdw_exec_connections': {
    columns:
      'session_id int!, connect_time datetime!, encrypt_option nvarchar(40)!, auth_scheme nvarchar(40)!, client_id varchar(48)!, sql_spid int!',
    sql: (s) =>
      `SELECT CAST(v.spid AS INTEGER), ${TIME('v.started')}, '${s.session.encrypted ? 'TRUE' : 'FALSE'}', 'SQL', '127.0.0.1', CAST(v.spid AS INTEGER) FROM (${valuesSql(sessions(s), 8)}) AS v(sid, spid, status, login, started, app, host, lib)`,
  },
  'sys.dm_pdw_sys_info': {
    columns:
      'total_sessions int!, idle_sessions int!, active_requests int!, queued_requests int!, active_loads int!, queued_loads int!, active_backups int!, active_restores int!',
    sql: (s) => {
      const list = sessions(s);
      const idle = list.filter((row) => row[2] === 'Idle').length;
      return `SELECT ${list.length}, ${idle}, ${list.length - idle}, 0, 0, 0, 0, 0`;
    },
  },
  'sys.dm_pdw_nodes': {
    columns:
      'pdw_node_id int!, type nvarchar(32), name nvarchar(32), address nvarchar(32), is_passive int, region nvarchar(32)',
    sql: () =>
      `SELECT 1, 'CONTROL', 'DB0', '127.0.0.1', 0, 'local' UNION ALL SELECT ${COMPUTE_NODE}, 'COMPUTE', 'DB1', '127.0.0.1', 0, 'local'`,
  },
  'sys.dm_pdw_request_steps': {
    columns:
      'request_id nvarchar(32)!, step_index int!, operation_type nvarchar(35), distribution_type nvarchar(32), location_type nvarchar(32), status nvarchar(32), error_id nvarchar(36), start_time datetime, end_time datetime, total_elapsed_time int, row_count bigint, command nvarchar(4000)',
    sql: (s) =>
      `SELECT v.id, 0, 'OnOperation', 'Unspecified', 'Control', v.status, v.error, ${TIME('v.submitted')}, ${TIME('v.ended')}, CAST(v.elapsed AS INTEGER), CAST(-1 AS BIGINT), v.command FROM ${REQUEST(s)}`,
  },
  'sys.dm_pdw_sql_requests': {
    columns:
      'request_id nvarchar(32)!, step_index int!, pdw_node_id int!, distribution_id int, status nvarchar(32), error_id nvarchar(36), start_time datetime, end_time datetime, total_elapsed_time int, row_count bigint, spid int, command nvarchar(4000)',
    sql: (s) =>
      `SELECT v.id, 0, 1, 1, v.status, v.error, ${TIME('v.submitted')}, ${TIME('v.ended')}, CAST(v.elapsed AS INTEGER), CAST(-1 AS BIGINT), CAST(v.spid AS INTEGER), v.command FROM ${REQUEST(s)}`,
  },
  'sys.dm_pdw_waits': {
    columns:
      'wait_id bigint!, session_id nvarchar(32), type nvarchar(255), object_type nvarchar(255), object_name nvarchar(386), request_id nvarchar(32), request_time datetime, state nvarchar(50), priority int',
    sql: () => "SELECT CAST(0 AS BIGINT), '', '', '', '', '', CAST(NULL AS TIMESTAMP_MS), '', 0 WHERE false",
  },
  'sys.dm_pdw_errors': {
    columns:
      'error_id nvarchar(36)!, source nvarchar(64), type nvarchar(4000), create_time datetime, pdw_node_id int, session_id nvarchar(32), request_id nvarchar(32), spid int, details nvarchar(4000)',
    sql: (s) =>
      `SELECT v.id, 'local', 'SQL', ${TIME('v.ended')}, 1, v.sid, v.id, CAST(v.spid AS INTEGER), v.error FROM ${REQUEST(s)} WHERE v.status = 'Failed'`,
  },
  'sys.dm_tran_locks': {
    columns:
      'resource_type nvarchar(60)!, resource_database_id int!, request_mode nvarchar(60)!, request_status nvarchar(60)!, request_session_id int!',
    sql: () => "SELECT '', 0, '', '', 0 WHERE false",
  },
  'sys.dm_os_host_info': {
    columns:
      'host_platform nvarchar(256)!, host_distribution nvarchar(256)!, host_release nvarchar(256)!, host_service_pack_level nvarchar(256)!, host_sku int, os_language_version int!',
    sql: () => "SELECT 'Windows', 'Windows Server 2019 Datacenter', '10.0', '', 8, 1033",
  },
  'sys.dm_os_sys_info': {
    columns: 'cpu_count int!, physical_memory_kb bigint!, sqlserver_start_time datetime!',
    sql: (s) => `SELECT 2, CAST(8388608 AS BIGINT), ${TIME(`'${stamp(s.catalog.startedAt)}'`)}`,
  },
  'sys.syslanguages': {
    columns:
      'langid smallint!, dateformat nchar(3)!, datefirst tinyint!, upgrade int, name nvarchar(128)!, alias nvarchar(128)!, months nvarchar(372), shortmonths nvarchar(132), days nvarchar(217), lcid int!, msglangid smallint!',
    sql: () =>
      "SELECT 0, 'mdy', 7, 0, 'us_english', 'English', 'January,February,March,April,May,June,July,August,September,October,November,December', 'Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec', 'Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday', 1033, 1033",
  },
};
