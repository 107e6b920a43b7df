/** Aggregates and window functions with T-SQL's result types. */
import { TSqlError, type SqlType } from '../../contract';
import { notSupported, refusedByPool } from '../errors';
import type { Call, Expr, Frame, FrameBound, Window } from '../syntax/ast';
import { assign as unused, convert } from '../types/convert';
import {
  BIGINT,
  decimal,
  digits,
  duckType,
  FLOAT,
  INT,
  isApproximate,
  isInteger,
  isMoney,
  isNumber,
  isScaled,
  isString,
  isUnicode,
  MAX,
  messageName,
  MONEY,
  nvarchar,
  varchar,
} from '../types/sql-types';
import { quote, rightTrimmed, type Typed } from '../types/typed';
import { divide } from './arithmetic';
import type { Binder } from './binder';
import { expr, same } from './expr';
import { groupKey, orderKey, sortKey } from './predicates';
import { direction } from './query';
import type { Scope } from './scope';

export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set([
  'ROW_NUMBER',
  'RANK',
  'DENSE_RANK',
  'NTILE',
  'LAG',
  'LEAD',
  'FIRST_VALUE',
  'LAST_VALUE',
  'PERCENT_RANK',
  'CUME_DIST',
  'PERCENTILE_CONT',
  'PERCENTILE_DISC',
]);

/** An aggregate, optionally over a window; `filter` restricts it to rows (PIVOT). */
export function aggregateCall(b: Binder, scope: Scope, call: Call, filter?: string): Typed {
  const name = call.name[0]!.toUpperCase();
  if (name === 'CHECKSUM_AGG') throw refusedByPool('CHECKSUM_AGG', call.line);
  if (name.startsWith('APPROX_PERCENTILE')) throw notSupported(name, call.line);
  if (name === 'GROUPING' || name === 'GROUPING_ID') return groupingCall(b, scope, call, name);
  if (call.over && call.distinct)
    throw new TSqlError(10759, 'Use of DISTINCT is not allowed with the OVER clause.', 1, 15, call.line);
  if (call.over && (name === 'STRING_AGG' || name === 'APPROX_COUNT_DISTINCT'))
    throw new TSqlError(
      4113,
      `The function '${name}' is not a valid windowing function, and cannot be used with the OVER clause.`,
      1,
      15,
      call.line,
    );
  const over = call.over ? windowSql(b, scope, call.over) : '';
  const suffix = (filter ? ` FILTER (WHERE ${filter})` : '') + over;
  const arg = call.args[0];
  const most = name === 'STRING_AGG' ? 2 : 1;
  if (!arg || call.args.length > most)
    throw new TSqlError(174, `The ${name} function requires ${most} argument(s).`, 1, 15, call.line);
  // Without OVER the argument is read before grouping; with OVER it may hold aggregates itself.
  if (!call.over) {
    if (scope.clause === 'SET')
      throw new TSqlError(157, 'An aggregate may not appear in the set list of an UPDATE statement.', 1, 15, call.line);
    if (scope.clause === 'WHERE' || scope.clause === 'ON')
      throw new TSqlError(
        147,
        `An aggregate may not appear in the ${scope.clause} clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.`,
        1,
        15,
        call.line,
      );
    if (scope.aggregates > 0)
      throw new TSqlError(
        130,
        'Cannot perform an aggregate function on an expression containing an aggregate or a subquery.',
        1,
        15,
        call.line,
      );
    scope.aggregates++;
  }
  try {
    if (arg.kind === 'star') {
      if (name !== 'COUNT' && name !== 'COUNT_BIG')
        throw new TSqlError(102, "Incorrect syntax near '*'.", 1, 15, call.line);
      return count(name, `count(*)${suffix}`);
    }
    const x = expr(b, scope, arg);
    const result = apply(b, scope, call, name, x, suffix);
    return x.mask && !name.includes('COUNT') ? { ...result, mask: x.mask } : result;
  } finally {
    if (!call.over) scope.aggregates--;
  }
}
const count = (name: string, sql: string): Typed =>
  name === 'COUNT'
    ? { sql: `CAST(${sql} AS INTEGER)`, type: INT, nullable: false }
    : { sql, type: BIGINT, nullable: false };

function apply(b: Binder, scope: Scope, call: Call, name: string, x: Typed, suffix: string): Typed {
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const key =
    call.distinct && isString(x.type)
      ? x.collation && x.collation !== 'ci'
        ? x.collation === 'ai'
          ? sortKey(x)
          : groupKey(x)
        : `lower(${rightTrimmed(x.sql)})`
      : call.distinct
        ? sortKey(x)
        : x.sql;
  switch (name) {
    case 'COUNT':
    case 'COUNT_BIG':
      if (x.isNull) throw new TSqlError(8117, 'Operand data type NULL is invalid for count operator.');
      return count(name, `count(${distinct}${key})${suffix}`);
    case 'APPROX_COUNT_DISTINCT':
      return {
        sql: `count(DISTINCT ${isString(x.type) ? `lower(${rightTrimmed(x.sql)})` : groupKey(x)})${suffix}`,
        type: BIGINT,
        nullable: false,
      };
    case 'SUM':
      return sum(x, distinct, suffix);
    case 'AVG':
      return average(x, distinct, suffix);
    case 'MIN':
    case 'MAX':
      return extreme(name, x, suffix);
    case 'STDEV':
    case 'STDEVP':
    case 'VAR':
    case 'VARP': {
      need(x, name);
      const duck = { STDEV: 'stddev_samp', STDEVP: 'stddev_pop', VAR: 'var_samp', VARP: 'var_pop' }[name];
      return { sql: `${duck}(${distinct}CAST(${x.sql} AS DOUBLE))${suffix}`, type: FLOAT, nullable: true };
    }
    case 'STRING_AGG':
      return stringAgg(b, scope, call, x, suffix);
  }
  throw notSupported(name, call.line);
}

function need(x: Typed, name: string): void {
  if (!isNumber(x.type) || x.type.name === 'bit' || x.isNull)
    throw new TSqlError(
      8117,
      `Operand data type ${x.isNull ? 'NULL' : messageName(x.type)} is invalid for ${name.toLowerCase()} operator.`,
    );
}
/** int for int and smaller, decimal(38,s) for decimal, else the type itself. */
function sumType(t: SqlType): SqlType {
  if (t.name === 'decimal') return decimal(38, t.scale ?? 0);
  if (isMoney(t)) return MONEY;
  if (isApproximate(t)) return FLOAT;
  return t.name === 'bigint' ? BIGINT : INT;
}
function sum(x: Typed, distinct: string, suffix: string): Typed {
  need(x, 'sum');
  const type = sumType(x.type);
  const value = isApproximate(x.type) ? `CAST(${x.sql} AS DOUBLE)` : x.sql;
  return { sql: `CAST(sum(${distinct}${value})${suffix} AS ${duckType(type)})`, type, nullable: true };
}
function average(x: Typed, distinct: string, suffix: string): Typed {
  need(x, 'avg');
  if (isApproximate(x.type))
    return { sql: `avg(${distinct}CAST(${x.sql} AS DOUBLE))${suffix}`, type: FLOAT, nullable: true };
  const total = `sum(${distinct}${x.sql})${suffix}`;
  const n = `count(${distinct}${x.sql})${suffix}`;
  if (isInteger(x.type)) {
    const type = sumType(x.type);
    // The sum must fit the type of the average, as SQL Server adds it up.
    return {
      sql: `(CAST(${total} AS ${duckType(type)}) // nullif(${n}, 0))`,
      type,
      nullable: true,
    };
  }
  const { s } = digits(x.type);
  const scale = isMoney(x.type) ? 4 : Math.max(6, s);
  const type = isMoney(x.type) ? MONEY : decimal(38, scale);
  const counted: Typed = { sql: '', type: INT, nullable: false, literal: '1' };
  return {
    sql: divide(
      `CAST(${total} AS DECIMAL(38,${s}))`,
      { p: 38 - scale, s },
      counted,
      `nullif(${n}, 0)`,
      0,
      scale,
      duckType(type),
    ),
    type,
    nullable: true,
  };
}
function extreme(name: string, x: Typed, suffix: string): Typed {
  if (x.type.name === 'bit' || x.isNull)
    throw new TSqlError(
      8117,
      `Operand data type ${x.isNull ? 'NULL' : 'bit'} is invalid for ${name.toLowerCase()} operator.`,
    );
  const duck = name.toLowerCase();
  const base = {
    type: x.type,
    nullable: true,
    ...(x.collation ? { collation: x.collation } : {}),
  };
  if (isString(x.type) || x.type.name === 'uniqueidentifier' || x.type.name === 'datetimeoffset')
    return { sql: `arg_${duck}(${x.sql}, ${orderKey(x)})${suffix}`, ...base };
  return { sql: `${duck}(${x.sql})${suffix}`, ...base };
}

function stringAgg(b: Binder, scope: Scope, call: Call, x: Typed, suffix: string): Typed {
  if (call.args.length !== 2)
    throw new TSqlError(174, 'The string_agg function requires 2 argument(s).', 1, 15, call.line);
  const separator = expr(b, scope, call.args[1]!);
  const unicode = !isString(x.type) || isUnicode(x.type);
  const text = convert(x, unicode ? nvarchar(isString(x.type) ? MAX : 4000) : varchar(MAX));
  const order = call.withinGroup
    ? ` ORDER BY ${call.withinGroup.map((item) => direction(orderKey(expr(b, scope, item.expr)), item.descending)).join(', ')}`
    : '';
  const length = x.type.length === MAX ? MAX : unicode ? 4000 : 8000;
  return {
    sql: `string_agg(${text.sql}, ${separator.isNull ? "''" : separator.sql}${order})${suffix}`,
    type: unicode ? nvarchar(length) : varchar(length),
    nullable: true,
  };
}

function groupingCall(b: Binder, scope: Scope, call: Call, name: string): Typed {
  const { grouping } = scope;
  if (!grouping) throw new TSqlError(4150, 'GROUPING function can only be specified when GROUP BY is specified.');
  const args = call.args.map((arg, i) => {
    try {
      const { sql } = expr(b, scope, arg);
      return grouping.grouped?.get(sql) ?? sql;
    } catch (failure) {
      if (!(failure instanceof TSqlError && failure.number === 8120)) throw failure;
      throw new TSqlError(
        8161,
        `Argument ${i + 1} of the ${name} function does not match any of the expressions in the GROUP BY clause.`,
      );
    }
  });
  return {
    sql: `CAST(grouping(${args.join(', ')}) AS ${name === 'GROUPING' ? 'UTINYINT' : 'INTEGER'})`,
    type: name === 'GROUPING' ? { name: 'tinyint' } : INT,
    nullable: false,
  };
}

/** ` OVER (PARTITION BY … ORDER BY … frame)` */
export function windowSql(b: Binder, scope: Scope, window: Window): string {
  if (scope.clause && scope.clause !== 'ORDER BY')
    throw new TSqlError(4108, 'Windowed functions can only appear in the SELECT or ORDER BY clauses.', 1, 15);
  const parts: string[] = [];
  if (window.partitionBy.length) {
    const keys = window.partitionBy
      .map((node) => expr(b, scope, node))
      .map((x) =>
        isString(x.type) && (x.collation ?? 'ci') === 'ci'
          ? `lower(${rightTrimmed(x.sql)})`
          : x.collation === 'ai'
            ? sortKey(x)
            : groupKey(x),
      );
    parts.push(`PARTITION BY ${keys.join(', ')}`);
  }
  if (window.orderBy.length)
    parts.push(
      `ORDER BY ${window.orderBy.map((item) => direction(windowKey(b, scope, item.expr), item.descending)).join(', ')}`,
    );
  if (window.frame) {
    if (!window.orderBy.length)
      throw new TSqlError(10756, 'Window frame with ROWS or RANGE must have an ORDER BY clause.', 1, 15);
    parts.push(frame(b, scope, window.frame));
  }
  return ` OVER (${parts.join(' ')})`;
}
function windowKey(b: Binder, scope: Scope, node: Expr): string {
  if (node.kind === 'literal' && node.type === 'integer')
    throw new TSqlError(
      5308,
      'Windowed functions, aggregates and NEXT VALUE FOR functions do not support integer indices as ORDER BY clause expressions.',
    );
  return orderKey(expr(b, scope, node));
}
const BOUNDS: readonly FrameBound['kind'][] = [
  'unbounded preceding',
  'preceding',
  'current row',
  'following',
  'unbounded following',
];
/** A frame goes from an earlier bound to a later one; one bound alone is its beginning, up to the current row. */
function checkFrame({ from, to }: Frame): void {
  const start = BOUNDS.indexOf(from.kind);
  const end = to ? BOUNDS.indexOf(to.kind) : BOUNDS.indexOf('current row');
  if (start <= end && from.kind !== 'unbounded following' && to?.kind !== 'unbounded preceding') return;
  const written = ({ kind, offset }: FrameBound): string => `${offset ? '... ' : ''}${kind.toUpperCase()}`;
  const text = to ? `BETWEEN ${written(from)} AND ${written(to)}` : written(from);
  throw new TSqlError(4193, `'${text}' is not a valid window frame and cannot be used with the OVER clause.`);
}
function frame(b: Binder, scope: Scope, f: Frame): string {
  checkFrame(f);
  const bound = (x: FrameBound): string => {
    if (!x.offset) return x.kind.toUpperCase();
    if (f.unit === 'range')
      throw new TSqlError(4194, 'RANGE is only supported with UNBOUNDED and CURRENT ROW window frame delimiters.');
    return `${expr(b, scope, x.offset).sql} ${x.kind.toUpperCase()}`;
  };
  return `${f.unit.toUpperCase()} ${f.to ? `BETWEEN ${bound(f.from)} AND ${bound(f.to)}` : bound(f.from)}`;
}

export function windowCall(b: Binder, scope: Scope, call: Call): Typed {
  const name = call.name[0]!.toUpperCase();
  if (name.startsWith('PERCENTILE_')) return percentile(b, scope, call, name);
  if (!call.over) throw new TSqlError(10753, `The function '${name}' must have an OVER clause.`, 1, 15, call.line);
  if (!call.over.orderBy.length)
    throw new TSqlError(4112, `The function '${name}' must have an OVER clause with ORDER BY.`, 1, 15, call.line);
  const framed = name === 'FIRST_VALUE' || name === 'LAST_VALUE';
  if (call.over.frame && !framed)
    throw new TSqlError(10752, `The function '${name}' may not have a window frame.`, 1, 15, call.line);
  const over = windowSql(b, scope, call.over);
  const args = call.args.map((arg) => expr(b, scope, arg));
  const nulls = call.ignoreNulls ? ' IGNORE NULLS' : '';
  switch (name) {
    case 'ROW_NUMBER':
    case 'RANK':
    case 'DENSE_RANK':
      return { sql: `${name.toLowerCase()}()${over}`, type: BIGINT, nullable: true };
    case 'NTILE':
      if (/^(?:0|\(?-\d+\)?)$/.test(args[0]!.sql))
        throw new TSqlError(4116, "The function 'ntile' takes only a positive int or bigint expression as its input.");
      return { sql: `ntile(CAST(${args[0]!.sql} AS BIGINT))${over}`, type: BIGINT, nullable: true };
    case 'PERCENT_RANK':
    case 'CUME_DIST':
      return { sql: `${name.toLowerCase()}()${over}`, type: FLOAT, nullable: false };
    case 'LAG':
    case 'LEAD': {
      const x = args[0]!;
      if (/^\(?-\d/.test(args[1]?.sql ?? ''))
        throw new TSqlError(8730, 'Offset parameter for Lag and Lead functions cannot be a negative value.');
      const offset = args[1] ? `, CAST(${args[1].sql} AS BIGINT)` : args[2] ? ', 1' : '';
      const value = args[2] && !args[2].isNull ? `, ${convert(args[2], x.type).sql}` : '';
      return {
        ...x,
        sql: `${name.toLowerCase()}(${x.sql}${offset}${value}${nulls})${over}`,
        nullable: true,
        column: undefined,
        literal: undefined,
      };
    }
    default: {
      const x = args[0]!;
      return {
        ...x,
        sql: `${name.toLowerCase()}(${x.sql}${nulls})${over}`,
        nullable: true,
        column: undefined,
        literal: undefined,
      };
    }
  }
}

/** PERCENTILE_CONT(f) WITHIN GROUP (ORDER BY x) OVER (…): a pool has the window form only. */
function percentile(b: Binder, scope: Scope, call: Call, name: string): Typed {
  if (!call.over) throw refusedByPool(`${name} without OVER`, call.line);
  const item = call.withinGroup?.[0];
  if (!item || call.withinGroup!.length !== 1)
    throw new TSqlError(10754, `The function '${name}' must have a WITHIN GROUP clause.`, 1, 15, call.line);
  const fraction = expr(b, scope, call.args[0]!);
  const f = `CAST(${fraction.sql} AS DOUBLE)`;
  const x = expr(b, scope, item.expr);
  const over = windowSql(b, scope, { ...call.over, orderBy: [], frame: undefined });
  const at = item.descending ? `(1 - ${f})` : f;
  if (name === 'PERCENTILE_CONT') {
    if (!isNumber(x.type))
      throw new TSqlError(8117, `Operand data type ${x.type.name} is invalid for ${name} operator.`);
    return { sql: `quantile_cont(CAST(${x.sql} AS DOUBLE), ${at})${over}`, type: FLOAT, nullable: true };
  }
  return { sql: `quantile_disc(${x.sql}, ${at})${over}`, type: x.type, nullable: true };
}
export { isScaled, quote, same, unused };
