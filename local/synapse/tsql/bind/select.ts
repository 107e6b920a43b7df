/** One SELECT: list, FROM, WHERE, GROUP BY, HAVING, ORDER BY, TOP. */
import { TSqlError } from '../../contract';
import type { Expr, OrderItem, Select, SelectItem } from '../syntax/ast';
import { observe } from '../types/observation';
import type { Typed } from '../types/typed';
import { hasAggregate } from './aggregate-walk';
import { freshAlias, type Binder, type BoundQuery, type OutputColumn } from './binder';
import { condition, expr } from './expr';
import { bindGrouping } from './grouping';
import { collectJsonPaths } from './json-paths';
import { groupKey, hasGroupKey, orderKey } from './predicates';
import { direction, limit, outputPosition, type QueryUse } from './query';
import { reference, Scope } from './scope';
import { bindSources } from './sources';

export interface SelectOrder {
  readonly items: readonly OrderItem[];
  readonly offset?: Expr;
  readonly fetch?: Expr;
}

export function bindSelect(
  b: Binder,
  select: Select,
  parent: Scope | undefined,
  order: SelectOrder,
  use: QueryUse,
): BoundQuery {
  b.json.push(collectJsonPaths(select));
  try {
    return bindParts(b, select, parent, order, use);
  } finally {
    b.json.pop();
  }
}

function bindParts(
  b: Binder,
  select: Select,
  parent: Scope | undefined,
  order: SelectOrder,
  { exists, rowid }: QueryUse,
): BoundQuery {
  const scope = new Scope(parent);
  const from = bindSources(b, scope, select.from);
  const filter = select.where && observe(() => scope.within('WHERE', () => condition(b, scope, select.where!)));
  const where = filter ? ` WHERE ${filter.made}` : '';
  const aggregated =
    select.groupBy.length > 0 ||
    select.having !== undefined ||
    select.items.some((item) => item.kind !== 'star' && hasAggregate(item.expr)) ||
    order.items.some((item) => hasAggregate(item.expr));
  let group = '';
  if (aggregated) {
    const grouping = scope.within('GROUP BY', () => bindGrouping(b, scope, select.groupBy));
    scope.grouping = grouping;
    group = grouping.sql;
  }
  const listed =
    exists && !aggregated && !select.distinct ? [] : select.items.flatMap((item) => bindItem(b, scope, item));
  const columns = withIdentities(listed, !aggregated && scope.sources.length === 1);
  const having = select.having ? ` HAVING ${scope.within('HAVING', () => condition(b, scope, select.having!))}` : '';
  if (exists && !columns.length) return { sql: `SELECT 1${from}${where}${topClause(b, scope, select)}`, columns };
  const own = rowid ? [scope.sources[0]!.rowid!] : [];
  const list = [...own, ...columns.map((c) => (select.distinct && !hasGroupKey(c) ? groupKey(c) : c.sql))];
  const head = select.distinct ? distinctHead(columns) : '';
  const tail = `${from}${where}${group}${having}`;
  const keys = scope.within('ORDER BY', () =>
    order.items.map((item, i) => orderItem(b, scope, item, i, columns, select.distinct)),
  );
  if (keys.some((key, i) => keys.findIndex((other) => other.sql === key.sql) < i))
    throw new TSqlError(
      169,
      'A column has been specified more than once in the order by list. Columns in the order by list must be unique.',
      1,
      15,
    );
  const sortedBy = keys.map((key) => columns.findIndex((c) => c === key || c.sql === key.sql) + 1);
  if (!select.distinct || !keys.length) {
    const sorted = keys.map((key, i): SortKey => ({ sql: keyOf(key), descending: order.items[i]!.descending }));
    const sql = finish(b, scope, select, order, { head, list, tail, keys: sorted }, columns);
    return {
      sql:
        filter?.seen.asksForm && parent === undefined && b.depth > 1 && !select.top && !order.offset
          ? `${sql} LIMIT ${ALL_ROWS}`
          : sql,
      columns,
      sortedBy,
    };
  }
  // DISTINCT comes before ORDER BY, whose keys are made of its columns.
  const alias = freshAlias(b);
  const names = columns.map((_, i) => `c${i}`);
  const distinct = `SELECT ${head}${list.join(', ')}${tail}`;
  const sorted = keys.map(
    (key, i): SortKey => ({
      sql: keyOf({ ...key, sql: `${alias}.c${columns.indexOf(key as OutputColumn)}` }),
      descending: order.items[i]!.descending,
    }),
  );
  const parts = {
    head: '',
    list: names.map((name) => `${alias}.${name}`),
    tail: ` FROM (${distinct}) AS ${alias}(${names.join(', ')})`,
    keys: sorted,
  };
  return { sql: finish(b, scope, { ...select, distinct: false }, order, parts, columns), columns, sortedBy };
}

/** IDENTITY is of a plain column; what a table made of the query inherits is that of its one source, listed once. */
function withIdentities(columns: readonly OutputColumn[], isPlain: boolean): readonly OutputColumn[] {
  const identities = columns.filter((c) => c.identity && c.column !== undefined);
  const inherited = isPlain && identities.length === 1;
  return columns.map((c) => {
    if (!c.identity) return c;
    return {
      ...c,
      identity: identities.includes(c) ? { ...c.identity, inherited: inherited && c.identity.inherited } : undefined,
    };
  });
}

/** `DISTINCT `, by keys where equal values are not the same. A constant is no key: DuckDB takes a number for a position. */
export function distinctHead(columns: readonly OutputColumn[]): string {
  if (!columns.some(hasGroupKey)) return 'DISTINCT ';
  const keys = columns.filter((c) => c.literal === undefined && !c.isNull).map(groupKey);
  return `DISTINCT ON (${keys.join(', ')}) `;
}

/** A derived table that keeps what is no JSON (number, date) out has this limit: it keeps DuckDB from asking outer conditions first. */
const ALL_ROWS = '9223372036854775807';

/** An ORDER BY item in DuckDB's SQL. */
interface SortKey {
  readonly sql: string;
  readonly descending: boolean;
}

/** TOP, TOP PERCENT, WITH TIES and OFFSET around the parts. */
function finish(
  b: Binder,
  scope: Scope,
  select: Select,
  order: SelectOrder,
  {
    head: distinct,
    list,
    tail,
    keys,
  }: { head: string; list: readonly string[]; tail: string; keys: readonly SortKey[] },
  columns: readonly OutputColumn[],
): string {
  const head = `SELECT ${distinct}${list.join(', ')}`;
  const orderBy = keys.length ? ` ORDER BY ${keys.map((key) => direction(key.sql, key.descending)).join(', ')}` : '';
  const { top } = select;
  if (!top) return `${head}${tail}${orderBy}${limit(b, scope, order)}`;
  if (order.offset)
    throw new TSqlError(10741, 'A TOP can not be used in the same query or sub-query as a OFFSET.', 2, 15);
  const count = topCount(b, scope, top.count);
  if (top.ties) {
    if (!keys.length)
      throw new TSqlError(
        1062,
        'The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.',
        1,
        15,
      );
    // A key may be a window function, which cannot stand in another: the keys become columns first.
    const alias = freshAlias(b);
    const names = columns.map((_, i) => `c${i}`);
    const sorted = keys.map((key, i) => direction(`${alias}.k${i}`, key.descending)).join(', ');
    const inner = `SELECT ${[...list, ...keys.map((key) => key.sql)].join(', ')}${tail}`;
    return `SELECT ${names.map((name) => `${alias}.${name}`).join(', ')} FROM (${inner}) AS ${alias}(${[...names, ...keys.map((_, i) => `k${i}`)].join(', ')}) QUALIFY rank() OVER (ORDER BY ${sorted}) <= ${count} ORDER BY ${sorted}`;
  }
  if (top.percent) {
    const percent = expr(b, scope, top.count).sql;
    return `${head}${tail}${orderBy} LIMIT (SELECT CAST(ceil(count(*) * ${percent} / 100.0) AS BIGINT) FROM (${head}${tail}))`;
  }
  return `${head}${tail}${orderBy} LIMIT ${count}`;
}
function topCount(b: Binder, scope: Scope, node: Expr): string {
  const count = expr(b, scope, node);
  if (/^(?:CAST\()?\(?-\d/.test(count.sql))
    throw new TSqlError(127, 'A TOP N or FETCH rowcount value may not be negative.', 1, 15);
  if (count.literal !== undefined && !/^\d+$/.test(count.literal))
    throw new TSqlError(
      1060,
      'The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.',
      1,
      15,
    );
  return count.literal !== undefined ? count.sql : `CAST(${count.sql} AS BIGINT)`;
}
function topClause(b: Binder, scope: Scope, select: Select): string {
  return select.top && !select.top.percent && !select.top.ties ? ` LIMIT ${topCount(b, scope, select.top.count)}` : '';
}

/** One item of a select list. */
export function bindItem(b: Binder, scope: Scope, item: SelectItem): OutputColumn[] {
  switch (item.kind) {
    case 'star':
      return star(scope, item.qualifier);
    case 'assign':
      throw new TSqlError(
        141,
        'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
        1,
        15,
      );
    case 'item': {
      const bound = expr(b, scope, item.expr);
      // A result tells what each sql_variant holds; inside a statement it is text.
      const value = b.sent && b.depth === 1 && bound.held !== undefined ? { ...bound, sql: bound.held } : bound;
      return [{ ...value, name: item.alias ?? writtenName(item.expr) ?? value.column ?? '' }];
    }
  }
}

/** A column of a result is named as the query writes it, not as the table does: `SELECT column_name` of COLUMN_NAME. */
function writtenName(node: Expr): string | undefined {
  return node.kind === 'column' ? node.parts.at(-1) : undefined;
}
function star(scope: Scope, qualifier: readonly string[]): OutputColumn[] {
  const sources = qualifier.length ? [scope.source(qualifier)] : scope.sources;
  if (!sources.length) throw new TSqlError(263, 'Must specify table to select from.');
  return sources.flatMap((source) =>
    source.columns.map((column) => {
      const value: Typed = scope.grouping
        ? scope.column([...source.exposed.slice(-1), column.name])
        : reference(source, column);
      return { ...value, name: column.name };
    }),
  );
}

/** What an item of ORDER BY sorts by; with DISTINCT one of the columns. */
function orderItem(
  b: Binder,
  scope: Scope,
  item: OrderItem,
  index: number,
  columns: readonly OutputColumn[],
  distinct: boolean,
): Typed {
  const position = outputPosition(item.expr, columns);
  if (position !== undefined) return columns[position]!;
  const value = expr(b, scope, item.expr);
  if (distinct) {
    const listed = columns.find((c) => c.sql === value.sql);
    if (!listed)
      throw new TSqlError(145, 'ORDER BY items must appear in the select list if SELECT DISTINCT is specified.', 1, 15);
    return listed;
  }
  if (item.expr.kind === 'literal' || item.expr.kind === 'variable')
    throw new TSqlError(408, `A constant expression was encountered in the ORDER BY list, position ${index + 1}.`);
  return value;
}
/** A constant in ORDER BY would be taken for a position. */
const keyOf = (value: Typed): string =>
  value.literal !== undefined || value.isNull ? `(SELECT ${value.sql})` : orderKey(value);
