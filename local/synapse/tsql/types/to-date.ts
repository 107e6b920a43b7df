/** Conversions to date, time, datetime, smalldatetime, datetime2 and datetimeoffset. */
import { TSqlError, type SqlType } from '../../contract';
import type { ConvertOptions } from './convert';
import { isBinary, isNumber, isString, messageName } from './sql-types';
import { once, quote, type Typed } from './typed';

export function dateTimeFrom(x: Typed, to: SqlType, options: ConvertOptions): string {
  const from = x.type;
  if (isString(from)) return fromText(x, to, options);
  if (isBinary(from))
    throw new TSqlError(40517, `Conversion of ${from.name} to ${to.name} is not supported by the local Synapse.`);
  if (isNumber(from)) {
    const days = from.name === 'bit' ? `CAST(${x.sql} AS INTEGER)` : x.sql;
    return fit(`tsql.day_to_ts(CAST(${days} AS DOUBLE))`, to, { name: 'datetime' });
  }
  if (to.name === 'time') {
    if (from.name === 'time') return roundTime(x.sql, to.scale ?? 7, from.scale ?? 7);
    const stamp = from.name === 'datetimeoffset' ? `tsql.dto_local(${x.sql})` : exactStamp(x, to);
    return roundTime(`CAST(${stamp} AS TIME)`, to.scale ?? 7, from.scale ?? 7);
  }
  if (to.name === 'datetimeoffset') {
    if (from.name === 'datetimeoffset') return roundOffset(x.sql, to.scale ?? 7, from.scale ?? 7);
    const stamp = from.name === 'time' ? `(DATE '1900-01-01' + ${x.sql})` : exactStamp(x, to);
    const tick = seventhDigit(x, to).tick ?? "'0'";
    return `tsql.dto_text(${roundStamp(stamp, to.scale ?? 7, from.scale ?? 7)}, ${tick}, 0)`;
  }
  const stamp =
    from.name === 'time'
      ? `(DATE '1900-01-01' + ${x.sql})`
      : from.name === 'datetimeoffset'
        ? `tsql.dto_local(${x.sql})`
        : to.name === 'datetime2'
          ? exactStamp(x, to)
          : x.sql;
  if (to.name === 'date') return `CAST(${stamp} AS DATE)`;
  const plain = from.name === 'datetime2' ? stamp : `CAST(${stamp} AS TIMESTAMP)`;
  return fit(narrows(from, to) ? inRange(plain, from, to, options) : plain, to, from);
}
/** Whether `from` knows years that `to` does not. */
const narrows = (from: SqlType, to: SqlType): boolean =>
  (to.name === 'datetime' && ['date', 'datetime2', 'datetimeoffset'].includes(from.name)) ||
  (to.name === 'smalldatetime' && from.name !== 'smalldatetime' && from.name !== 'time');
const inRange = (stamp: string, from: SqlType, to: SqlType, { attempt }: ConvertOptions): string =>
  once(stamp, (v) =>
    attempt
      ? `CASE WHEN tsql.legacy_ok('', ${v}, '${to.name}') THEN ${v} END`
      : `tsql.in_range(${v}, '${to.name}', '${from.name}')`,
  );

/** A datetime counts thirds of 10 ms: .003 is .0033333, and shows as such where there are more than three digits. */
function exactStamp({ sql, type }: Typed, to: SqlType): string {
  const stamp = type.name === 'datetime2' ? sql : `CAST(${sql} AS TIMESTAMP)`;
  if (type.name !== 'datetime' || (to.scale ?? 7) <= 3) return stamp;
  // Six digits of .0066666…: cut where a seventh follows, else rounded.
  const below = (to.scale ?? 7) === 7 ? -334 : -333;
  return once(
    stamp,
    (t) => `(${t} + to_microseconds(CASE epoch_ms(${t}) % 10 WHEN 3 THEN 333 WHEN 7 THEN ${below} ELSE 0 END))`,
  );
}
/** The seventh digit that `x` has as a time, datetime2 or datetimeoffset of seven digits. */
export function seventhDigit(x: Typed, to: SqlType): { readonly tick?: string } {
  if (!['time', 'datetime2', 'datetimeoffset'].includes(to.name) || to.scale !== 7) return {};
  if (x.tick) return { tick: x.tick };
  if (x.type.name === 'datetimeoffset' && to.name !== 'datetimeoffset') return { tick: `tsql.dto_tick(${x.sql})` };
  if (x.type.name === 'datetime')
    return { tick: `CASE epoch_ms(${x.sql}) % 10 WHEN 3 THEN '3' WHEN 7 THEN '7' ELSE '0' END` };
  return {};
}

/** Rounds a TIMESTAMP to what `to` can hold. */
function fit(stamp: string, to: SqlType, from: SqlType): string {
  switch (to.name) {
    case 'date':
      return `CAST(${stamp} AS DATE)`;
    case 'time':
      return roundTime(`CAST(${stamp} AS TIME)`, to.scale ?? 7, from.scale ?? 7);
    case 'datetime':
      return from.name === 'smalldatetime' || from.name === 'date'
        ? `CAST(${stamp} AS TIMESTAMP_MS)`
        : `tsql.to_datetime(${stamp})`;
    case 'smalldatetime':
      return `CAST(date_trunc('minute', ${stamp} + INTERVAL 30 SECOND) AS TIMESTAMP_S)`;
    case 'datetimeoffset':
      return `tsql.dto_text(${stamp}, '0', 0)`;
    default:
      return roundStamp(
        stamp,
        to.scale ?? 7,
        from.scale ?? (from.name === 'date' || from.name === 'smalldatetime' ? 0 : 7),
      );
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
  const match = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?$/.exec(x.literal);
  if (!match || (match[5] && !match[2])) return undefined;
  const [, year, , month, dayOfMonth, clock = '00:00:00', fraction] = match;
  const day = `${year}-${month}-${dayOfMonth}`;
  const moment = new Date(`${day}T${clock}Z`);
  if (year === '0000' || Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(`${day}T${clock}`))
    return undefined;
  if (to.name === 'date') return `DATE '${day}'`;
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
  const failure = `${quote(to.name)}, ${quote(messageName(x.type))}`;
  let parsed: string;
  if (style !== undefined && DMY.has(style)) parsed = `tsql.parse_dmy(${text})`;
  else if (style !== undefined && !MDY.has(style) && !YMD.has(style) && !TIME_ONLY.has(style) && !isHijri(style))
    throw new TSqlError(
      281,
      `${style} is not a valid style number when converting from a character string to ${to.name}.`,
    );
  else if (to.name === 'datetimeoffset') parsed = `tsql.parse_dto(${text})`;
  else if (to.name === 'time') parsed = `tsql.parse_time(${text})`;
  else parsed = `tsql.parse_ts(${text})`;
  if (to.name === 'time' && style !== undefined && DMY.has(style)) parsed = `CAST(${parsed} AS TIME)`;
  if (to.name === 'datetimeoffset' && style !== undefined && DMY.has(style))
    parsed = `tsql.dto_text(${parsed}, '0', 0)`;
  const legacy = to.name === 'datetime' || to.name === 'smalldatetime';
  if (attempt) parsed = legacy ? `tsql.try_legacy(${x.sql}, ${parsed}, ${quote(to.name)})` : parsed;
  else if (legacy) parsed = `tsql.need_legacy(${x.sql}, ${parsed}, ${failure})`;
  else parsed = `tsql.need_ts(${x.sql}, ${parsed})`;
  if (to.name === 'time') return roundTime(parsed, to.scale ?? 7, 7);
  if (to.name === 'datetimeoffset') return roundOffset(parsed, to.scale ?? 7, 7);
  return fit(parsed, to, { name: 'datetime2', scale: 7 });
}

/** What DuckDB does not keep of a literal: the seventh digit. */
export function beyondDuck(text: string, to: SqlType): Pick<Typed, 'tick'> {
  const tick = /:\d\d\.\d{6}([1-9])/.exec(text)?.[1];
  return tick && to.scale === 7 && to.name !== 'datetimeoffset' ? { tick: quote(tick) } : {};
}
