/** Conversions to date, time, datetime, smalldatetime, datetime2 and datetimeoffset. */
import { TSqlError, type SqlType } from '../../contract';
import { EPOCH_TICKS, isTicks, ticksPerDay } from '../../ticks';
import type { ConvertOptions } from './convert';
import { seventhOf, stampOf, ticksOf } from './moments';
import { datetime2, isBinary, isNumber, isString, messageName } from './sql-types';
import { raising } from './observation';
import { once, quote, type Typed } from './typed';

export function dateTimeFrom(x: Typed, to: SqlType, options: ConvertOptions): string {
  const from = x.type;
  if (isString(from)) return fromText(x, to, options);
  if (isBinary(from))
    throw new TSqlError(40517, `Conversion of ${from.name} to ${to.name} is not supported by the local Synapse.`);
  if (isNumber(from)) {
    const days = from.name === 'bit' ? `CAST(${x.sql} AS INTEGER)` : x.sql;
    return fit(`tsql.day_to_ts(CAST(${days} AS DOUBLE))`, to, 7);
  }
  const [scale, digits] = [to.scale ?? 7, fractionOf(from)];
  if (to.name === 'datetimeoffset') {
    if (from.name === 'datetimeoffset') return roundOffset(x.sql, scale, digits);
    const exact = from.name === 'datetime' ? { ...x, sql: ticksOf(x), type: datetime2() } : x;
    const text = once(
      exact.sql,
      (sql) => `tsql.dto_text(${stampOf({ ...exact, sql })}, ${seventhOf({ ...exact, sql })}, 0)`,
    );
    return roundOffset(text, scale, digits);
  }
  if (to.name === 'datetime2' || to.name === 'time') {
    // Where microseconds do not hold all digits of the result, or of what is rounded.
    if (scale === 7 || (scale === 6 && digits === 7) || (scale > 3 && from.name === 'datetime'))
      return ofTicks(to.name === 'time' ? timeTicksOf(x) : ticksOf(x), to);
    if (to.name === 'datetime2') return roundStamp(stampOf(x), scale, digits);
    return roundTime(
      from.name !== 'time' ? `CAST(${stampOf(x)} AS TIME)` : isTicks(from) ? `tsql.tick_time(${x.sql})` : x.sql,
      scale,
      digits,
    );
  }
  if (to.name === 'date') return `CAST(${from.name.endsWith('datetime') ? x.sql : stampOf(x)} AS DATE)`;
  if (to.name === 'datetime' && isTicks(from) && from.name === 'datetime2')
    return once(x.sql, (sql) => {
      const known = `${inRange(stampOf({ ...x, sql }), from, to, options)} IS NOT NULL`;
      return `CASE WHEN ${known} THEN tsql.datetime_of_ticks(${sql}) END`;
    });
  const stamp = stampOf(x);
  return fit(narrows(from, to) ? inRange(stamp, from, to, options) : stamp, to, digits);
}

/** Digits of the fraction that values of the type may have. */
const fractionOf = ({ name, scale }: SqlType): number =>
  name === 'date' || name === 'smalldatetime' ? 0 : (scale ?? 7);

/** The time of day of any date or time, as ticks. */
const timeTicksOf = (x: Typed): string =>
  x.type.name !== 'time' ? `(${ticksOf(x)} % ${ticksPerDay})` : isTicks(x.type) ? x.sql : `tsql.time_ticks(${x.sql})`;

/** A datetime2 or time of its ticks, rounded. */
function ofTicks(ticks: string, to: SqlType): string {
  const scale = to.scale ?? 7;
  if (scale === 7) return ticks;
  if (to.name === 'time')
    return scale === 6 ? `tsql.tick_time6(${ticks})` : roundTime(`tsql.tick_time(${ticks})`, scale, 7);
  return scale === 6 ? `tsql.stamp(${ticks} + 5)` : roundStamp(`tsql.stamp(${ticks})`, scale, 7);
}

/** Whether `from` knows years that `to` does not. */
const narrows = (from: SqlType, to: SqlType): boolean =>
  (to.name === 'datetime' && ['date', 'datetime2', 'datetimeoffset'].includes(from.name)) ||
  (to.name === 'smalldatetime' && from.name !== 'smalldatetime' && from.name !== 'time');
const inRange = (stamp: string, from: SqlType, to: SqlType, { attempt }: ConvertOptions): string =>
  once(stamp, (v) =>
    attempt
      ? `CASE WHEN tsql.legacy_ok('', ${v}, '${to.name}') THEN ${v} END`
      : raising(`tsql.in_range(${v}, '${to.name}', '${from.name}')`),
  );

/** Rounds a TIMESTAMP whose fraction has `digits` digits to what `to` can hold. */
function fit(stamp: string, to: SqlType, digits: number): string {
  switch (to.name) {
    case 'date':
      return `CAST(${stamp} AS DATE)`;
    case 'datetime':
      return digits === 0 ? `CAST(${stamp} AS TIMESTAMP_MS)` : `tsql.to_datetime(${stamp})`;
    case 'smalldatetime':
      return `CAST(date_trunc('minute', ${stamp} + INTERVAL 30 SECOND) AS TIMESTAMP_S)`;
    default:
      return roundStamp(stamp, to.scale ?? 7, digits);
  }
}
const HALF: readonly string[] = [
  '500 MILLISECOND',
  '50 MILLISECOND',
  '5 MILLISECOND',
  '500 MICROSECOND',
  '50 MICROSECOND',
  '5 MICROSECOND',
];
function roundStamp(stamp: string, scale: number, from: number): string {
  if (scale >= 6 || from <= scale) return stamp;
  const rounded = `${stamp} + INTERVAL ${HALF[scale]!}`;
  if (scale === 0) return `date_trunc('second', ${rounded})`;
  if (scale === 3) return `date_trunc('millisecond', ${rounded})`;
  return `tsql.cut_fraction(${rounded}, ${10 ** (6 - scale)})`;
}
const roundOffset = (value: string, scale: number, from: number): string =>
  from <= scale ? value : `tsql.dto_round(${value}, ${10 ** (7 - scale)})`;
/** A time does not round up into the next day. */
function roundTime(value: string, scale: number, from: number): string {
  if (scale >= 6 || from <= scale) return value;
  const latest = `TIMESTAMP '1900-01-01 23:59:59${scale ? `.${'9'.repeat(scale)}` : ''}'`;
  return once(
    roundStamp(`(DATE '1900-01-01' + ${value})`, scale, from),
    (stamp) => `CAST(CASE WHEN ${stamp} > ${latest} THEN ${latest} ELSE ${stamp} END AS TIME)`,
  );
}

/** Groups of styles by the order of day, month and year. */
const DMY = new Set([3, 103, 4, 104, 5, 105, 6, 106, 13, 113]);
const MDY = new Set([0, 100, 1, 101, 7, 107, 9, 109, 10, 110, 22]);
const YMD = new Set([2, 102, 11, 111, 12, 112, 20, 120, 21, 121, 23, 25, 126, 127]);
const TIME_ONLY = new Set([8, 108, 14, 114, 24]);

/** Styles of the Hijri calendar. */
export const isHijri = (style: number | undefined): boolean => style === 130 || style === 131;

/** Styles that begin with a year of two digits. */
const YEAR_FIRST = new Set([2, 11, 12]);

const fromText = (x: Typed, to: SqlType, options: ConvertOptions): string =>
  constantOf(x, to, options) ?? once(x.sql, (sql) => parsedText({ ...x, sql }, to, options));

/** A literal in ISO 8601 is a constant of DuckDB: to parse it costs the planner a millisecond each time. */
function constantOf(x: Typed, to: SqlType, { style }: ConvertOptions): string | undefined {
  if (x.literal === undefined || x.sql !== quote(x.literal) || (style !== undefined && !YMD.has(style)))
    return undefined;
  if (to.name !== 'date' && to.name !== 'datetime2') return undefined;
  const match = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?$/.exec(x.literal);
  if (!match || (match[5] && !match[2])) return undefined;
  const [, year, , month, dayOfMonth, clock = '00:00:00', fraction] = match;
  const day = `${year}-${month}-${dayOfMonth}`;
  const moment = new Date(`${day}T${clock}Z`);
  if (year === '0000' || Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(`${day}T${clock}`))
    return undefined;
  if (to.name === 'date') return `DATE '${day}'`;
  if (isTicks(to)) {
    const ticks = BigInt(moment.getTime()) * 10_000n + BigInt((fraction ?? '').padEnd(7, '0')) + EPOCH_TICKS;
    return `CAST(${ticks} AS BIGINT)`;
  }
  if (fraction?.length === 7) return undefined;
  const sql = `TIMESTAMP '${day} ${clock}${fraction ? `.${fraction}` : ''}'`;
  return roundStamp(sql, to.scale ?? 7, fraction?.length ?? 0);
}

/** A date in text as the parsers take it: its year is told by the style, its order by the style or by SET DATEFORMAT. */
function givenDate(x: Typed, to: SqlType, style: number | undefined): string {
  if (isHijri(style)) return `tsql.from_hijri(${x.sql})`;
  if (style !== undefined && YEAR_FIRST.has(style)) return `tsql.year_first(${x.sql})`;
  const isOrdered = style === undefined || style === 0 || style === 100;
  // A literal without three numbers in a row is read the same in every order.
  if (!isOrdered || (x.literal !== undefined && !/^ *\d+[-/.]\d+[-/.]\d/.test(x.literal))) return x.sql;
  return `tsql.dated(${x.sql}, ${to.name === 'datetime' || to.name === 'smalldatetime'})`;
}

function parsedText(x: Typed, to: SqlType, { attempt, style }: ConvertOptions): string {
  const text = givenDate(x, to, style);
  const isDmy = style !== undefined && DMY.has(style);
  if (style !== undefined && !isDmy && !MDY.has(style) && !YMD.has(style) && !TIME_ONLY.has(style) && !isHijri(style))
    throw new TSqlError(
      281,
      `${style} is not a valid style number when converting from a character string to ${to.name}.`,
    );
  const needed = (parsed: string): string => (attempt ? parsed : raising(`tsql.need_ts(${x.sql}, ${parsed})`));
  const scale = to.scale ?? 7;
  if (to.name === 'datetimeoffset')
    return roundOffset(
      needed(isDmy ? `tsql.dto_text(tsql.parse_dmy(${text}), '0', 0)` : `tsql.parse_dto(${text})`),
      scale,
      7,
    );
  if ((to.name === 'datetime2' || to.name === 'time') && scale >= 6) {
    const ofDay = isDmy ? `(tsql.parse_dmy_ticks(${text}) % ${ticksPerDay})` : `tsql.parse_time_ticks(${text})`;
    const ofTime = isDmy ? `tsql.parse_dmy_ticks(${text})` : `tsql.parse_ticks(${text})`;
    return ofTicks(needed(to.name === 'time' ? ofDay : ofTime), to);
  }
  const parsed = isDmy ? `tsql.parse_dmy(${text})` : `tsql.parse_ts(${text})`;
  if (to.name === 'time')
    return roundTime(needed(isDmy ? `CAST(${parsed} AS TIME)` : `tsql.parse_time(${text})`), scale, 7);
  if (to.name !== 'datetime' && to.name !== 'smalldatetime') return fit(needed(parsed), to, 7);
  const legacy = attempt
    ? `tsql.try_legacy(${x.sql}, ${parsed}, ${quote(to.name)})`
    : raising(`tsql.need_legacy(${x.sql}, ${parsed}, ${quote(to.name)}, ${quote(messageName(x.type))})`);
  return fit(legacy, to, 7);
}
