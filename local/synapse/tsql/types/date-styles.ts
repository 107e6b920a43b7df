/** Dates and times as text: the styles of CONVERT and the default text of each type. */
import { TSqlError } from '../../contract';
import { seventhOf, stampOf } from './moments';
import type { Typed } from './typed';
import { quote } from './typed';

/** Style to strftime; `{f}` stands for the fraction of the type (3 digits for datetime, its scale for datetime2). */
const STYLES: Readonly<Record<number, string>> = {
  1: '%m/%d/%y',
  101: '%m/%d/%Y',
  2: '%y.%m.%d',
  102: '%Y.%m.%d',
  3: '%d/%m/%y',
  103: '%d/%m/%Y',
  4: '%d.%m.%y',
  104: '%d.%m.%Y',
  5: '%d-%m-%y',
  105: '%d-%m-%Y',
  6: '%d %b %y',
  106: '%d %b %Y',
  7: '%b %d, %y',
  107: '%b %d, %Y',
  8: '%H:%M:%S',
  24: '%H:%M:%S',
  108: '%H:%M:%S',
  10: '%m-%d-%y',
  110: '%m-%d-%Y',
  11: '%y/%m/%d',
  111: '%Y/%m/%d',
  12: '%y%m%d',
  112: '%Y%m%d',
  13: '%d %b %Y %H:%M:%S{:f}',
  113: '%d %b %Y %H:%M:%S{:f}',
  14: '%H:%M:%S{:f}',
  114: '%H:%M:%S{:f}',
  20: '%Y-%m-%d %H:%M:%S',
  120: '%Y-%m-%d %H:%M:%S',
  21: '%Y-%m-%d %H:%M:%S{.f}',
  25: '%Y-%m-%d %H:%M:%S{.f}',
  121: '%Y-%m-%d %H:%M:%S{.f}',
  22: '%m/%d/%y {h}:%M:%S %p',
  23: '%Y-%m-%d',
  126: '%Y-%m-%dT%H:%M:%S{.f}',
  127: '%Y-%m-%dT%H:%M:%S{.f}',
};
/** 12-hour styles with blanks in front of one-digit days and hours: `Jan  1 2024 10:00AM`. */
const TWELVE_HOUR: Readonly<Record<number, 'short' | 'long'>> = { 0: 'short', 100: 'short', 9: 'long', 109: 'long' };

/** The Hijri calendar, with the month's name or number. */
const HIJRI: Readonly<Record<number, string>> = { 130: 'tsql.hijri_long', 131: 'tsql.hijri_short' };

export function dateText(x: Typed, style: number | undefined): string {
  const { type } = x;
  const stamp = stampOf(x);
  const scale = type.scale ?? 7;
  const offset = type.name === 'datetimeoffset' ? ` || right(${x.sql}, 6)` : '';
  const tick = seventhOf(x);
  if (style === undefined) {
    switch (type.name) {
      case 'date':
        return `CAST(${x.sql} AS VARCHAR)`;
      case 'time':
        return `strftime(${stamp}, '%H:%M:%S') ${fraction(stamp, scale, '.', tick)}`;
      case 'datetime2':
        return `strftime(${stamp}, '%Y-%m-%d %H:%M:%S') ${fraction(stamp, scale, '.', tick)}`;
      case 'datetimeoffset':
        if (scale === 7) return x.sql;
        return `strftime(${stamp}, '%Y-%m-%d %H:%M:%S') ${fraction(stamp, scale, '.', tick)} || ' '${offset}`;
    }
    return twelveHour(stamp, 'short', 3, ':', tick);
  }
  const digits = type.name === 'datetime' || type.name === 'smalldatetime' ? 3 : type.name === 'date' ? 0 : scale;
  const long = TWELVE_HOUR[style];
  if (type.name === 'date') {
    if (long) return `tsql.mon_dd(${stamp}) || strftime(${stamp}, ' %Y')`;
    if ([20, 120, 21, 25, 121, 126, 127].includes(style)) return `CAST(${x.sql} AS VARCHAR)`;
    if (style === 13 || style === 113) return `strftime(${stamp}, '%d %b %Y')`;
    if (style === 22) return `strftime(${stamp}, '%m/%d/%y')`;
    if ([8, 24, 108, 14, 114].includes(style))
      throw new TSqlError(8116, `Argument data type date is invalid for argument 3 of convert function.`);
  }
  if (type.name === 'time') {
    const short = [0, 100].includes(style);
    if (short) return `lpad(strftime(${stamp}, '%-I'), 2, ' ') || strftime(${stamp}, ':%M%p')`;
    if ([9, 109].includes(style))
      return `lpad(strftime(${stamp}, '%-I'), 2, ' ') || strftime(${stamp}, ':%M:%S') ${fraction(stamp, scale, '.', tick)} || strftime(${stamp}, '%p')`;
    if ([8, 20, 24, 108, 120].includes(style)) return `strftime(${stamp}, '%H:%M:%S')`;
    if ([14, 114, 21, 25, 121, 126, 127, 13, 113].includes(style))
      return `strftime(${stamp}, '%H:%M:%S') ${fraction(stamp, scale, '.', tick)}`;
    throw new TSqlError(281, `${style} is not a valid style number when converting from time to a character string.`);
  }
  const modern = type.name === 'datetime2' || type.name === 'datetimeoffset';
  const hijri = HIJRI[style];
  if (hijri) {
    const day = `${hijri}(${stamp})`;
    if (type.name === 'date') return day;
    return `${day} || ' ' || ${twelveHourClock(stamp, digits, modern ? '.' : ':', tick)}${type.name === 'datetimeoffset' ? ` || ' '${offset}` : ''}`;
  }
  const offsetToo = type.name === 'datetimeoffset' ? ` || ' '${offset}` : '';
  if (long) return twelveHour(stamp, long, digits, modern ? '.' : ':', tick) + offsetToo;
  const format = STYLES[style];
  if (!format) {
    throw new TSqlError(
      281,
      `${style} is not a valid style number when converting from ${type.name} to a character string.`,
    );
  }
  let text = formatted(stamp, format, digits, modern, style, tick);
  if ([13, 113, 20, 120, 21, 121, 25].includes(style)) text += offsetToo;
  if (type.name === 'datetimeoffset' && style === 126) text += offset;
  if (type.name === 'datetimeoffset' && style === 127)
    return formatted(`tsql.dto_utc(${x.sql})`, format, digits, true, style, tick) + ` || 'Z'`;
  return text;
}

function formatted(
  stamp: string,
  format: string,
  digits: number,
  modern: boolean,
  style: number,
  tick: string,
): string {
  const hour = format.includes('{h}');
  if (hour) {
    const [before, after] = format.split('{h}');
    return `strftime(${stamp}, ${quote(before!)}) || lpad(strftime(${stamp}, '%-I'), 2, ' ') || strftime(${stamp}, ${quote(after!)})`;
  }
  const match = /\{([:.])f\}$/.exec(format);
  if (!match) return `strftime(${stamp}, ${quote(format)})`;
  const head = `strftime(${stamp}, ${quote(format.slice(0, match.index))})`;
  const separator = modern ? '.' : match[1]!;
  // ISO 8601 leaves the fraction of a datetime out when it is zero.
  if ((style === 126 || style === 127) && !modern)
    return `${head} || CASE WHEN date_part('microsecond', ${stamp}) % 1000000 = 0 THEN '' ELSE strftime(${stamp}, '.%g') END`;
  return `${head} ${fraction(stamp, digits, separator, tick)}`;
}

/** ` || '.1234567'` to `digits` digits. */
function fraction(stamp: string, digits: number, separator: string, tick: string): string {
  if (digits === 0) return '';
  if (digits === 7) return `|| strftime(${stamp}, ${quote(separator + '%f')}) || ${tick}`;
  return `|| ${quote(separator)} || left(strftime(${stamp}, '%f'), ${digits})`;
}
function twelveHour(stamp: string, kind: 'short' | 'long', digits: number, separator: string, tick: string): string {
  const head = `tsql.mon_dd(${stamp}) || strftime(${stamp}, ' %Y ') || lpad(strftime(${stamp}, '%-I'), 2, ' ')`;
  if (kind === 'short') return `${head} || strftime(${stamp}, ':%M%p')`;
  return `tsql.mon_dd(${stamp}) || strftime(${stamp}, ' %Y ') || ${twelveHourClock(stamp, digits, separator, tick)}`;
}
/** `10:00:00:000AM`, with a blank in front of an hour of one digit. */
const twelveHourClock = (stamp: string, digits: number, separator: string, tick: string): string =>
  `lpad(strftime(${stamp}, '%-I'), 2, ' ') || strftime(${stamp}, ':%M:%S') ${fraction(stamp, digits, separator, tick)} || strftime(${stamp}, '%p')`;
