/** What follows a function's name: arguments, DISTINCT, WITHIN GROUP, OVER. */
import type { Call, Expr, Frame, FrameBound, Name, OrderItem, Window } from './ast';
import type { Cursor } from './cursor';
import { parseExpr, parsePredicate } from './expressions';

/** Parses from the opening parenthesis on. IIF takes a condition first, date functions a date part. */
export function parseCallTail(c: Cursor, name: Name, line: number): Call {
  c.expect('(');
  const distinct = c.accept('DISTINCT');
  const isAlone = distinct || c.accept('ALL');
  const args: Expr[] = [];
  if (!c.is(')')) {
    const upper = name.length === 1 ? name[0]!.toUpperCase() : '';
    args.push(upper === 'IIF' ? parsePredicate(c) : parseArgument(c));
    // DISTINCT and ALL take one expression, but for STRING_AGG's separator.
    if (isAlone && upper !== 'STRING_AGG' && c.is(',')) throw c.error();
    while (c.accept(',')) args.push(parseArgument(c));
    if (upper === 'TRIM' && c.accept('FROM')) args.push(parseExpr(c));
    if (upper === 'STRING_AGG' && c.is('ORDER')) throw c.error();
  }
  c.expect(')');
  let withinGroup: OrderItem[] | undefined;
  if (c.accept('WITHIN', 'GROUP')) {
    c.expect('(', 'ORDER', 'BY');
    withinGroup = c.list(() => parseOrderItem(c));
    c.expect(')');
  }
  let ignoreNulls: boolean | undefined;
  if (c.accept('IGNORE', 'NULLS')) ignoreNulls = true;
  else if (c.accept('RESPECT', 'NULLS')) ignoreNulls = false;
  const over = c.accept('OVER') ? parseWindow(c) : undefined;
  return { kind: 'call', name, args, distinct, withinGroup, over, ignoreNulls, line };
}

function parseArgument(c: Cursor): Expr {
  return parseExpr(c);
}

export function parseOrderItem(c: Cursor): OrderItem {
  const expr = parseExpr(c);
  const descending = c.accept('DESC');
  if (!descending) c.accept('ASC');
  return { expr, descending };
}

function parseWindow(c: Cursor): Window {
  c.expect('(');
  const partitionBy = c.accept('PARTITION', 'BY') ? c.list(() => parseExpr(c)) : [];
  const orderBy = c.accept('ORDER', 'BY') ? c.list(() => parseOrderItem(c)) : [];
  const frame = c.isAny('ROWS', 'RANGE') ? parseFrame(c) : undefined;
  c.expect(')');
  return { partitionBy, orderBy, frame };
}
function parseFrame(c: Cursor): Frame {
  const unit = c.take().upper === 'ROWS' ? 'rows' : 'range';
  if (!c.accept('BETWEEN')) return { unit, from: parseBound(c) };
  const from = parseBound(c);
  c.expect('AND');
  return { unit, from, to: parseBound(c) };
}
function parseBound(c: Cursor): FrameBound {
  if (c.accept('UNBOUNDED', 'PRECEDING')) return { kind: 'unbounded preceding' };
  if (c.accept('UNBOUNDED', 'FOLLOWING')) return { kind: 'unbounded following' };
  if (c.accept('CURRENT', 'ROW')) return { kind: 'current row' };
  const offset = parseExpr(c);
  if (c.accept('PRECEDING')) return { kind: 'preceding', offset };
  c.expect('FOLLOWING');
  return { kind: 'following', offset };
}
