/** sys views of databases, principals, permissions and policies. */
import { valuesSql } from './shape';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];
const CREATED = "CAST(TIMESTAMP '2024-01-01' AS TIMESTAMP_MS)";
const CODES: Readonly<Record<string, string>> = {
  SELECT: 'SL',
  INSERT: 'IN',
  UPDATE: 'UP',
  DELETE: 'DL',
  EXECUTE: 'EX',
  ALTER: 'AL',
  CONTROL: 'CL',
  CONNECT: 'CO',
  UNMASK: 'UMSK',
  REFERENCES: 'RF',
  'VIEW DEFINITION': 'VW',
};

export const SECURITY_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.databases': {
    columns:
      'name nvarchar(128)!, database_id int!, source_database_id int, owner_sid varbinary(85), create_date datetime!, compatibility_level tinyint!, collation_name nvarchar(128), user_access tinyint, user_access_desc nvarchar(60), is_read_only bit, is_auto_close_on bit!, is_auto_shrink_on bit, state tinyint, state_desc nvarchar(60), is_in_standby bit, snapshot_isolation_state tinyint, snapshot_isolation_state_desc nvarchar(60), is_read_committed_snapshot_on bit, recovery_model tinyint, recovery_model_desc nvarchar(60), is_auto_create_stats_on bit, is_auto_update_stats_on bit, is_fulltext_enabled bit, is_trustworthy_on bit, is_broker_enabled bit!, is_published bit!, is_subscribed bit!, is_distributor bit!, is_encrypted bit, is_result_set_caching_on bit, is_accelerated_database_recovery_on bit, is_ledger_on bit, containment tinyint, containment_desc nvarchar(60), is_query_store_on bit, physical_database_name nvarchar(128)',
    sql: ({ catalog }) =>
      [...catalog.options.databaseIds]
        // A pool shows itself and master, as a database of Azure does.
        .filter(([, id]) => id === 1 || id === 5 || catalog.options.surface === 'server')
        .map(([name, id]) => {
          const set = catalog.snapshot.databaseOptions[String(name).toLowerCase()] ?? {};
          const is = (option: string, otherwise: boolean): boolean =>
            (set[option] ?? (otherwise ? 'ON' : 'OFF')) === 'ON';
          return `SELECT '${String(name).replaceAll("'", "''")}', ${id}, CAST(NULL AS INTEGER), '\\x01'::BLOB, ${CREATED}, CAST(130 AS UTINYINT), 'SQL_Latin1_General_CP1_CI_AS', CAST(0 AS UTINYINT), 'MULTI_USER', false, false, false, CAST(0 AS UTINYINT), 'ONLINE', false, CAST(1 AS UTINYINT), 'ON', ${is('READ_COMMITTED_SNAPSHOT', true)}, CAST(3 AS UTINYINT), 'SIMPLE', ${is('AUTO_CREATE_STATISTICS', true)}, true, false, false, false, false, false, false, ${is('ENCRYPTION', false)}, ${is('RESULT_SET_CACHING', false)}, true, false, CAST(0 AS UTINYINT), 'NONE', ${is('QUERY_STORE', false)}, '${String(name).replaceAll("'", "''")}'`;
        })
        .join(' UNION ALL '),
  },
  'sys.database_service_objectives': {
    columns:
      'database_id int!, edition nvarchar(128), service_objective nvarchar(128), elastic_pool_name nvarchar(128)',
    sql: () => "SELECT 5, 'DataWarehouse', 'DW100c', NULL",
  },
  'sys.database_principals': {
    columns:
      'name nvarchar(128)!, principal_id int!, type char(1)!, type_desc nvarchar(60), default_schema_name nvarchar(128), create_date datetime!, modify_date datetime!, owning_principal_id int, sid varbinary(85), is_fixed_role bit!, authentication_type int!, authentication_type_desc nvarchar(60)',
    sql: ({ catalog }) =>
      `SELECT v.a, v.b, v.c, CASE v.c WHEN 'S' THEN 'SQL_USER' ELSE 'DATABASE_ROLE' END, v.e, ${CREATED}, ${CREATED}, CASE v.c WHEN 'R' THEN 1 END, '\\x01'::BLOB, v.d, CASE v.c WHEN 'S' THEN 1 ELSE 0 END, CASE v.c WHEN 'S' THEN 'INSTANCE' ELSE 'NONE' END FROM (${valuesSql(
        [...catalog.snapshot.principals.values()].map(
          (p): Row => [
            p.name,
            p.id,
            p.type,
            p.type === 'R' && p.fixed === true && p.id !== 0,
            p.type === 'S' ? (p.defaultSchema ?? 'dbo') : null,
          ],
        ),
        5,
      )}) AS v(a, b, c, d, e)`,
  },
  'sys.server_principals': {
    columns:
      'name nvarchar(128)!, principal_id int!, type char(1)!, type_desc nvarchar(60), is_disabled bit, create_date datetime!, default_database_name nvarchar(128)',
    sql: ({ catalog }) =>
      `SELECT v.a, v.b, 'S', 'SQL_LOGIN', false, ${CREATED}, 'master' FROM (${valuesSql(
        catalog.options.logins.map((name, i): Row => [name, 260 + i]),
        2,
      )}) AS v(a, b)`,
  },
  'sys.sql_logins': {
    columns: 'name nvarchar(128)!, principal_id int!, is_disabled bit',
    sql: ({ catalog }) =>
      valuesSql(
        catalog.options.logins.map((name, i): Row => [name, 260 + i, false]),
        3,
      ),
  },
  'sys.database_role_members': {
    columns: 'role_principal_id int!, member_principal_id int!',
    sql: ({ catalog }) =>
      valuesSql(
        [{ role: catalog.snapshot.principals.get('db_owner')!.id, member: 1 }, ...catalog.snapshot.members].map(
          (m): Row => [m.role, m.member],
        ),
        2,
      ),
  },
  'sys.database_permissions': {
    columns:
      'class tinyint!, class_desc nvarchar(60), major_id int!, minor_id int!, grantee_principal_id int!, grantor_principal_id int!, type char(4)!, permission_name nvarchar(128), state char(1)!, state_desc nvarchar(60)',
    sql: ({ catalog: { snapshot } }) =>
      valuesSql(
        snapshot.permissions.map((p): Row => {
          const object =
            p.class === 'OBJECT' ? [...snapshot.objects.values()].find((o) => String(o.id) === p.target) : undefined;
          return [
            p.class === 'DATABASE' ? 0 : p.class === 'OBJECT' ? 1 : 3,
            p.class === 'OBJECT' ? 'OBJECT_OR_COLUMN' : p.class,
            p.class === 'OBJECT'
              ? Number(p.target)
              : p.class === 'SCHEMA'
                ? (snapshot.schemas.get(p.target.toLowerCase())?.id ?? 0)
                : 0,
            p.column ? (object?.columns.find((c) => c.name.toLowerCase() === p.column!.toLowerCase())?.id ?? 0) : 0,
            p.grantee,
            1,
            CODES[p.permission] ?? p.permission.slice(0, 4),
            p.permission,
            p.grantOption ? 'W' : p.state,
            p.grantOption ? 'GRANT_WITH_GRANT_OPTION' : p.state === 'G' ? 'GRANT' : 'DENY',
          ];
        }),
        10,
      ),
  },
  'sys.security_policies': {
    columns:
      'name nvarchar(128)!, object_id int!, schema_id int!, type char(2), type_desc nvarchar(60), is_enabled bit!, is_not_for_replication bit!',
    sql: ({ catalog: { snapshot } }) =>
      valuesSql(
        [...snapshot.objects.values()]
          .filter((o) => o.policy)
          .map(
            (o): Row => [
              o.name,
              o.id,
              snapshot.schemas.get(o.schema.toLowerCase())?.id ?? 1,
              'SP',
              'SECURITY_POLICY',
              o.policy!.enabled,
              false,
            ],
          ),
        7,
      ),
  },
  'sys.security_predicates': {
    columns:
      'object_id int!, security_predicate_id int!, target_object_id int!, predicate_definition nvarchar(max), predicate_type int, predicate_type_desc nvarchar(60)',
    sql: ({ catalog: { snapshot } }) =>
      valuesSql(
        [...snapshot.objects.values()].flatMap((o) =>
          (o.policy?.predicates ?? []).map(
            (p, i): Row => [
              o.id,
              i + 1,
              p.table,
              `([${p.functionName.join('].[')}](${p.args.map((a) => `[${a}]`).join(', ')}))`,
              0,
              'FILTER',
            ],
          ),
        ),
        6,
      ),
  },
  'sys.database_scoped_credentials': {
    columns: 'name nvarchar(128)!, principal_id int!, credential_id int!, credential_identity nvarchar(4000)',
    sql: ({ catalog }) =>
      valuesSql(
        [...catalog.snapshot.credentials.values()].map((c): Row => [c.name, 1, c.id, String(c.options.IDENTITY)]),
        4,
      ),
  },
  'sys.symmetric_keys': {
    columns: 'name nvarchar(128)!, principal_id int!, symmetric_key_id int!',
    sql: ({ catalog }) => `SELECT '##MS_DatabaseMasterKey##', 1, 101 WHERE ${catalog.snapshot.hasMasterKey}`,
  },
  'sys.configurations': {
    columns:
      'configuration_id int!, name nvarchar(35)!, value int, minimum int, maximum int, value_in_use int, description nvarchar(255)!, is_dynamic bit!, is_advanced bit!',
    sql: () =>
      "SELECT * FROM (VALUES (103, 'user connections', 0, 0, 32767, 0, 'Number of user connections allowed', false, true), (16387, 'SMO and DMO XPs', 1, 0, 1, 1, 'Enable or disable SMO and DMO XPs', true, true))",
  },
  'sys.server_role_members': {
    columns: 'role_principal_id int!, member_principal_id int!',
    sql: () => 'SELECT 0, 0 WHERE false',
  },
  'sys.fulltext_catalogs': {
    columns: 'fulltext_catalog_id int!, name nvarchar(128)!',
    sql: () => "SELECT 0, '' WHERE false",
  },
  'sys.assemblies': { columns: 'name nvarchar(128)!, assembly_id int!', sql: () => "SELECT '', 0 WHERE false" },
};
