/** UPDATE and DELETE whose target is a common table expression over one table: its rows are found by their rowid. */
import { TSqlError } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { notSupported } from '../errors';
import type { Assignment } from '../syntax/ast-statements';
import type { Cte } from '../syntax/ast';
import { ident } from '../types/typed';
import { type Binder, freshAlias, type OutputColumn } from './binder';
import { bindQuery, namedColumns } from './query';
import type { BoundSource } from './scope';

export interface CteTarget {
  readonly table: ObjectInfo;
  /** The expression as a source, with the rowid of its table. */
  readonly source: BoundSource;
  /** ` FROM …` */
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** The table that `cte` reads, when rows of it can be changed. `target` looks the table up. */
export function cteTarget(
  b: Binder,
  cte: Cte,
  what: string,
  target: (name: readonly string[]) => ObjectInfo,
): CteTarget {
  const { body } = cte.query;
  const only =
    body.kind === 'select' && body.from.length === 1 && !body.groupBy.length && !body.distinct
      ? body.from[0]
      : undefined;
  if (only?.kind !== 'table') throw notSupported(`${what} through '${cte.name}'`);
  const table = target(only.name);
  const bound = bindQuery(b, cte.query, undefined, { rowid: true });
  const alias = freshAlias(b);
  const columns = namedColumns(bound.columns, cte.columns, cte.name);
  return {
    table,
    source: { alias, exposed: [cte.name], columns, rowid: `${alias}.r` },
    sql: ` FROM (${bound.sql}) AS ${alias}(r, ${columns.map((c) => ident(c.name)).join(', ')})`,
    columns: columns.map((c, n) => ({ ...c, column: bound.columns[n]!.column })),
  };
}

/** Assignments to columns of the expression as assignments to those of its table. */
export function throughCte(set: readonly Assignment[], { columns }: CteTarget): Assignment[] {
  return set.map((a) => {
    const name = a.column.at(-1)!;
    const column = columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
    if (!column) throw new TSqlError(207, `Invalid column name '${name}'.`);
    if (column.column === undefined)
      throw new TSqlError(
        4406,
        `Update or insert of view or function failed because it contains a derived or constant field.`,
      );
    const value = a.op
      ? ({ kind: 'binary', op: a.op, left: { kind: 'column', parts: [name], line: 1 }, right: a.value } as const)
      : a.value;
    return { column: [column.column], value };
  });
}
