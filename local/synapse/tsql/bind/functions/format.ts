/** FORMAT with .NET patterns of en-US. */
import { TSqlError } from '../../../contract';
import { notSupported } from '../../errors';
import { convert } from '../../types/convert';
import { FLOAT, isDateTime, isInteger, isNumber, isScaled, nvarchar } from '../../types/sql-types';
import { once, quote, type Typed } from '../../types/typed';
import { result, spec, type CallContext, type Functions } from './spec';

const DATE_TOKENS: readonly [string, string][] = [
  ['yyyy', '%Y'],
  ['yy', '%y'],
  ['MMMM', '%B'],
  ['MMM', '%b'],
  ['MM', '%m'],
  ['M', '%-m'],
  ['dddd', '%A'],
  ['ddd', '%a'],
  ['dd', '%d'],
  ['d', '%-d'],
  ['HH', '%H'],
  ['H', '%-H'],
  ['hh', '%I'],
  ['h', '%-I'],
  ['mm', '%M'],
  ['m', '%-M'],
  ['ss', '%S'],
  ['s', '%-S'],
  ['fffffff', '%f0'],
  ['ffffff', '%f'],
  ['fff', '%g'],
  ['tt', '%p'],
];
const STANDARD_DATES: Readonly<Record<string, string>> = {
  d: '%-m/%-d/%Y',
  D: '%A, %B %-d, %Y',
  f: '%A, %B %-d, %Y %-I:%M %p',
  F: '%A, %B %-d, %Y %-I:%M:%S %p',
  g: '%-m/%-d/%Y %-I:%M %p',
  G: '%-m/%-d/%Y %-I:%M:%S %p',
  m: '%B %-d',
  M: '%B %-d',
  y: '%B %Y',
  Y: '%B %Y',
  t: '%-I:%M %p',
  T: '%-I:%M:%S %p',
  s: '%Y-%m-%dT%H:%M:%S',
  u: '%Y-%m-%d %H:%M:%SZ',
  o: '%Y-%m-%dT%H:%M:%S.%f0',
  O: '%Y-%m-%dT%H:%M:%S.%f0',
};
function datePattern(format: string): string {
  if (format.length === 1) {
    const standard = STANDARD_DATES[format];
    if (!standard) throw notSupported(`FORMAT pattern '${format}'`);
    return standard;
  }
  let out = '';
  for (let i = 0; i < format.length; ) {
    const quoted = /^(?:'([^']*)'|"([^"]*)"|\\(.))/.exec(format.slice(i));
    if (quoted) {
      out += (quoted[1] ?? quoted[2] ?? quoted[3]!).replaceAll('%', '%%');
      i += quoted[0].length;
      continue;
    }
    const run = /^([a-zA-Z])\1*/.exec(format.slice(i))?.[0];
    if (run) {
      const token = DATE_TOKENS.find(([name]) => name === run);
      if (!token) throw notSupported(`FORMAT pattern '${run}'`);
      out += token[1];
      i += run.length;
    } else {
      out += format[i] === '%' ? '%%' : format[i];
      i++;
    }
  }
  return out;
}

function formatCall(c: CallContext): Typed {
  const x = c.arg(0);
  const pattern = c.arg(1).literal;
  if (c.has(2) && !['en-us', ''].includes((c.arg(2).literal ?? '?').toLowerCase()))
    throw notSupported('FORMAT with a culture other than en-US');
  if (pattern === undefined) throw notSupported('FORMAT with a pattern that is not a constant');
  const type = nvarchar(4000);
  if (isDateTime(x.type)) {
    const stamp =
      x.type.name === 'time'
        ? `(DATE '1900-01-01' + ${x.sql})`
        : convert(x, { name: 'datetime2', scale: 7 }, { explicit: true }).sql;
    return result(`strftime(CAST(${stamp} AS TIMESTAMP), ${quote(datePattern(pattern))})`, type, [x], true);
  }
  if (!isNumber(x.type) || x.type.name === 'bit')
    throw new TSqlError(8116, `Argument data type ${x.type.name} is invalid for argument 1 of format function.`);
  return result(number(x, pattern), type, [x], true);
}

const rounded = (sql: string, digits: number): string => `CAST(round(${sql}, ${digits}) AS DOUBLE)`;

function number(x: Typed, pattern: string): string {
  const standard = /^([A-Za-z])(\d*)$/.exec(pattern);
  // A decimal is rounded as one: 1.005 is 1.01, which it is not as a double.
  const value = isScaled(x.type) ? x.sql : convert(x, FLOAT).sql;
  const fixed = (digits: number, comma: boolean, sql = value): string =>
    `format('{:${comma ? ',' : ''}.${digits}f}', ${rounded(sql, digits)})`;
  if (standard) {
    const digits = standard[2] === '' ? undefined : Number(standard[2]);
    switch (standard[1]!.toUpperCase()) {
      case 'N':
        return fixed(digits ?? 2, true);
      case 'F':
        return fixed(digits ?? 2, false);
      case 'P':
        return `${fixed(digits ?? 2, true, `(${value} * 100)`)} || '%'`;
      case 'C':
        return once(
          value,
          (v) =>
            `CASE WHEN ${v} < 0 THEN '($' || ${fixed(digits ?? 2, true, `abs(${v})`)} || ')' ELSE '$' || ${fixed(digits ?? 2, true, v)} END`,
        );
      case 'D':
        if (!isInteger(x.type)) break;
        return `CASE WHEN ${x.sql} < 0 THEN '-' ELSE '' END || lpad(CAST(abs(${x.sql}) AS VARCHAR), greatest(${digits ?? 1}, CAST(length(CAST(abs(${x.sql}) AS VARCHAR)) AS INTEGER)), '0')`;
      case 'G':
        if (digits === undefined) return convert(x, nvarchar(60), { explicit: true }).sql;
        break;
      case 'X':
        if (isInteger(x.type))
          return once(
            standard[1] === 'X' ? `upper(to_hex(${x.sql}))` : `to_hex(${x.sql})`,
            (v) => `lpad(${v}, greatest(${digits ?? 1}, CAST(length(${v}) AS INTEGER)), '0')`,
          );
    }
    throw notSupported(`FORMAT pattern '${pattern}'`);
  }
  return custom(value, pattern);
}

/** `#,##0.00`, `000`, `0.0#`, with text before and after. */
function custom(value: string, pattern: string): string {
  const match = /^([^#0,.%]*)([#0,]*)(?:\.([#0]*))?(%?)([^#0,.%]*)$/.exec(pattern);
  if (!match || /[;\\'"eE]/.test(pattern)) throw notSupported(`FORMAT pattern '${pattern}'`);
  const [, before = '', whole = '', fraction = '', percent = '', after = ''] = match;
  const digits = fraction.length;
  const least = (fraction.match(/^0*/)?.[0] ?? '').length;
  const minimum = (whole.match(/0/g) ?? []).length;
  const amount = percent ? `(${value} * 100)` : value;
  let sql = `format('{:${whole.includes(',') ? ',' : ''}.${digits}f}', abs(${rounded(amount, digits)}))`;
  if (digits > least)
    sql = `regexp_replace(${sql}, '${least ? `(\\.\\d{${least}}\\d*?)0+$` : '\\.?0+$'}', '${least ? '\\1' : ''}')`;
  if (digits > least && !least)
    sql = `CASE WHEN contains(format('{:.${digits}f}', ${rounded(amount, digits)}), '.') THEN regexp_replace(format('{:${whole.includes(',') ? ',' : ''}.${digits}f}', abs(${rounded(amount, digits)})), '\\.?0+$', '') ELSE ${sql} END`;
  if (minimum > 1) {
    if (whole.includes(',')) throw notSupported(`FORMAT pattern '${pattern}'`);
    sql = `lpad(${sql}, greatest(${minimum + (digits ? digits + 1 : 0)}, CAST(length(${sql}) AS INTEGER)), '0')`;
  } else if (minimum === 0) sql = `regexp_replace(${sql}, '^0(\\.|$)', '\\1')`;
  return `CASE WHEN ${rounded(amount, digits)} < 0 THEN '-' ELSE '' END || ${quote(before)} || ${sql} || ${quote(percent + after)}`;
}

export const FORMAT_FUNCTIONS: Functions = { FORMAT: spec(2, 3, formatCall) };
