/** Macros for dates and times. */
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
const ISO = String.raw`${YEAR}-[0-9]{1,2}-[0-9]{1,2}([ T]([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?)?`;

/** `01/02/49`, `2 Jan 49 10:30`: before the year, the year, after it. */
const SHORT_YEAR = String.raw`((?:[0-9]{1,2}[-/. ]+[A-Za-z0-9]+|[A-Za-z]+[. ]*[0-9]{1,2})[-/. ,]+)([0-9]{2})( [0-9]{1,2}:.*)?`;

export const DATES: readonly string[] = [
  // 'Jan  1 2024 10:00:00:123AM' writes the fraction after a colon, and several blanks count as one.
  `tidy_date(v) AS regexp_replace(regexp_replace(trim(v), ' +', ' ', 'g'), '(:[0-9]{2}:[0-9]{2}):([0-9]{1,3})', '\\1.\\2')`.replaceAll(
    '\\\\',
    '\\',
  ),
  `date_shaped(v) AS regexp_matches(v, '^ *[0-9]{1,4}[-/. ]?[0-9]{1,2}[-/. ]?[0-9]{1,4}( |T|$)')`,
  // ISO 8601 first (an offset or Z is dropped, as SQL Server does), then the formats of us_english.
  `parse_ts(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN regexp_full_match(v, ' *${ISO}( ?Z| ?[+-][0-9]{2}:[0-9]{2})? *') THEN TRY_CAST(regexp_replace(trim(v), '( ?Z| ?[+-][0-9]{2}:[0-9]{2})$', '') AS TIMESTAMP)
    WHEN trim(v) = '' THEN TIMESTAMP '1900-01-01' WHEN regexp_matches(v, '(^|[-/ ])0000([-/ 0-9T]|$)') THEN NULL WHEN regexp_full_match(v, ' *[0-9]{8} *') THEN try_strptime(trim(v), '%Y%m%d') WHEN regexp_full_match(v, ' *[0-9]{6} *') THEN try_strptime(tsql.year_first(v), '%Y%m%d') WHEN regexp_full_match(v, ' *[0-9]{4} *') THEN try_strptime(trim(v), '%Y')
    WHEN regexp_full_match(v, ' *[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)? *') THEN TRY_CAST('1900-01-01 ' || trim(v) AS TIMESTAMP) WHEN NOT regexp_matches(v, '[0-9]') THEN NULL
    ELSE try_strptime(tsql.long_year(tsql.tidy_date(v)), ${list(FORMATS)}) END)[1]`,
  `parse_dmy(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN trim(v) = '' THEN TIMESTAMP '1900-01-01' ELSE try_strptime(tsql.long_year(tsql.tidy_date(v)), ${list(DMY_FORMATS)}) END)[1]`,
  `parse_time(x) AS list_transform([x], lambda v: CASE WHEN v IS NULL THEN NULL WHEN trim(v) = '' THEN TIME '00:00:00' WHEN regexp_full_match(v, ' *24:.*') THEN NULL WHEN regexp_full_match(v, ' *[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)? *') THEN TRY_CAST(trim(v) AS TIME)
    WHEN regexp_full_match(v, ' *[0-9]{1,2}(:[0-9]{2}(:[0-9]{2}([.:][0-9]{1,6})?)?)? ?[aApP][mM] *') THEN CAST(try_strptime(tsql.tidy_date(v), ['%I:%M %p', '%I:%M%p', '%I:%M:%S %p', '%I:%M:%S%p', '%I:%M:%S.%f %p', '%I:%M:%S.%f%p', '%I%p', '%I %p']) AS TIME)
    ELSE CAST(tsql.parse_ts(v) AS TIME) END)[1]`,
  `parse_dto(x) AS list_transform([x], lambda v: CASE WHEN regexp_full_match(v, ' *${ISO} ?[+-][0-9]{2}:[0-9]{2} *') THEN TRY_CAST(regexp_replace(regexp_replace(regexp_replace(trim(v), ' ?([+-][0-9]{2}:[0-9]{2})$', '\\1'), '([ T][0-9]{1,2}:[0-9]{2})([+-])', '\\1:00\\2'), '([.][0-9]{6})[0-9]', '\\1') AS TIMESTAMPTZ) WHEN v IS NOT NULL THEN tsql.parse_ts(v) AT TIME ZONE 'UTC' END)[1]`.replaceAll(
    '\\\\',
    '\\',
  ),
  // The century of a year of two digits ends in 49: 49 is 2049, 50 is 1950 ("two digit year cutoff").
  String.raw`century(yy) AS CASE WHEN yy < '50' THEN '20' ELSE '19' END || yy`,
  String.raw`long_year(x) AS list_transform([x], lambda v: CASE WHEN regexp_full_match(v, '${SHORT_YEAR}') THEN regexp_extract(v, '${SHORT_YEAR}', 1) || tsql.century(regexp_extract(v, '${SHORT_YEAR}', 2)) || regexp_extract(v, '${SHORT_YEAR}', 3) ELSE v END)[1]`,
  String.raw`year_first(x) AS list_transform([x], lambda v: CASE WHEN regexp_full_match(v, ' *[0-9]{2}([^0-9:].*|[0-9]{4}( .*)?)') THEN tsql.century(left(trim(v), 2)) || substring(trim(v), 3) ELSE v END)[1]`,
  `need_ts(x, t) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(t, error('TSQL:241:Conversion failed when converting date and/or time from character string.')) END`,
  `legacy_ok(x, t, tt) AS t BETWEEN CASE tt WHEN 'datetime' THEN TIMESTAMP '1753-01-01' ELSE TIMESTAMP '1900-01-01' END AND CASE tt WHEN 'datetime' THEN TIMESTAMP '9999-12-31 23:59:59.998' ELSE TIMESTAMP '2079-06-06 23:59:59' END AND NOT regexp_matches(x, '[.][0-9]{4,}|[0-9] ?[+-][0-9]{2}:[0-9]{2} *$')`,
  `try_legacy(x, t, tt) AS CASE WHEN tsql.legacy_ok(x, t, tt) THEN t END`,
  `need_legacy(x, t, tt, ft) AS CASE WHEN x IS NULL THEN NULL WHEN tsql.legacy_ok(x, t, tt) THEN t WHEN (t IS NULL AND tsql.date_shaped(x)) OR (t IS NOT NULL AND NOT regexp_matches(x, '[.][0-9]{4,}|[0-9] ?[+-][0-9]{2}:[0-9]{2} *$')) THEN error('TSQL:242:The conversion of a ' || ft || ' data type to a ' || tt || ' data type resulted in an out-of-range value.') ELSE error('TSQL:241:Conversion failed when converting date and/or time from character string.') END`,
  // datetime counts in 1/300 seconds: .000, .003, .007.
  `to_datetime(t) AS CAST(make_timestamp(CAST(round(round(epoch_us(t) * 3 / 10000.0) * 10 / 3.0) AS BIGINT) * 1000) AS TIMESTAMP_MS)`,
  `in_range(t, tt, ft) AS CASE WHEN t IS NULL OR t BETWEEN CASE tt WHEN 'datetime' THEN TIMESTAMP '1753-01-01' ELSE TIMESTAMP '1900-01-01' END AND CASE tt WHEN 'datetime' THEN TIMESTAMP '9999-12-31 23:59:59.998' ELSE TIMESTAMP '2079-06-06 23:59:29.999' END THEN t ELSE error('TSQL:242:The conversion of a ' || ft || ' data type to a ' || tt || ' data type resulted in an out-of-range value.') END`,
  `cut_fraction(t, unit) AS make_timestamp(epoch_us(t) - ((epoch_us(t) % unit) + unit) % unit)`,
  `day_to_ts(n) AS TIMESTAMP '1900-01-01' + to_microseconds(CAST(round(n * 86400000000) AS BIGINT))`,
  `mon_dd(t) AS strftime(t, '%b ') || lpad(strftime(t, '%-d'), 2, ' ')`,
  `sundays(t) AS CAST(floor(date_diff('day', TIMESTAMP '1899-12-31', t) / 7.0) AS BIGINT)`,
  `week_no(t, f) AS (dayofyear(t) - 1 + (dayofweek(date_trunc('year', t)) + 7 - f) % 7) // 7 + 1`,
  `week_start(t, f) AS date_trunc('day', t) - to_days(CAST((dayofweek(t) + 7 - f) % 7 AS INTEGER))`,
  `eomonth(d, n) AS last_day(CAST(CAST(d AS DATE) + to_months(n) AS DATE))`,
  `offset_of(minutes) AS list_transform([minutes], lambda m: CASE WHEN m < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(m) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(m) % 60 AS VARCHAR), 2, '0'))[1]`,
  `offset_text(x, z) AS tsql.offset_of(date_diff('minute', x AT TIME ZONE 'UTC', x AT TIME ZONE z))`,
  `diff32(n) AS CASE WHEN n IS NULL THEN NULL WHEN n BETWEEN -2147483648 AND 2147483647 THEN CAST(n AS INTEGER) ELSE error('TSQL:535:The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.') END`,
  `parts_check(ok, t) AS CASE WHEN ok THEN true ELSE error('TSQL:289:Cannot construct data type ' || t || ', some of the arguments have values which are not valid.') END`,
  `isdate(x) AS CASE WHEN x IS NULL THEN 0 WHEN tsql.legacy_ok(x, tsql.parse_ts(x), 'datetime') AND trim(x) <> '' THEN 1 ELSE 0 END`,
];
