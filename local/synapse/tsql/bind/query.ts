/** Queries: common table expressions, set operators, ORDER BY, FOR JSON around a SELECT. */
import { TSqlError, type SqlType } from '../../contract';
import type { Cte, Expr, OrderItem, Query, QueryBody } from '../syntax/ast';
import { isTicks } from '../../ticks';
import { convert } from '../types/convert';
import { duckType, INT, isString, unify } from '../types/sql-types';
import { notSupported } from '../errors';
import { ident, type Typed } from '../types/typed';
import { freshAlias, type Binder, type BoundQuery, type OutputColumn } from './binder';
import { constantInteger, expr } from './expr';
import { forJson, RESULT_NAME } from './for-json';
import { collationFor, groupKey, hasGroupKey, orderKey } from './predicates';
import { Scope } from './scope';
import { bindSelect, distinctHead, type SelectOrder } from './select';

export interface QueryUse {
  /** Only whether there are rows matters. */
  readonly exists?: boolean;
  /** The result is used by column position. */
  readonly named?: boolean;
  /** The query of a statement itself: ORDER BY needs no TOP. */
  readonly top?: boolean;
  /** Its rows go to the client. */
  readonly sent?: boolean;
  /** Before its columns stands the rowid of its only table. */
  readonly rowid?: boolean;
}

/** Translates a query; `parent` is the scope that a correlated subquery sees. */
export function bindQuery(b: Binder, query: Query, parent: Scope | undefined, use: QueryUse = {}): BoundQuery {
  if (++b.depth > 64)
    throw new TSqlError(
      191,
      'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.',
      1,
      15,
    );
  const names = new Map(b.ctes.at(-1));
  b.ctes.push(names);
  try {
    if (
      query.orderBy.length &&
      !use.top &&
      !query.offset &&
      !query.forJson &&
      !(query.body.kind === 'select' && query.body.top)
    )
      throw new TSqlError(
        1033,
        'The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.',
        1,
        15,
      );
    if (query.forXml) throw notSupported('FOR XML');
    const definitions = query.ctes.map((cte) => defineCte(b, names, cte));
    const bound = bindOrdered(b, query, parent, use);
    const result = query.forJson ? forJson(b, bound, query.forJson, use.top ? RESULT_NAME : '') : bound;
    return definitions.length
      ? { ...result, sql: `${withKeyword(b)} ${definitions.join(', ')} ${result.sql}` }
      : result;
  } finally {
    b.ctes.pop();
    b.depth--;
  }
}

/** What stands before common table expressions: only SQL Server's surface lets them read themselves. */
export const withKeyword = (b: Binder): string => (b.env.surface === 'server' ? 'WITH RECURSIVE' : 'WITH');

/** Binds one common table expression; from then on `names` has it. A reference to itself is refused, as a dedicated pool does. */
export function defineCte(b: Binder, names: Binder['ctes'][number], cte: Cte): string {
  const recursive = b.env.surface === 'server' ? bindRecursive(b, cte, names) : undefined;
  if (recursive) return recursive;
  const lower = cte.name.toLowerCase();
  names.set(lower, 'being defined');
  const bound = bindQuery(b, cte.query, undefined);
  const alias = freshAlias(b);
  const columns = namedColumns(bound.columns, cte.columns, cte.name);
  names.set(lower, { alias, columns });
  return `${alias}(${columns.map((c) => ident(c.name)).join(', ')}) AS (${bound.sql})`;
}

/**
 * A common table expression that reads itself (a pool has none): anchor UNION ALL step. Undefined when `cte` is another kind.
 * The anchor gives the types; a step of other types is Msg 240.
 */
function bindRecursive(b: Binder, cte: Cte, names: Binder['ctes'][number]): string | undefined {
  const { body } = cte.query;
  if (body.kind !== 'set' || body.op !== 'union all' || cte.query.orderBy.length) return undefined;
  const anchor = bindQuery(b, { ...cte.query, body: body.left }, undefined);
  const alias = freshAlias(b);
  const columns = namedColumns(anchor.columns, cte.columns, cte.name);
  const lower = cte.name.toLowerCase();
  const before = names.get(lower);
  const self = { alias, columns, isRead: false };
  names.set(lower, self);
  const step = bindQuery(b, { ...cte.query, ctes: [], body: body.right }, undefined);
  if (!self.isRead) {
    if (before) names.set(lower, before);
    else names.delete(lower);
    return undefined;
  }
  step.columns.forEach((column, i) => {
    if (held(column.type) !== held(columns[i]!.type))
      throw new TSqlError(
        240,
        `Types don't match between the anchor and the recursive part in column "${columns[i]!.name}" of recursive query "${cte.name}".`,
      );
  });
  return `${alias}(${columns.map((c) => ident(c.name)).join(', ')}) AS ((${anchor.sql}) UNION ALL (${step.sql}))`;
}

/** What DuckDB holds, of which ticks are not the numbers they look like. */
const held = (type: SqlType): string => (isTicks(type) ? type.name : duckType(type));

/** Columns of a derived table: every one needs a name (Msg 8155) that occurs once (Msg 8156). */
export function namedColumns(
  columns: readonly OutputColumn[],
  names: readonly string[] | undefined,
  table: string,
): OutputColumn[] {
  if (names && names.length !== columns.length)
    throw names.length < columns.length
      ? new TSqlError(8158, `'${table}' has more columns than were specified in the column list.`)
      : new TSqlError(8159, `'${table}' has fewer columns than were specified in the column list.`);
  const seen = new Set<string>();
  return columns.map((column, i) => {
    const name = names?.[i] ?? column.name;
    if (!name) throw new TSqlError(8155, `No column name was specified for column ${i + 1} of '${table}'.`, 2);
    if (seen.has(name.toLowerCase()))
      throw new TSqlError(8156, `The column '${name}' was specified multiple times for '${table}'.`);
    seen.add(name.toLowerCase());
    return { ...plain(column), name };
  });
}
/** What is left of an output column once it is a column of a source. */
function plain(column: OutputColumn): OutputColumn {
  const { type, nullable, name, collation, mask, identity } = column;
  return {
    sql: '',
    name,
    type,
    nullable,
    ...(collation ? { collation } : {}),
    ...(mask ? { mask } : {}),
    ...(identity ? { identity } : {}),
  };
}

function bindOrdered(b: Binder, query: Query, parent: Scope | undefined, use: QueryUse): BoundQuery {
  const order: SelectOrder = { items: query.orderBy, offset: query.offset, fetch: query.fetch };
  const { body } = query;
  if (body.kind === 'select') {
    if (use.sent && !query.forJson) b.sent = true;
    return bindSelect(b, body, parent, order, use);
  }
  const bound = bindBody(b, body, parent);
  if (!query.orderBy.length) return bound;
  const alias = freshAlias(b);
  const positions = query.orderBy.map((item) => orderedOutput(item, bound.columns, body));
  const keys = positions.map((position, i) => outputKey(bound.columns, position, alias, query.orderBy[i]!));
  const sql = `SELECT * FROM (${bound.sql}) AS ${alias}(${bound.columns.map((_, i) => `c${i}`).join(', ')}) ORDER BY ${keys.join(', ')}${limit(b, parent, order)}`;
  return { sql, columns: bound.columns, sortedBy: positions.map((position) => position + 1) };
}

/** OFFSET … FETCH … */
export function limit(b: Binder, scope: Scope | undefined, order: SelectOrder): string {
  if (!order.offset) return '';
  if (order.fetch?.kind === 'literal' && order.fetch.text === '0')
    throw new TSqlError(10744, 'The number of rows provided for a FETCH clause must be greater then zero.', 1, 15);
  for (const [clause, node] of [
    ['OFFSET', order.offset],
    ['FETCH', order.fetch],
  ] as const)
    if (node?.kind === 'literal' ? node.text.startsWith('-') : node?.kind === 'unary' && node.op === '-')
      throw new TSqlError(10742, `The offset specified in a ${clause} clause may not be negative.`, 1, 15);
  const value = (node: Expr): string => `CAST(${expr(b, scope ?? new Scope(undefined), node).sql} AS BIGINT)`;
  return `${order.fetch ? ` LIMIT ${value(order.fetch)}` : ''} OFFSET ${value(order.offset)}`;
}
/** ORDER BY of a set operator names output columns only, or repeats a column of its first SELECT with its table's name. */
function orderedOutput(item: OrderItem, columns: readonly OutputColumn[], body: QueryBody): number {
  const position = outputPosition(item.expr, columns) ?? firstSelectPosition(item.expr, body);
  if (position === undefined)
    throw new TSqlError(
      104,
      'ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.',
      1,
      15,
    );
  return position;
}
const outputKey = (
  columns: readonly OutputColumn[],
  position: number,
  alias: string,
  { descending }: OrderItem,
): string =>
  direction(orderKey({ ...columns[position]!, sql: `${alias}.c${position}`, literal: undefined }), descending);

/** Index of the item of the first SELECT that is this very `table.column`. */
function firstSelectPosition(node: Expr, body: QueryBody): number | undefined {
  if (node.kind !== 'column') return undefined;
  if (body.kind === 'set') return firstSelectPosition(node, body.left);
  if (body.kind === 'nested') return firstSelectPosition(node, body.query.body);
  const name = node.parts.join('.').toLowerCase();
  const index = body.items.findIndex(
    (item) => item.kind === 'item' && item.expr.kind === 'column' && item.expr.parts.join('.').toLowerCase() === name,
  );
  return index < 0 || body.items.some((item) => item.kind === 'star') ? undefined : index;
}

/** NULL is the lowest value in T-SQL. */
export const direction = (sql: string, descending: boolean): string =>
  `${sql} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`;

/** Index of the output column that an ORDER BY item names by alias or position. */
export function outputPosition(node: Expr, columns: readonly OutputColumn[]): number | undefined {
  if (node.kind === 'literal' && node.type === 'integer') {
    const position = constantInteger({ sql: '', type: INT, nullable: false, literal: node.text });
    if (position < 1 || position > columns.length)
      throw new TSqlError(
        108,
        `The ORDER BY position number ${position} is out of range of the number of items in the select list.`,
        1,
        15,
      );
    return position - 1;
  }
  if (node.kind !== 'column' || node.parts.length !== 1) return undefined;
  const name = node.parts[0]!.toLowerCase();
  const matches = columns.map((c, i) => (c.name.toLowerCase() === name ? i : -1)).filter((i) => i >= 0);
  return matches[0];
}

function bindBody(b: Binder, body: QueryBody, parent: Scope | undefined): BoundQuery {
  if (body.kind === 'select') return bindSelect(b, body, parent, { items: [] }, {});
  if (body.kind === 'nested') {
    const nested = bindQuery(b, body.query, parent);
    return { sql: `(${nested.sql})`, columns: nested.columns };
  }
  const left = bindBody(b, body.left, parent);
  const right = bindBody(b, body.right, parent);
  if (left.columns.length !== right.columns.length)
    throw new TSqlError(
      205,
      'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
    );
  const distinct = body.op !== 'union all';
  const types = left.columns.map((c, i) => unifyColumns(c, right.columns[i]!));
  const columns = left.columns.map((c, i): OutputColumn => {
    const other = right.columns[i]!;
    const collation = c.collation && other.collation ? collationFor(c, other) : (c.collation ?? other.collation);
    return {
      sql: '',
      name: c.name,
      type: types[i]!,
      nullable: body.op === 'except' ? c.nullable : c.nullable || other.nullable,
      ...(collation ? { collation } : {}),
      ...(c.mask || other.mask ? { mask: c.mask ?? other.mask! } : {}),
      ...(c.isNull && other.isNull ? { isNull: true as const } : {}),
    };
  });
  const wrap = (side: BoundQuery, isSet: boolean): string =>
    coerced(b, side, types, distinct) ?? (isSet ? `(${side.sql})` : side.sql);
  const op = body.op === 'union all' ? 'UNION ALL' : body.op.toUpperCase();
  const leftSet = body.left.kind === 'set' && body.left.op !== 'union all';
  const branches = [wrap(left, leftSet || body.left.kind === 'set'), wrap(right, body.right.kind === 'set')] as const;
  return {
    sql: distinct && columns.some(hasGroupKey) ? byKeys(b, body.op, branches, columns) : branches.join(` ${op} `),
    columns,
  };
}

/** UNION, EXCEPT and INTERSECT where equal values are not the same. */
function byKeys(
  b: Binder,
  op: string,
  [left, right]: readonly [string, string],
  columns: readonly OutputColumn[],
): string {
  const names = columns.map((_, i) => `c${i}`).join(', ');
  const [x, y] = [freshAlias(b), freshAlias(b)];
  const of = (alias: string): OutputColumn[] => columns.map((c, i) => ({ ...c, sql: `${alias}.c${i}` }));
  const head = `SELECT ${distinctHead(of(x))}${x}.* FROM`;
  if (op === 'union') return `${head} (${left} UNION ALL ${right}) AS ${x}(${names})`;
  const equal = of(x).map((c, i) => `${groupKey(c)} IS NOT DISTINCT FROM ${groupKey(of(y)[i]!)}`);
  const found = `EXISTS (SELECT 1 FROM (${right}) AS ${y}(${names}) WHERE ${equal.join(' AND ')})`;
  return `${head} (${left}) AS ${x}(${names}) WHERE ${op === 'except' ? 'NOT ' : ''}${found}`;
}

/** Types of the two branches; a NULL takes the other's, a varchar literal beside a number becomes one (Msg 245 when it is none). */
function unifyColumns(a: Typed, c: Typed): SqlType {
  if (a.isNull) return c.type;
  return c.isNull ? a.type : unify(a.type, c.type);
}

/** A branch with its columns converted; undefined when it already fits. */
function coerced(b: Binder, side: BoundQuery, types: readonly SqlType[], distinct: boolean): string | undefined {
  const needs = side.columns.some((c, i) => c.isNull || !fits(c.type, types[i]!) || (distinct && isString(c.type)));
  if (!needs) return undefined;
  const alias = freshAlias(b);
  const items = side.columns.map((c, i) => {
    const value = convert({ ...c, sql: `${alias}.c${i}`, literal: undefined }, types[i]!);
    return distinct && !hasGroupKey(value) ? groupKey(value) : value.sql;
  });
  return `SELECT ${items.join(', ')} FROM (${side.sql}) AS ${alias}(${side.columns.map((_, i) => `c${i}`).join(', ')})`;
}
const fits = (a: SqlType, c: SqlType): boolean =>
  a.name === c.name &&
  (isString(a)
    ? !a.name.endsWith('char') || a.name.includes('var')
    : a.precision === c.precision && a.scale === c.scale);
