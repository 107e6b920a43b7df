/** The one coercion module: every conversion between T-SQL types, explicit or implicit, goes through `convert`. */
import { TSqlError, type SqlType } from '../../contract';
import { isTicks } from '../../ticks';
import { operandClash } from '../errors';
import {
  digits,
  duckType,
  isApproximate,
  isBinary,
  isDateTime,
  isExact,
  isInteger,
  isMoney,
  isNumber,
  isScaled,
  isString,
  isUnicode,
  MAX,
  messageName,
  typeText,
} from './sql-types';
import { binaryFrom } from './to-binary';
import { dateTimeFrom } from './to-date';
import { numberToText, stringFrom } from './to-string';
import { raising } from './observation';
import { quote, type Typed } from './typed';

export interface ConvertOptions {
  /** TRY_CAST and TRY_CONVERT: NULL instead of an error. */
  readonly attempt?: boolean;
  readonly style?: number;
  /** CAST and CONVERT allow more than assignment and comparison. */
  readonly explicit?: boolean;
}

const LIMITS: Readonly<Record<string, readonly [string, string]>> = {
  tinyint: ['0', '255'],
  smallint: ['-32768', '32767'],
  int: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

/** `x` as type `to`. Msg 206, 257 or 529 when T-SQL knows no such conversion. */
export function convert(x: Typed, to: SqlType, options: ConvertOptions = {}): Typed {
  const result = (sql: string, nullable = x.nullable): Typed => ({
    sql,
    type: to,
    nullable: nullable || options.attempt === true,
    mask: x.mask,
    ...(x.collation && isString(to) ? { collation: x.collation } : {}),
  });
  if (x.isNull) return { ...result(`CAST(NULL AS ${duckType(to)})`, true), isNull: true };
  const from = x.type;
  if (sameType(from, to) && options.style === undefined) return { ...x, type: to };
  check(from, to, options);
  if (to.name === 'sql_variant')
    return {
      ...result(stringFrom(x, { name: 'nvarchar', length: MAX }, options)),
      held: heldSql(x),
    };
  if (isString(to)) return { ...result(stringFrom(x, to, options)), literal: shortLiteral(x, to) };
  if (isBinary(to)) return result(binaryFrom(x, to, options));
  if (isDateTime(to)) return result(dateTimeFrom(x, to, options));
  if (to.name === 'uniqueidentifier') return result(uuidFrom(x, options));
  if (to.name === 'bit') return result(bitFrom(x, options));
  if (isInteger(to)) return result(integerFrom(x, to, options));
  if (isApproximate(to)) return result(floatFrom(x, to, options));
  const sql = isMoney(to) ? inMoney(decimalFrom(x, to, options), x.type, to, options) : decimalFrom(x, to, options);
  const text = numberTextOf(x, to, options);
  return { ...result(sql), ...(text && { parsed: { sql, text } }) };
}

/** What a sql_variant holds, such that DuckDB's type tells the T-SQL type (engine/variant-base.ts). */
function heldSql({ sql, type }: Typed): string {
  if (isTicks(type)) return `CASE WHEN ${sql} IS NOT NULL THEN {'${type.name}': ${sql}} END`;
  if (type.name === 'datetimeoffset') return `(tsql.dto_utc(${sql}) AT TIME ZONE 'UTC')`;
  return sql;
}

/** A string literal that fits stays one: comparisons fold it. */
function shortLiteral(x: Typed, to: SqlType): string | undefined {
  return x.literal !== undefined &&
    isString(x.type) &&
    (to.length === MAX || x.literal.length <= (to.length ?? 0)) &&
    !to.name.endsWith('nchar') &&
    to.name !== 'char'
    ? x.literal
    : undefined;
}

function sameType(a: SqlType, b: SqlType): boolean {
  if (a.name !== b.name) return false;
  if (a.name === 'varchar' || a.name === 'nvarchar' || a.name === 'varbinary')
    return b.length === MAX || (a.length !== MAX && (a.length ?? 0) <= (b.length ?? 0));
  if (a.name === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  return a.length === b.length && (a.scale ?? 7) === (b.scale ?? 7);
}

/** Which conversions exist ("Data type conversion" chart). */
function check(from: SqlType, to: SqlType, { explicit = false }: ConvertOptions): void {
  const clash = (): TSqlError =>
    explicit
      ? new TSqlError(
          529,
          `Explicit conversion from data type ${messageName(from)} to ${messageName(to)} is not allowed.`,
          2,
        )
      : operandClash(messageName(from), messageName(to));
  const modern = (t: SqlType): boolean => isDateTime(t) && t.name !== 'datetime' && t.name !== 'smalldatetime';
  if (
    (modern(from) && (isNumber(to) || to.name === 'uniqueidentifier')) ||
    (modern(to) && (isNumber(from) || from.name === 'uniqueidentifier'))
  )
    throw clash();
  if (from.name === 'uniqueidentifier' && (isNumber(to) || isDateTime(to))) throw clash();
  if (to.name === 'uniqueidentifier' && (isNumber(from) || isDateTime(from))) throw clash();
  if ((from.name === 'date' && to.name === 'time') || (from.name === 'time' && to.name === 'date')) throw clash();
  if (isBinary(from) && isApproximate(to)) throw clash();
  if (!explicit) {
    const implicit = (): TSqlError =>
      new TSqlError(
        257,
        `Implicit conversion from data type ${messageName(from)} to ${messageName(to)} is not allowed. Use the CONVERT function to run this query.`,
        3,
      );
    if (isString(from) && isBinary(to) && to.name !== 'image') throw implicit();
    if (isBinary(to) && isApproximate(from)) throw implicit();
    if (isDateTime(from) && (isNumber(to) || isBinary(to))) throw implicit();
    if (isMoney(to) && isString(from)) return;
  }
}

function integerFrom(x: Typed, to: SqlType, { attempt }: ConvertOptions): string {
  const duck = duckType(to);
  const from = x.type;
  const cast = (sql: string): string => `${attempt ? 'TRY_CAST' : 'CAST'}(${sql} AS ${duck})`;
  if (isInteger(from) || from.name === 'bit') return cast(x.sql);
  if (isMoney(from)) return cast(`round(${x.sql}, 0)`);
  if (isNumber(from)) return cast(`trunc(${x.sql})`);
  if (isDateTime(from)) return cast(`tsql.day_number(CAST(${x.sql} AS TIMESTAMP))`);
  if (isBinary(from) && to.name === 'bigint')
    return x.hex?.sql === x.sql && x.hex.bytes === 8
      ? `CAST(CAST(${x.sql} AS BIT) AS BIGINT)`
      : `tsql.bin_to_bigint(${x.sql})`;
  if (isBinary(from))
    return cast(`tsql.bin_to_int(hex(${x.sql}), ${{ tinyint: 1, smallint: 2, int: 4, bigint: 8 }[to.name as 'int']})`);
  if (from.name === 'sql_variant' || isString(from)) {
    const [low, high] = LIMITS[to.name]!;
    if (attempt) return `CAST(tsql.try_str_to_int(${x.sql}, ${low}, ${high}) AS ${duck})`;
    return raising(
      `CAST(tsql.str_to_int(${x.sql}, ${low}, ${high}, ${quote(isUnicode(from) ? 'nvarchar' : messageName(from))}, ${quote(to.name)}) AS ${duck})`,
    );
  }
  throw operandClash(messageName(from), messageName(to));
}

function decimalFrom(x: Typed, to: SqlType, { attempt }: ConvertOptions): string {
  const duck = duckType(to);
  const from = x.type;
  const cast = (sql: string): string => `${attempt ? 'TRY_CAST' : 'CAST'}(${sql} AS ${duck})`;
  if (x.parsed?.sql === x.sql && from.name === 'decimal' && to.name === 'decimal')
    return decimalFromText(x.parsed.text, from, to, attempt);
  if (x.quotient?.sql === x.sql && to.name === 'decimal' && !attempt && (to.scale ?? 0) < (from.scale ?? 0))
    return cast(x.quotient.rounded(to));
  if (isExact(from)) return from.name === 'bit' ? cast(`CAST(${x.sql} AS INTEGER)`) : cast(x.sql);
  if (isApproximate(from)) return cast(x.sql);
  if (isDateTime(from)) return cast(`tsql.day_fraction(CAST(${x.sql} AS TIMESTAMP))`);
  if (isBinary(from)) return cast(`tsql.bin_to_int(hex(${x.sql}), 8)`);
  if (isMoney(to)) return cast(attempt ? `tsql.try_money_text(${x.sql})` : raising(`tsql.money_text(${x.sql})`));
  return decimalFromText(numberTextOf(x, to, { attempt })!, to, to, attempt);
}

/** DuckDB's decimals hold more than money does: Msg 8115, or NULL for an attempt. */
function inMoney(sql: string, from: SqlType, to: SqlType, { attempt }: ConvertOptions): string {
  const isSmall = to.name === 'smallmoney';
  const { p, s } = digits(from);
  if (isNumber(from) && !isApproximate(from) && (from.name === to.name || p - s <= (isSmall ? 5 : 14))) return sql;
  return attempt ? `tsql.try_in_money(${sql}, ${isSmall})` : raising(`tsql.in_money(${sql}, ${isSmall})`);
}

/** The text that `decimalFrom` parses, when it makes a decimal of a string. */
function numberTextOf(x: Typed, to: SqlType, { attempt }: ConvertOptions): string | undefined {
  if (!isString(x.type) || to.name !== 'decimal') return undefined;
  return attempt
    ? `tsql.try_decimal_text(${x.sql})`
    : raising(`tsql.decimal_text(${x.sql}, ${quote(messageName(x.type))})`);
}

/**
 * `text` parsed as `parsed`, then rounded to `to`. DuckDB parses a decimal of more than 18 digits thirty times slower than a narrower
 * one, so the narrower one of the same scale is tried first: it holds nearly every value.
 */
function decimalFromText(text: string, parsed: SqlType, to: SqlType, attempt?: boolean): string {
  const cast = (sql: string, type: string): string => `${attempt ? 'TRY_CAST' : 'CAST'}(${sql} AS ${type})`;
  const rounded = (sql: string): string => (parsed === to ? sql : cast(sql, duckType(to)));
  const wide = rounded(cast(text, duckType(parsed)));
  if ((parsed.precision ?? 18) <= 18 || (parsed.scale ?? 0) > 18) return wide;
  const narrow = `TRY_CAST(${text} AS DECIMAL(18,${parsed.scale ?? 0}))`;
  return `coalesce(${cast(narrow, duckType(to))}, ${wide})`;
}

function floatFrom(x: Typed, to: SqlType, { attempt }: ConvertOptions): string {
  const duck = duckType(to);
  const from = x.type;
  const cast = (sql: string): string => `${attempt ? 'TRY_CAST' : 'CAST'}(${sql} AS ${duck})`;
  if (isNumber(from)) return cast(x.sql);
  if (isDateTime(from)) return cast(`tsql.day_fraction(CAST(${x.sql} AS TIMESTAMP))`);
  return attempt
    ? cast(`tsql.try_float_text(${x.sql})`)
    : cast(raising(`tsql.float_text(${x.sql}, ${quote(messageName(from))}, ${quote(to.name)})`));
}

function bitFrom(x: Typed, { attempt }: ConvertOptions): string {
  if (isNumber(x.type)) return `(${x.sql} <> 0)`;
  if (isDateTime(x.type)) return `(tsql.day_fraction(CAST(${x.sql} AS TIMESTAMP)) <> 0)`;
  if (isBinary(x.type)) return `(tsql.bin_to_int(hex(${x.sql}), 1) <> 0)`;
  return attempt
    ? `tsql.try_str_to_bit(${x.sql})`
    : raising(`tsql.str_to_bit(${x.sql}, ${quote(messageName(x.type))})`);
}

function uuidFrom(x: Typed, { attempt }: ConvertOptions): string {
  if (isBinary(x.type)) return `tsql.bin_to_uuid(hex(${x.sql}))`;
  return attempt ? `tsql.try_str_to_uuid(${x.sql})` : raising(`tsql.str_to_uuid(${x.sql})`);
}

/**
 * `x` for a column of type `to`: as `convert`, but text that is too long is Msg 2628 instead of being cut (trailing blanks are
 * always cut), as ANSI_WARNINGS ON wants it.
 */
export function assign(x: Typed, to: SqlType, target: { table: string; column: string }): Typed {
  if ((isString(to) || isBinary(to)) && to.name !== 'sql_variant' && to.length !== MAX && !x.isNull) {
    const wide = isString(to)
      ? ({ name: isUnicode(to) ? 'nvarchar' : 'varchar', length: MAX } as SqlType)
      : ({ name: 'varbinary', length: MAX } as SqlType);
    const sameKind = isString(to) ? isString(x.type) : isBinary(x.type);
    const limit = to.length ?? 1;
    if (isBinary(to) && isNumber(x.type)) return convert(x, to);
    if (!sameKind && !isBinary(x.type)) {
      const text = convert(x, wide);
      const checked = `tsql.fit_number(${text.sql}, ${limit}, ${numberToText(x.type, to)})`;
      return convert({ ...text, sql: checked, type: { ...wide, length: limit } }, to);
    }
    if (x.type.length === MAX || (x.type.length ?? 1) > limit) {
      const fit = isString(to) ? 'fit' : 'fit_bin';
      const checked = `tsql.${fit}(${convert(x, wide).sql}, ${limit}, ${quote(target.table)}, ${quote(target.column)})`;
      return convert({ ...x, sql: checked, literal: undefined, type: { ...wide, length: limit } }, to);
    }
  }
  return convert(x, to);
}

export { digits, isScaled, typeText };
