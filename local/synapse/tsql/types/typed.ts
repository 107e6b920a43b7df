/** A translated expression: DuckDB SQL with its T-SQL type. */
import type { Identity } from '../../catalog/model';
import type { SqlType } from '../../contract';
import { INT } from './sql-types';

/** How strings compare: the database's (case-insensitive), or an explicit COLLATE; `ai` sees neither case nor accents. */
export type Collation = 'bin' | 'cs' | 'ci' | 'ai';

/** The IDENTITY column that a value is read from; `inherited` by a table made of the query: not of a join, a group, twice. */
export interface IdentityOrigin extends Identity {
  readonly inherited: boolean;
}

export interface Typed {
  readonly sql: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** The text behind a literal, before any conversion. */
  readonly literal?: string;
  /** An untyped NULL: takes the type of whatever it meets. */
  readonly isNull?: true;
  readonly collation?: Collation;
  /** Name of the column when this is a plain column reference. */
  readonly column?: string;
  /** Name by which the table of such a column is known in its query. */
  readonly table?: string;
  /** Dynamic data mask that applies when the value leaves the database. */
  readonly mask?: string;
  readonly identity?: IdentityOrigin;
  readonly computed?: boolean;
  /** Text that FOR JSON nests as it is: the result of JSON_QUERY, JSON_MODIFY or FOR JSON. */
  readonly json?: true;
  /** What a sql_variant was made of: the value as it is, for a result that tells its type. */
  readonly held?: string;
  /** A number that `sql` parses from `text`: a further cast starts from the text. Void once the expression has another `sql`. */
  readonly parsed?: { readonly sql: string; readonly text: string };
  /** Bytes that `sql` makes of a text of hex digits, as many as `bytes`. Void once the expression has another `sql`. */
  readonly hex?: { readonly sql: string; readonly text: string; readonly bytes: number };
  /** A quotient that `sql` computes to all its digits: `rounded` gives fewer of them for far less. Void with another `sql`. */
  readonly quotient?: { readonly sql: string; readonly rounded: (to: SqlType) => string };
}

export const typed = (sql: string, type: SqlType, nullable = true): Typed => ({ sql, type, nullable });
export const NULL: Typed = { sql: 'NULL', type: INT, nullable: true, isNull: true };

/** 'text' as a DuckDB string literal. */
export const quote = (text: string): string => {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`;
  return text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
};
/** "name" as a DuckDB identifier. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Uses `sql` more than once without evaluating (or repeating) a long expression more than once. */
export function once(sql: string, use: (name: string) => string): string {
  if (sql.length <= 80) return use(sql);
  // The name is derived from the text, so that the same expression always yields the same SQL (GROUP BY relies on it).
  let depth = 1;
  while (sql.includes(`v${depth}_`)) depth++;
  const name = `v${depth}_`;
  return `list_transform([${sql}], lambda ${name}: ${use(name)})[1]`;
}

/** As `once`, for several expressions that are used together. */
export function bound(expressions: readonly string[], use: (...names: string[]) => string): string {
  if (expressions.every((sql) => sql.length <= 80)) return use(...expressions);
  let depth = 1;
  while (expressions.some((sql) => sql.includes(`v${depth}_`))) depth++;
  const name = `v${depth}_`;
  const fields = expressions.map((sql, i) => `'a${i}': ${sql}`);
  return `list_transform([{${fields.join(', ')}}], lambda ${name}: ${use(...expressions.map((_, i) => `${name}.a${i}`))})[1]`;
}

/** A column, or one with a text for NULL: what costs nothing to name three times. */
const cheap = /^(?:\w+\."[^"]+"|coalesce\(\w+\."[^"]+", '[^']*'\))$/;

/**
 * Text without trailing blanks. DuckDB's rtrim decodes every character; where nothing is to be trimmed, a look at the last byte is
 * fifteen times faster.
 */
export const rightTrimmed = (sql: string): string =>
  cheap.test(sql) ? `CASE WHEN ends_with(${sql}, ' ') THEN rtrim(${sql}, ' ') ELSE ${sql} END` : `rtrim(${sql}, ' ')`;
