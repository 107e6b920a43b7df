import { DuckDBBlobValue, type DuckDBValue } from '@duckdb/node-api';

/** Text of any value, as DuckDB would cast it to VARCHAR. */
export function textOf(value: DuckDBValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('latin1');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
