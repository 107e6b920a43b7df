/** MERGE. */
import { TSqlError } from '../../contract';
import { notSupported, unevenRows } from '../errors';
import type { ObjectInfo } from '../../catalog/model';
import type { StatementOf } from '../syntax/ast-statements';
import { assign } from '../types/convert';
import { duckType } from '../types/sql-types';
import { ident, quote } from '../types/typed';
import type { Binder } from './binder';
import { condition, expr } from './expr';
import { type BoundSource, Scope } from './scope';
import { bindObject } from './tables';
import { bindSource } from './sources';
import { assignments, columnOf, place, target, withCtes } from './dml';
import { defaultOf, sequenceName } from './insert';

/** A MERGE; `twice` finds a row that more than one row of the source would change, which is Msg 8672. */
export interface MergeSql {
  readonly sql: string;
  readonly twice?: string;
}

export function mergeSql(b: Binder, s: StatementOf<'merge'>): MergeSql {
  const table = target(b, s.target);
  const changes: string[] = [];
  let twice: string | undefined;
  for (const clause of s.clauses)
    b.env.demand({ update: 'UPDATE', delete: 'DELETE', insert: 'INSERT' }[clause.action.kind], table);
  const scope = new Scope(undefined);
  const { prefix, sql } = withCtes(b, s.ctes, () => {
    const into = bindObject(b, scope, table, [s.alias ?? s.target.at(-1)!]);
    if (into.startsWith('(')) throw notSupported('MERGE into a table with a security policy');
    const own = scope.sources[0]!;
    const using = bindSource(b, scope, s.source, false);
    const on = condition(b, scope, s.on);
    const clauses = s.clauses.map((clause) => {
      const when =
        clause.when === 'matched' ? 'MATCHED' : clause.when === 'not matched' ? 'NOT MATCHED' : 'NOT MATCHED BY SOURCE';
      const seen = visible(scope, own, clause.when);
      const and = clause.condition ? ` AND ${condition(b, seen, clause.condition)}` : '';
      if (clause.when === 'matched') changes.push(and ? `(TRUE${and})` : 'TRUE');
      return `WHEN ${when}${and} THEN ${mergeAction(b, seen, own, table, clause.action)}`;
    });
    if (changes.length)
      twice = `SELECT 1 FROM ${into} JOIN ${using} ON ${on} WHERE ${changes.join(' OR ')} GROUP BY ${own.rowid} HAVING count(*) > 1 LIMIT 1`;
    return `MERGE INTO ${into} USING ${using} ON ${on} ${clauses.join(' ')}`;
  });
  return { sql: prefix + sql, ...(twice === undefined ? {} : { twice: prefix + twice }) };
}
/** The columns that a clause can name: where there is no row of one side, only those of the other. */
function visible(both: Scope, own: BoundSource, when: StatementOf<'merge'>['clauses'][number]['when']): Scope {
  if (when === 'matched') return both;
  const ofSource = when === 'not matched';
  const one = new Scope(undefined);
  one.sources.push(...both.sources.filter((source) => (source === own) !== ofSource));
  one.refusal = (parts) => {
    if (!both.has(parts)) return undefined;
    const [number, side, clause] = ofSource
      ? [5333, 'source', 'WHEN NOT MATCHED']
      : [5334, 'target', 'WHEN NOT MATCHED BY SOURCE'];
    return new TSqlError(
      number,
      `The identifier '${parts.join('.')}' cannot be bound. Only ${side} columns are allowed in the '${clause}' clause.`,
      2,
    );
  };
  return one;
}

function mergeAction(
  b: Binder,
  scope: Scope,
  own: BoundSource,
  table: ObjectInfo,
  action: StatementOf<'merge'>['clauses'][number]['action'],
): string {
  if (action.kind === 'delete') return 'DELETE';
  if (action.kind === 'update')
    return `UPDATE SET ${assignments(b, scope, own, table, action.set)
      .map((x) => `${ident(x.column.name)} = ${x.sql}`)
      .join(', ')}`;
  const given = action.columns
    ? action.columns.map((name) => columnOf(table, name))
    : table.columns.filter((c) => !c.identity);
  if (action.values && action.values.length !== given.length) throw unevenRows(1, 16);
  const all = table.columns.map((column) => {
    const i = given.indexOf(column);
    if (column.identity) return `CAST(nextval(${quote(sequenceName(table))}) AS ${duckType(column.type)})`;
    const node = i >= 0 ? action.values?.[i] : undefined;
    const value =
      node && !(node.kind === 'literal' && node.type === 'default') ? expr(b, scope, node) : defaultOf(b, column);
    return value.isNull
      ? `CAST(NULL AS ${duckType(column.type)})`
      : assign(value, column.type, place(b, table, column)).sql;
  });
  return `INSERT (${table.columns.map((c) => ident(c.name)).join(', ')}) VALUES (${all.join(', ')})`;
}
