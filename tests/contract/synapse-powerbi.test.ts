import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ToolServer } from '../support/tool-server';

/**
 * What Power BI's query engine ("Mashup Engine") sends to a SQL Server: on connecting, for its navigator, for a table's
 * schema, and as folded and DirectQuery queries. The shapes are those of public traces.
 */
let server: ToolServer;
beforeAll(async () => {
  server = await ToolServer.start();
});
afterAll(() => server.stop());

const noDescriptions = '(select null major_id, null minor_id, null class, null name, null value)';
const described = (id: string, column = '0', source = 'sys.extended_properties', kind = 1): string =>
  `left outer join ${source} e on ${id} = e.major_id and e.minor_id = ${column} and e.class = ${kind} and e.name = 'MS_Description'`;
const typeOf = (t: string, system: string, c: string): string =>
  `case when (${t}.is_user_defined = 0 and ${t}.name is not null) then ${t}.name when (${c}.system_type_id = 240 or ${t}.name is null) then 'udt' else ${system}.name end [DATA_TYPE],
   case when (${c}.system_type_id in (59, 62)) then 2 when (${c}.system_type_id in (48, 52, 56, 60, 104, 106, 108, 122, 127)) then 10 else null end [NUMERIC_PRECISION_RADIX],
   ${c}.precision [NUMERIC_PRECISION],
   case when (${c}.system_type_id in (40, 41, 42, 43, 58, 61)) then ${c}.scale else null end [DATETIME_PRECISION],
   case when (${c}.system_type_id in (231, 239)) then floor(${c}.max_length / 2) when (${c}.system_type_id in (165, 167, 173, 175)) then ${c}.max_length else null end [CHARACTER_MAXIMUM_LENGTH],
   cast(e.value as nvarchar(max)) [DESCRIPTION]`;
const keysOf = (side: 's1' | 's2'): string =>
  `select convert(nvarchar, fk.object_id) [FK_NAME], cast(f.constraint_column_id as bigint) [ORDINAL], s1.name [TABLE_SCHEMA_1], o1.name [TABLE_NAME_1], c1.name [PK_COLUMN_NAME_1],
     s2.name [TABLE_SCHEMA_2], o2.name [TABLE_NAME_2], c2.name [PK_COLUMN_NAME_2], f.constraint_object_id, f.constraint_column_id
   from sys.foreign_key_columns f join sys.foreign_keys fk on f.constraint_object_id = fk.object_id
   join sys.objects o1 on o1.object_id = f.parent_object_id join sys.schemas s1 on s1.schema_id = o1.schema_id
   join sys.objects o2 on o2.object_id = f.referenced_object_id join sys.schemas s2 on s2.schema_id = o2.schema_id
   join sys.columns c1 on c1.object_id = o1.object_id and c1.column_id = f.parent_column_id
   join sys.columns c2 on c2.object_id = o2.object_id and c2.column_id = f.referenced_column_id
   where ((${side}.name = N'dbo' and ${side.replace('s', 'o')}.name = N'tool'))`;
const made = { CREATED_DATE: expect.any(Date), MODIFIED_DATE: expect.any(Date), DESCRIPTION: null };

test.each<[string, string, unknown[]]>([
  [
    'what server is it',
    `SELECT @@version _VERSION, CAST(SERVERPROPERTY('EngineEdition') as VARCHAR(4)) _EDITION,
     CASE WHEN EXISTS (SELECT * FROM sys.extended_properties WHERE [name] = N'isSaaSMetadata' AND [value] = '1') THEN 1 ELSE 0 END _IS_SAAS,
     CASE WHEN EXISTS (SELECT * FROM sys.types WHERE name = 'char' AND collation_name LIKE '%UTF8%') THEN 1 ELSE 0 END _UTF8_COLLATION`,
    [
      {
        _VERSION: expect.stringMatching(/^Microsoft Azure SQL Data Warehouse - 10\./),
        _EDITION: '6',
        _IS_SAAS: 0,
        _UTF8_COLLATION: 0,
      },
    ],
  ],
  [
    'databases',
    'select name as DATABASE_NAME from sys.databases where HAS_DBACCESS(name) = 1 order by name',
    [{ DATABASE_NAME: 'master' }, { DATABASE_NAME: 'medstream' }],
  ],
  [
    'schemas',
    "select SCHEMA_NAME from [INFORMATION_SCHEMA].[SCHEMATA] where SCHEMA_NAME = 'dbo'",
    [{ SCHEMA_NAME: 'dbo' }],
  ],
  [
    'description of the database',
    `select cast(e.value as nvarchar(max)) [DESCRIPTION] from ${noDescriptions} e where e.major_id = 0 and e.minor_id = 0 and e.class = 0 and e.name = 'MS_Description'`,
    [],
  ],
  ...['sys.extended_properties', noDescriptions].map((source): [string, string, unknown[]] => [
    `tables, descriptions from ${source}`,
    `select t.[TABLE_CATALOG], t.[TABLE_SCHEMA], t.[TABLE_NAME], t.[TABLE_TYPE], tv.create_date [CREATED_DATE], tv.modify_date [MODIFIED_DATE], cast(e.value as nvarchar(max)) [DESCRIPTION]
     from [INFORMATION_SCHEMA].[TABLES] t join sys.schemas s on s.name = t.[TABLE_SCHEMA]
     join sys.objects tv on tv.name = t.[TABLE_NAME] and tv.schema_id = s.schema_id and tv.parent_object_id = 0
     ${described('tv.object_id', '0', source)} where t.[TABLE_SCHEMA] = N'dbo' and 1=1 order by 3`,
    [
      { TABLE_CATALOG: 'medstream', TABLE_SCHEMA: 'dbo', TABLE_NAME: 'tool', TABLE_TYPE: 'BASE TABLE', ...made },
      { TABLE_CATALOG: 'medstream', TABLE_SCHEMA: 'dbo', TABLE_NAME: 'tool_view', TABLE_TYPE: 'VIEW', ...made },
    ],
  ]),
  [
    'routines',
    `select r.[ROUTINE_SCHEMA], r.[ROUTINE_NAME], r.[ROUTINE_TYPE], p.create_date [CREATED_DATE], p.modify_date [MODIFIED_DATE], cast(e.value as nvarchar(max)) [DESCRIPTION]
     from [INFORMATION_SCHEMA].[ROUTINES] r join sys.schemas s on s.name = r.[ROUTINE_SCHEMA]
     join sys.objects p on p.name = r.[ROUTINE_NAME] and p.schema_id = s.schema_id and p.parent_object_id = 0 ${described('p.object_id')} where 1=1 and 1=1`,
    [{ ROUTINE_SCHEMA: 'dbo', ROUTINE_NAME: 'tool_proc', ROUTINE_TYPE: 'PROCEDURE', ...made }],
  ],
  [
    'parameters of a procedure',
    `select p.name [PARAMETER_NAME], cast(p.parameter_id as bigint) [ORDINAL_POSITION], ${typeOf('t', 't_system', 'p')}
     from sys.objects o join sys.schemas s on s.schema_id = o.schema_id join sys.parameters p on o.object_id = p.object_id
     join sys.types t on p.user_type_id = t.user_type_id left join sys.types t_system on t.system_type_id = t_system.user_type_id
     ${described('o.object_id', 'p.parameter_id', 'sys.extended_properties', 2)} where s.name = N'dbo' and o.name = N'tool_proc' order by 2`,
    [
      expect.objectContaining({ PARAMETER_NAME: '@p', ORDINAL_POSITION: '1', DATA_TYPE: 'int' }),
      expect.objectContaining({ PARAMETER_NAME: '@q', DATA_TYPE: 'nvarchar', CHARACTER_MAXIMUM_LENGTH: 10 }),
    ],
  ],
  [
    'columns of a table and of a view',
    `select s.name [TABLE_SCHEMA], o.name [TABLE_NAME], c.name [COLUMN_NAME], cast(c.column_id as bigint) [ORDINAL_POSITION], c.is_nullable [IS_NULLABLE], ${typeOf('t', 't_system', 'c')},
       d.definition [COLUMN_DEFAULT], cc.definition [COLUMN_EXPRESSION],
       case when c.is_identity = 1 or c.is_computed = 1 or t.system_type_id = 189 or c.generated_always_type > 0 then 0 else 1 end [IS_WRITABLE], null FIELD_CAPTION
     from sys.objects o join sys.schemas s on s.schema_id = o.schema_id join sys.columns c on o.object_id = c.object_id
     left join sys.types t on c.user_type_id = t.user_type_id left join sys.types t_system on t.system_type_id = t_system.user_type_id
     left join sys.default_constraints d on d.object_id = c.default_object_id
     left join sys.computed_columns cc on c.object_id = cc.object_id and c.column_id = cc.column_id ${described('o.object_id', 'c.column_id')}
     where ((s.name = N'dbo' and o.name = N'tool') or (s.name = N'dbo' and o.name = N'tool_view')) order by 2, 4;`,
    [
      ['tool', 'a', false, 'int', 10, 10, null, null, null],
      ['tool', 'b', true, 'nvarchar', null, 0, null, 20, null],
      ['tool', 'c', true, 'decimal', 10, 18, null, null, '((1.5))'],
      ['tool', 'd', true, 'datetime2', null, 23, 3, null, null],
      ['tool_view', 'a', false, 'int', 10, 10, null, null, null],
      ['tool_view', 'b', true, 'nvarchar', null, 0, null, 20, null],
    ].map(([table, column, nullable, type, radix, precision, digits, length, value]) =>
      expect.objectContaining({
        TABLE_NAME: table,
        COLUMN_NAME: column,
        IS_NULLABLE: nullable,
        DATA_TYPE: type,
        NUMERIC_PRECISION_RADIX: radix,
        NUMERIC_PRECISION: precision,
        DATETIME_PRECISION: digits,
        CHARACTER_MAXIMUM_LENGTH: length,
        COLUMN_DEFAULT: value,
        IS_WRITABLE: 1,
        FIELD_CAPTION: null,
      }),
    ),
  ],
  [
    'foreign keys, sorted by columns of the first part of a UNION',
    `${keysOf('s1')} union ${keysOf('s2')} order by f.constraint_object_id, f.constraint_column_id;`,
    [],
  ],
  [
    'unique keys',
    `select s.name [TABLE_SCHEMA], o.name [TABLE_NAME], i.name [INDEX_NAME], cc.name [COLUMN_NAME], cast(ic.key_ordinal as bigint) [ORDINAL_POSITION], i.is_primary_key [PRIMARY_KEY]
     from sys.objects o join sys.schemas s on s.schema_id = o.schema_id join sys.indexes as i on i.object_id = o.object_id
     join sys.index_columns as ic on ic.object_id = i.object_id and ic.index_id = i.index_id
     join sys.columns as cc on ic.column_id = cc.column_id and ic.object_id = cc.object_id
     where (i.is_primary_key = 1 or i.is_unique_constraint = 1 or i.is_unique = 1) and o.type in ('U', 'V') and ic.key_ordinal <> 0
     and ((s.name = N'dbo' and o.name = N'tool')) order by i.name, s.name, o.name;`,
    [
      {
        TABLE_SCHEMA: 'dbo',
        TABLE_NAME: 'tool',
        INDEX_NAME: 'pk_tool',
        COLUMN_NAME: 'a',
        ORDINAL_POSITION: '1',
        PRIMARY_KEY: true,
      },
    ],
  ],
  [
    'identity columns',
    `select c.name [COLUMN_NAME], cast(c.column_id as bigint) [ORDINAL_POSITION] from sys.objects as o join sys.schemas s on s.schema_id = o.schema_id
     join sys.columns as c on o.object_id = c.object_id where s.name = N'dbo' and o.name = N'tool' and c.is_identity = 1;`,
    [],
  ],
  [
    'one object',
    `select o.type [OBJECT_TYPE], o.create_date [CREATED_DATE], o.modify_date [MODIFIED_DATE], cast(e.value as nvarchar(max)) [DESCRIPTION],
     case when exists (select * from sys.foreign_keys fk where fk.parent_object_id = o.object_id) then 1 else 0 end [HAS_CHILD_RELATION],
     case when exists (select * from sys.foreign_key_columns fk where fk.referenced_object_id = o.object_id) then 1 else 0 end [HAS_PARENT_RELATION]
     from sys.objects o inner join sys.schemas s on s.schema_id = o.schema_id ${described('o.object_id')} where s.name = N'dbo' and o.name = N'tool'`,
    [{ OBJECT_TYPE: 'U ', HAS_CHILD_RELATION: 0, HAS_PARENT_RELATION: 0, ...made }],
  ],
  [
    'size of a table',
    "sp_spaceused '[dbo].[tool]';",
    [expect.objectContaining({ name: 'tool', reserved: expect.stringMatching(/^\d+ KB$/) })],
  ],
  [
    'size of a table of a warehouse',
    `select cast(sum(p.reserved_page_count) * 8 as nvarchar) + N' KB' reserved from sys.dm_pdw_nodes_db_partition_stats p
     join sys.objects o on p.object_id = o.object_id join sys.schemas s on o.schema_id = s.schema_id where s.name = N'dbo' and o.name = N'tool' group by s.name, o.name`,
    [{ reserved: expect.stringMatching(/^\d+ KB$/) }],
  ],
  [
    'a folded query: filter, preview',
    `select top 1000 [_].[a], [_].[b], [_].[d] from [dbo].[tool] as [_]
     where [_].[d] >= convert(datetime2, '2020-01-01 00:00:00') and [_].[d] < convert(datetime2, '2021-01-01 00:00:00') or [_].[b] = N'x' and [_].[b] is not null`,
    [{ a: 1, b: 'x', d: null }],
  ],
  [
    'a folded query: rows by number',
    `select [_].[a], [_].[b] from ( select [_].[a] as [a], [_].[b] as [b], row_number() over(order by [_].[a]) as [$Item1] from [dbo].[tool] as [_] ) [_]
     where [_].[$Item1] > 0 and [_].[$Item1] < 10 order by [_].[a]`,
    [{ a: 1, b: 'x' }],
  ],
  [
    'a folded query: join with nulls',
    `select [$Outer].[a], [$Inner].[b2] from [dbo].[tool] as [$Outer] left outer join (select [_].[a] as [a2], [_].[b] as [b2] from [dbo].[tool_view] as [_]) as [$Inner]
     on ([$Outer].[a] = [$Inner].[a2] or [$Outer].[a] is null and [$Inner].[a2] is null)`,
    [{ a: 1, b2: 'x' }],
  ],
  [
    'DirectQuery: group and count',
    `SELECT TOP (1000001) * FROM ( SELECT [t1].[b],SUM(CAST([t1].[c] as DECIMAL(38,2))) AS [a0], COUNT_BIG(*) AS [a1], COUNT_BIG(DISTINCT [t1].[a]) + MAX(CASE WHEN [t1].[a] IS NULL THEN 1 ELSE 0 END) AS [a2]
     FROM ( (select [_].[a] as [a], [_].[b] as [b], [_].[c] as [c], [_].[d] as [d] from [dbo].[tool] as [_]) ) AS [t1]
     WHERE ( [t1].[d] IS NULL OR [t1].[d] >= CAST( '20200101 00:00:00' AS datetime2(7)) ) GROUP BY [t1].[b] ) AS [MainTable] WHERE ( NOT( ( [a0] IS NULL ) ) OR NOT ([a1] IS NULL) )`,
    [{ b: 'x', a0: 2.5, a1: '1', a2: '1' }],
  ],
  [
    'DirectQuery: a list of values as a semijoin',
    `SELECT TOP (501) [semijoin1].[c5], SUM([a0]) AS [a0] FROM ( ( SELECT [t0].[b] AS [c3], [t0].[a] AS [a0] FROM ((select * from [dbo].[tool])) AS [t0] ) AS [basetable0]
     INNER JOIN ( (SELECT N'x' AS [c3], 1 AS [c5] ) UNION ALL (SELECT N'y' AS [c3], 2 AS [c5] ) ) AS [semijoin1] on ( ([semijoin1].[c3] = [basetable0].[c3]) ) ) GROUP BY [semijoin1].[c5]`,
    [{ c5: 1, a0: 1 }],
  ],
])('%s', async (_, text, expected) => {
  expect((await server.sets(text))[0]).toEqual(expected);
});

test('the schema of a query is asked without its rows', async () => {
  const { recordset } = await server.pool
    .request()
    .batch('SET FMTONLY ON; select * from [dbo].[tool]; SET FMTONLY OFF;');
  expect([Object.keys(recordset.columns), recordset.length]).toEqual([['a', 'b', 'c', 'd'], 0]);
});
