/** Looks for aggregate calls in an expression, without looking into subqueries. */
import type { Call, Expr } from '../syntax/ast';

export const AGGREGATES: ReadonlySet<string> = new Set([
  'COUNT',
  'COUNT_BIG',
  'SUM',
  'AVG',
  'MIN',
  'MAX',
  'STDEV',
  'STDEVP',
  'VAR',
  'VARP',
  'STRING_AGG',
  'APPROX_COUNT_DISTINCT',
  'GROUPING',
  'GROUPING_ID',
  'CHECKSUM_AGG',
  'APPROX_PERCENTILE_CONT',
  'APPROX_PERCENTILE_DISC',
]);
export const isAggregate = (call: Call): boolean =>
  call.name.length === 1 && AGGREGATES.has(call.name[0]!.toUpperCase()) && !call.over;

export function hasAggregate(node: Expr): boolean {
  switch (node.kind) {
    case 'call':
      return (
        isAggregate(node) ||
        node.args.some(hasAggregate) ||
        (node.over !== undefined &&
          (node.over.partitionBy.some(hasAggregate) || node.over.orderBy.some((o) => hasAggregate(o.expr))))
      );
    case 'unary':
    case 'not':
    case 'isNull':
    case 'cast':
    case 'collate':
    case 'atTimeZone':
      return hasAggregate(node.operand);
    case 'binary':
    case 'compare':
    case 'logic':
    case 'distinctFrom':
      return hasAggregate(node.left) || hasAggregate(node.right);
    case 'between':
      return hasAggregate(node.operand) || hasAggregate(node.low) || hasAggregate(node.high);
    case 'in':
      return (
        hasAggregate(node.operand) || (Array.isArray(node.list) && (node.list as readonly Expr[]).some(hasAggregate))
      );
    case 'like':
      return hasAggregate(node.operand) || hasAggregate(node.pattern);
    case 'quantified':
      return hasAggregate(node.left);
    case 'case':
      return (
        (node.operand !== undefined && hasAggregate(node.operand)) ||
        (node.otherwise !== undefined && hasAggregate(node.otherwise)) ||
        node.branches.some((branch) => hasAggregate(branch.when) || hasAggregate(branch.result))
      );
    default:
      return false;
  }
}
