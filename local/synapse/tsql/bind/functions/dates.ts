/** Date and time functions. Weeks begin on Sunday (DATEFIRST 7). */
import { TSqlError, type SqlType } from '../../../contract';
import { isTicks, ticksPerDay } from '../../../ticks';
import { convert } from '../../types/convert';
import {
  BIGINT,
  DATE,
  DATETIME,
  datetime2,
  datetimeoffset,
  INT,
  isDateTime,
  isString,
  nvarchar,
} from '../../types/sql-types';
import { seventhOf, stampOf, thirdsOf, ticksOf } from '../../types/moments';
import { askingForm } from '../../types/observation';
import { once, type Typed } from '../../types/typed';
import { fromParts } from './dates-from-parts';
import { int, result, spec, wholeArgument, type CallContext, type Functions } from './spec';
import { truncatedByOrigin } from './truncated-dates';

type Part =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond'
  | 'iso_week'
  | 'tzoffset';
const PARTS: Readonly<Record<string, Part>> = {
  year: 'year',
  yyyy: 'year',
  yy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  dayofyear: 'dayofyear',
  dy: 'dayofyear',
  y: 'dayofyear',
  day: 'day',
  dd: 'day',
  d: 'day',
  week: 'week',
  wk: 'week',
  ww: 'week',
  weekday: 'weekday',
  dw: 'weekday',
  w: 'weekday',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
  microsecond: 'microsecond',
  mcs: 'microsecond',
  nanosecond: 'nanosecond',
  ns: 'nanosecond',
  iso_week: 'iso_week',
  isowk: 'iso_week',
  isoww: 'iso_week',
  tzoffset: 'tzoffset',
  tz: 'tzoffset',
};
/** The first argument is a word, not an expression. */
function partOf(c: CallContext): Part {
  const node = c.call.args[0]!;
  if (node.kind === 'literal')
    throw new TSqlError(1023, `Invalid parameter 1 specified for ${c.name.toLowerCase()}.`, 1, 15, c.call.line);
  const word = node.kind === 'column' && node.parts.length === 1 ? node.parts[0]! : '';
  const part = PARTS[word.toLowerCase()];
  if (!part)
    throw new TSqlError(155, `'${word}' is not a recognized ${c.name.toLowerCase()} option.`, 1, 15, c.call.line);
  return part;
}

/** A date argument: text and numbers as datetime2 and datetime; a constant with an offset as datetimeoffset. */
function dated(x: Typed, fallback: SqlType = datetime2()): Typed {
  if (x.isNull) return convert(x, DATETIME);
  if (isDateTime(x.type)) return x;
  if (isString(x.type))
    return convert(x, /:\d\d(\.\d+)? *(Z|[+-]\d\d:\d\d) *$/.test(x.literal ?? '') ? datetimeoffset() : fallback);
  return convert(x, DATETIME);
}
function dateDiff(c: CallContext): Typed {
  const part = partOf(c);
  const [from, to] = [dated(c.arg(1)), dated(c.arg(2))];
  const utc = (x: Typed): string => (x.type.name === 'datetimeoffset' ? `tsql.dto_utc(${x.sql})` : stampOf(x));
  const [a, z] = [utc(from), utc(to)];
  const big = c.name === 'DATEDIFF_BIG';
  let sql: string;
  if (part === 'iso_week')
    throw new TSqlError(9806, `The datepart iso_week is not supported by date function ${c.name.toLowerCase()}.`);
  if (part === 'week') sql = `(tsql.sundays(${z}) - tsql.sundays(${a}))`;
  else if (part === 'nanosecond' || (PARTS_OF_SECOND[part] && [from, to].some((x) => x.type.name === 'datetime')))
    sql = fineDifference(PARTS_OF_SECOND[part]!, from, to);
  else if (part === 'tzoffset')
    throw new TSqlError(
      9806,
      `The datepart tzoffset is not supported by date function ${c.name.toLowerCase()} for data type datetime2.`,
    );
  else sql = `date_diff('${part === 'dayofyear' || part === 'weekday' ? 'day' : part}', ${a}, ${z})`;
  const wide = ['second', 'millisecond', 'microsecond', 'nanosecond', 'minute'].includes(part);
  return big
    ? result(part === 'nanosecond' ? `tsql.diff64(${sql})` : sql, BIGINT, [from, to])
    : result(wide ? `tsql.diff32(${sql})` : `CAST(${sql} AS INTEGER)`, INT, [from, to]);
}
/** Thirds of ticks in the parts of a second. */
const PARTS_OF_SECOND: Partial<Record<Part, number>> = { millisecond: 30_000, microsecond: 30, nanosecond: 0.03 };

/** The difference of moments that microseconds do not hold; `unit` is the part in thirds of ticks. */
function fineDifference(unit: number, from: Typed, to: Typed): string {
  const [a, z] = [thirdsOf(from), thirdsOf(to)];
  if (unit < 1) return `(CAST(${z} - ${a} AS HUGEINT) * 100 // 3)`;
  // Between datetimes the time that has passed counts, else the boundaries that it crosses.
  if (from.type.name === to.type.name) return `((${z} - ${a}) // ${unit})`;
  return `(tsql.floor_to(${z}, ${unit}) - tsql.floor_to(${a}, ${unit}))`;
}

const INTERVAL: Partial<Record<Part, string>> = {
  year: 'to_years',
  month: 'to_months',
  week: 'to_weeks',
  day: 'to_days',
  dayofyear: 'to_days',
  weekday: 'to_days',
  hour: 'to_hours',
  minute: 'to_minutes',
  second: 'to_seconds',
  millisecond: 'to_milliseconds',
  microsecond: 'to_microseconds',
};
function dateAdd(c: CallContext): Typed {
  const part = partOf(c);
  const raw = c.arg(2);
  const x = isString(raw.type) && !raw.isNull ? convert(raw, DATETIME) : dated(raw);
  const truncated = truncatedByOrigin(c, part, x);
  if (truncated) return truncated;
  const number = wholeArgument(c, 1);
  const n =
    number.literal !== undefined && number.type.name === 'int'
      ? number.sql
      : `CAST(trunc(${convert(number, { name: 'bigint' }).sql}) AS INTEGER)`;
  if (x.type.name === 'date' && ['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond'].includes(part))
    throw new TSqlError(9810, `The datepart ${part} is not supported by date function dateadd for data type date.`);
  if (x.type.name === 'time' && ['year', 'quarter', 'month', 'week', 'day', 'dayofyear', 'weekday'].includes(part))
    throw new TSqlError(9810, `The datepart ${part} is not supported by date function dateadd for data type time.`);
  if (part === 'iso_week' || part === 'tzoffset')
    throw new TSqlError(9806, `The datepart ${part} is not supported by date function dateadd.`);
  if (['datetime', 'smalldatetime'].includes(x.type.name) && ['microsecond', 'nanosecond'].includes(part))
    throw new TSqlError(
      9810,
      `The datepart ${part} is not supported by date function dateadd for data type ${x.type.name}.`,
    );
  if (part === 'nanosecond') return addNanoseconds(x, number, n);
  let interval: string;
  if (part === 'quarter') interval = `to_months(3 * ${n})`;
  else interval = `${INTERVAL[part]}(${n})`;
  return { ...result(moved(x, interval, part), x.type, [x, number]) };
}
/** `x` with an interval added to it. */
function moved(x: Typed, interval: string, part: Part): string {
  const { name } = x.type;
  if (name === 'time')
    return isTicks(x.type)
      ? once(x.sql, (v) => `(tsql.time_ticks(tsql.tick_time(${v}) + ${interval}) + ${v} % 10)`)
      : `(${x.sql} + ${interval})`;
  if (isTicks(x.type))
    return once(x.sql, (v) => `(tsql.ticks(${inRange(`(tsql.stamp(${v}) + ${interval})`, x.type)}) + ${v} % 10)`);
  const sum = inRange(`(${name === 'datetimeoffset' ? stampOf(x) : x.sql} + ${interval})`, x.type);
  switch (name) {
    case 'datetimeoffset':
      return `tsql.dto_text(${sum}, tsql.dto_tick(${x.sql}), tsql.dto_minutes(${x.sql}))`;
    case 'date':
      return `CAST(${sum} AS DATE)`;
    case 'datetime':
      return part === 'millisecond' ? `tsql.to_datetime(CAST(${sum} AS TIMESTAMP))` : `CAST(${sum} AS TIMESTAMP_MS)`;
    case 'smalldatetime':
      return `CAST(date_trunc('minute', CAST(${sum} AS TIMESTAMP) + INTERVAL 30 SECOND) AS TIMESTAMP_S)`;
    default:
      return sum;
  }
}
/** In steps of 100 ns. */
function addNanoseconds(x: Typed, number: Typed, n: string): Typed {
  const ticks = `CAST(round(${n} / 100.0) AS BIGINT)`;
  const sum = (): string => {
    if (x.type.name === 'datetimeoffset')
      return once(
        x.sql,
        (v) =>
          `tsql.dto_ticks(epoch_us(tsql.dto_local(${v})) * 10 + CAST(tsql.dto_tick(${v}) AS INTEGER) + ${ticks}, ${v}, 1)`,
      );
    if (!isTicks(x.type)) return `(${x.sql} + to_microseconds(CAST(round(${n} / 1000.0) AS BIGINT)))`;
    return x.type.name === 'time'
      ? `((${x.sql} + ${ticks} + ${ticksPerDay}) % ${ticksPerDay})`
      : `tsql.ticks_in_year(${x.sql} + ${ticks})`;
  };
  return result(sum(), x.type, [x, number]);
}

/** Msg 517 beyond the years that the type can hold. */
function inRange(sql: string, type: SqlType): string {
  const [first, last] =
    type.name === 'datetime'
      ? ['1753-01-01', '10000-01-01']
      : type.name === 'smalldatetime'
        ? ['1900-01-01', '2079-06-07']
        : ['0001-01-01', '10000-01-01'];
  const kind = type.name === 'date' ? 'DATE' : 'TIMESTAMP';
  const name = ['datetime', 'smalldatetime', 'date'].includes(type.name) ? type.name : 'datetime2';
  return once(
    type.name === 'date' ? `CAST(${sql} AS DATE)` : sql,
    (v) =>
      `CASE WHEN ${v} >= ${kind} '${last}' OR ${v} < ${kind} '${first}' THEN error('TSQL:517:Adding a value to a ''${name}'' column caused an overflow.') ELSE ${v} END`,
  );
}

/** `first` is DATEFIRST: the day that begins a week, 1 = Monday to 7 = Sunday. */
function datePartSql(part: Part, x: Typed, first: number): string {
  const t = stampOf(x);
  switch (part) {
    case 'weekday':
      return first === 7 ? `(dayofweek(${t}) + 1)` : `((dayofweek(${t}) + ${7 - first}) % 7 + 1)`;
    case 'dayofyear':
      return `dayofyear(${t})`;
    case 'week':
      return `tsql.week_no(${t}, ${first})`;
    case 'iso_week':
      return `weekofyear(${t})`;
    case 'millisecond':
    case 'microsecond':
      if (x.type.name === 'datetime') return `(${nanoseconds(x)} // ${part === 'millisecond' ? 1_000_000 : 1000})`;
      return `(date_part('microsecond', ${t}) % 1000000${part === 'millisecond' ? ' // 1000' : ''})`;
    case 'nanosecond':
      return nanoseconds(x);
    case 'tzoffset':
      if (x.type.name === 'datetime2') return `CASE WHEN ${x.sql} IS NOT NULL THEN 0 END`;
      return `tsql.dto_minutes(${x.sql})`;
    default:
      return `date_part('${part}', ${t})`;
  }
}
/** Nanoseconds of the second. */
const nanoseconds = (x: Typed): string =>
  x.type.name === 'datetime'
    ? `((${thirdsOf(x)} % 30000000 + 30000000) % 30000000 * 100 // 3)`
    : `(${ticksOf(x)} % 10000000 * 100)`;
function datePart(c: CallContext): Typed {
  const part = partOf(c);
  const x = dated(c.arg(1));
  unsupported(part, x.type, c.name);
  return result(`CAST(${datePartSql(part, x, c.b.env.dateFirst)} AS INTEGER)`, INT, [x]);
}
function unsupported(part: Part, type: SqlType, name: string): void {
  const timeParts = ['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond', 'tzoffset'];
  if (
    (type.name === 'date' && timeParts.includes(part)) ||
    (type.name === 'time' && !timeParts.includes(part)) ||
    (part === 'tzoffset' && type.name !== 'datetimeoffset' && type.name !== 'datetime2')
  )
    throw new TSqlError(
      9810,
      `The datepart ${part} is not supported by date function ${name.toLowerCase()} for data type ${type.name}.`,
    );
}
function dateName(c: CallContext): Typed {
  const part = partOf(c);
  const x = dated(c.arg(1));
  unsupported(part, x.type, c.name);
  const sql =
    part === 'month'
      ? `monthname(${stampOf(x)})`
      : part === 'weekday'
        ? `dayname(${stampOf(x)})`
        : part === 'tzoffset'
          ? `tsql.offset_of(${datePartSql(part, x, c.b.env.dateFirst)})`
          : `CAST(CAST(${datePartSql(part, x, c.b.env.dateFirst)} AS INTEGER) AS VARCHAR)`;
  return result(sql, nvarchar(30), [x]);
}
function dateTrunc(c: CallContext): Typed {
  const part = partOf(c);
  const x = dated(c.arg(1));
  const t = stampOf(x);
  const sql =
    part === 'week'
      ? `tsql.known_day(tsql.week_start(${t}, ${c.b.env.dateFirst}))`
      : part === 'iso_week'
        ? `date_trunc('week', ${t})`
        : part === 'dayofyear'
          ? `date_trunc('day', ${t})`
          : part === 'weekday' || part === 'nanosecond' || part === 'tzoffset'
            ? undefined
            : `date_trunc('${part}', ${t})`;
  if (!sql)
    throw new TSqlError(
      9810,
      `The datepart ${part} is not supported by date function datetrunc for data type ${x.type.name}.`,
    );
  if (x.type.name === 'datetimeoffset')
    return result(`tsql.dto_text(CAST(${sql} AS TIMESTAMP), '0', tsql.dto_minutes(${x.sql}))`, x.type, [x]);
  return convert({ ...result(`CAST(${sql} AS TIMESTAMP)`, datetime2(6), [x]) }, x.type, { explicit: true });
}

function eomonth(c: CallContext): Typed {
  const raw = c.arg(0);
  const x = isString(raw.type) || raw.isNull ? convert(raw, DATE) : convert(dated(raw), DATE, { explicit: true });
  return result(`tsql.eomonth(${x.sql}, ${c.has(1) ? int(c.arg(1)) : 0})`, DATE, [x]);
}

const now = (type: SqlType, sql: string) => spec(0, 0, () => result(sql, type, [], false));
const UTC_NOW = "(get_current_timestamp() AT TIME ZONE 'UTC')";
const simplePart = (part: Part) =>
  spec(1, 1, (c) => {
    const x = dated(c.arg(0));
    unsupported(part, x.type, 'datepart');
    return result(`CAST(date_part('${part}', ${stampOf(x)}) AS INTEGER)`, INT, [x]);
  });

export const DATE_FUNCTIONS: Functions = {
  DATEDIFF: spec(3, 3, dateDiff),
  DATEDIFF_BIG: spec(3, 3, dateDiff),
  DATEADD: spec(3, 3, dateAdd),
  DATEPART: spec(2, 2, datePart),
  DATENAME: spec(2, 2, dateName),
  DATETRUNC: spec(2, 2, dateTrunc),
  YEAR: simplePart('year'),
  MONTH: simplePart('month'),
  DAY: simplePart('day'),
  EOMONTH: spec(1, 2, eomonth),
  DATEFROMPARTS: spec(3, 3, fromParts),
  DATETIMEFROMPARTS: spec(7, 7, fromParts),
  SMALLDATETIMEFROMPARTS: spec(5, 5, fromParts),
  TIMEFROMPARTS: spec(5, 5, fromParts),
  DATETIME2FROMPARTS: spec(8, 8, fromParts),
  DATETIMEOFFSETFROMPARTS: spec(10, 10, fromParts),
  GETDATE: now(DATETIME, `tsql.to_datetime(${UTC_NOW})`),
  GETUTCDATE: now(DATETIME, `tsql.to_datetime(${UTC_NOW})`),
  CURRENT_TIMESTAMP: now(DATETIME, `tsql.to_datetime(${UTC_NOW})`),
  CURRENT_DATE: now(DATE, `CAST(${UTC_NOW} AS DATE)`),
  SYSDATETIME: now(datetime2(), `tsql.ticks(${UTC_NOW})`),
  SYSUTCDATETIME: now(datetime2(), `tsql.ticks(${UTC_NOW})`),
  SYSDATETIMEOFFSET: now(datetimeoffset(), `tsql.dto_text(${UTC_NOW}, '0', 0)`),
  ISDATE: spec(1, 1, (c) => {
    const x = c.arg(0);
    if (x.type.name === 'datetime' || x.type.name === 'smalldatetime')
      return result(`CASE WHEN ${x.sql} IS NULL THEN 0 ELSE 1 END`, INT, [x], false);
    if (isDateTime(x.type))
      throw new TSqlError(8116, `Argument data type ${x.type.name} is invalid for argument 1 of isdate function.`);
    return result(
      askingForm(`tsql.isdate(tsql.dated(${convert(x, { name: 'varchar', length: -1 }).sql}, true))`),
      INT,
      [x],
      false,
    );
  }),
  SWITCHOFFSET: spec(2, 2, (c) => moveOffset(c, false)),
  TODATETIMEOFFSET: spec(2, 2, (c) => moveOffset(c, true)),
};
/** SWITCHOFFSET moves the offset, TODATETIMEOFFSET attaches one: minutes or `+hh:mm`. */
function moveOffset(c: CallContext, attach: boolean): Typed {
  const given = c.arg(1);
  const name = c.name.toLowerCase();
  const minutes = isString(given.type)
    ? `tsql.given_minutes(${given.sql}, '${name}')`
    : `tsql.valid_minutes(${int(given)}, '${name}')`;
  const x = dated(c.arg(0), attach ? datetime2() : datetimeoffset());
  const type = datetimeoffset(x.type.scale ?? (x.type.name === 'datetime' ? 3 : 7));
  const sql = attach
    ? `tsql.dto_text(${stampOf(x)}, ${seventhOf(x)}, ${minutes})`
    : `tsql.dto_move(${convert(x, type).sql}, ${minutes})`;
  return result(sql, type, [x, given]);
}
