/** Mathematical functions. */
import { TSqlError, type SqlType } from '../../../contract';
import { convert } from '../../types/convert';
import {
  decimal,
  digits,
  duckType,
  FLOAT,
  INT,
  isApproximate,
  isInteger,
  isMoney,
  isNumber,
  messageName,
  MONEY,
} from '../../types/sql-types';
import { bound, once, type Typed } from '../../types/typed';
import { int, result, spec, type CallContext, type FunctionSpec, type Functions } from './spec';

const float = (x: Typed): string => (x.type.name === 'float' && !x.isNull ? x.sql : convert(x, FLOAT).sql);

/** f(float) → float; `check` is a condition that must hold (Msg 3623). */
const real = (duck: (sql: string) => string, check?: (sql: string) => string): FunctionSpec =>
  spec(1, 1, (c) => {
    const x = c.arg(0);
    const sql = float(x);
    const value = check
      ? once(
          sql,
          (v) =>
            `CASE WHEN ${check(v)} THEN ${duck(v)} WHEN ${v} IS NOT NULL THEN error('TSQL:3623:An invalid floating point operation occurred.') END`,
        )
      : duck(sql);
    return result(value, FLOAT, [x]);
  });

/** The type that ROUND, ABS, CEILING… keep: smaller integers become int, text becomes float. */
function numeric(x: Typed, name: string): Typed {
  if (x.isNull) return convert(x, FLOAT);
  if (!isNumber(x.type)) {
    if (x.type.name.endsWith('char')) return convert(x, FLOAT);
    throw new TSqlError(
      8116,
      `Argument data type ${messageName(x.type)} is invalid for argument 1 of ${name.toLowerCase()} function.`,
    );
  }
  if (x.type.name === 'bit') return convert(x, name === 'ROUND' || name === 'ABS' ? FLOAT : FLOAT);
  if (x.type.name === 'tinyint' || x.type.name === 'smallint') return { ...convert(x, INT), literal: x.literal };
  if (x.type.name === 'real') return convert(x, FLOAT);
  if (x.type.name === 'smallmoney') return convert(x, MONEY);
  return x;
}
const keep = (sql: string, x: Typed, type: SqlType = x.type): Typed =>
  result(`CAST(${sql} AS ${duckType(type)})`, type, [x]);

function round(c: CallContext): Typed {
  const x = numeric(c.arg(0), 'ROUND');
  const n = int(c.arg(1));
  const truncate = c.has(2) ? c.arg(2) : undefined;
  const cut = truncate?.literal !== undefined ? truncate.literal !== '0' : undefined;
  if (isApproximate(x.type)) {
    const rounded = once(
      x.sql,
      (v) => `CASE WHEN ${n} >= 0 THEN round(${v}, ${n}) ELSE round(${v} / pow(10, -${n})) * pow(10, -${n}) END`,
    );
    const truncated = once(x.sql, (v) => `trunc(${v} * pow(10, ${n})) / pow(10, ${n})`);
    return keep(pick(cut, truncate, rounded, truncated), x);
  }
  const { s } = digits(x.type);
  // Exact numbers stay exact: work on the unscaled integer.
  const constant = c.arg(1).literal;
  if (constant === undefined) {
    const wide = `CAST(${x.sql} AS DECIMAL(38,${s}))`;
    return keep(
      pick(
        cut,
        truncate,
        `round(${wide}, ${n})`,
        `CAST(trunc(CAST(${x.sql} AS DOUBLE) * pow(10, ${n})) / pow(10, ${n}) AS DECIMAL(38,${s}))`,
      ),
      x,
    );
  }
  const places = Number(constant);
  if (places >= s) return { ...x, column: undefined };
  const unit = `CAST(1${'0'.repeat(Math.min(37, s - places))} AS HUGEINT)`;
  const scaled = `CAST(CAST(${x.sql} AS DECIMAL(38,${s})) * CAST(1${'0'.repeat(s)} AS HUGEINT) AS HUGEINT)`;
  const back = (sql: string): string =>
    `CAST(CAST(${sql} AS DECIMAL(38,0)) * CAST('${s ? `0.${'0'.repeat(s - 1)}1` : '1'}' AS DECIMAL(${Math.max(1, s)},${s})) AS DECIMAL(38,${s}))`;
  const rounded = once(
    scaled,
    (v) => `((CASE WHEN ${v} < 0 THEN ${v} - ${unit} // 2 ELSE ${v} + ${unit} // 2 END) // ${unit}) * ${unit}`,
  );
  const truncated = `(${scaled} // ${unit}) * ${unit}`;
  return keep(back(pick(cut, truncate, rounded, truncated)), x);
}
const pick = (cut: boolean | undefined, flag: Typed | undefined, rounded: string, truncated: string): string =>
  cut === undefined && flag
    ? `CASE WHEN ${int(flag)} = 0 THEN ${rounded} ELSE ${truncated} END`
    : cut
      ? truncated
      : rounded;

function whole(c: CallContext): Typed {
  const x = numeric(c.arg(0), c.name);
  const duck = c.name === 'CEILING' ? 'ceil' : 'floor';
  if (isInteger(x.type)) return { ...x, column: undefined };
  if (isApproximate(x.type)) return keep(`${duck}(${x.sql})`, x);
  if (isMoney(x.type)) return keep(`${duck}(${x.sql})`, x);
  return keep(`${duck}(${x.sql})`, x, decimal(digits(x.type).p, 0));
}

function power(c: CallContext): Typed {
  const x = numeric(c.arg(0), 'POWER');
  const y = c.arg(1);
  const value = bound([`CAST(${x.sql} AS DOUBLE)`, float(y)], (a, b) => `tsql.power(${a}, ${b})`);
  if (isApproximate(x.type)) return keep(value, x);
  const type = x.type.name === 'decimal' ? decimal(38, x.type.scale ?? 0) : x.type;
  return keep(isInteger(type) ? `trunc(${value})` : value, { ...x, nullable: x.nullable || y.nullable }, type);
}

export const MATH_FUNCTIONS: Functions = {
  ABS: spec(1, 1, (c) => {
    const x = numeric(c.arg(0), 'ABS');
    return keep(`abs(${x.sql})`, x);
  }),
  SIGN: spec(1, 1, (c) => {
    const x = numeric(c.arg(0), 'SIGN');
    return keep(`sign(${x.sql})`, x);
  }),
  CEILING: spec(1, 1, whole),
  FLOOR: spec(1, 1, whole),
  ROUND: spec(2, 3, round),
  POWER: spec(2, 2, power),
  SQUARE: spec(1, 1, (c) => result(`pow(${float(c.arg(0))}, 2)`, FLOAT, [c.arg(0)])),
  SQRT: real(
    (s) => `sqrt(${s})`,
    (s) => `${s} >= 0`,
  ),
  EXP: real((s) => `exp(${s})`),
  LOG10: real(
    (s) => `log10(${s})`,
    (s) => `${s} > 0`,
  ),
  LOG: spec(1, 2, (c) => {
    const sql = once(
      float(c.arg(0)),
      (v) =>
        `CASE WHEN ${v} > 0 THEN ln(${v}) WHEN ${v} IS NOT NULL THEN error('TSQL:3623:An invalid floating point operation occurred.') END`,
    );
    if (!c.has(1)) return result(sql, FLOAT, [c.arg(0)]);
    return result(`(${sql} / ln(${float(c.arg(1))}))`, FLOAT, [c.arg(0), c.arg(1)]);
  }),
  PI: spec(0, 0, () => result('pi()', FLOAT, [], false)),
  RAND: spec(0, 1, (c) => {
    if (!c.has(0)) return result('random()', FLOAT, [], false);
    const seed = int(c.arg(0));
    return result(`(CAST(hash(${seed}) % 1000000007 AS DOUBLE) / 1000000007)`, FLOAT, [c.arg(0)]);
  }),
  SIN: real((s) => `sin(${s})`),
  COS: real((s) => `cos(${s})`),
  TAN: real((s) => `tan(${s})`),
  COT: real((s) => `cot(${s})`),
  ASIN: real(
    (s) => `asin(${s})`,
    (s) => `${s} BETWEEN -1 AND 1`,
  ),
  ACOS: real(
    (s) => `acos(${s})`,
    (s) => `${s} BETWEEN -1 AND 1`,
  ),
  ATAN: real((s) => `atan(${s})`),
  ATN2: spec(2, 2, (c) => result(`atan2(${float(c.arg(0))}, ${float(c.arg(1))})`, FLOAT, [c.arg(0), c.arg(1)])),
  DEGREES: spec(1, 1, (c) => angle(c, (s) => `degrees(${s})`)),
  RADIANS: spec(1, 1, (c) => angle(c, (s) => `radians(${s})`)),
};
/** DEGREES and RADIANS keep an integer type (and cut the fraction). */
function angle(c: CallContext, duck: (sql: string) => string): Typed {
  const x = numeric(c.arg(0), c.name);
  const value = duck(`CAST(${x.sql} AS DOUBLE)`);
  if (isInteger(x.type)) return keep(`trunc(${value})`, x);
  if (x.type.name === 'decimal') return keep(value, x, decimal(38, Math.max(18, x.type.scale ?? 0)));
  return keep(value, x);
}
