/**
 * The two ways in which T-SQL cuts a time to the begin of its period (Synapse has no DATETRUNC): what they say step by step is one call
 * in DuckDB, which is planned and calculated in a fraction of the time.
 */
import type { Call, Expr } from '../../syntax/ast';
import { DATE, datetime2, isString } from '../../types/sql-types';
import { isTicks } from '../../../ticks';
import { convert } from '../../types/convert';
import { stampOf } from '../../types/moments';
import type { Typed } from '../../types/typed';
import { expr } from '../expr';
import { documentKey } from '../json-paths';
import { result, type CallContext } from './spec';

const called = (node: Expr, name: RegExp, count: number): Call | undefined =>
  node.kind === 'call' && node.name.length === 1 && name.test(node.name[0]!) && node.args.length === count
    ? node
    : undefined;

/** Types whose values lie in the range of every other of them, without an offset. */
const PLAIN = new Set(['date', 'datetime', 'datetime2', 'smalldatetime']);
const UNITS: Readonly<Record<string, true>> = { year: true, quarter: true, month: true, day: true, hour: true };
/** The begin of a year is one of each unit. */
const YEAR_BEGINS = /^(?:CAST\()?(?:TIMESTAMP|DATE) '\d{4}-01-01(?: 00:00:00)?'(?: AS DATE\))?$/;

/** `DATEADD(unit, DATEDIFF(unit, origin, x), origin)` where the origin is the begin of a year. */
export function truncatedByOrigin(c: CallContext, unit: string, origin: Typed): Typed | undefined {
  if (!UNITS[unit] || !['date', 'datetime2'].includes(origin.type.name) || !YEAR_BEGINS.test(origin.sql))
    return undefined;
  const difference = called(c.call.args[1]!, /^DATEDIFF(_BIG)?$/i, 3);
  if (!difference || documentKey(difference.args[0]!) !== documentKey(c.call.args[0]!)) return undefined;
  const [from, x] = [expr(c.b, c.scope, difference.args[1]!), expr(c.b, c.scope, difference.args[2]!)];
  const start = isString(from.type) && !from.isNull ? convert(from, datetime2(6)) : from;
  const day = /\d{4}-\d\d-\d\d/;
  if (!YEAR_BEGINS.test(start.sql) || day.exec(start.sql)![0] !== day.exec(origin.sql)![0] || !PLAIN.has(x.type.name))
    return undefined;
  if (unit === 'hour' && origin.type.name === 'date') return undefined;
  const cut = `date_trunc('${unit}', ${stampOf(x)})`;
  return result(origin.type.name === 'date' ? `CAST(${cut} AS DATE)` : cut, origin.type, [x]);
}

/** `DATEFROMPARTS(YEAR(x), MONTH(x), 1)`. */
export function firstOfMonth(c: CallContext): Typed | undefined {
  const [year, month] = [called(c.call.args[0]!, /^YEAR$/i, 1), called(c.call.args[1]!, /^MONTH$/i, 1)];
  if (!year || !month || c.arg(2).literal !== '1' || documentKey(year.args[0]!) !== documentKey(month.args[0]!))
    return undefined;
  const x = expr(c.b, c.scope, year.args[0]!);
  return PLAIN.has(x.type.name)
    ? result(`CAST(date_trunc('month', ${isTicks(x.type) ? stampOf(x) : x.sql}) AS DATE)`, DATE, [x])
    : undefined;
}
