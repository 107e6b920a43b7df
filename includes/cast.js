/** Casts of bronze text. Every one gives NULL for what it cannot read: a value is never invented. */
const trimmed = (column) => `NULLIF(LTRIM(RTRIM(${column})), '')`;
const text = (column, length = 256) => `CAST(${trimmed(column)} AS varchar(${length}))`;
/**
 * A source id: `''` and the sentinel `0` mean none (Synthea v3.0 writes `0` for "no insurance"). Ids are taken as they are:
 * trimming them would be a third of the work on the largest table.
 */
const id = (column) => `CASE WHEN ${column} <> '' AND ${column} <> '0' THEN CAST(${column} AS varchar(64)) END`;
/** A code (SNOMED, RxNorm, …): up to 18 digits, so text and never a float. */
const code = (column) => text(column, 32);
/** Money is decimal(18,2); older exports carry float noise, which is rounded to cents. */
const money = (column) => `TRY_CAST(${column} AS decimal(18,2))`;
const number = (column) => `TRY_CAST(NULLIF(${trimmed(column)}, 'NaN') AS decimal(18,8))`;
const whole = (column) => `TRY_CAST(${trimmed(column)} AS int)`;
const date = (column) => `TRY_CAST(${trimmed(column)} AS date)`;
/** UTC time; Synthea writes 1970-01-01T00:00:00Z for "open". Style 127 is ISO 8601 with Z. */
const time = (column) => `TRY_CONVERT(datetime2(3), NULLIF(${trimmed(column)}, '1970-01-01T00:00:00Z'), 127)`;
/** UTC time of an event: ISO 8601 that ends in Z, and nothing else. */
const utcTime = (column) =>
  `CASE WHEN ${column} LIKE '____-__-__T%Z' THEN TRY_CONVERT(datetime2(3), ${column}, 127) END`;
/**
 * Deterministic surrogate key: facts are distributed on a bigint, never on text (docs/decisions/0080-surrogate-keys.md).
 * Of the text in lower case, because ids are compared without regard to case.
 */
const key = (column) => `CONVERT(bigint, SUBSTRING(HASHBYTES('SHA2_256', LOWER(${column})), 1, 8))`;
/** Whole years between a birth date and a time; a birthday on 29 February is on 1 March in other years. */
const years = (birthDate, time) =>
  `(YEAR(${time}) - YEAR(${birthDate}) - CASE WHEN MONTH(${time}) * 100 + DAY(${time}) < MONTH(${birthDate}) * 100 + DAY(${birthDate}) THEN 1 ELSE 0 END)`;
/** First day of the month of a UTC time. */
const month = (column) => `DATEFROMPARTS(YEAR(${column}), MONTH(${column}), 1)`;
/** Start of the hour of a UTC time. */
const hour = (column) => `DATEADD(hour, DATEDIFF(hour, '19000101', ${column}), CAST('19000101' AS datetime2(3)))`;
const sum = (column) => `CAST(SUM(${column}) AS decimal(18,2))`;
/**
 * Quotient of two sums, rounded to six decimals; NULL when the divisor is zero. The sums are narrowed first: of two
 * decimal(38,2) T-SQL keeps six decimals of the quotient and cuts the rest off.
 */
const rate = (part, whole) => `CAST(${sum(part)} / NULLIF(${sum(whole)}, 0) AS decimal(18,6))`;
/** A SQL literal of a JS value: `'a'`, `1`, `NULL`. */
const quote = (value) => (value === null ? 'NULL' : `'${String(value).replace(/'/g, "''")}'`);

module.exports = {
  text,
  id,
  code,
  money,
  number,
  whole,
  date,
  time,
  utcTime,
  key,
  years,
  month,
  hour,
  sum,
  rate,
  quote,
};
