/** Names in scope: the sources of a FROM clause, inside those of the query around it. */
import { ambiguous, invalidColumn, unbound } from '../errors';
import { TSqlError } from '../../contract';
import type { SqlType } from '../../contract';
import type { Name } from '../syntax/ast';
import { reading } from '../types/observation';
import { ident, type Collation, type IdentityOrigin, type Typed } from '../types/typed';

export interface BoundColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly collation?: Collation;
  readonly mask?: string;
  readonly identity?: IdentityOrigin;
  readonly computed?: boolean;
  /** `schema.table` when the current user may not read the column. */
  readonly closed?: string;
  /** SQL other than `alias."name"`. */
  readonly sql?: string;
}
export interface BoundSource {
  /** Name that DuckDB knows it by. */
  readonly alias: string;
  /** Name that T-SQL knows it by: an alias, or the parts of the table's name. */
  readonly exposed: Name;
  readonly columns: readonly BoundColumn[];
  readonly pathColumn?: string;
  readonly pathPattern?: string;
  /** rowid of the table in this source, for UPDATE and DELETE. */
  readonly rowid?: string;
  readonly object?: number;
}

/** GROUP BY of a query: its keys by their plain SQL. */
export interface Grouping {
  readonly keys: ReadonlyMap<string, Typed>;
  /** The SQL of a key in GROUP BY, by that of its value, where the two differ. */
  readonly grouped?: ReadonlyMap<string, string>;
  /** True when a key is more than a column. */
  readonly complex: boolean;
}

export class Scope {
  grouping: Grouping | undefined;
  /** Above zero inside an aggregate's arguments: grouping does not apply there. */
  aggregates = 0;
  /** The clause that is being bound; none for the select list. Window functions may stand in that and in ORDER BY only. */
  clause: 'WHERE' | 'ON' | 'GROUP BY' | 'HAVING' | 'ORDER BY' | 'SET' | undefined;
  readonly sources: BoundSource[] = [];
  /** Error for a column that is not to be had here, when it has a reason of its own. */
  refusal: ((parts: Name) => TSqlError | undefined) | undefined;

  /** Binds one clause. */
  within<T>(clause: NonNullable<Scope['clause']>, bind: () => T): T {
    this.clause = clause;
    try {
      return bind();
    } finally {
      this.clause = undefined;
    }
  }

  constructor(readonly parent: Scope | undefined) {}

  /** This scope and those around it, innermost first. */
  private *outwards(): Generator<Scope> {
    yield this;
    if (this.parent) yield* this.parent.outwards();
  }

  /** The column and whether it belongs to this scope (not to one around it). */
  column(parts: Name): Typed {
    for (const scope of this.outwards()) {
      const found = scope.find(parts);
      if (found) return scope.grouped(found, parts);
    }
    throw this.refusal?.(parts) ?? (parts.length > 1 ? this.missing(parts) : invalidColumn(parts[0]!));
  }

  has(parts: Name): boolean {
    return this.sources.some(
      (source) =>
        (parts.length === 1 || exposes(source, parts.slice(0, -1))) &&
        source.columns.some((column) => column.name.toLowerCase() === parts.at(-1)!.toLowerCase()),
    );
  }

  /** Msg 207 when the source exists and the column does not, else Msg 4104. */
  private missing(parts: Name): TSqlError {
    for (const scope of this.outwards()) {
      if (scope.sources.some((source) => exposes(source, parts.slice(0, -1)))) return invalidColumn(parts.at(-1)!);
    }
    return unbound(parts.join('.'));
  }

  private find(parts: Name): Typed | undefined {
    const wanted = parts.at(-1)!.toLowerCase();
    const qualifier = parts.slice(0, -1);
    let found: Typed | undefined;
    for (const source of this.sources) {
      if (qualifier.length && !exposes(source, qualifier)) continue;
      for (const column of source.columns) {
        if (column.name.toLowerCase() !== wanted) continue;
        if (found) throw ambiguous(parts.at(-1)!);
        found = reference(source, column);
      }
    }
    return found;
  }

  /** In an aggregated query only keys and aggregates may be used: Msg 8120, in HAVING 8121, in ORDER BY 8127. */
  private grouped(column: Typed, parts: Name): Typed {
    if (!this.grouping || this.aggregates > 0) return column;
    const found = this.grouping.keys.get(column.sql);
    if (found) return found;
    // The name of the column with that of its table, as the query knows it.
    const owner = this.sources.find((source) => source.columns.some((c) => reference(source, c).sql === column.sql));
    const name = [...(owner?.exposed ?? parts.slice(0, -1)), column.column ?? parts.at(-1)!].filter(Boolean).join('.');
    const [number, place] =
      this.clause === 'HAVING'
        ? [8121, 'HAVING clause']
        : this.clause === 'ORDER BY'
          ? [8127, 'ORDER BY clause']
          : [8120, 'select list'];
    throw new TSqlError(
      number,
      `Column '${name}' is invalid in the ${place} because it is not contained in either an aggregate function or the GROUP BY clause.`,
    );
  }

  source(qualifier: Name): BoundSource {
    for (const scope of this.outwards()) {
      const found = scope.sources.find((source) => exposes(source, qualifier));
      if (found) return found;
    }
    throw new TSqlError(
      107,
      `The column prefix '${qualifier.join('.')}' does not match with a table name or alias name used in the query.`,
      1,
      15,
    );
  }
}

export function reference(source: BoundSource, column: BoundColumn): Typed {
  if (column.closed !== undefined) {
    const [database, schema, table] = column.closed.split('.');
    throw new TSqlError(
      230,
      `The SELECT permission was denied on the column '${column.name}' of the object '${table}', database '${database}', schema '${schema}'.`,
      1,
      14,
    );
  }
  return {
    sql: reading(column.sql || `${source.alias}.${ident(column.name)}`),
    type: column.type,
    nullable: column.nullable,
    column: column.name,
    ...(source.exposed.length ? { table: source.exposed.at(-1)! } : {}),
    ...(column.collation ? { collation: column.collation } : {}),
    ...(column.mask ? { mask: column.mask } : {}),
    ...(column.identity ? { identity: column.identity } : {}),
    ...(column.computed ? { computed: true } : {}),
  };
}

/** `t` matches `dbo.t` and alias `t`; `db.dbo.t` matches `dbo.t`. */
function exposes(source: BoundSource, qualifier: Name): boolean {
  if (!qualifier.length || !source.exposed.length) return false;
  const a = [...source.exposed].reverse();
  const b = [...qualifier].reverse();
  if (b.length > 1 && a.length === 1) return false;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (b[i] !== '' && a[i]!.toLowerCase() !== b[i]!.toLowerCase()) return false;
  return true;
}
