/** The escapes of ODBC and JDBC: {d '2024-01-01'}, {ts '…'}, {t '…'}, {guid '…'}, {fn NAME(…)}. */
import { TSqlError } from '../../contract';
import type { Call, Expr } from './ast';
import type { Cursor } from './cursor';
import { parseExpr } from './expressions';

/** Scalar functions that T-SQL knows by another name. */
const NAMES: Readonly<Record<string, string>> = {
  ATAN2: 'ATN2',
  CHARACTER_LENGTH: 'LEN',
  CHAR_LENGTH: 'LEN',
  CURRENT_TIMESTAMP: 'GETDATE',
  DATABASE: 'DB_NAME',
  DAYOFMONTH: 'DAY',
  IFNULL: 'ISNULL',
  INSERT: 'STUFF',
  LCASE: 'LOWER',
  LENGTH: 'LEN',
  LOCATE: 'CHARINDEX',
  NOW: 'GETDATE',
  OCTET_LENGTH: 'DATALENGTH',
  REPEAT: 'REPLICATE',
  UCASE: 'UPPER',
  USER: 'USER_NAME',
};
/** Those that are a part of a date, with the T-SQL function that gives it. */
const DATE_PARTS: Readonly<Record<string, readonly [string, string]>> = {
  DAYNAME: ['DATENAME', 'weekday'],
  DAYOFWEEK: ['DATEPART', 'weekday'],
  DAYOFYEAR: ['DATEPART', 'dayofyear'],
  HOUR: ['DATEPART', 'hour'],
  MINUTE: ['DATEPART', 'minute'],
  MONTHNAME: ['DATENAME', 'month'],
  QUARTER: ['DATEPART', 'quarter'],
  SECOND: ['DATEPART', 'second'],
  WEEK: ['DATEPART', 'week'],
};
/** Intervals of TIMESTAMPADD and TIMESTAMPDIFF. */
const INTERVALS: Readonly<Record<string, string>> = {
  SQL_TSI_FRAC_SECOND: 'nanosecond',
  SQL_TSI_SECOND: 'second',
  SQL_TSI_MINUTE: 'minute',
  SQL_TSI_HOUR: 'hour',
  SQL_TSI_DAY: 'day',
  SQL_TSI_WEEK: 'week',
  SQL_TSI_MONTH: 'month',
  SQL_TSI_QUARTER: 'quarter',
  SQL_TSI_YEAR: 'year',
};
/** Types of {fn CONVERT(value, SQL_…)}: name and length. */
const TYPES: Readonly<Record<string, readonly [string, ...number[]]>> = {
  SQL_BIGINT: ['bigint'],
  SQL_BIT: ['bit'],
  SQL_CHAR: ['char', 8000],
  SQL_DATE: ['date'],
  SQL_DECIMAL: ['decimal'],
  SQL_DOUBLE: ['float'],
  SQL_FLOAT: ['float'],
  SQL_INTEGER: ['int'],
  SQL_NUMERIC: ['numeric'],
  SQL_REAL: ['real'],
  SQL_SMALLINT: ['smallint'],
  SQL_TIMESTAMP: ['datetime'],
  SQL_TINYINT: ['tinyint'],
  SQL_VARCHAR: ['varchar', 8000],
  SQL_WVARCHAR: ['nvarchar', 4000],
};
const LITERALS: Readonly<Record<string, string>> = { D: 'datetime', TS: 'datetime', GUID: 'uniqueidentifier' };

export function parseOdbcEscape(c: Cursor): Expr {
  c.expect('{');
  const word = c.take().text.toUpperCase();
  let expr: Expr;
  if (word === 'FN') expr = parseFunction(c);
  else if (word === 'T') expr = timeToday(c.string());
  else {
    const type = LITERALS[word];
    if (!type) throw c.error();
    expr = cast(text(c.string()), type);
  }
  c.expect('}');
  return expr;
}

const text = (value: string): Expr => ({ kind: 'literal', type: 'string', text: value });
const integer = (value: number): Expr => ({ kind: 'literal', type: 'integer', text: String(value) });
const cast = (operand: Expr, name: string, args: readonly number[] = [], style?: number): Expr => ({
  kind: 'cast',
  attempt: false,
  operand,
  type: { name, args },
  ...(style === undefined ? {} : { style: integer(style) }),
});
const call = (name: string, args: readonly Expr[], line = 1): Call => ({
  kind: 'call',
  name: [name],
  args,
  distinct: false,
  line,
});
const word = (name: string): Expr => ({ kind: 'column', parts: [name], line: 1 });
const now = call('GETDATE', []);

/** A time literal is a datetime of today. */
const timeToday = (time: string): Expr =>
  cast(call('CONCAT', [cast(now, 'varchar', [10], 120), text(` ${time}`)]), 'datetime');

function parseFunction(c: Cursor): Expr {
  const { line } = c;
  const name = c.take().text.toUpperCase();
  if (name === 'EXTRACT') return parseExtract(c);
  if (name === 'CONVERT') return parseConvert(c);
  const args: Expr[] = [];
  if (c.accept('(') && !c.accept(')')) {
    args.push(...c.list(() => parseExpr(c)));
    c.expect(')');
  }
  const part = DATE_PARTS[name];
  if (part) return call(part[0], [word(part[1]), ...args], line);
  switch (name) {
    case 'CURDATE':
    case 'CURRENT_DATE':
      return cast(now, 'varchar', [10], 120);
    case 'CURTIME':
    case 'CURRENT_TIME':
      return cast(now, 'varchar', [12], 114);
    case 'MOD':
      return { kind: 'binary', op: '%', left: args[0]!, right: args[1]! };
    case 'BIT_LENGTH':
      return { kind: 'binary', op: '*', left: call('DATALENGTH', args, line), right: integer(8) };
    case 'TRUNCATE':
      return call('ROUND', [...args, integer(1)], line);
    case 'TIMESTAMPADD':
      return call('DATEADD', [interval(args[0], line), ...args.slice(1)], line);
    case 'TIMESTAMPDIFF':
      return call('DATEDIFF', [interval(args[0], line), ...args.slice(1)], line);
  }
  return call(NAMES[name] ?? name, args, line);
}

function interval(node: Expr | undefined, line: number): Expr {
  const name = node?.kind === 'column' ? node.parts.join('.') : '';
  const unit = INTERVALS[name.toUpperCase()];
  if (!unit) throw new TSqlError(102, `Incorrect syntax near '${name}'.`, 1, 15, line);
  return word(unit);
}

function parseExtract(c: Cursor): Expr {
  c.expect('(');
  const part = c.take().text;
  c.expect('FROM');
  const date = parseExpr(c);
  c.expect(')');
  return call('DATEPART', [word(part), date], c.line);
}

/** CONVERT(value, SQL_INTEGER) */
function parseConvert(c: Cursor): Expr {
  c.expect('(');
  const operand = parseExpr(c);
  c.expect(',');
  const type = TYPES[c.token.upper];
  if (!type) throw c.error();
  c.take();
  c.expect(')');
  const [name, ...args] = type;
  return cast(operand, name, args);
}
