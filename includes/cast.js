/** Casts of bronze text. Every one gives NULL for what it cannot read: a value is never invented. */
const text = (column) => `NULLIF(LTRIM(RTRIM(${column})), '')`;
/** A source id: `''` and the sentinel `0` mean none (Synthea v3.0 writes `0` for "no insurance"). */
const id = (column) => `NULLIF(NULLIF(LTRIM(RTRIM(${column})), ''), '0')`;
/** Money is decimal(18,2); older exports carry float noise, which is rounded to cents. */
const money = (column) => `CAST(TRY_CAST(NULLIF(${column}, '') AS decimal(28,10)) AS decimal(18,2))`;
const number = (column) => `TRY_CAST(NULLIF(NULLIF(${column}, ''), 'NaN') AS decimal(28,10))`;
const whole = (column) => `TRY_CAST(NULLIF(${column}, '') AS int)`;
const date = (column) => `TRY_CAST(NULLIF(${column}, '') AS date)`;
/** UTC time; Synthea writes 1970-01-01T00:00:00Z for "open". Style 127 is ISO 8601 with Z. */
const time = (column) => `TRY_CONVERT(datetime2(3), NULLIF(NULLIF(${column}, ''), '1970-01-01T00:00:00Z'), 127)`;
/** Deterministic surrogate key: facts are distributed on a bigint, never on text (docs/decisions/0030-keys.md). */
const key = (column) => `CONVERT(bigint, SUBSTRING(HASHBYTES('SHA2_256', ${column}), 1, 8))`;
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
/** A list of SQL literals: `'a', 'b'`. */
const quote = (value) => (value === null ? 'NULL' : `'${String(value).replace(/'/g, "''")}'`);

module.exports = { text, id, money, number, whole, date, time, key, month, hour, sum, rate, quote };
