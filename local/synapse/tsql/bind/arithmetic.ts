/** Arithmetic: T-SQL's result types ("Precision, scale, and length"), integer division, Msg 8134. */
import { TSqlError, type SqlType } from '../../contract';
import { notSupported, operandClash } from '../errors';
import type { ArithmeticOperator } from '../syntax/ast';
import { convert } from '../types/convert';
import {
  BIGINT,
  decimal,
  digits,
  duckType,
  FLOAT,
  isApproximate,
  isBinary,
  isDateTime,
  isInteger,
  isMoney,
  isNumber,
  isScaled,
  isString,
  isUnicode,
  MAX,
  messageName,
  nvarchar,
  REAL,
  rank,
  SMALLINT,
  textLength,
  TINYINT,
  unify,
  varbinary,
  varchar,
} from '../types/sql-types';
import { raising } from '../types/observation';
import { bound, once, type Typed } from '../types/typed';

const NAMES: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '&': "'&'",
  '|': "'|'",
  '^': "'^'",
};

export function unary(op: '-' | '+' | '~', x: Typed): Typed {
  if (x.isNull) return x;
  if (op === '~') {
    if (x.type.name === 'bit') return { sql: `(NOT ${x.sql})`, type: x.type, nullable: x.nullable };
    if (!isInteger(x.type)) throw invalidOperand(x.type, "'~'");
    return {
      sql: x.type.name === 'tinyint' ? `CAST(255 - ${x.sql} AS UTINYINT)` : `(~${x.sql})`,
      type: x.type,
      nullable: x.nullable,
    };
  }
  if (!isNumber(x.type) || x.type.name === 'bit') {
    if (op === '+') return x;
    throw invalidOperand(x.type, 'minus');
  }
  if (op === '+') return { ...x, column: undefined };
  if (x.type.name === 'tinyint') return { sql: `(-CAST(${x.sql} AS SMALLINT))`, type: SMALLINT, nullable: x.nullable };
  return { sql: `(-${x.sql})`, type: x.type, nullable: x.nullable };
}
/** Msg 8117 when both sides have the same wrong type, else 402. */
const incompatible = (a: SqlType, c: SqlType, op: ArithmeticOperator): TSqlError =>
  a.name === c.name
    ? invalidOperand(a, NAMES[op]!)
    : new TSqlError(
        402,
        `The data types ${messageName(a)} and ${messageName(c)} are incompatible in the ${NAMES[op]} operator.`,
      );
const invalidOperand = (t: SqlType, operator: string): TSqlError =>
  new TSqlError(8117, `Operand data type ${messageName(t)} is invalid for ${operator} operator.`);

export function binary(op: ArithmeticOperator, left: Typed, right: Typed): Typed {
  if (left.isNull && right.isNull) return left;
  if (left.isNull) return binary(op, { ...convert(left, right.type), isNull: undefined }, right);
  if (right.isNull) return binary(op, left, { ...convert(right, left.type), isNull: undefined });
  const a = left.type;
  const c = right.type;
  const mask = left.mask ?? right.mask;
  const nullable = left.nullable || right.nullable;
  const make = (sql: string, type: SqlType): Typed => ({ sql, type, nullable, ...(mask ? { mask } : {}) });
  if (op === '+' && isString(a) && isString(c)) return make(...concat(left, right));
  if (op === '+' && isBinary(a) && isBinary(c)) return make(`(${left.sql} || ${right.sql})`, varbinary(sum(a, c)));
  if (isDateTime(a) || isDateTime(c)) return make(...dateArithmetic(op, left, right));
  if (isString(a) && isString(c)) throw invalidOperand(a, NAMES[op]!);
  if (op === '&' || op === '|' || op === '^') return make(...bitwise(op, left, right));
  // A string beside a number becomes that number.
  const x = isString(a) || isBinary(a) ? convert(left, c) : left;
  const y = isString(c) || isBinary(c) ? convert(right, a) : right;
  if (!isNumber(x.type) || !isNumber(y.type))
    throw isNumber(x.type) || isNumber(y.type)
      ? operandClash(messageName(x.type), messageName(y.type))
      : invalidOperand(x.type, NAMES[op]!);
  if (x.type.name === 'bit' && y.type.name === 'bit') throw invalidOperand(x.type, NAMES[op]!);
  if (isApproximate(x.type) || isApproximate(y.type)) return make(...floating(op, x, y));
  if (isScaled(x.type) || isScaled(y.type)) {
    const [sql, type, rounded] = scaled(op, x, y);
    return { ...make(sql, type), ...(rounded && { quotient: { sql, rounded } }) };
  }
  return make(...integers(op, x, y));
}

const sum = (a: SqlType, c: SqlType): number => {
  const n = a.length === MAX || c.length === MAX ? MAX : (a.length ?? textLength(a)) + (c.length ?? textLength(c));
  return n > 8000 ? 8000 : n;
};
function concat(left: Typed, right: Typed): [string, SqlType] {
  const unicode = isUnicode(left.type) || isUnicode(right.type);
  const limit = unicode ? 4000 : 8000;
  const total =
    left.type.length === MAX || right.type.length === MAX ? MAX : (left.type.length ?? 1) + (right.type.length ?? 1);
  const sql = `(${left.sql} || ${right.sql})`;
  const type = unicode ? nvarchar(Math.min(total, limit)) : varchar(Math.min(total, limit));
  return [total > limit ? `left(${sql}, ${limit})` : sql, type];
}

/** datetime ± days; date, time, datetime2 and datetimeoffset know no + and -. */
function dateArithmetic(op: ArithmeticOperator, left: Typed, right: Typed): [string, SqlType] {
  const legacy = (t: SqlType): boolean => t.name === 'datetime' || t.name === 'smalldatetime';
  if (op !== '+' && op !== '-') throw invalidOperand(isDateTime(left.type) ? left.type : right.type, NAMES[op]!);
  const target =
    isDateTime(left.type) && (!isDateTime(right.type) || rank(left.type) >= rank(right.type)) ? left.type : right.type;
  if (!legacy(target) || (isDateTime(left.type) && isDateTime(right.type) && left.type.name !== right.type.name)) {
    if (isDateTime(left.type) && isDateTime(right.type)) throw incompatible(left.type, right.type, op);
    throw isString(right.type) || isString(left.type)
      ? incompatible(left.type, right.type, op)
      : operandClash(messageName(left.type), messageName(right.type));
  }
  const a = convert(left, target);
  const c = convert(right, target);
  const days = (x: Typed): string => `(epoch_us(CAST(${x.sql} AS TIMESTAMP)) + 2208988800000000)`;
  const stamp = `(CAST(${a.sql} AS TIMESTAMP) ${op} to_microseconds(${days(c)}))`;
  return [
    target.name === 'datetime'
      ? `tsql.to_datetime(${stamp})`
      : `CAST(date_trunc('minute', ${stamp} + INTERVAL 30 SECOND) AS TIMESTAMP_S)`,
    target,
  ];
}

function bitwise(op: '&' | '|' | '^', left: Typed, right: Typed): [string, SqlType] {
  const type = unify(left.type, right.type);
  if (type.name === 'bit') {
    const sign = { '&': 'AND', '|': 'OR', '^': '<>' }[op];
    return [`(${left.sql} ${sign} ${right.sql})`, type];
  }
  const whole = isBinary(left.type) ? right.type : isBinary(right.type) ? left.type : type;
  if (!isInteger(whole)) throw incompatible(left.type, right.type, op);
  const a = same(left, whole);
  const c = same(right, whole);
  return [op === '^' ? `xor(${a}, ${c})` : `(${a} ${op} ${c})`, whole];
}
/** An integer operand in exactly the type of the result, so that DuckDB computes in it. */
function same(x: Typed, type: SqlType): string {
  if (x.type.name === type.name && x.literal === undefined) return x.sql;
  if (x.type.name === 'int' && type.name === 'int') return x.sql;
  return `CAST(${convert(x, type).sql} AS ${duckType(type)})`;
}

function integers(op: ArithmeticOperator, x: Typed, y: Typed): [string, SqlType] {
  const type = unify(x.type, y.type);
  const result = type.name === 'bit' ? TINYINT : type;
  const a = same(x, result);
  const c = same(y, result);
  if (op === '/')
    return [nonZero(y) ? `(${a} // ${c})` : ofKnown(x, a, c, (v, w) => raising(`tsql.idiv(${v}, ${w})`)), result];
  if (op === '%')
    return [nonZero(y) ? `(${a} % ${c})` : ofKnown(x, a, c, (v, w) => raising(`tsql.modulo(${v}, ${w})`)), result];
  return [`(${a} ${op} ${c})`, result];
}
/** NULL divided by anything is NULL, zero too: the divisor is looked at only when there is something to divide. */
const ofKnown = (x: Typed, a: string, c: string, divided: (v: string, w: string) => string): string =>
  bound([a, c], (v, w) => (x.nullable ? `CASE WHEN ${v} IS NOT NULL THEN ${divided(v!, w!)} END` : divided(v!, w!)));
const nonZero = (x: Typed): boolean => x.literal !== undefined && Number(x.literal) !== 0;

function floating(op: ArithmeticOperator, x: Typed, y: Typed): [string, SqlType] {
  if (op === '%') throw incompatible(x.type, y.type, op);
  // real with real or an integer stays real, anything with float is float.
  const type = [x.type, y.type].some((t) => t.name === 'float')
    ? FLOAT
    : [x.type, y.type].every((t) => t.name === 'real' || isInteger(t))
      ? REAL
      : FLOAT;
  const duck = duckType(type);
  const a = `CAST(${x.sql} AS ${duck})`;
  const c = `CAST(${y.sql} AS ${duck})`;
  if (op === '/')
    return [nonZero(y) ? `(${a} / ${c})` : ofKnown(x, a, c, (v, w) => raising(`tsql.fdiv(${v}, ${w})`)), type];
  return [`(${a} ${op} ${c})`, type];
}

/** Precision and scale of decimal results; above 38 digits the scale shrinks, to six at most when the whole part needs it. */
export function decimalType(op: ArithmeticOperator, x: { p: number; s: number }, y: { p: number; s: number }): SqlType {
  let p: number;
  let s: number;
  switch (op) {
    case '*':
      p = x.p + y.p + 1;
      s = x.s + y.s;
      break;
    case '/':
      s = Math.max(6, x.s + y.p + 1);
      p = x.p - x.s + y.s + s;
      break;
    case '%':
      s = Math.max(x.s, y.s);
      p = Math.min(x.p - x.s, y.p - y.s) + s;
      break;
    default:
      s = Math.max(x.s, y.s);
      p = s + Math.max(x.p - x.s, y.p - y.s) + 1;
  }
  if (p <= 38) return decimal(p, s);
  const whole = p - s;
  if (op === '*' || op === '/') return decimal(38, whole < 32 ? Math.min(s, 38 - whole) : Math.min(s, 6));
  return decimal(38, Math.max(0, Math.min(s, 38 - (whole > 38 ? 38 : whole))));
}

function scaled(op: ArithmeticOperator, x: Typed, y: Typed): [string, SqlType, ((to: SqlType) => string)?] {
  const money = isMoney(x.type) || isMoney(y.type);
  const exact = [x.type, y.type].some((t) => t.name === 'decimal');
  const dx = literalDigits(x);
  const dy = literalDigits(y);
  // money with money or an integer stays money; with decimal it is decimal.
  const type = money && !exact ? unify(x.type, y.type) : decimalType(op, dx, dy);
  const a = exactSql(x);
  const c = exactSql(y);
  const duck = duckType(type);
  const scale = type.name === 'decimal' ? (type.scale ?? 0) : 4;
  if (op === '/') {
    const quotient = (v: string, w: string): string => divide(v, dx, y, w, dy.s, scale, duck);
    const sql = nonZero(y) ? quotient(a, c) : ofKnown(x, a, c, quotient);
    const isNarrow = !money && dx.p <= 18 && dy.p <= 18 && dx.s <= dy.s;
    return [sql, type, isNarrow ? (to) => roundedQuotient(a, dx.s, c, dy.s, to, sql) : undefined];
  }
  if (op === '%') {
    const rest = nonZero(y) ? `(${a} % ${c})` : ofKnown(x, a, c, (v, w) => raising(`tsql.modulo(${v}, ${w})`));
    return [`CAST(${rest} AS ${duck})`, type];
  }
  if (op === '*') return [multiply(a, dx, c, dy, duck, scale), type];
  return [`CAST((${a} ${op} ${c}) AS ${duck})`, type];
}
/** An integer constant counts its digits only, as SQL Server does. */
function literalDigits(x: Typed): { p: number; s: number } {
  if (x.literal !== undefined && x.type.name === 'int')
    return { p: Math.max(1, x.literal.replace(/^-?0*/, '').length), s: 0 };
  return digits(x.type);
}
const exactSql = (x: Typed): string => (x.type.name === 'bit' ? `CAST(${x.sql} AS INTEGER)` : x.sql);

/** DuckDB multiplies up to 38 digits; a product that needs more before it is rounded is computed outside. */
function multiply(a: string, x: Digits, c: string, y: Digits, duck: string, scale: number): string {
  if (x.p + y.p <= 38) return `CAST((${a} * ${c}) AS ${duck})`;
  const product = (v: string, w: string): string =>
    `CAST(${v} AS DECIMAL(38,${x.s})) * CAST(${w} AS DECIMAL(38,${y.s}))`;
  return apart(a, c, (v, w) => {
    const exact = `CAST(tsql_multiply(CAST(${v} AS VARCHAR), CAST(${w} AS VARCHAR), '${scale}') AS ${duck})`;
    return x.s + y.s > 38 ? exact : `coalesce(TRY(CAST(${product(v, w)} AS ${duck})), ${exact})`;
  });
}

/** Exact division, truncated to `scale` digits: (a·10^(scale+sy−sx)) div b on unscaled integers. */
export function divide(a: string, x: Digits, y: Typed, c: string, sy: number, scale: number, duck: string): string {
  const unit = `CAST('${scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`}' AS DECIMAL(${Math.max(1, scale)},${scale}))`;
  const quotient = (v: string, w: string, over: (n: string, d: string) => string): string => {
    const numerator = `(CAST(CAST(${v} AS DECIMAL(38,${x.s})) * ${power(x.s)} AS HUGEINT) * ${power(scale + sy - x.s)})`;
    const denominator = `CAST(CAST(${w} AS DECIMAL(38,${sy})) * ${power(sy)} AS HUGEINT)`;
    return `CAST(CAST(${over(numerator, denominator)} AS DECIMAL(38,0)) * ${unit} AS ${duck})`;
  };
  if (x.p + scale + sy - x.s <= 38)
    return quotient(a, c, (n, d) => (nonZero(y) ? `${n} // ${d}` : raising(`tsql.idiv(${n}, ${d})`)));
  return apart(a, c, (v, w) => {
    const exact = `CAST(tsql_divide(CAST(${v} AS VARCHAR), CAST(${w} AS VARCHAR), '${scale}') AS ${duck})`;
    const some = `coalesce(TRY(${quotient(v, w, (n, d) => `${n} // ${d}`)}), ${exact})`;
    return nonZero(y) ? some : raising(`CASE WHEN ${w} = 0 THEN tsql.div0(0) ELSE ${some} END`);
  });
}

/**
 * `a / c` rounded to the scale of `to`, for values whose digits fit 64 bits; else `exact`. Half-up rounding looks at one digit more than
 * it keeps, so the others, which take 128 bits and thirty times the time, need not be known. The
 * exact quotient has the narrow type too: else all values would be widened for the sake of a few.
 */
function roundedQuotient(a: string, sx: number, c: string, sy: number, to: SqlType, exact: string): string {
  const scale = to.scale ?? 0;
  const shift = scale + 1 + sy - sx;
  // Below 10^18 fit both 64 bits and DuckDB's decimals, which keep their scale when they are multiplied.
  const most = { a: 18 - sx - Math.max(sx, shift), c: 18 - 2 * sy };
  if (most.a < 0 || most.c < 0) return exact;
  return bound([a, c], (v, w) => {
    const whole = (x: string, s: number): string => `CAST(${x} * ${10 ** s} AS BIGINT)`;
    const digits = `(${whole(v!, sx)} * ${10 ** shift} // ${whole(w!, sy)})`;
    const fits = `abs(${v}) < ${10 ** most.a} AND abs(${w}) < ${10 ** most.c} AND ${w} <> 0`;
    const unit = scale ? `CAST('0.${'0'.repeat(scale - 1)}1' AS DECIMAL(${scale},${scale}))` : '1';
    return `CASE WHEN ${fits} THEN CAST(CAST((${digits} + CASE WHEN ${digits} < 0 THEN -5 ELSE 5 END) // 10 AS DECIMAL(18,0)) * ${unit} AS ${duckType(to)}) ELSE CAST(${exact} AS ${duckType(to)}) END`;
  });
}

interface Digits {
  readonly p: number;
  readonly s: number;
}
/** TRY takes no subqueries and nothing that may fail by itself: its operands are computed before it. */
const apart = (a: string, c: string, use: (v: string, w: string) => string): string =>
  `list_transform([{'a': ${a}, 'c': ${c}}], lambda w_: ${use('w_.a', 'w_.c')})[1]`;
const power = (n: number): string => `CAST(1${'0'.repeat(Math.max(0, n))} AS HUGEINT)`;

export { BIGINT, notSupported, once };
