import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type mssql from 'mssql';
import { ToolServer } from '../support/tool-server';

/** What tools ask when they connect and when they list objects; the answers are checked against the objects made here. */
let server: ToolServer;
let pool: mssql.ConnectionPool;

beforeAll(async () => {
  server = await ToolServer.start();
  pool = server.pool;
});
afterAll(() => server.stop());

const sets = (text: string): Promise<Record<string, unknown>[][]> => server.sets(text);

test.each<[string, string, unknown[][]]>([
  [
    'Management Studio: settings',
    `SET ROWCOUNT 0 SET TEXTSIZE 2147483647 SET NOCOUNT OFF SET CONCAT_NULL_YIELDS_NULL ON SET ARITHABORT ON SET LOCK_TIMEOUT -1
     SET QUERY_GOVERNOR_COST_LIMIT 0 SET DEADLOCK_PRIORITY NORMAL SET TRANSACTION ISOLATION LEVEL READ COMMITTED SET ANSI_NULLS ON
     SET ANSI_NULL_DFLT_ON ON SET ANSI_PADDING ON SET ANSI_WARNINGS ON SET CURSOR_CLOSE_ON_COMMIT OFF SET IMPLICIT_TRANSACTIONS OFF
     SET QUOTED_IDENTIFIER ON`,
    [],
  ],
  [
    'Management Studio: kind of server',
    `DECLARE @edition sysname; SET @edition = cast(SERVERPROPERTY(N'EDITION') as sysname);
     SELECT case when @edition = N'SQL Azure' then 2 else 1 end as DatabaseEngineType, SERVERPROPERTY('EngineEdition') AS DatabaseEngineEdition;
     if @edition = N'SQL Azure' select 'TCP' as ConnectionProtocol else exec ('select CONVERT(nvarchar(40),CONNECTIONPROPERTY(''net_transport'')) as ConnectionProtocol')`,
    [[{ DatabaseEngineType: 2, DatabaseEngineEdition: 6 }], [{ ConnectionProtocol: 'TCP' }]],
  ],
  [
    'Management Studio: databases',
    'SELECT dtb.name AS [Name], dtb.database_id AS [ID], CAST(has_dbaccess(dtb.name) AS bit) AS ok FROM master.sys.databases AS dtb ORDER BY [Name] ASC',
    [
      [
        { Name: 'master', ID: 1, ok: true },
        { Name: 'medstream', ID: 5, ok: true },
      ],
    ],
  ],
  [
    'Management Studio: tables',
    `SELECT tbl.name AS [Name], SCHEMA_NAME(tbl.schema_id) AS [Schema], p.distribution_policy_desc AS d FROM sys.tables AS tbl
     LEFT JOIN sys.pdw_table_distribution_properties AS p ON p.object_id = tbl.object_id WHERE CAST(tbl.is_ms_shipped AS bit) = 0 ORDER BY 2, 1`,
    [[{ Name: 'tool', Schema: 'dbo', d: 'HASH' }]],
  ],
  [
    'Azure Data Studio: server',
    `SELECT SERVERPROPERTY('EngineEdition') AS e, SERVERPROPERTY('productlevel') AS l, (SELECT CASE WHEN EXISTS (SELECT TOP 1 1 from [sys].[all_columns] WITH (NOLOCK)
       WHERE name = N'xml_index_type' AND OBJECT_ID(N'sys.xml_indexes') = object_id) THEN 1 ELSE 0 END) AS SXI_PRESENT`,
    [[{ e: 6, l: 'RTM', SXI_PRESENT: 0 }]],
  ],
  [
    'Azure Data Studio: host',
    'SELECT host_platform, os_language_version FROM sys.dm_os_host_info',
    [[{ host_platform: 'Windows', os_language_version: 1033 }]],
  ],
  [
    'sqlcmd',
    'SET QUOTED_IDENTIFIER OFF; SELECT SYSTEM_USER AS u, DB_NAME() AS d; SET QUOTED_IDENTIFIER ON',
    [[{ u: 'sa', d: 'medstream' }]],
  ],
  [
    'JDBC: isolation',
    `SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; SELECT CASE transaction_isolation_level WHEN 1 THEN 'Read Uncommitted' WHEN 2 THEN 'Read Committed' END AS l
     FROM sys.dm_exec_sessions WHERE session_id = @@SPID`,
    [[{ l: 'Read Uncommitted' }]],
  ],
  ['JDBC: warehouse?', "SELECT CAST(SERVERPROPERTY('EngineEdition') as INT) AS e", [[{ e: 6 }]]],
  [
    'jTDS',
    'SELECT @@MAX_PRECISION AS p SET TRANSACTION ISOLATION LEVEL READ COMMITTED SET IMPLICIT_TRANSACTIONS OFF SET QUOTED_IDENTIFIER ON SET TEXTSIZE 2147483647',
    [[{ p: 38 }]],
  ],
  [
    'ODBC: pkeys',
    "exec sp_pkeys N'tool', N'dbo'",
    [[expect.objectContaining({ COLUMN_NAME: 'a', PK_NAME: 'pk_tool' })]],
  ],
  [
    'ODBC and JDBC: columns of SQL Server 2008, by position',
    "exec sp_columns_100 N'tool', N'dbo', NULL, N'a', @ODBCVer = 3",
    [[expect.objectContaining({ SS_IS_COMPUTED: 0, SS_IS_IDENTITY: 0, SS_XML_SCHEMACOLLECTION_NAME: null })]],
  ],
  [
    'Sequelize: indexes',
    "EXEC sys.sp_helpindex @objname = N'[tool]'",
    [
      [
        expect.objectContaining({ index_name: 'ClusteredIndex_tool' }),
        {
          index_name: 'pk_tool',
          index_description: expect.stringMatching(/^nonclustered.*primary key/),
          index_keys: 'a',
        },
      ],
    ],
  ],
  ['OLE DB', 'exec [sys].sp_oledb_ro_usrname', [[{ '': ['N', 'dbo'] }]]],
  [
    'SqlClient',
    "SELECT ISNULL(SESSIONPROPERTY('ANSI_NULLS'), 0) AS a, SESSIONPROPERTY('NUMERIC_ROUNDABORT') AS b",
    [[{ a: 1, b: 0 }]],
  ],
  // What follows stands in the tools' public sources: microsoft/sqltoolsservice (ReliableConnection), used by Azure Data Studio and VS Code.
  [
    'sqltoolsservice: SqlConnectionHelperScripts.EngineEdition',
    `SELECT SERVERPROPERTY('EngineEdition') AS a, SERVERPROPERTY('productversion') AS b, SERVERPROPERTY ('productlevel') AS c, SERVERPROPERTY ('edition') AS d, SERVERPROPERTY ('MachineName') AS e, SERVERPROPERTY ('ServerName') AS f, (SELECT CASE WHEN EXISTS (SELECT TOP 1 1 from [sys].[all_columns] WITH (NOLOCK) WHERE name = N'xml_index_type' AND OBJECT_ID(N'sys.xml_indexes') = object_id) THEN 1 ELSE 0 END AS SXI_PRESENT) AS g`,
    [[expect.objectContaining({ a: 6, b: expect.stringMatching(/^10\.0\./), c: 'RTM', d: 'SQL Azure', g: 0 })]],
  ],
  [
    'sqltoolsservice: contained or not',
    "exec('select case when authenticating_database_id = 1 then 0 else 1 end as c from sys.dm_exec_sessions where session_id = @@SPID')",
    [[{ c: expect.any(Number) }]],
  ],
  [
    'sqltoolsservice: databases',
    "SELECT name FROM sys.databases WHERE state_desc='ONLINE' ORDER BY name ASC",
    [[{ name: 'master' }, { name: 'medstream' }]],
  ],
  [
    'sqltoolsservice: cluster endpoints',
    "IF OBJECT_ID (N'master.dbo.cluster_endpoint_info') IS NOT NULL\nSELECT [service_name], [ip_address], [port] FROM [master].[dbo].[cluster_endpoint_info];",
    [],
  ],
  // microsoft/mssql-jdbc (SQLServerDatabaseMetaData, SQLServerBulkCopy, SQLServerStatement)
  [
    'mssql-jdbc: indexes of a warehouse',
    `SELECT db_name() AS TABLE_CAT, sch.name AS TABLE_SCHEM, t.name AS TABLE_NAME, CASE WHEN i.is_unique = 1 THEN 0 ELSE 1 END AS NON_UNIQUE, i.type AS TYPE,
       CAST(CASE WHEN i.type IN (5, 6) THEN ic.index_column_id ELSE ic.key_ordinal END AS SMALLINT) AS ORDINAL_POSITION, c.name AS COLUMN_NAME, CASE WHEN ic.is_descending_key = 1 THEN 'D' ELSE 'A' END AS ASC_OR_DESC, NULL AS CARDINALITY
     FROM sys.indexes i INNER JOIN sys.index_columns ic ON i.object_id = ic.object_id AND i.index_id = ic.index_id INNER JOIN sys.columns c ON ic.object_id = c.object_id AND ic.column_id = c.column_id
     INNER JOIN sys.tables t ON i.object_id = t.object_id INNER JOIN sys.schemas sch ON t.schema_id = sch.schema_id WHERE t.name = 'tool' AND sch.name = 'dbo' AND i.type = 2 AND (ic.key_ordinal <> 0 OR i.type IN (5, 6)) ORDER BY NON_UNIQUE, TYPE, ORDINAL_POSITION`,
    [
      [
        expect.objectContaining({
          TABLE_CAT: 'medstream',
          TYPE: 2,
          ORDINAL_POSITION: 1,
          COLUMN_NAME: 'a',
          ASC_OR_DESC: 'A',
        }),
      ],
    ],
  ],
  [
    'mssql-jdbc: schemas',
    "select sys.schemas.name 'TABLE_SCHEM', DB_NAME() 'TABLE_CATALOG' from sys.schemas where sys.schemas.name in ('dbo') order by 2, 1",
    [[{ TABLE_SCHEM: 'dbo', TABLE_CATALOG: 'medstream' }]],
  ],
  [
    'mssql-jdbc: connections',
    "select maximum from sys.configurations where name = 'user connections'",
    [[{ maximum: 32767 }]],
  ],
  [
    'mssql-jdbc: connections, otherwise',
    "sp_configure 'user connections'",
    [[expect.objectContaining({ maximum: 32767 })]],
  ],
  [
    'mssql-jdbc: bulk copy',
    "sp_executesql N'SET FMTONLY ON SELECT * FROM dbo.tool '; select collation_name, is_computed, encryption_type from sys.columns where object_id=OBJECT_ID('dbo.tool') order by column_id ASC",
    [
      [],
      expect.arrayContaining([
        { collation_name: null, is_computed: false, encryption_type: null },
      ]) as unknown as unknown[],
    ],
  ],
  [
    'mssql-jdbc: setMaxRows',
    "SET ROWCOUNT 1; SELECT name FROM sys.schemas WHERE name IN (N'dbo', N'sys') ORDER BY name DESC; SET ROWCOUNT 0",
    [[{ name: 'sys' }]],
  ],
  [
    'mssql-jdbc: privileges',
    "EXEC sp_table_privileges 'tool', 'dbo'; EXEC sp_column_privileges 'tool', 'dbo', NULL, 'a'",
    [
      ['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'].map((PRIVILEGE) =>
        expect.objectContaining({ PRIVILEGE, GRANTEE: 'dbo', IS_GRANTABLE: 'YES' }),
      ),
      ['INSERT', 'REFERENCES', 'SELECT', 'UPDATE'].map((PRIVILEGE) =>
        expect.objectContaining({ PRIVILEGE, COLUMN_NAME: 'a' }),
      ),
    ],
  ],
  // microsoft/dbt-synapse (macros/adapters)
  [
    'dbt-synapse: relations',
    "select table_catalog as [database], table_name as [name], table_schema as [schema], case when table_type = 'BASE TABLE' then 'table' when table_type = 'VIEW' then 'view' else table_type end as table_type from INFORMATION_SCHEMA.TABLES where table_schema like 'dbo' and table_catalog like 'medstream'",
    [
      expect.arrayContaining([
        { database: 'medstream', name: 'tool', schema: 'dbo', table_type: 'table' },
        { database: 'medstream', name: 'tool_view', schema: 'dbo', table_type: 'view' },
      ]) as unknown as unknown[],
    ],
  ],
  [
    'dbt-synapse: nothing to drop',
    `declare @drop_fk_constraints nvarchar(max) = (select STRING_AGG(a.command, ' ') from (select 'IF OBJECT_ID(''' + SCHEMA_NAME(CONVERT(VARCHAR(MAX), sys.foreign_keys.[schema_id])) + '.' + sys.foreign_keys.[name] + ''', ''F'') IS NOT NULL ALTER TABLE [' + OBJECT_NAME(sys.foreign_keys.[parent_object_id]) + '] DROP CONSTRAINT [' + sys.foreign_keys.[name]+ '];' as command
     from sys.foreign_keys inner join sys.tables on sys.foreign_keys.[referenced_object_id] = sys.tables.[object_id] where sys.tables.[name] = 'tool') a); exec sp_executesql @drop_fk_constraints;`,
    [],
  ],
  // dbeaver/dbeaver (ext.mssql)
  [
    'DBeaver: tables of a schema',
    `SELECT o.name,ep.value as description FROM sys.all_objects o LEFT OUTER JOIN sys.extended_properties ep ON ep.class=1 AND ep.major_id=o.object_id AND ep.minor_id=0 AND ep.name='MS_Description'
     WHERE o.type IN ('U','S','V','TT') AND o.schema_id = 1 ORDER BY o.name`,
    [
      [
        { name: 'tool', description: null },
        { name: 'tool_view', description: null },
      ],
    ],
  ],
  ['DBeaver: external tables?', 'SELECT TOP 1 is_external from sys.tables where 1<>1', [[]]],
])('%s', async (_, text, expected) => {
  expect(await sets(text)).toEqual(expected);
});

test('sp_columns_100 has the type of the protocol in column 29, where JDBC reads it', async () => {
  const { recordset } = await pool.request().batch("exec sp_columns_100 N'tool', N'dbo', NULL, N'a'");
  const names = Object.keys(recordset.columns);
  expect([names.indexOf('IS_NULLABLE'), names.indexOf('SS_IS_SPARSE'), names.indexOf('SS_DATA_TYPE')]).toEqual([
    17, 18, 28,
  ]);
});

test('INFORMATION_SCHEMA shows what was created', async () => {
  const [columns] = await sets(
    "SELECT COLUMN_NAME, IS_NULLABLE, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'tool' ORDER BY ORDINAL_POSITION",
  );
  expect(columns!.map((row) => Object.values(row))).toEqual([
    ['a', 'NO', 'int', null, 10, 0, null],
    ['b', 'YES', 'nvarchar', 20, null, null, null],
    ['c', 'YES', 'decimal', null, 18, 2, null],
    ['d', 'YES', 'datetime2', null, null, null, 3],
  ]);
  const [keys] = await sets(
    'SELECT c.CONSTRAINT_NAME, c.CONSTRAINT_TYPE, u.COLUMN_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS c JOIN INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE u ON u.CONSTRAINT_NAME = c.CONSTRAINT_NAME',
  );
  expect(keys).toEqual([{ CONSTRAINT_NAME: 'pk_tool', CONSTRAINT_TYPE: 'PRIMARY KEY', COLUMN_NAME: 'a' }]);
  expect(
    await sets(
      'SELECT match_option, update_rule, unique_constraint_name FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS',
    ),
  ).toEqual([[]]);
  const [routines] = await sets(
    'SELECT MODULE_NAME, SCHEMA_LEVEL_ROUTINE, MAX_DYNAMIC_RESULT_SETS FROM INFORMATION_SCHEMA.ROUTINES',
  );
  expect(routines).toEqual([{ MODULE_NAME: null, SCHEMA_LEVEL_ROUTINE: 'YES', MAX_DYNAMIC_RESULT_SETS: -1 }]);
  const [texts] = await sets(
    'SELECT CHARACTER_OCTET_LENGTH AS n, COLLATION_NAME AS c, CHARACTER_SET_NAME AS s, NUMERIC_PRECISION_RADIX AS r FROM INFORMATION_SCHEMA.PARAMETERS ORDER BY ORDINAL_POSITION',
  );
  expect(texts!.map((row) => Object.values(row))).toEqual([
    [null, null, null, 10],
    [20, 'SQL_Latin1_General_CP1_CI_AS', 'UNICODE', null],
  ]);
  const [parameters] = await sets(
    "SELECT PARAMETER_NAME, PARAMETER_MODE, DATA_TYPE FROM INFORMATION_SCHEMA.PARAMETERS WHERE SPECIFIC_NAME = 'tool_proc' ORDER BY ORDINAL_POSITION",
  );
  expect(parameters!.map((row) => Object.values(row))).toEqual([
    ['@p', 'IN', 'int'],
    ['@q', 'INOUT', 'nvarchar'],
  ]);
});

// What `dotnet ef dbcontext scaffold` asks for tables (dotnet/efcore, SqlServerDatabaseModelFactory), in short.
test('Entity Framework finds columns, keys and defaults', async () => {
  const [columns] = await sets(
    `SELECT [o].[name] AS [table_name], [c].[name] AS [column_name], [tp].[name] AS [type_name], [c].[is_nullable], [c].[is_identity], [dc].[definition] AS [default_sql], [cc].[definition] AS [computed_sql]
     FROM ( SELECT[v].[name], [v].[object_id], [v].[schema_id] FROM [sys].[views] v WHERE [v].[is_ms_shipped] = 0 AND [v].[is_date_correlation_view] = 0
     UNION ALL SELECT [t].[name], [t].[object_id], [t].[schema_id] FROM [sys].[tables] t WHERE [t].[is_ms_shipped] = 0 ) o
     JOIN [sys].[columns] AS [c] ON [o].[object_id] = [c].[object_id] LEFT JOIN [sys].[types] AS [tp] ON [c].[user_type_id] = [tp].[user_type_id]
     LEFT JOIN [sys].[computed_columns] AS [cc] ON [c].[object_id] = [cc].[object_id] AND [c].[column_id] = [cc].[column_id]
     LEFT JOIN [sys].[default_constraints] AS [dc] ON [c].[object_id] = [dc].[parent_object_id] AND [c].[column_id] = [dc].[parent_column_id]
     WHERE [o].[name] = N'tool' ORDER BY [table_name], [c].[column_id]`,
  );
  expect(columns!.map((row) => Object.values(row))).toEqual([
    ['tool', 'a', 'int', false, false, null, null],
    ['tool', 'b', 'nvarchar', true, false, null, null],
    ['tool', 'c', 'decimal', true, false, '((1.5))', null],
    ['tool', 'd', 'datetime2', true, false, null, null],
  ]);
  const [aliases] = await sets(
    'SELECT [t].[name], [t2].[name] AS [underlying] FROM [sys].[types] AS [t] JOIN [sys].[types] AS [t2] ON [t].[system_type_id] = [t2].[user_type_id] WHERE [t].[is_user_defined] = 1 OR [t].[system_type_id] <> [t].[user_type_id]',
  );
  expect(aliases).toEqual([{ name: 'sysname', underlying: 'nvarchar' }]);
});

test('the pool’s own views: distribution, indexes, statistics, requests by label', async () => {
  const [distribution] = await sets(
    "SELECT c.name, d.distribution_ordinal AS n FROM sys.pdw_column_distribution_properties d JOIN sys.columns c ON c.object_id = d.object_id AND c.column_id = d.column_id WHERE d.object_id = OBJECT_ID('dbo.tool') ORDER BY c.column_id",
  );
  expect(distribution).toEqual([
    { name: 'a', n: 1 },
    { name: 'b', n: 0 },
    { name: 'c', n: 0 },
    { name: 'd', n: 0 },
  ]);
  expect(
    (await sets("SELECT type_desc FROM sys.indexes WHERE object_id = OBJECT_ID('dbo.tool') ORDER BY index_id"))[0],
  ).toEqual([{ type_desc: 'CLUSTERED COLUMNSTORE' }, { type_desc: 'NONCLUSTERED' }]);
  expect(
    (await sets("SELECT name FROM sys.stats WHERE object_id = OBJECT_ID('dbo.tool') AND user_created = 1"))[0],
  ).toEqual([{ name: 'tool_stats' }]);
  const [request] = await sets(
    `SELECT r.status, r.[label], s.login_name, count(*) OVER () AS n FROM sys.dm_pdw_exec_requests r JOIN sys.dm_pdw_exec_sessions s ON s.session_id = r.session_id
     WHERE r.[label] = 'load of tool'`,
  );
  expect(request).toEqual([{ status: 'Completed', label: 'load of tool', login_name: 'sa', n: 1 }]);
  const [steps] = await sets(
    "SELECT count(*) AS n FROM sys.dm_pdw_request_steps s JOIN sys.dm_pdw_exec_requests r ON r.request_id = s.request_id WHERE r.[label] = 'load of tool'",
  );
  expect(steps![0]!['n']).toBeGreaterThan(0);
  expect(
    (
      await sets(
        "SELECT sum(row_count) AS n FROM sys.dm_pdw_nodes_db_partition_stats WHERE object_id = OBJECT_ID('dbo.tool')",
      )
    )[0],
  ).toMatchObject([{ n: expect.anything() }]);
});

// What the objects of SMO (Management Studio, Azure Data Studio) read of a data warehouse, from its public definitions.
test.each([
  [
    'sys.databases',
    'is_ansi_nulls_on, is_recursive_triggers_on, page_verify_option, service_broker_guid, is_merge_published, delayed_durability',
  ],
  ['sys.indexes', 'allow_row_locks, allow_page_locks, is_hypothetical, auto_created'],
  ['sys.all_views', 'name, type, has_opaque_metadata'],
  ['sys.sql_modules', 'uses_native_compilation, inline_type, is_inlineable'],
  ['sys.identity_columns', 'seed_value, is_not_for_replication'],
  ['sys.check_constraints', 'is_not_trusted, is_disabled, create_date'],
  ['sys.external_tables', 'create_date, reject_type, sharding_col_id, rejected_row_location'],
  ['sys.security_policies', 'create_date, modify_date, is_schema_bound, principal_id'],
  ['sys.security_predicates', 'operation'],
  ['sys.server_principals', 'sid, modify_date, default_language_name'],
  ['sys.sql_logins', 'is_policy_checked, default_database_name, type'],
  ['sys.certificates', 'sid, thumbprint'],
  ['sys.sensitivity_classifications', 'major_id, label, information_type'],
  ['sys.workload_management_workload_groups', 'cap_percentage_resource, query_execution_timeout_sec'],
  ['sys.workload_management_workload_classifier_details', 'classifier_type, classifier_value'],
  ['sys.syslanguages', 'name, alias'],
  ['sys.foreign_keys', 'type_desc, is_not_trusted, delete_referential_action_desc, update_referential_action_desc'],
  ['sys.key_constraints', 'create_date, is_ms_shipped, principal_id'],
  ['sys.default_constraints', 'create_date, modify_date, is_published'],
  ['sys.computed_columns', 'user_type_id, max_length, is_computed, definition, is_persisted'],
  ['sys.parameters', 'is_cursor_ref, default_value, is_readonly, is_nullable, xml_collection_id'],
  ['sys.triggers', 'parent_class, type_desc, create_date'],
  ['sys.partition_functions', 'type_desc, create_date, is_system'],
  ['sys.data_spaces', 'type_desc, is_system'],
  ['sys.filegroups', 'type_desc, is_read_only, filegroup_guid'],
  ['sys.dm_exec_requests', 'sql_handle, percent_complete, cpu_time, open_transaction_count'],
  ['sys.sql_expression_dependencies', 'referenced_server_name, referenced_database_name, is_ambiguous'],
])('SMO and Entity Framework read %s', async (view, columns) => {
  const { recordset } = await pool.request().batch(`SELECT ${columns} FROM ${view}`);
  expect(Object.keys(recordset.columns)).toEqual(columns.split(', '));
});

test('every system view can be read', async () => {
  const [views] = await sets(
    "SELECT s.name + '.' + o.name AS name FROM sys.system_objects o JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE o.type = 'V'",
  );
  expect(views!.length).toBeGreaterThan(80);
  const failed: unknown[] = [];
  for (const { name } of views!) {
    await pool
      .request()
      .batch(`SELECT TOP 5 * FROM ${String(name)}`)
      .catch((error: Error) => failed.push([name, error.message]));
  }
  expect(failed).toEqual([]);
});
