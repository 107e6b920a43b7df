/** FORMAT: usual patterns of dates by DuckDB, everything else by engine/functions. */
import { TSqlError } from '../../../contract';
import { knownCulture } from '../../../engine/functions/cultures';
import { notSupported } from '../../errors';
import { convert } from '../../types/convert';
import {
  datetime2,
  isApproximate,
  isDateTime,
  isInteger,
  isNumber,
  MAX,
  nvarchar,
  varchar,
} from '../../types/sql-types';
import { stampOf } from '../../types/moments';
import { quote, type Typed } from '../../types/typed';
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
  ['ffffff', '%f'],
  ['fff', '%g'],
  ['tt', '%p'],
];
/** The pattern for strftime, or undefined where DuckDB has no such thing. */
function datePattern(format: string): string | undefined {
  if (format.length < 2) return undefined;
  let out = '';
  for (let rest = format; rest; ) {
    const run = /^([a-zA-Z])\1*/.exec(rest)?.[0];
    const token = DATE_TOKENS.find(([name]) => name === run);
    if ((run && !token) || /^['"\\%]/.test(rest)) return undefined;
    out += token?.[1] ?? rest[0]!;
    rest = rest.slice(run?.length ?? 1);
  }
  return out;
}

function formatCall(c: CallContext): Typed {
  const x = c.arg(0);
  const pattern = c.arg(1);
  const culture = c.has(2) ? c.arg(2) : undefined;
  if (culture?.literal !== undefined && !knownCulture(culture.literal))
    throw notSupported(`FORMAT with culture ${culture.literal}`);
  const type = nvarchar(4000);
  const args = [pattern, ...(culture ? [culture] : [])].map((arg) => convert(arg, nvarchar(MAX)).sql);
  const [format = '', name = "'en-US'"] = args;
  if (x.type.name === 'time')
    return result(`tsql_format_time(${convert(x, varchar(16)).sql}, ${format})`, type, [x], true);
  if (isDateTime(x.type)) {
    const exact = convert(x, datetime2(), { explicit: true });
    const native = !culture && pattern.literal !== undefined ? datePattern(pattern.literal) : undefined;
    const sql = native
      ? `strftime(${stampOf(exact)}, ${quote(native)})`
      : `tsql_format_date(${convert(exact, varchar(27)).sql}, ${format}, ${name})`;
    return result(sql, type, [x], true);
  }
  if (!isNumber(x.type) || x.type.name === 'bit')
    throw new TSqlError(8116, `Argument data type ${x.type.name} is invalid for argument 1 of format function.`);
  const kind = isInteger(x.type) ? 'integer' : isApproximate(x.type) ? 'float' : 'decimal';
  return result(`tsql_format_number(CAST(${x.sql} AS VARCHAR), ${format}, ${name}, '${kind}')`, type, [x], true);
}

export const FORMAT_FUNCTIONS: Functions = { FORMAT: spec(2, 3, formatCall) };
