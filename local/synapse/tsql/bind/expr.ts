/** Expressions to typed DuckDB SQL. */
import { TSqlError, type SqlType } from '../../contract';
import { notSupported } from '../errors';
import type { Expr, TypeName } from '../syntax/ast';
import { convert } from '../types/convert';
import {
  BIGINT,
  BIT,
  DATETIME,
  datetimeoffset,
  decimal,
  FLOAT,
  INT,
  isApproximate,
  isInteger,
  isNumber,
  isString,
  MONEY,
  nvarchar,
  resolveType,
  unify,
  varbinary,
  varchar,
} from '../types/sql-types';
import { seventhOf, stampOf } from '../types/moments';
import { NULL, quote, type Collation, type Typed } from '../types/typed';
import { hasAggregate } from './aggregate-walk';
import { binary, unary } from './arithmetic';
import type { Binder } from './binder';
import { bindCall } from './calls';
import { predicate } from './predicates';
import { bindQuery } from './query';
import type { Scope } from './scope';

/** A value. */
export function expr(b: Binder, scope: Scope, node: Expr): Typed {
  const { grouping } = scope;
  if (
    grouping?.complex &&
    scope.aggregates === 0 &&
    node.kind !== 'literal' &&
    node.kind !== 'variable' &&
    node.kind !== 'column'
  ) {
    const found = groupKey(b, scope, node);
    if (found) return found;
  }
  switch (node.kind) {
    case 'literal':
      return literal(node.type, node.text);
    case 'column':
      return column(b, scope, node.parts);
    case 'variable':
      return variable(b, node.name);
    case 'unary':
      return unary(node.op, expr(b, scope, node.operand));
    case 'binary':
      return binary(node.op, expr(b, scope, node.left), expr(b, scope, node.right));
    case 'case':
      return caseExpression(b, scope, node);
    case 'cast': {
      const operand = expr(b, scope, node.operand);
      const style = node.style ? constantInteger(expr(b, scope, node.style)) : undefined;
      const to = castType(node.type);
      const result = convert(operand, to, { explicit: true, attempt: node.attempt, style });
      // A cast is no literal any more, except that text stays known text; its NULL has a type.
      return {
        ...result,
        literal: isString(to) ? result.literal : undefined,
        isNull: undefined,
        column: undefined,
      };
    }
    case 'call':
      return bindCall(b, scope, node);
    case 'subquery': {
      const query = bindQuery(b, node.query, scope);
      if (query.columns.length !== 1)
        throw new TSqlError(
          116,
          'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
        );
      const only = query.columns[0]!;
      return {
        sql: `(${query.sql})`,
        type: only.type,
        nullable: true,
        mask: only.mask,
        isNull: only.isNull,
        ...(only.json ? { json: only.json } : {}),
      };
    }
    case 'collate': {
      const operand = expr(b, scope, node.operand);
      if (!isString(operand.type) && !operand.isNull)
        throw new TSqlError(447, `Expression type ${operand.type.name} is invalid for COLLATE clause.`);
      return { ...operand, collation: collationOf(node.collation), column: undefined };
    }
    case 'atTimeZone':
      return atTimeZone(expr(b, scope, node.operand), expr(b, scope, node.zone));
    case 'star':
      throw new TSqlError(102, "Incorrect syntax near '*'.", 1, 15);
    default:
      throw new TSqlError(4145, 'An expression of non-boolean type was expected.', 1, 15);
  }
}

/** In CAST an unknown type is Msg 243, not the 2715 of a column. */
function castType(name: TypeName): SqlType {
  try {
    return resolveType(name, { cast: true });
  } catch (failure) {
    if (failure instanceof TSqlError && failure.number === 2715)
      throw new TSqlError(243, `Type ${name.name} is not a defined system type.`);
    throw failure;
  }
}

/** A condition as DuckDB BOOLEAN. */
export function condition(b: Binder, scope: Scope, node: Expr): string {
  return predicate(b, scope, node);
}

function groupKey(b: Binder, scope: Scope, node: Expr): Typed | undefined {
  if (hasAggregate(node)) return undefined;
  const { grouping } = scope;
  scope.grouping = undefined;
  try {
    return grouping?.keys.get(expr(b, scope, node).sql);
  } finally {
    scope.grouping = grouping;
  }
}

const outOfRange = (text: string): TSqlError =>
  new TSqlError(
    1007,
    `The number '${text}' is out of the range for numeric representation (maximum precision 38).`,
    1,
    15,
  );
export function literal(type: Extract<Expr, { kind: 'literal' }>['type'], text: string): Typed {
  switch (type) {
    case 'string':
      return {
        sql: quote(text),
        type: varchar(text.length > 8000 ? -1 : Math.max(1, text.length)),
        nullable: false,
        literal: text,
      };
    case 'nstring':
      return {
        sql: quote(text),
        type: nvarchar(text.length > 4000 ? -1 : Math.max(1, text.length)),
        nullable: false,
        literal: text,
      };
    case 'integer': {
      const value = BigInt(text);
      if (value >= -2147483648n && value <= 2147483647n)
        return { sql: negative(text), type: INT, nullable: false, literal: text };
      if (digitCount(text) > 38) throw outOfRange(text);
      return {
        sql: `CAST(${text} AS DECIMAL(${digitCount(text)},0))`,
        type: decimal(digitCount(text), 0),
        nullable: false,
        literal: text,
      };
    }
    case 'decimal': {
      const [whole = '', fraction = ''] = text.replace('-', '').split('.');
      const scale = fraction.length;
      const precision = Math.max(1, whole.replace(/^0+/, '').length + scale);
      if (precision > 38) throw outOfRange(text);
      return {
        sql: `CAST(${quote(text)} AS DECIMAL(${precision},${scale}))`,
        type: decimal(precision, scale),
        nullable: false,
        literal: text,
      };
    }
    case 'float':
      if (!Number.isFinite(Number(text.replace(/[eE][+-]?$/, ''))))
        throw new TSqlError(
          168,
          `The floating point value '${text}' is out of the range of computer representation (8 bytes).`,
          1,
          15,
        );
      return {
        sql: `CAST(${quote(text.replace(/[eE][+-]?$/, ''))} AS DOUBLE)`,
        type: FLOAT,
        nullable: false,
        literal: text,
      };
    case 'money':
      return { sql: `CAST(${quote(text)} AS DECIMAL(19,4))`, type: MONEY, nullable: false, literal: text };
    case 'hex': {
      const hex = text.length % 2 ? '0' + text : text;
      return { sql: `unhex('${hex}')`, type: varbinary(Math.max(1, hex.length / 2)), nullable: false };
    }
    case 'null':
      return NULL;
    case 'default':
      throw new TSqlError(156, "Incorrect syntax near the keyword 'DEFAULT'.", 1, 15);
  }
}
const negative = (text: string): string => (text.startsWith('-') ? `(${text})` : text);
const digitCount = (text: string): number => text.replace(/^-?0*/, '').length || 1;

function column(b: Binder, scope: Scope, parts: readonly string[]): Typed {
  if (parts.length > 3) {
    if (parts[0]!.toLowerCase() !== b.env.database.toLowerCase()) throw crossDatabase(parts);
    return scope.column(parts.slice(1));
  }
  return scope.column(parts);
}
export const crossDatabase = (parts: readonly string[]): TSqlError =>
  new TSqlError(
    40515,
    `Reference to database and/or server name in '${parts.join('.')}' is not supported in this version of SQL Server.`,
    1,
    15,
  );

/** Variables of SQL Server that are not told here. */
const OTHER_GLOBALS = new Set(
  '@@CURSOR_ROWS @@PACKET_ERRORS @@PACK_RECEIVED @@PACK_SENT @@REMSERVER @@TIMETICKS @@TOTAL_ERRORS @@TOTAL_READ @@TOTAL_WRITE'.split(
    ' ',
  ),
);
export function variable(b: Binder, name: string): Typed {
  const lower = name.toLowerCase();
  const parameter = b.parameters.at(-1)?.get(lower);
  const found = parameter ?? (name.startsWith('@@') ? b.env.systemVariable(name.toUpperCase()) : b.env.variable(lower));
  if (found) return found;
  if (OTHER_GLOBALS.has(name.toUpperCase())) throw notSupported(`Variable ${name}`);
  throw new TSqlError(137, `Must declare the scalar variable "${name}".`, 1, 15);
}

function caseExpression(b: Binder, scope: Scope, node: Extract<Expr, { kind: 'case' }>): Typed {
  const conditions = node.operand
    ? node.branches.map((branch) =>
        predicate(b, scope, { kind: 'compare', op: '=', left: node.operand!, right: branch.when }),
      )
    : node.branches.map((branch) => predicate(b, scope, branch.when));
  const values = node.branches.map((branch) => expr(b, scope, branch.result));
  const otherwise = node.otherwise ? expr(b, scope, node.otherwise) : NULL;
  const all = [...values, otherwise];
  if (all.every((x) => x.isNull))
    throw new TSqlError(
      8133,
      'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.',
    );
  const [last, ...branches] = same(all).reverse();
  const sql = branches.reverse().map((value, i) => `WHEN ${conditions[i]} THEN ${value.sql}`);
  return {
    sql: `CASE ${sql.join(' ')} ELSE ${last!.sql} END`,
    type: last!.type,
    nullable: all.some((x) => x.nullable),
    mask: all.find((x) => x.mask)?.mask,
    ...collationOfAll(all),
  };
}

/** Values converted to the one type that CASE, COALESCE, IIF and UNION give them. */
export function same(values: readonly Typed[]): Typed[] {
  const known = values.filter((x) => !x.isNull);
  const type = known.map((x) => x.type).reduce(unify, known[0]?.type ?? INT);
  return values.map((x) => convert(x, type));
}
export function collationOfAll(values: readonly Typed[]): { collation?: Collation } {
  const collation = values.find((x) => x.collation)?.collation;
  return collation ? { collation } : {};
}

/** An integer that must be known while translating (a style, a number of digits). */
export function constantInteger(x: Typed): number {
  const text = x.literal ?? /^CAST\('?(-?\d+)'? AS \w+\)$/.exec(x.sql)?.[1];
  if (text === undefined || !/^-?\d+$/.test(text)) throw notSupported('A style that is not a constant');
  return Number(text);
}

export function collationOf(name: string): Collation {
  const upper = name.toUpperCase();
  if (upper === 'DATABASE_DEFAULT' || upper === 'CATALOG_DEFAULT') return 'ci';
  const form = /^[A-Z0-9_]+?_(?:BIN2?|(C[IS])_(A[IS])(?:_KS)?(?:_WS)?(?:_VSS)?(?:_SC)?)(?:_UTF8)?$/.exec(upper);
  if (!form) throw new TSqlError(448, `Invalid collation '${name}'.`, 3);
  if (form[2] === 'AI' && form[1] === 'CI') return 'ai';
  if (form[2] === 'AI') throw notSupported(`Collation ${name}`);
  return form[1] === undefined ? 'bin' : form[1] === 'CS' ? 'cs' : 'ci';
}

/** datetime AT TIME ZONE z gives it an offset; datetimeoffset AT TIME ZONE z moves it. */
function atTimeZone(x: Typed, zone: Typed): Typed {
  if (x.isNull) return { ...NULL, type: datetimeoffset() };
  const name = zone.literal !== undefined ? quote(ianaZone(zone.literal)) : undefined;
  if (!name) throw notSupported('AT TIME ZONE with a zone that is not a constant');
  const type = datetimeoffset(x.type.name === 'datetime' ? 3 : (x.type.scale ?? 7));
  if (isNumber(x.type) || x.type.name === 'date' || x.type.name === 'time')
    throw new TSqlError(8116, `Argument data type ${x.type.name} is invalid for argument 1 of AT TIME ZONE function.`);
  const moment = isString(x.type) ? convert(x, { name: 'datetime2', scale: 7 }) : x;
  const [instant, tick] =
    x.type.name === 'datetimeoffset'
      ? [`tsql.dto_utc(${x.sql}) AT TIME ZONE 'UTC'`, `tsql.dto_tick(${x.sql})`]
      : [`${stampOf(moment)} AT TIME ZONE ${name}`, seventhOf(moment)];
  return { sql: `tsql.dto_seen(${instant}, ${tick}, ${name})`, type, nullable: x.nullable };
}

/** Windows names of time zones (CLDR windowsZones.xml, territory 001). */
const ZONES: Readonly<Record<string, string>> = {
  utc: 'UTC',
  'gmt standard time': 'Europe/London',
  'greenwich standard time': 'Atlantic/Reykjavik',
  'w. europe standard time': 'Europe/Berlin',
  'central europe standard time': 'Europe/Budapest',
  'central european standard time': 'Europe/Warsaw',
  'romance standard time': 'Europe/Paris',
  'fle standard time': 'Europe/Kiev',
  'gtb standard time': 'Europe/Bucharest',
  'e. europe standard time': 'Europe/Chisinau',
  'turkey standard time': 'Europe/Istanbul',
  'russian standard time': 'Europe/Moscow',
  'eastern standard time': 'America/New_York',
  'central standard time': 'America/Chicago',
  'mountain standard time': 'America/Denver',
  'us mountain standard time': 'America/Phoenix',
  'pacific standard time': 'America/Los_Angeles',
  'alaskan standard time': 'America/Anchorage',
  'hawaiian standard time': 'Pacific/Honolulu',
  'atlantic standard time': 'America/Halifax',
  'newfoundland standard time': 'America/St_Johns',
  'e. south america standard time': 'America/Sao_Paulo',
  'argentina standard time': 'America/Buenos_Aires',
  'india standard time': 'Asia/Calcutta',
  'china standard time': 'Asia/Shanghai',
  'tokyo standard time': 'Asia/Tokyo',
  'korea standard time': 'Asia/Seoul',
  'singapore standard time': 'Asia/Singapore',
  'arabian standard time': 'Asia/Dubai',
  'arab standard time': 'Asia/Riyadh',
  'israel standard time': 'Asia/Jerusalem',
  'egypt standard time': 'Africa/Cairo',
  'south africa standard time': 'Africa/Johannesburg',
  'aus eastern standard time': 'Australia/Sydney',
  'e. australia standard time': 'Australia/Brisbane',
  'w. australia standard time': 'Australia/Perth',
  'new zealand standard time': 'Pacific/Auckland',
  'us eastern standard time': 'America/Indianapolis',
  'canada central standard time': 'America/Regina',
  'se asia standard time': 'Asia/Bangkok',
  'pakistan standard time': 'Asia/Karachi',
  'nepal standard time': 'Asia/Katmandu',
  'azores standard time': 'Atlantic/Azores',
};
function ianaZone(name: string): string {
  const found = ZONES[name.trim().toLowerCase()];
  if (!found)
    throw new TSqlError(9820, `The time zone parameter '${name}' provided to AT TIME ZONE clause is invalid.`);
  return found;
}

export const toBigint = (x: Typed): Typed => convert(x, BIGINT);
export { BIT, DATETIME, isApproximate, isInteger };
