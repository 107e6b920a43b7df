/** The state of translating one statement. The units of this folder are functions over it. */
import type { Env } from './env';

/** A translated query. Its columns have unique names inside `sql` when `named` was asked for. */
import type { BoundColumn } from './scope';
import type { Typed } from '../types/typed';

export interface OutputColumn extends Typed {
  /** '' when the query gave it none. */
  readonly name: string;
}
export interface BoundQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
  /** What ORDER BY sorts by: positions of columns from 1 on, 0 for what is no column of the result. */
  readonly sortedBy?: readonly number[];
}

/** A common table expression as FROM finds it. */
export interface BoundCte {
  readonly alias: string;
  readonly columns: readonly BoundColumn[];
  /** Something reads it: a recursive one reads itself. */
  isRead?: boolean;
}

export interface Binder {
  readonly env: Env;
  /** Common table expressions in scope, innermost last. */
  readonly ctes: Map<string, BoundCte | 'being defined'>[];
  /** Parameters of the inline function that is being expanded. */
  readonly parameters: ReadonlyMap<string, Typed>[];
  next: number;
  depth: number;
  /** The query's rows go to the client: values may be text that tells more than DuckDB's type. */
  sent: boolean;
  /** Per select: the literal paths of its JSON_VALUE calls by document (see json-paths.ts). */
  readonly json: ReadonlyMap<string, readonly string[]>[];
}

export const newBinder = (env: Env): Binder => ({
  env,
  ctes: [],
  parameters: [],
  next: 1,
  depth: 0,
  sent: false,
  json: [],
});
export const freshAlias = (b: Binder): string => `t${b.next++}`;
