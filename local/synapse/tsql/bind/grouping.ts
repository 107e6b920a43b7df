/** GROUP BY, ROLLUP, CUBE and GROUPING SETS. */
import { TSqlError } from '../../contract';
import type { Expr, GroupItem } from '../syntax/ast';
import { isString } from '../types/sql-types';
import type { Typed } from '../types/typed';
import { hasAggregate } from './aggregate-walk';
import type { Binder } from './binder';
import { expr } from './expr';
import { groupKey, hasGroupKey } from './predicates';
import type { Grouping, Scope } from './scope';

export function bindGrouping(
  b: Binder,
  scope: Scope,
  items: readonly GroupItem[],
): Grouping & { readonly sql: string } {
  const keys = new Map<string, Typed>();
  const grouped = new Map<string, string>();
  let complex = false;
  const several = items.some((item) => item.kind !== 'expr');
  const bind = (node: Expr): string => {
    if (node.kind === 'literal' && node.type === 'integer')
      throw new TSqlError(
        164,
        'Each GROUP BY expression must contain at least one column that is not an outer reference.',
        1,
        15,
      );
    if (hasAggregate(node) || node.kind === 'subquery')
      throw new TSqlError(
        144,
        'Cannot use an aggregate or a subquery in an expression used for the group by list of a GROUP BY clause.',
        1,
        15,
      );
    const value = expr(b, scope, node);
    if (node.kind !== 'column') complex = true;
    const sql = groupKey(value);
    const kept = hasGroupKey(value) ? keptOf(value, sql, several) : sql;
    if (kept !== sql) grouped.set(kept, sql);
    keys.set(value.sql, { ...value, sql: kept, literal: undefined, nullable: value.nullable || several });
    return isString(value.type) && value.literal !== undefined ? `(SELECT ${sql})` : sql;
  };
  const parts = items.map((item) => {
    if (item.kind === 'expr') return bind(item.expr);
    const sets = item.sets.map((set) => `(${set.map(bind).join(', ')})`);
    return `${item.kind === 'sets' ? 'GROUPING SETS' : item.kind.toUpperCase()} (${sets.join(', ')})`;
  });
  return { keys, grouped, complex, sql: parts.length ? ` GROUP BY ${parts.join(', ')}` : '' };
}

/** One value of those that a group holds; NULL in the rows of other grouping sets. */
function keptOf(value: Typed, key: string, several: boolean): string {
  const some = `any_value(${value.sql})`;
  return several ? `CASE WHEN grouping(${key}) = 0 THEN ${some} END` : some;
}
