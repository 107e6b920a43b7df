/** Conversions to char, varchar, nchar and nvarchar, with the styles of CONVERT. */
import { TSqlError, type SqlType } from '../../contract';
import type { ConvertOptions } from './convert';
import { dateText } from './date-styles';
import {
  isBinary,
  isDateTime,
  isFixedLength,
  isInteger,
  isMoney,
  isString,
  isUnicode,
  MAX,
  messageName,
} from './sql-types';
import { once, quote, type Typed } from './typed';

/** SQL of `x` as text of type `to`: cut or padded to its length. */
export function stringFrom(x: Typed, to: SqlType, options: ConvertOptions): string {
  const length = to.length ?? 1;
  const from = x.type;
  if (isString(from)) {
    if (x.literal !== undefined) return quote(fitLiteral(x.literal, to));
    const known = from.length === undefined ? MAX : from.length;
    if (isFixedLength(to))
      return pad(length === MAX || (known !== MAX && known <= length) ? x.sql : `left(${x.sql}, ${length})`, length);
    return length === MAX || (known !== MAX && known <= length) ? x.sql : `left(${x.sql}, ${length})`;
  }
  const text = textOf(x, options, to);
  return isFixedLength(to) ? pad(limit(text, x, to, options), length) : limit(text, x, to, options);
}

function fitLiteral(text: string, to: SqlType): string {
  if (to.length === MAX || to.length === undefined) return text;
  const cut = text.slice(0, to.length);
  return isFixedLength(to) ? cut.padEnd(to.length, ' ') : cut;
}
const pad = (sql: string, length: number): string => `rpad(${sql}, ${length}, ' ')`;

/** A number that does not fit is `*` (integers to varchar) or Msg 8115; other text is cut. */
function limit(text: string, x: Typed, to: SqlType, { attempt }: ConvertOptions): string {
  const length = to.length ?? 1;
  if (length === MAX) return text;
  const from = x.type;
  if (isDateTime(from) || isBinary(from)) return `left(${text}, ${length})`;
  if (length >= longestText(from)) return text;
  if (from.name === 'uniqueidentifier') {
    if (attempt) return 'CAST(NULL AS VARCHAR)';
    throw new TSqlError(8170, 'Insufficient result space to convert uniqueidentifier value to char.', 2);
  }
  const star = (isInteger(from) || from.name === 'bit') && !isUnicode(to);
  return once(text, (v) =>
    star
      ? `CASE WHEN length(${v}) > ${length} THEN '*' ELSE ${v} END`
      : attempt
        ? `CASE WHEN length(${v}) <= ${length} THEN ${v} END`
        : `tsql.fit_number(${v}, ${length}, ${numberToText(from, to)})`,
  );
}
/** `int to data type varchar`, as Msg 8115 has it. */
export const numberToText = (from: SqlType, to: SqlType): string =>
  quote(
    isInteger(from) && isUnicode(to)
      ? `expression to data type ${to.name}`
      : `${messageName(from)} to data type ${to.name}`,
  );
function longestText(t: SqlType): number {
  switch (t.name) {
    case 'bit':
      return 1;
    case 'tinyint':
      return 3;
    case 'smallint':
      return 6;
    case 'int':
      return 11;
    case 'bigint':
      return 20;
    case 'decimal':
      return (t.precision ?? 18) + 3;
    case 'uniqueidentifier':
      return 36;
    default:
      return 24;
  }
}

function textOf(x: Typed, options: ConvertOptions, to: SqlType): string {
  const { type: from, sql } = x;
  const { style } = options;
  switch (from.name) {
    case 'bit':
      return `CASE WHEN ${sql} THEN '1' WHEN NOT ${sql} THEN '0' END`;
    case 'uniqueidentifier':
      return `upper(CAST(${sql} AS VARCHAR))`;
    case 'float':
    case 'real':
      return floatText(sql, style ?? 0, from.name === 'real');
  }
  if (isMoney(from)) {
    if (style === 1) return `format('{:,.2f}', CAST(${sql} AS DOUBLE))`;
    if (style === 2 || style === 126) return `CAST(${sql} AS VARCHAR)`;
    return `CAST(CAST(${sql} AS DECIMAL(19,2)) AS VARCHAR)`;
  }
  if (isDateTime(from)) return dateText(x, style);
  if (isBinary(from)) {
    if (style === 1) return `'0x' || hex(${sql})`;
    if (style === 2) return `hex(${sql})`;
    if (style !== undefined && style !== 0)
      throw new TSqlError(
        281,
        `${style} is not a valid style number when converting from varbinary to a character string.`,
      );
    return isUnicode(to) ? `tsql.utf16_text(hex(${sql}))` : `tsql.latin_text(hex(${sql}))`;
  }
  // DuckDB writes .5 for a decimal without whole digits.
  if (from.name === 'decimal' && from.precision === from.scale)
    return `regexp_replace(CAST(${sql} AS VARCHAR), '^(-?)[.]', '\\10.')`;
  return `CAST(${sql} AS VARCHAR)`;
}

/** Styles 0 (6 digits), 1 (8, scientific), 2 (16, scientific), 3 (17, lossless). */
function floatText(sql: string, style: number, real: boolean): string {
  if (style === 1) return `tsql.exponent3(printf('%.7e', CAST(${sql} AS DOUBLE)))`;
  if (style === 2) return `tsql.exponent3(printf('%.15e', CAST(${sql} AS DOUBLE)))`;
  if (style === 3) return `tsql.exponent3(printf('%.${real ? 8 : 16}e', CAST(${sql} AS DOUBLE)))`;
  return `tsql.exponent3(printf('%.6g', CAST(${sql} AS DOUBLE)))`;
}
