/** Columns of system views, written as `name type, name type!`. */
import type { SqlType } from '../contract';
import { resolveType } from '../tsql/types/sql-types';

export function parseShape(text: string): { name: string; type: SqlType; nullable: boolean }[] {
  return text.split(/,(?![^(]*\))/).map((part) => {
    const m = /^\s*(\w+)\s+(\w+)(?:\(([^)]*)\))?(!?)\s*$/.exec(part);
    if (!m) throw new Error(`bad column '${part}'`);
    const args = m[3] === undefined ? [] : m[3].split(',').map((x) => (x.trim() === 'max' ? -1 : Number(x)));
    return { name: m[1]!, type: resolveType({ name: m[2]!, args }), nullable: !m[4] };
  });
}
/** Rows as a DuckDB VALUES list; a view without rows keeps its width. */
export function valuesSql(rows: readonly (readonly (string | number | boolean | null)[])[], width: number): string {
  const cell = (v: string | number | boolean | null): string =>
    v === null ? 'NULL' : typeof v === 'string' ? `'${v.replaceAll("'", "''")}'` : String(v);
  if (!rows.length) return `SELECT ${Array.from({ length: width }, () => 'NULL').join(', ')} WHERE false`;
  return `SELECT * FROM (VALUES ${rows.map((row) => `(${row.map(cell).join(', ')})`).join(', ')})`;
}
export const width = (columns: string): number => parseShape(columns).length;
