/** Views that say the same as others in another shape. */
import { systemShapes, systemViewNames, type ViewDefinition } from './system-views';
import { COMPUTE_NODE } from './row-spread';
import { named } from './view-source';
import { INFORMATION_SCHEMA } from './views-information';
import { valuesSql } from './shape';
import type { State } from '../tsql/run/state';
import { COLUMN_COLUMNS, columnSql, OBJECT_COLUMNS, OBJECT_VIEWS } from './views-objects';

/** The system views themselves as objects: ids below zero. */
const systemObjects: ViewDefinition = {
  columns: OBJECT_COLUMNS,
  sql: ({ surface }) => {
    const rows = systemViewNames(surface).map((id, index) => {
      const [schema, name] = id.split('.') as [string, string];
      return schema === 'sys' ? [name, -1000 - index, 4] : [name.toUpperCase(), -1000 - index, 3];
    });
    const made = "TIMESTAMP_MS '2009-04-13 12:59:05'";
    return `SELECT v.a, v.b, CAST(NULL AS INTEGER), v.c, 0, 'V ', 'VIEW', ${made}, ${made}, true, false, false FROM (${valuesSql(rows, 3)}) AS v(a, b, c)`;
  },
};

/** Columns of the system views, as tsql.columns has those of tables. */
function systemColumns({ surface }: State): string {
  const rows = systemShapes(surface).flatMap((columns, index) =>
    columns.map(({ name, type, nullable }, n) => [
      -1000 - index,
      n + 1,
      name,
      type.name,
      type.length ?? null,
      type.precision ?? null,
      type.scale ?? null,
      nullable,
    ]),
  );
  return `(SELECT *, false AS is_identity, NULL AS default_name, NULL AS mask, NULL AS collation_name
    FROM (${valuesSql(rows, 8)}) AS v(object_id, column_id, name, type_name, length, precision, scale, nullable))`;
}

export const DERIVED_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.system_objects': systemObjects,
  'sys.system_views': systemObjects,
  'sys.all_views': {
    columns: OBJECT_VIEWS['sys.views']!.columns,
    sql: (state) =>
      `${OBJECT_VIEWS['sys.views']!.sql(state)} UNION ALL SELECT *, false, false, false, false, false, false FROM (${systemObjects.sql(state)})`,
  },
  'sys.all_objects': {
    columns: OBJECT_VIEWS['sys.objects']!.columns,
    sql: (state) => `${OBJECT_VIEWS['sys.objects']!.sql(state)} UNION ALL ${systemObjects.sql(state)}`,
  },
  'sys.system_columns': { columns: COLUMN_COLUMNS, sql: (state) => columnSql(state, systemColumns(state)) },
  'sys.all_columns': {
    columns: COLUMN_COLUMNS,
    sql: (state) => `${columnSql(state)} UNION ALL ${columnSql(state, systemColumns(state))}`,
  },
  'sys.all_parameters': OBJECT_VIEWS['sys.parameters']!,
  'sys.pdw_nodes_columns': {
    columns:
      'object_id int!, name nvarchar(128), column_id int!, system_type_id tinyint!, user_type_id int!, max_length smallint!, precision tinyint!, scale tinyint!, collation_name nvarchar(128), is_nullable bit, pdw_node_id int!',
    sql: (state) =>
      `SELECT object_id, name, column_id, system_type_id, user_type_id, max_length, precision, scale, collation_name, is_nullable, ${COMPUTE_NODE} FROM ${named(OBJECT_VIEWS, 'sys.columns', state)}`,
  },
  'sys.pdw_database_mappings': {
    columns: 'physical_name nvarchar(36), database_id int',
    sql: ({ catalog }) => `SELECT 'DB_' || md5('${catalog.options.database.replaceAll("'", "''")}'), 5`,
  },
  'information_schema.constraint_table_usage': {
    columns:
      'TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME nvarchar(128)!',
    sql: (state) =>
      `SELECT TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_CATALOG, CONSTRAINT_SCHEMA, CONSTRAINT_NAME FROM ${named(INFORMATION_SCHEMA, 'information_schema.table_constraints', state)}`,
  },
  'information_schema.constraint_column_usage': {
    columns:
      'TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128)!, COLUMN_NAME nvarchar(128), CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME nvarchar(128)!',
    sql: (state) =>
      `SELECT TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, CONSTRAINT_CATALOG, CONSTRAINT_SCHEMA, CONSTRAINT_NAME FROM ${named(INFORMATION_SCHEMA, 'information_schema.key_column_usage', state)}`,
  },
};
