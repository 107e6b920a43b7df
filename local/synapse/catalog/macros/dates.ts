/** Macros for dates and times. */
import { EPOCH_TICKS, ticksPerDay } from '../../ticks';
import { DATE_ORDER } from '../date-order';

const FORMATS = [
  '%m/%d/%Y',
  '%m-%d-%Y',
  '%m.%d.%Y',
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%Y%m%d',
  '%b %d %Y',
  '%b %d, %Y',
  '%B %d %Y',
  '%B %d, %Y',
  '%d %b %Y',
  '%d %B %Y',
  '%d-%b-%Y',
  '%d %b, %Y',
  '%Y %b %d',
  '%Y-%m-%d',
  '%B %Y',
  '%b %Y',
];
const DMY_FORMATS = ['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%d %b %Y', '%Y%m%d'];
const TIMES = [
  '',
  ' %H:%M:%S.%f',
  ' %H:%M:%S',
  ' %H:%M',
  ' %I:%M:%S.%f %p',
  ' %I:%M:%S %p',
  ' %I:%M %p',
  ' %I:%M%p',
  ' %I:%M:%S%p',
  ' %I:%M:%S.%f%p',
  ' %I%p',
  ' %I %p',
];
const list = (formats: readonly string[]): string =>
  `[${formats.flatMap((f) => TIMES.map((t) => `'${f}${t}'`)).join(', ')}]`;
/** DuckDB knows a year 0 and an hour 24, T-SQL does not. */
const YEAR = '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
const USUAL = '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z?)?';
const ISO = String.raw`${YEAR}-[0-9]{1,2}-[0-9]{1,2}([ T]([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?)?`;

/** An offset behind a time of day: the time's end, the offset. */
const ZONE = String.raw`(:[0-9.]+(?: ?[AaPp][Mm])?) ?([+-][0-9]{1,2}:[0-9]{2}) *$`;
/** `01/02/49`, `2 Jan 49 10:30`: before the year, the year, after it. */
const SHORT_YEAR = String.raw`((?:[0-9]{1,2}[-/. ]+[A-Za-z0-9]+|[A-Za-z]+[. ]*[0-9]{1,2})[-/. ,]+)([0-9]{2})( [0-9]{1,2}:.*)?`;

/** Ticks of 100 ns from 0001-01-01 to 1900-01-01 and to the end of 9999. */
const FROM_1900 = 599_266_080_000_000_000n;
const BEYOND = 3_155_378_976_000_000_000n;

export const DATES: readonly string[] = [
  // 1:2:3 is 1:02:03; a match takes the colon that the next begins with, so once more.
  String.raw`two_digits(v) AS regexp_replace(regexp_replace(v, ':([0-9])([^0-9]|$)', ':0\1\2', 'g'), ':([0-9])([^0-9]|$)', ':0\1\2', 'g')`,
  // Digits behind a colon are thousandths: 10:00:00:5 is 10:00:00.005.
  String.raw`thousandths(v) AS regexp_replace(regexp_replace(v, '(:[0-9]{2}:[0-9]{2}:)([0-9])([^0-9]|$)', '\10\2\3'), '(:[0-9]{2}:[0-9]{2}:)([0-9]{2})([^0-9]|$)', '\10\2\3')`,
  // 'Jan  1 2024 10:00:00:123AM' writes the fraction after a colon, and several blanks count as one.
  // A seventh digit is read beside it (`seventh`).
  String.raw`tidy_date(v) AS regexp_replace(regexp_replace(tsql.thousandths(regexp_replace(tsql.two_digits(trim(v)), ' +', ' ', 'g')), '(:[0-9]{2}:[0-9]{2}):([0-9]{1,3})', '\1.\2'), '(:[0-9]{2}[.][0-9]{6})[0-9]', '\1')`,
  `unzoned(v) AS regexp_replace(v, '${ZONE}', '\\1')`,
  // In the order of SET DATEFORMAT; `legacy` for datetime and smalldatetime.
  `dated(x, legacy) AS CASE WHEN coalesce(getvariable('${DATE_ORDER}'), 'mdy') = 'mdy' THEN x ELSE tsql_in_order(x, getvariable('${DATE_ORDER}'), CAST(legacy AS VARCHAR)) END`,
  `date_shaped(v) AS regexp_matches(v, '^ *[0-9]{1,4}[-/. ]?[0-9]{1,2}[-/. ]?[0-9]{1,4}( |T|$)')`,
  // What DuckDB reads as it is, then other ISO 8601 (an offset or Z is dropped, as SQL Server does), then the formats of us_english.
  `parse_ts(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN regexp_full_match(v, '${USUAL}') THEN TRY_CAST(v AS TIMESTAMP) WHEN regexp_full_match(v, ' *${ISO}( ?Z| ?[+-][0-9]{1,2}:[0-9]{2})? *') THEN TRY_CAST(regexp_replace(trim(v), '( ?Z| ?[+-][0-9]{1,2}:[0-9]{2})$', '') AS TIMESTAMP)
    WHEN trim(v) = '' THEN TIMESTAMP '1900-01-01' WHEN regexp_matches(v, '(^|[-/ ])0000([-/ 0-9T]|$)') THEN NULL WHEN regexp_full_match(v, ' *[0-9]{8} *') THEN try_strptime(trim(v), '%Y%m%d') WHEN regexp_full_match(v, ' *[0-9]{6} *') THEN try_strptime(tsql.year_first(v), '%Y%m%d') WHEN regexp_full_match(v, ' *[0-9]{4} *') THEN try_strptime(trim(v), '%Y')
    WHEN regexp_full_match(v, ' *[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,7})?)? *') THEN TRY_CAST('1900-01-01 ' || tsql.two_digits(trim(v)) AS TIMESTAMP) WHEN NOT regexp_matches(v, '[0-9]') THEN NULL
    ELSE try_strptime(tsql.long_year(tsql.tidy_date(tsql.unzoned(v))), ${list(FORMATS)}) END)[1]`,
  `parse_dmy(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN trim(v) = '' THEN TIMESTAMP '1900-01-01' ELSE try_strptime(tsql.long_year(tsql.tidy_date(v)), ${list(DMY_FORMATS)}) END)[1]`,
  `parse_time(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN trim(v) = '' THEN TIME '00:00:00' WHEN regexp_full_match(v, ' *24:.*') THEN NULL WHEN regexp_full_match(v, ' *[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,9})?)? *') THEN TRY_CAST(tsql.two_digits(trim(v)) AS TIME)
    WHEN regexp_full_match(v, ' *[0-9]{1,2}(:[0-9]{1,2}(:[0-9]{1,2}([.:][0-9]{1,7})?)?)? ?[aApP][mM] *') THEN CAST(try_strptime(tsql.tidy_date(v), ['%I:%M %p', '%I:%M%p', '%I:%M:%S %p', '%I:%M:%S%p', '%I:%M:%S.%f %p', '%I:%M:%S.%f%p', '%I%p', '%I %p']) AS TIME)
    ELSE CAST(tsql.parse_ts(v) AS TIME) END)[1]`,
  // A datetime2(7) is ticks of 100 ns since 0001-01-01, a time(7) ticks since midnight (docs/decisions/0028-ticks.md).
  `ticks(t) AS epoch_us(t) * 10 + ${EPOCH_TICKS}`,
  `ticks_of_ns(t) AS list_transform([epoch_ns(t)], lambda n: (n - ((n % 100) + 100) % 100) // 100 + ${EPOCH_TICKS})[1]`,
  `stamp(x) AS make_timestamp(x // 10 - ${EPOCH_TICKS / 10n})`,
  `tick(x) AS CAST(x % 10 AS VARCHAR)`,
  `time_ticks(t) AS epoch_us(t) * 10`,
  `tick_time(x) AS CAST(make_timestamp(x // 10) AS TIME)`,
  // Rounded to microseconds, but not into the next day.
  `tick_time6(x) AS list_transform([x], lambda v: tsql.tick_time(CASE WHEN v >= ${ticksPerDay - 5n} THEN v ELSE v + 5 END))[1]`,
  `time_stamp(x) AS make_timestamp(x // 10 - ${(EPOCH_TICKS - FROM_1900) / 10n})`,
  `time_ticks_1900(x) AS x + ${FROM_1900}`,
  `parse_ticks(x) AS list_transform([x], lambda v: tsql.ticks(tsql.parse_ts(v)) + CAST(tsql.seventh(v) AS INTEGER))[1]`,
  `parse_dmy_ticks(x) AS list_transform([x], lambda v: tsql.ticks(tsql.parse_dmy(v)) + CAST(tsql.seventh(v) AS INTEGER))[1]`,
  `parse_time_ticks(x) AS list_transform([x], lambda v: tsql.time_ticks(tsql.parse_time(v)) + CAST(tsql.seventh(v) AS INTEGER))[1]`,
  // A datetime of .003 is .0033333, one of .007 is .0066667.
  `datetime_ticks(x) AS list_transform([x], lambda t: epoch_ms(t) * 10000 + CASE date_part('millisecond', t) % 10 WHEN 3 THEN 3333 WHEN 7 THEN -3333 ELSE 0 END + ${EPOCH_TICKS})[1]`,
  // Exact: thirds of a tick since 1970. A datetime of .003 is a third of 10 ms.
  `datetime_thirds(t) AS list_transform([epoch_ms(t)], lambda m: list_transform([((m % 1000) + 1000) % 1000], lambda s: (m - s) * 30000 + CAST(round(s * 3 / 10.0) AS BIGINT) * 100000)[1])[1]`,
  `floor_to(v, unit) AS (v - ((v % unit) + unit) % unit) // unit`,
  `datetime_of_ticks(x) AS list_transform([x], lambda v: CAST(tsql.stamp(v - v % 10000000) + to_milliseconds(CAST(round((v % 10000000 * 3 + 50000) // 100000 * 10 / 3.0) AS BIGINT)) AS TIMESTAMP_MS))[1]`,
  `ticks_in_year(v) AS CASE WHEN v IS NULL OR v BETWEEN 0 AND ${BEYOND - 1n} THEN v ELSE error('TSQL:517:Adding a value to a ''datetime2'' column caused an overflow.') END`,
  `dto_ticks_local(x) AS list_transform([x], lambda v: tsql.ticks(tsql.dto_local(v)) + CAST(tsql.dto_tick(v) AS INTEGER))[1]`,
  // A datetimeoffset is text: its local time with seven digits, a blank and its offset. What DuckDB wrote itself has another form.
  `dto_text(t, tick, minutes) AS strftime(t, '%Y-%m-%d %H:%M:%S.%f') || tick || ' ' || tsql.offset_of(minutes)`,
  `zone_minutes(v) AS coalesce(list_transform([nullif(regexp_extract(v, '${ZONE}', 2), '')], lambda z: (60 * CAST(string_split(substring(z, 2), ':')[1] AS INTEGER) + CAST(right(z, 2) AS INTEGER)) * CASE left(z, 1) WHEN '-' THEN -1 ELSE 1 END)[1], 0)`,
  `seventh(v) AS coalesce(nullif(regexp_extract(v, ':[0-9]{1,2}[.][0-9]{6}([0-9])', 1), ''), '0')`,
  `parse_dto(x) AS list_transform([x], lambda v: CASE WHEN abs(tsql.zone_minutes(v)) <= 840 THEN tsql.dto_text(tsql.parse_ts(v), tsql.seventh(v), tsql.zone_minutes(v)) END)[1]`,
  `dto(x) AS CASE WHEN length(x) = 34 OR x IS NULL THEN x ELSE tsql.dto_text(CAST(CAST(x AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP), '0', 0) END`,
  `dto_local(v) AS CAST(left(v, 26) AS TIMESTAMP)`,
  `dto_tick(v) AS substring(v, 27, 1)`,
  `dto_minutes(v) AS (60 * CAST(substring(v, 30, 2) AS INTEGER) + CAST(right(v, 2) AS INTEGER)) * CASE substring(v, 29, 1) WHEN '-' THEN -1 ELSE 1 END`,
  `dto_utc(x) AS list_transform([x], lambda v: tsql.dto_local(v) - to_minutes(tsql.dto_minutes(v)))[1]`,
  `dto_key(x) AS list_transform([x], lambda v: epoch_us(tsql.dto_local(v)) * 10 + CAST(tsql.dto_tick(v) AS INTEGER) - CAST(tsql.dto_minutes(v) AS BIGINT) * 600000000)[1]`,
  `dto_ticks(n, v, unit) AS list_transform([n - ((n % unit) + unit) % unit], lambda m: tsql.dto_text(make_timestamp((m - ((m % 10) + 10) % 10) // 10), CAST(((m % 10) + 10) % 10 AS VARCHAR), tsql.dto_minutes(v)))[1]`,
  `dto_round(x, unit) AS list_transform([x], lambda v: tsql.dto_ticks(epoch_us(tsql.dto_local(v)) * 10 + CAST(tsql.dto_tick(v) AS INTEGER) + unit // 2, v, unit))[1]`,
  `dto_move(x, minutes) AS list_transform([{'v': x, 'm': minutes}], lambda s: tsql.dto_text(tsql.dto_utc(s.v) + to_minutes(s.m), tsql.dto_tick(s.v), s.m))[1]`,
  // A wall clock in a zone, and a moment seen there.
  `dto_seen(instant, tick, z) AS list_transform([instant], lambda i: tsql.dto_text(i AT TIME ZONE z, tick, date_diff('minute', i AT TIME ZONE 'UTC', i AT TIME ZONE z)))[1]`,
  `given_minutes(text, fn) AS CASE WHEN text IS NULL THEN NULL WHEN regexp_full_match(text, ' *[+-][0-9]{1,2}:[0-9]{2} *') THEN tsql.valid_minutes(tsql.zone_minutes('00:00' || regexp_replace(trim(text), '^([+-])([0-9]:)', '\\1' || '0' || '\\2')), fn) ELSE tsql.valid_minutes(9999, fn) END`,
  `valid_minutes(m, fn) AS CASE WHEN m BETWEEN -840 AND 840 THEN CAST(m AS INTEGER) WHEN m IS NOT NULL THEN error('TSQL:9812:The timezone provided to builtin function ' || fn || ' is invalid.') END`,
  // The century of a year of two digits ends in 49: 49 is 2049, 50 is 1950 ("two digit year cutoff").
  String.raw`century(yy) AS CASE WHEN yy < '50' THEN '20' ELSE '19' END || yy`,
  String.raw`long_year(x) AS list_transform([x], lambda v: CASE WHEN regexp_full_match(v, '${SHORT_YEAR}') THEN regexp_extract(v, '${SHORT_YEAR}', 1) || tsql.century(regexp_extract(v, '${SHORT_YEAR}', 2)) || regexp_extract(v, '${SHORT_YEAR}', 3) ELSE v END)[1]`,
  String.raw`year_first(x) AS list_transform([x], lambda v: CASE WHEN regexp_full_match(v, ' *[0-9]{2}([^0-9:].*|[0-9]{4}( .*)?)') THEN tsql.century(left(trim(v), 2)) || substring(trim(v), 3) ELSE v END)[1]`,
  `need_ts(x, t) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(t, error('TSQL:241:Conversion failed when converting date and/or time from character string.')) END`,
  `legacy_ok(x, t, tt) AS t BETWEEN CASE tt WHEN 'datetime' THEN TIMESTAMP '1753-01-01' ELSE TIMESTAMP '1900-01-01' END AND CASE tt WHEN 'datetime' THEN TIMESTAMP '9999-12-31 23:59:59.998' ELSE TIMESTAMP '2079-06-06 23:59:59' END AND NOT regexp_matches(x, '[.][0-9]{4,}|[0-9] ?[+-][0-9]{2}:[0-9]{2} *$')`,
  `try_legacy(x, t, tt) AS CASE WHEN tsql.legacy_ok(x, t, tt) THEN t END`,
  `need_legacy(x, t, tt, ft) AS CASE WHEN x IS NULL THEN NULL WHEN tsql.legacy_ok(x, t, tt) THEN t WHEN (t IS NULL AND tsql.date_shaped(x)) OR (t IS NOT NULL AND NOT regexp_matches(x, '[.][0-9]{4,}|[0-9] ?[+-][0-9]{2}:[0-9]{2} *$')) THEN error('TSQL:242:The conversion of a ' || ft || ' data type to a ' || tt || ' data type resulted in an out-of-range value.') WHEN tt = 'smalldatetime' THEN error('TSQL:295:Conversion failed when converting character string to smalldatetime data type.') ELSE error('TSQL:241:Conversion failed when converting date and/or time from character string.') END`,
  // datetime counts in 1/300 seconds: .000, .003, .007.
  `to_datetime(t) AS CAST(make_timestamp(CAST(round(round(epoch_us(t) * 3 / 10000.0) * 10 / 3.0) AS BIGINT) * 1000) AS TIMESTAMP_MS)`,
  `in_range(t, tt, ft) AS CASE WHEN t IS NULL OR t BETWEEN CASE tt WHEN 'datetime' THEN TIMESTAMP '1753-01-01' ELSE TIMESTAMP '1900-01-01' END AND CASE tt WHEN 'datetime' THEN TIMESTAMP '9999-12-31 23:59:59.998' ELSE TIMESTAMP '2079-06-06 23:59:29.999' END THEN t ELSE error('TSQL:242:The conversion of a ' || ft || ' data type to a ' || tt || ' data type resulted in an out-of-range value.') END`,
  `cut_fraction(t, unit) AS make_timestamp(epoch_us(t) - ((epoch_us(t) % unit) + unit) % unit)`,
  `day_to_ts(n) AS TIMESTAMP '1900-01-01' + to_microseconds(CAST(round(n * 86400000000) AS BIGINT))`,
  `mon_dd(t) AS strftime(t, '%b ') || lpad(strftime(t, '%-d'), 2, ' ')`,
  `sundays(t) AS CAST(floor(date_diff('day', TIMESTAMP '1899-12-31', t) / 7.0) AS BIGINT)`,
  `week_no(t, f) AS (dayofyear(t) - 1 + (dayofweek(date_trunc('year', t)) + 7 - f) % 7) // 7 + 1`,
  `week_start(t, f) AS date_trunc('day', t) - to_days(CAST((dayofweek(t) + 7 - f) % 7 AS INTEGER))`,
  `known_day(t) AS CASE WHEN t IS NULL OR t >= TIMESTAMP '0001-01-01' THEN t ELSE error('TSQL:9837:An invalid date value was encountered: The date value is less than the minimum date value allowed for the data type.') END`,
  `eomonth(d, n) AS last_day(CAST(CAST(d AS DATE) + to_months(n) AS DATE))`,
  `offset_of(minutes) AS list_transform([minutes], lambda m: CASE WHEN m < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(m) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(m) % 60 AS VARCHAR), 2, '0'))[1]`,
  `diff32(n) AS CASE WHEN n IS NULL THEN NULL WHEN n BETWEEN -2147483648 AND 2147483647 THEN CAST(n AS INTEGER) ELSE error('TSQL:535:The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.') END`,
  `diff64(n) AS CASE WHEN n IS NULL THEN NULL WHEN n BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(n AS BIGINT) ELSE error('TSQL:535:The datediff_big function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff_big with a less precise datepart.') END`,
  `parts_check(ok, t) AS CASE WHEN ok THEN true ELSE error('TSQL:289:Cannot construct data type ' || t || ', some of the arguments have values which are not valid.') END`,
  `isdate(x) AS CASE WHEN x IS NULL THEN 0 WHEN tsql.legacy_ok(x, tsql.parse_ts(x), 'datetime') AND trim(x) <> '' THEN 1 ELSE 0 END`,
];
