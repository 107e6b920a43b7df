/**
 * The Hijri calendar of CONVERT styles 130 and 131, as Microsoft's "Kuwaiti algorithm" has it: months of 30 and 29 days in turn, and a
 * leap day at the end of 11 years of every 30 (2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29). Day 1 is 1 Muharram 1 = 18 July 622.
 */
const MONTHS = [
  'محرم',
  'صفر',
  'ربيع الاول',
  'ربيع الثانى',
  'جمادى الاولى',
  'جمادى الثانية',
  'رجب',
  'شعبان',
  'رمضان',
  'شوال',
  'ذو القعدة',
  'ذو الحجة',
];
const INPUT = String.raw`^ *([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})( .*)?$`;
const part = (n: number): string => `CAST(regexp_extract(v, '${INPUT}', ${n}) AS INTEGER)`;

export const HIJRI: readonly string[] = [
  // Days before year y, and before month m of a year.
  `hijri_days(y) AS ((y - 1) // 30) * 10631 + 354 * ((y - 1) % 30) + (11 * ((y - 1) % 30) + 14) // 30`,
  `hijri_month_days(m) AS 29 * (m - 1) + m // 2`,
  `hijri_parts(t) AS list_transform([date_diff('day', DATE '0622-07-17', CAST(t AS DATE))], lambda n: list_transform([(30 * (n - 1) + 10646) // 10631],
    lambda y: list_transform([n - tsql.hijri_days(y)], lambda d: list_transform([least(12, (d - 1) * 2 // 59 + 1)], lambda m: {'y': y, 'm': m, 'd': d - tsql.hijri_month_days(m)})[1])[1])[1])[1]`,
  `hijri_known(t) AS CASE WHEN t >= TIMESTAMP '0622-07-18' THEN t WHEN t IS NOT NULL THEN error('TSQL:241:Conversion failed when converting date and/or time from character string.') END`,
  `hijri_long(t) AS list_transform([tsql.hijri_parts(tsql.hijri_known(t))], lambda h: lpad(CAST(h.d AS VARCHAR), 2, ' ') || ' ' || [${MONTHS.map((m) => `'${m}'`).join(', ')}][h.m] || ' ' || CAST(h.y AS VARCHAR))[1]`,
  `hijri_short(t) AS list_transform([tsql.hijri_parts(tsql.hijri_known(t))], lambda h: lpad(CAST(h.d AS VARCHAR), 2, ' ') || '/' || lpad(CAST(h.m AS VARCHAR), 2, '0') || '/' || CAST(h.y AS VARCHAR))[1]`,
  // dd/mm/yyyy and a time: as the Gregorian day written in ISO 8601, which parse_ts reads with its time. NULL where there is no such day.
  `from_hijri(x) AS list_transform([x], lambda v: CASE WHEN regexp_matches(v, '${INPUT}') AND ${part(2)} BETWEEN 1 AND 12 AND ${part(1)} BETWEEN 1 AND 30
    THEN strftime(DATE '0622-07-17' + CAST(tsql.hijri_days(${part(3)}) + tsql.hijri_month_days(${part(2)}) + ${part(1)} AS INTEGER), '%Y/%m/%d') || regexp_extract(v, '${INPUT}', 4) WHEN v IS NULL THEN NULL ELSE '-' END)[1]`,
];
