/** T-SQL types: from text, to text, to DuckDB's, precedence and unification. */
import { TSqlError, type SqlType, type SqlTypeName } from '../../contract';
import { refusedByPool } from '../errors';
import { checkAttributes, type TypeUse } from './type-attributes';
import type { TypeName } from '../syntax/ast';

export const INT: SqlType = { name: 'int' };
export const BIGINT: SqlType = { name: 'bigint' };
export const SMALLINT: SqlType = { name: 'smallint' };
export const TINYINT: SqlType = { name: 'tinyint' };
export const BIT: SqlType = { name: 'bit' };
export const FLOAT: SqlType = { name: 'float' };
export const REAL: SqlType = { name: 'real' };
export const DATE: SqlType = { name: 'date' };
export const DATETIME: SqlType = { name: 'datetime' };
export const UNIQUEIDENTIFIER: SqlType = { name: 'uniqueidentifier' };
export const MONEY: SqlType = { name: 'money' };
export const SYSNAME: SqlType = { name: 'nvarchar', length: 128 };
export const MAX = -1;
export const decimal = (precision: number, scale: number): SqlType => ({ name: 'decimal', precision, scale });
export const varchar = (length: number): SqlType => ({ name: 'varchar', length });
export const nvarchar = (length: number): SqlType => ({ name: 'nvarchar', length });
export const varbinary = (length: number): SqlType => ({ name: 'varbinary', length });
export const datetime2 = (scale = 7): SqlType => ({ name: 'datetime2', scale });
export const datetimeoffset = (scale = 7): SqlType => ({ name: 'datetimeoffset', scale });
export const time = (scale = 7): SqlType => ({ name: 'time', scale });

const INTEGERS: ReadonlySet<SqlTypeName> = new Set(['tinyint', 'smallint', 'int', 'bigint']);
const STRINGS: ReadonlySet<SqlTypeName> = new Set([
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'text',
  'ntext',
  'xml',
  'sql_variant',
]);
const BINARIES: ReadonlySet<SqlTypeName> = new Set(['binary', 'varbinary', 'image']);
const DATES: ReadonlySet<SqlTypeName> = new Set([
  'date',
  'time',
  'datetime',
  'smalldatetime',
  'datetime2',
  'datetimeoffset',
]);

export const isInteger = (t: SqlType): boolean => INTEGERS.has(t.name);
export const isString = (t: SqlType): boolean => STRINGS.has(t.name);
export const isUnicode = (t: SqlType): boolean =>
  t.name === 'nvarchar' || t.name === 'nchar' || t.name === 'ntext' || t.name === 'xml';
export const isBinary = (t: SqlType): boolean => BINARIES.has(t.name);
export const isDateTime = (t: SqlType): boolean => DATES.has(t.name);
export const isMoney = (t: SqlType): boolean => t.name === 'money' || t.name === 'smallmoney';
export const isApproximate = (t: SqlType): boolean => t.name === 'float' || t.name === 'real';
/** decimal or money: exact with a scale. */
export const isScaled = (t: SqlType): boolean => t.name === 'decimal' || isMoney(t);
export const isExact = (t: SqlType): boolean => isInteger(t) || isScaled(t) || t.name === 'bit';
export const isNumber = (t: SqlType): boolean => isExact(t) || isApproximate(t);
export const isFixedLength = (t: SqlType): boolean => t.name === 'char' || t.name === 'nchar' || t.name === 'binary';

/** From highest to lowest ("Data type precedence"). */
const PRECEDENCE: readonly SqlTypeName[] = [
  'sql_variant',
  'xml',
  'datetimeoffset',
  'datetime2',
  'datetime',
  'smalldatetime',
  'date',
  'time',
  'float',
  'real',
  'decimal',
  'money',
  'smallmoney',
  'bigint',
  'int',
  'smallint',
  'tinyint',
  'bit',
  'ntext',
  'text',
  'image',
  'uniqueidentifier',
  'nvarchar',
  'nchar',
  'varchar',
  'char',
  'varbinary',
  'binary',
];
export const rank = (t: SqlType): number => PRECEDENCE.length - PRECEDENCE.indexOf(t.name);

const bad = (t: TypeName): TSqlError =>
  new TSqlError(2715, `Column, parameter, or variable #1: Cannot find data type ${t.name}.`, 6);

/** The type behind a written name; without a length a char type has 30 in CAST and CONVERT, else 1. */
export function resolveType(t: TypeName, use: TypeUse = {}): SqlType {
  checkAttributes(t, use);
  const [a, b] = t.args;
  const length = (): number => a ?? (use.cast ? 30 : 1);
  const scale = (): number => a ?? 7;
  switch (t.name) {
    case 'int':
    case 'integer':
      return INT;
    case 'bigint':
    case 'smallint':
    case 'tinyint':
    case 'bit':
    case 'real':
    case 'money':
    case 'smallmoney':
    case 'date':
    case 'datetime':
    case 'smalldatetime':
    case 'uniqueidentifier':
      return { name: t.name };
    case 'sql_variant':
      return { name: 'sql_variant' };
    case 'dec':
    case 'decimal':
    case 'numeric':
      return decimal(a ?? 18, b ?? 0);
    case 'float':
      return (a ?? 53) <= 24 ? REAL : FLOAT;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { name: t.name, scale: scale() };
    case 'char':
    case 'character':
      return { name: 'char', length: length() };
    case 'nchar':
      return { name: 'nchar', length: length() };
    case 'varchar':
      return varchar(length());
    case 'nvarchar':
      return nvarchar(length());
    case 'sysname':
      return SYSNAME;
    case 'binary':
      return { name: 'binary', length: length() };
    case 'varbinary':
      return varbinary(length());
    case 'text':
    case 'ntext':
    case 'image':
    case 'xml':
      return { name: t.name, length: MAX };
    case 'rowversion':
    case 'timestamp':
      return { name: 'binary', length: 8 };
    case 'geography':
    case 'geometry':
    case 'hierarchyid':
    case 'json':
      throw refusedByPool(`Type ${t.name}`);
  }
  throw bad(t);
}

export { duckType } from '../../duck-type';

/** Precision and scale of an exact number ("Precision, scale, and length"). */
export function digits(t: SqlType): { p: number; s: number } {
  switch (t.name) {
    case 'bit':
      return { p: 1, s: 0 };
    case 'tinyint':
      return { p: 3, s: 0 };
    case 'smallint':
      return { p: 5, s: 0 };
    case 'int':
      return { p: 10, s: 0 };
    case 'bigint':
      return { p: 19, s: 0 };
    case 'money':
      return { p: 19, s: 4 };
    case 'smallmoney':
      return { p: 10, s: 4 };
    default:
      return { p: t.precision ?? 18, s: t.scale ?? 0 };
  }
}

/** `varchar(10)`, `decimal(18,2)`, `datetime2(7)`. */
export function typeText(t: SqlType): string {
  switch (t.name) {
    case 'decimal':
      return `decimal(${t.precision ?? 18},${t.scale ?? 0})`;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return `${t.name}(${t.scale ?? 7})`;
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
      return `${t.name}(${t.length === MAX ? 'max' : (t.length ?? 1)})`;
    default:
      return t.name;
  }
}
/** The name in error messages: decimal is called numeric there. */
export const messageName = (t: SqlType): string => (t.name === 'decimal' ? 'numeric' : t.name);

const longest = (a: number | undefined, b: number | undefined): number =>
  a === MAX || b === MAX || a === undefined || b === undefined ? MAX : Math.max(a, b);

/** Characters that a value of `t` needs as text (implicit conversion to varchar). */
export function textLength(t: SqlType): number {
  switch (t.name) {
    case 'bit':
      return 1;
    case 'tinyint':
      return 3;
    case 'smallint':
      return 6;
    case 'int':
      return 12;
    case 'bigint':
      return 24;
    case 'decimal':
      return 41;
    case 'money':
    case 'smallmoney':
    case 'float':
    case 'real':
    case 'time':
      return 30;
    case 'uniqueidentifier':
      return 36;
    case 'date':
      return 10;
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
      return 27;
    case 'datetimeoffset':
      return 34;
    default:
      return t.length ?? MAX;
  }
}

/** The type of CASE, COALESCE, UNION: the one of highest precedence, wide enough for all. */
export function unify(a: SqlType, b: SqlType): SqlType {
  const [hi, lo] = rank(a) >= rank(b) ? [a, b] : [b, a];
  if (isString(hi) && isString(lo)) {
    const unicode = isUnicode(hi) || isUnicode(lo);
    const fixed = isFixedLength(hi) && isFixedLength(lo) && hi.length === lo.length;
    const length = longest(hi.length, lo.length);
    if (fixed) return { name: unicode ? 'nchar' : 'char', length };
    return { name: unicode ? 'nvarchar' : 'varchar', length };
  }
  if (isBinary(hi) && isBinary(lo)) return varbinary(longest(hi.length, lo.length));
  if (hi.name === 'decimal' && isExact(lo)) {
    const x = digits(hi);
    const y = digits(lo);
    const s = Math.max(x.s, y.s);
    const whole = Math.max(x.p - x.s, y.p - y.s);
    return whole + s > 38 ? decimal(38, Math.max(0, 38 - whole)) : decimal(whole + s, s);
  }
  if (hi.name === lo.name && hi.scale !== undefined) return { ...hi, scale: Math.max(hi.scale, lo.scale ?? 0) };
  // datetimeoffset(0) beside datetime2(7) has seven digits, beside a datetime three.
  if (hi.scale !== undefined && isDateTime(hi) && isDateTime(lo))
    return { ...hi, scale: Math.max(hi.scale, lo.scale ?? (lo.name === 'datetime' ? 3 : 0)) };
  if (isString(hi) && !isString(lo)) return { ...hi, length: longest(hi.length, textLength(lo)) };
  return hi;
}
