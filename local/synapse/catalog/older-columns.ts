/** Columns of files of earlier versions, which DuckDB holds in another type than it does now. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ident } from '../tsql/types/typed';

/**
 * Makes ticks of columns datetime2(7) and time(7) that hold microseconds (docs/decisions/0028-ticks.md). Each column by itself, so
 * that a crash leaves columns that are of one kind or the other. Fails where a key or a computed column is made of it: in databases
 * that are no pool.
 */
export async function storeTicks(connection: DuckDBConnection): Promise<void> {
  const older = await connection.runAndReadAll(
    `SELECT d.schema_name, d.table_name, d.column_name, d.data_type FROM duckdb_columns() AS d
     JOIN tsql.objects AS o ON o.schema_name = d.schema_name AND o.name = d.table_name AND o.kind = 'U'
     JOIN tsql.columns AS c ON c.object_id = o.id AND c.name = d.column_name
     WHERE d.database_name = current_database() AND d.data_type IN ('TIMESTAMP', 'TIME') AND c.type_name IN ('datetime2', 'time') AND coalesce(c.scale, 7) = 7`,
  );
  for (const [schema, table, column, type] of older.getRows() as [string, string, string, string][]) {
    const name = `${ident(schema)}.${ident(table)}`;
    const ticks = `tsql.${type === 'TIME' ? 'time_ticks' : 'ticks'}(${ident(column)})`;
    try {
      await connection.run(`ALTER TABLE ${name} ALTER COLUMN ${ident(column)} SET DATA TYPE BIGINT USING ${ticks}`);
    } catch (cause) {
      const text = `Column ${column} of table ${schema}.${table} was written by an earlier version of MedStream, and a key or a computed column is made of it: it cannot be read any more. Remove the file and load it anew.`;
      throw new Error(text, { cause });
    }
  }
}
