/** Conditions: comparison by type precedence, collation and trailing blanks, LIKE, IN, EXISTS. */
import { TSqlError, type SqlType } from '../../contract';
import type { CompareOperator, Expr } from '../syntax/ast';
import { notSupported } from '../errors';
import { likeToRegex } from '../../engine/functions/like-pattern';
import { convert } from '../types/convert';
import { meetInThirds, thirdsOf } from '../types/moments';
import {
  INT,
  isApproximate,
  isBinary,
  isFixedLength,
  isNumber,
  isString,
  isUnicode,
  MAX,
  nvarchar,
  unify,
  varchar,
  messageName,
} from '../types/sql-types';
import { observe, type Observation } from '../types/observation';
import { ident, once, quote, rightTrimmed, type Collation, type Typed } from '../types/typed';
import { freshAlias, type Binder } from './binder';
import { expr } from './expr';
import { bindQuery } from './query';
import type { Scope } from './scope';

export function predicate(b: Binder, scope: Scope, node: Expr): string {
  switch (node.kind) {
    case 'logic': {
      const parts = chain(node).map((part) => observe(() => predicate(b, scope, part)));
      return `(${inTurn(parts, node.op).join(node.op === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${predicate(b, scope, node.operand)})`;
    case 'compare':
      return compare(node.op, expr(b, scope, node.left), expr(b, scope, node.right));
    case 'distinctFrom': {
      const [x, y] = comparable(expr(b, scope, node.left), expr(b, scope, node.right));
      return `(${x} IS ${node.not ? 'NOT ' : ''}DISTINCT FROM ${y})`;
    }
    case 'isNull':
      return `(${expr(b, scope, node.operand).sql} IS ${node.not ? 'NOT ' : ''}NULL)`;
    case 'between': {
      const x = expr(b, scope, node.operand);
      const range = `(${compare('>=', x, expr(b, scope, node.low))} AND ${compare('<=', x, expr(b, scope, node.high))})`;
      return node.not ? `(NOT ${range})` : range;
    }
    case 'in':
      return inList(b, scope, node);
    case 'like':
      return like(b, scope, node);
    case 'exists':
      return `EXISTS (${bindQuery(b, node.query, scope, { exists: true }).sql})`;
    case 'quantified':
      return quantified(b, scope, node);
    default:
      throw new TSqlError(
        4145,
        'An expression of non-boolean type specified in a context where a condition is expected.',
        1,
        15,
      );
  }
}

/** The parts of `a AND b AND c …`, however long: generated filters have thousands. */
function chain(node: Extract<Expr, { kind: 'logic' }>): Expr[] {
  const parts: Expr[] = [];
  let at: Expr = node;
  for (; at.kind === 'logic' && at.op === node.op; at = at.left) parts.push(at.right);
  return [at, ...parts.reverse()];
}

type Condition = { readonly made: string; readonly seen: Observation };

/**
 * The conditions of AND or OR. DuckDB evaluates them in any order; `ISJSON(x) = 1 AND JSON_VALUE(x, …) = …` is written for the order
 * in which it stands. So a condition that may fail is asked only where those before it about the same columns leave the answer open.
 */
function inTurn(parts: readonly Condition[], op: 'and' | 'or'): string[] {
  if (!parts.some(({ seen }, i) => i > 0 && seen.raises)) return parts.map((part) => part.made);
  const safe: Condition[] = [];
  return parts.map((part) => {
    const { made: sql, seen } = part;
    if (!seen.raises) {
      safe.push(part);
      return sql;
    }
    const guards = safe
      .filter((guard) => guard.seen.columns.size && [...guard.seen.columns].every((name) => seen.columns.has(name)))
      .map((guard) => guard.made);
    if (!guards.length) return sql;
    return op === 'and'
      ? `CASE WHEN ${guards.join(' AND ')} THEN ${sql} END`
      : `CASE WHEN ${guards.join(' OR ')} THEN true ELSE ${sql} END`;
  });
}

/** `left op right`, both in the type of higher precedence. */
export function compare(op: CompareOperator, left: Typed, right: Typed): string {
  if (left.isNull || right.isNull) return 'CAST(NULL AS BOOLEAN)';
  const [x, y] = comparable(left, right, op);
  const differs = `(${x} ${op} ${y})`;
  return op === '<>' && areBytes(left, right)
    ? `((${left.sql}) COLLATE "BINARY" <> (${right.sql}) COLLATE "BINARY" AND ${differs})`
    : differs;
}
/** Texts of two columns that are compared by their bytes: where they are equal as they are, which is the rule, no blanks are looked for. */
const areBytes = (left: Typed, right: Typed): boolean =>
  [left, right].every((x) => isString(x.type) && x.literal === undefined) && collationFor(left, right) === 'bin';

/** Both sides ready for a DuckDB comparison. */
export function comparable(left: Typed, right: Typed, op: CompareOperator = '='): [string, string] {
  const bits = bitLiteral(left, right) ?? bitLiteral(right, left);
  if (bits) return left.type.name === 'bit' ? [left.sql, bits] : [bits, right.sql];
  if (meetInThirds(left.type, right.type)) return [thirdsOf(left), thirdsOf(right)];
  refuseTimeOfDay(left.type, right.type, op);
  const type = comparisonType(left.type, right.type);
  const collation = collationFor(left, right);
  const key = op === '=' || op === '<>' ? sortKey : orderKey;
  return [side(left, type, collation, key), side(right, type, collation, key)];
}
/** `flag = 1`: the bit column is compared as it is. */
function bitLiteral(bit: Typed, other: Typed): string | undefined {
  if (bit.type.name !== 'bit' || other.literal === undefined || bit.literal !== undefined) return undefined;
  if (other.literal === '1') return 'true';
  if (other.literal === '0') return 'false';
  return undefined;
}
const OPERATORS: Readonly<Record<CompareOperator, string>> = {
  '=': 'equal to',
  '<>': 'not equal to',
  '<': 'less than',
  '>': 'greater than',
  '<=': 'less than or equal to',
  '>=': 'greater than or equal to',
};
/** A time of day is compared with no day: Msg 402. */
function refuseTimeOfDay(a: SqlType, c: SqlType, op: CompareOperator): void {
  const isDay = (t: SqlType): boolean => ['date', 'datetime', 'smalldatetime'].includes(t.name);
  if ((a.name === 'time' && isDay(c)) || (c.name === 'time' && isDay(a)))
    throw new TSqlError(
      402,
      `The data types ${messageName(a)} and ${messageName(c)} are incompatible in the ${OPERATORS[op]} operator.`,
    );
}
function comparisonType(a: SqlType, c: SqlType): SqlType {
  if (a.name === 'text' || c.name === 'text')
    throw new TSqlError(402, 'The data types text and varchar are incompatible in the equal to operator.');
  return unify(a, c);
}
/** Explicit COLLATE wins; two different ones are Msg 468. */
export function collationFor(left: Typed, right: Typed): Collation {
  // COLLATE goes before a column's own collation; constants and variables take that of the other side.
  const explicit = [left, right].filter((x) => x.collation && x.column === undefined);
  const columns = [left, right].filter((x) => x.column !== undefined).map((x) => x.collation ?? 'ci');
  const deciding = explicit.length ? explicit.map((x) => x.collation!) : columns;
  if (deciding[1] && deciding[0] !== deciding[1])
    throw new TSqlError(468, 'Cannot resolve the collation conflict between the two collations in the operation.');
  return deciding[0] ?? 'ci';
}

/** One side of a comparison: numbers stay in their own type, text loses trailing blanks and takes the collation. */
function side(x: Typed, type: SqlType, collation: Collation, key: typeof sortKey = sortKey): string {
  if (isNumber(type) && isNumber(x.type)) {
    if (x.type.name === 'bit') return `CAST(${x.sql} AS INTEGER)`;
    return isApproximate(type) && !isApproximate(x.type) ? `CAST(${x.sql} AS DOUBLE)` : x.sql;
  }
  const wide: SqlType = isString(type)
    ? isUnicode(type)
      ? nvarchar(MAX)
      : varchar(MAX)
    : isBinary(type)
      ? { name: 'varbinary', length: MAX }
      : type;
  const value = convert(x, wide);
  if (type.name === 'uniqueidentifier' || type.name === 'datetimeoffset') return key(value);
  // Zeros at the end do not count: 0x30 = 0x3000.
  if (isBinary(type)) return `regexp_replace(hex(${value.sql}), '(00)+$', '')`;
  if (!isString(type)) return value.sql;
  return key(x.literal !== undefined && isString(x.type) ? { ...value, literal: x.literal } : value, collation);
}

/** What values of the type are ordered by: text by its collation, a uniqueidentifier by its last bytes first. */
export function orderKey(x: Typed, collation: Collation = x.collation ?? 'ci'): string {
  if (x.type.name === 'uniqueidentifier') return `tsql.sort_guid(${x.sql})`;
  if (x.type.name === 'datetimeoffset') return sortKey(x);
  if (!isString(x.type) || x.isNull) return x.sql;
  if (collation === 'bin' || collation === 'ai') return sortKey(x, collation);
  const order = isUnicode(x.type) ? 'sort_unicode' : 'sort_text';
  const key = (text: string): string => `tsql.${order}(${text})`;
  // Where case counts it decides last: small letters come first.
  const cased = (text: string): string => `${key(text)} || chr(1) || tsql.swapped_case(${text})`;
  return `(${once(x.sql, collation === 'cs' ? cased : key)}) COLLATE "BINARY"`;
}

/** Text as it is equal: without trailing blanks, in its collation. */
export function sortKey(x: Typed, collation: Collation = x.collation ?? 'ci'): string {
  if (x.type.name === 'datetimeoffset') return x.isNull ? x.sql : `tsql.dto_key(${x.sql})`;
  if (!isString(x.type)) return x.sql;
  const trimmed =
    x.literal !== undefined && isString(x.type) ? quote(x.literal.replace(/ +$/, '')) : rightTrimmed(x.sql);
  if (collation === 'ai') return `(${unaccented(trimmed)}) COLLATE "BINARY"`;
  return collation === 'ci' ? trimmed : `(${trimmed}) COLLATE "BINARY"`;
}

/** Text without case and accents. */
const unaccented = (sql: string): string => `tsql.base_letters(lower(${sql}))`;

/** Values that are equal without being the same: one moment with two offsets. DuckDB groups by the key and keeps one of them. */
export const hasGroupKey = (x: Typed): boolean => x.type.name === 'datetimeoffset' && !x.isNull;

/** A key of GROUP BY, DISTINCT, PARTITION BY: equal values are one group. */
export function groupKey(x: Typed): string {
  if (hasGroupKey(x)) return sortKey(x);
  if (!isString(x.type) || x.isNull) return x.sql;
  if (x.collation === 'ai') throw notSupported('Grouping by text of an accent-insensitive collation');
  if (x.collation === 'bin' || x.collation === 'cs') return `(${rightTrimmed(x.sql)}) COLLATE "BINARY"`;
  return isFixedLength(x.type) ? x.sql : rightTrimmed(x.sql);
}

function inList(b: Binder, scope: Scope, node: Extract<Expr, { kind: 'in' }>): string {
  const operand = expr(b, scope, node.operand);
  const not = node.not ? 'NOT ' : '';
  if (!Array.isArray(node.list)) {
    const query = bindQuery(b, node.list as Extract<typeof node.list, { kind: 'query' }>, scope, { named: true });
    if (query.columns.length !== 1)
      throw new TSqlError(
        116,
        'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
      );
    const alias = freshAlias(b);
    const inner: Typed = { ...query.columns[0]!, sql: `${alias}.c0`, literal: undefined };
    const [x, y] = comparable(operand, inner);
    return `(${x} ${not}IN (SELECT ${y} FROM (${query.sql}) AS ${alias}(c0)))`;
  }
  const items = (node.list as readonly Expr[]).map((item) => expr(b, scope, item));
  const known = items.filter((x) => !x.isNull);
  const type = known.map((x) => x.type).reduce(unify, operand.isNull ? (known[0]?.type ?? INT) : operand.type);
  const collation = known.reduce<Collation>((c, x) => x.collation ?? c, operand.collation ?? 'ci');
  const allBits = operand.type.name === 'bit' && known.every((x) => x.literal === '0' || x.literal === '1');
  if (operand.isNull) return 'CAST(NULL AS BOOLEAN)';
  if (items.some((x) => meetInThirds(x.type, operand.type)))
    return `(${not}(${items.map((x) => compare('=', operand, x)).join(' OR ')}))`;
  const list = items.map((x) =>
    x.isNull ? 'NULL' : allBits ? (x.literal === '1' ? 'true' : 'false') : side(x, type, collation),
  );
  return `(${allBits ? operand.sql : side(operand, type, collation)} ${not}IN (${list.join(', ')}))`;
}

function like(b: Binder, scope: Scope, node: Extract<Expr, { kind: 'like' }>): string {
  const operand = expr(b, scope, node.operand);
  const pattern = expr(b, scope, node.pattern);
  if (operand.isNull || pattern.isNull) return 'CAST(NULL AS BOOLEAN)';
  const text = (x: Typed): Typed =>
    isString(x.type) ? x : convert(x, isUnicode(pattern.type) ? nvarchar(MAX) : varchar(MAX));
  const collation = collationFor(operand, pattern);
  const plain = text(operand);
  const a = collation === 'ai' ? { ...plain, sql: unaccented(plain.sql) } : plain;
  let sql: string;
  const escape = node.escape ? expr(b, scope, node.escape) : undefined;
  if (pattern.literal !== undefined && (!escape || escape.literal !== undefined)) {
    if (escape && escape.literal!.length !== 1)
      throw new TSqlError(506, `The invalid escape character "${escape.literal}" was specified in a LIKE predicate.`);
    const match = likeLiteral(
      collation,
      collation === 'ai' ? withoutAccents(pattern.literal) : pattern.literal,
      escape?.literal,
    );
    sql = match(a.sql);
    // Trailing blanks of a varchar value do not matter to LIKE.
    if (!isUnicode(a.type) && !pattern.literal.endsWith('%')) sql = `(${sql} OR ${match(rightTrimmed(a.sql))})`;
  } else {
    if (collation === 'ai')
      throw notSupported('LIKE with a pattern that is no constant in an accent-insensitive collation');
    const mark = escape ? convert(escape, nvarchar(MAX)).sql : "''";
    const name = collation === 'ci' ? 'like_ci' : 'like_cs';
    const match = (sql: string): string => `tsql.${name}(${sql}, ${text(pattern).sql}, ${mark})`;
    sql = match(a.sql);
    if (!isUnicode(a.type)) sql = `(${sql} OR ${match(rightTrimmed(a.sql))})`;
  }
  return node.not ? `(NOT ${sql})` : sql;
}
const withoutAccents = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/œ/g, 'oe');
function likeLiteral(collation: Collation, pattern: string, escape?: string): (sql: string) => string {
  const ci = collation === 'ci';
  if (!pattern.includes('[') && (escape === undefined || !pattern.includes(escape)))
    return (sql) => `(${sql} ${ci ? 'ILIKE' : 'LIKE'} ${quote(pattern)})`;
  const rx = quote(likeToRegex(pattern, escape));
  return (sql) => `regexp_full_match(${sql}, ${rx}, '${ci ? 'is' : 's'}')`;
}
function quantified(b: Binder, scope: Scope, node: Extract<Expr, { kind: 'quantified' }>): string {
  const operand = expr(b, scope, node.left);
  const query = bindQuery(b, node.query, scope, { named: true });
  const alias = freshAlias(b);
  const [x, y] = comparable(operand, { ...query.columns[0]!, sql: `${alias}.c0`, literal: undefined }, node.op);
  return `(${x} ${node.op} ${node.quantifier === 'all' ? 'ALL' : 'ANY'} (SELECT ${y} FROM (${query.sql}) AS ${alias}(c0)))`;
}
export { ident };
