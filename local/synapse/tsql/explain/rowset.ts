/** Rows between two operations of a plan: where they are, what they have. */
import type { SqlType } from '../../contract';
import type { Expr, Name } from '../syntax/ast';
import { bytes } from '../types/type-facts';

export interface PlanColumn {
  /** Name that T-SQL knows the source by, lower case; '' where it has none. */
  readonly alias: string;
  readonly name: string;
  readonly type: SqlType;
  /** Name in the text of FROM. */
  readonly sql: string;
  /** The statement reads it; a distribution column may stand here for its place alone. */
  readonly used: boolean;
}
/** Rows between two operations. `hash`: positions of the columns whose hash places them; none of them = no order at all. */
export interface Rowset {
  readonly place: 'hash' | 'round robin' | 'replicated' | 'control';
  readonly hash: readonly number[];
  readonly columns: readonly PlanColumn[];
  readonly rows: number;
  /** FROM text for the statements that read it. */
  readonly from: string;
}

export const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, n) => x === b[n]);
/** Bytes of a row; text without a length counts as 100. */
export const width = (rows: Rowset): number =>
  rows.columns.reduce((sum, { type, used }) => sum + (used ? (bytes(type) < 0 ? 100 : bytes(type)) : 0), 0);
export const renamed = (rows: Rowset, alias: string, names?: readonly string[]): Rowset => ({
  ...rows,
  columns: rows.columns.map((c, n) => ({ ...c, alias: alias.toLowerCase(), name: names?.[n] ?? c.name })),
});
export function joined(left: Rowset, right: Rowset, pairs: readonly (readonly [number, number])[]): Rowset {
  const isLeft = left.place !== 'replicated' && left.place !== 'control';
  const main = isLeft ? left : right;
  const shift = isLeft ? 0 : left.columns.length;
  const taken = new Set(left.columns.map((c) => c.sql.toLowerCase()));
  const columns = [
    ...left.columns,
    ...right.columns.map((c, n) => (taken.has(c.sql.toLowerCase()) ? { ...c, sql: `${c.sql}_${n}` } : c)),
  ];
  const list = [...left.columns, ...right.columns]
    .map((c, n) => `[${n < left.columns.length ? 'L' : 'R'}].[${c.sql}] AS [${columns[n]!.sql}]`)
    .filter((_, n) => columns[n]!.used);
  const on = pairs.map(([l, r]) => `[L].[${left.columns[l]!.sql}] = [R].[${right.columns[r]!.sql}]`);
  return {
    place: main.place,
    hash: main.hash.map((column) => column + shift),
    columns,
    rows: Math.max(left.rows, right.rows),
    from: `(SELECT ${list.join(', ')} FROM ${left.from} AS L ${on.length ? 'INNER' : 'CROSS'} JOIN ${right.from} AS R${on.length ? ` ON ${on.join(' AND ')}` : ''})`,
  };
}
/** Position of the column that an expression is; -1 when it is anything else. */
export function position(rows: Rowset, node: Expr): number {
  if (node.kind !== 'column') return -1;
  const name = node.parts.at(-1)!.toLowerCase();
  const alias = node.parts.at(-2)?.toLowerCase();
  return rows.columns.findIndex((c) => c.name.toLowerCase() === name && (alias === undefined || c.alias === alias));
}
/** The type of an item of a SELECT as far as it shows: a column's, also that of a column in an aggregate. */
export function typeOf(rows: Rowset, node: Expr): SqlType {
  const [argument] = node.kind === 'call' && /^(SUM|AVG|MIN|MAX)$/i.test(node.name[0]!) ? node.args : [node];
  return rows.columns[position(rows, argument!)]?.type ?? { name: 'bigint' };
}
export function conjuncts(node: Expr | undefined): Expr[] {
  if (!node) return [];
  return node.kind === 'logic' && node.op === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}
/** Names of the columns that a statement reads, in lower case; undefined when it reads all of something. */
export function columnNames(node: unknown, names = new Set<string>()): ReadonlySet<string> | undefined {
  if (typeof node !== 'object' || node === null) return names;
  const { kind, parts, args } = node as { kind?: string; parts?: Name; args?: readonly Expr[] };
  // COUNT(*) reads no column.
  if (kind === 'call' && args?.[0]?.kind === 'star') return names;
  if (kind === 'star') return undefined;
  if (kind === 'column') names.add(parts!.at(-1)!.toLowerCase());
  return Object.values(node).every((child) => columnNames(child, names)) ? names : undefined;
}
