/** SELECT, set operators, common table expressions, ORDER BY, FOR JSON, OPTION. */
import { TSqlError } from '../../contract';
import type {
  ArithmeticOperator,
  Cte,
  Expr,
  ForJson,
  GroupItem,
  Into,
  Query,
  QueryBody,
  QueryOption,
  Select,
  SelectItem,
  Top,
} from './ast';
import { parseOrderItem } from './calls';
import type { Cursor } from './cursor';
import { refusedByPool } from '../errors';
import { isQueryAhead, parenthesizedQuery, parseExpr, parsePredicate } from './expressions';
import { parseSources } from './sources';

/**
 * Where a query stands. A statement's own may have INTO and OPTION and assign variables, one whose rows a table takes (INSERT,
 * CREATE TABLE AS) OPTION alone, every other none of them.
 */
export type QueryPlace = 'statement' | 'later branch' | 'rows' | 'inner';

export function parseQuery(c: Cursor, place: QueryPlace = 'inner'): Query {
  const ctes = c.is('WITH') ? parseCtes(c) : [];
  return parseQueryAfterCtes(c, ctes, place);
}

export function parseQueryAfterCtes(c: Cursor, ctes: readonly Cte[], place: QueryPlace = 'inner'): Query {
  const body = parseUnion(c, place);
  const orderBy = c.accept('ORDER', 'BY') ? c.list(() => parseOrderItem(c)) : [];
  let offset: Expr | undefined;
  let fetch: Expr | undefined;
  if (orderBy.length && c.accept('OFFSET')) {
    offset = parseExpr(c);
    if (!c.accept('ROWS')) c.expect('ROW');
    if (c.accept('FETCH')) {
      if (!c.accept('NEXT')) c.expect('FIRST');
      fetch = parseExpr(c);
      if (!c.accept('ROWS')) c.expect('ROW');
      c.expect('ONLY');
    }
  }
  const forXmlFirst = skipForXml(c);
  const forJson = c.is('FOR') ? parseFor(c) : undefined;
  if (forJson && place === 'inner' && body.kind === 'set')
    throw new TSqlError(
      1086,
      'The FOR XML and FOR JSON clauses are invalid in views, inline functions, derived tables, and subqueries when they contain a set operator. To work around, wrap the SELECT containing a set operator using derived table or common table expression or view and apply FOR XML or FOR JSON on top of it.',
      1,
      15,
      c.line,
    );
  const option = place === 'inner' ? undefined : parseOption(c);
  const forXml = skipForXml(c) || forXmlFirst;
  return { kind: 'query', ctes, body, orderBy, offset, fetch, forJson, ...(forXml ? { forXml } : {}), option };
}

export function parseCtes(c: Cursor): Cte[] {
  c.expect('WITH');
  const known = new Set<string>();
  return c.list(() => {
    const name = c.identifier();
    if (known.has(name.toLowerCase()))
      throw new TSqlError(239, `Duplicate common table expression name '${name}' was specified.`, 1, 16, c.line);
    known.add(name.toLowerCase());
    const columns = c.is('(') ? c.parenthesized(() => c.identifier()) : undefined;
    c.expect('AS');
    return { name, columns, query: parenthesizedQuery(c) };
  });
}

function parseUnion(c: Cursor, place: QueryPlace): QueryBody {
  let left = parseIntersect(c, place);
  const next = (): QueryBody => parseIntersect(c, afterFirst(place));
  for (;;) {
    if (c.accept('UNION', 'ALL')) left = { kind: 'set', op: 'union all', left, right: next() };
    else if (c.accept('UNION')) left = { kind: 'set', op: 'union', left, right: next() };
    else if (c.accept('EXCEPT')) left = { kind: 'set', op: 'except', left, right: next() };
    else return left;
  }
}
const afterFirst = (place: QueryPlace): QueryPlace => (place === 'statement' ? 'later branch' : place);

function parseIntersect(c: Cursor, place: QueryPlace): QueryBody {
  let left = parseTerm(c, place);
  while (c.accept('INTERSECT')) left = { kind: 'set', op: 'intersect', left, right: parseTerm(c, afterFirst(place)) };
  return left;
}
function parseTerm(c: Cursor, place: QueryPlace): QueryBody {
  if (c.is('(') && isQueryAhead(c)) {
    const { line } = c;
    const query = parenthesizedQuery(c);
    if (query.orderBy.length) throw new TSqlError(156, "Incorrect syntax near the keyword 'ORDER'.", 1, 15, line);
    return { kind: 'nested', query };
  }
  return parseSelect(c, place);
}

function parseSelect(c: Cursor, place: QueryPlace): Select {
  const { line, start } = c.token;
  c.expect('SELECT');
  const distinct = c.accept('DISTINCT');
  if (!distinct) c.accept('ALL');
  const top = c.is('TOP') ? parseTop(c) : undefined;
  const items = c.list(() => {
    if (c.token.kind === 'variable') refuseAssignment(c, place);
    return parseItem(c);
  });
  const into = c.is('INTO') ? parseInto(c, place) : undefined;
  const from = c.accept('FROM') ? parseSources(c) : [];
  const where = c.accept('WHERE') ? parsePredicate(c) : undefined;
  const groupBy = c.accept('GROUP', 'BY') ? parseGroupBy(c) : [];
  const having = c.accept('HAVING') ? parsePredicate(c) : undefined;
  return {
    kind: 'select',
    distinct,
    top,
    items,
    into,
    from,
    where,
    groupBy,
    having,
    line,
    text: c.sql.slice(start, c.lastEnd),
  };
}

/** Only a statement's own SELECT assigns variables. */
function refuseAssignment(c: Cursor, place: QueryPlace): void {
  if ((place !== 'rows' && place !== 'inner') || !(c.peek().kind === 'op' && c.peek().upper in ASSIGN)) return;
  if (place === 'rows')
    throw new TSqlError(
      199,
      'An INSERT statement cannot contain a SELECT statement that assigns values to a variable.',
      1,
      15,
      c.line,
    );
  c.take();
  throw c.error();
}

function parseInto(c: Cursor, place: QueryPlace): Into {
  const { start, line } = c.token;
  if (place === 'rows' || place === 'inner') throw c.error();
  if (place === 'later branch')
    throw new TSqlError(
      196,
      'SELECT INTO must be the first query in a statement containing a UNION, INTERSECT or EXCEPT operator.',
      1,
      15,
      line,
    );
  c.expect('INTO');
  return { name: c.name(), start, end: c.lastEnd };
}

/** The first SELECT of a query; undefined where it stands in parentheses. */
export function firstSelect(query: Query): Select | undefined {
  let { body } = query;
  while (body.kind === 'set') body = body.left;
  return body.kind === 'select' ? body : undefined;
}

/** The query without its INTO. */
export const withoutInto = (query: Query): Query => ({ ...query, body: bodyWithoutInto(query.body) });
function bodyWithoutInto(body: QueryBody): QueryBody {
  if (body.kind === 'nested') return body;
  return body.kind === 'set' ? { ...body, left: bodyWithoutInto(body.left) } : { ...body, into: undefined };
}

/** TOP n and TOP (n), with PERCENT and WITH TIES. */
export function parseTop(c: Cursor): Top {
  c.expect('TOP');
  let count: Expr;
  if (isQueryAhead(c)) count = { kind: 'subquery', query: parenthesizedQuery(c) };
  else if (c.accept('(')) {
    count = parseExpr(c);
    c.expect(')');
  } else {
    const { token } = c;
    if (token.kind === 'variable') throw c.error();
    if (token.kind !== 'integer' && token.kind !== 'decimal') throw c.error();
    count = { kind: 'literal', type: token.kind, text: c.take().text };
  }
  const percent = c.accept('PERCENT');
  const ties = c.accept('WITH', 'TIES');
  return { count, percent, ties };
}

const ASSIGN: Readonly<Record<string, ArithmeticOperator | undefined>> = {
  '=': undefined,
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '&=': '&',
  '|=': '|',
  '^=': '^',
};
/** The operator of `x = …`, `x += …`; undefined when none is next. */
export function parseAssignmentOperator(c: Cursor): { op: ArithmeticOperator | undefined } | undefined {
  if (c.token.kind !== 'op' || !(c.token.upper in ASSIGN)) return undefined;
  return { op: ASSIGN[c.take().upper] };
}

export function parseItem(c: Cursor): SelectItem {
  if (c.accept('*')) return { kind: 'star', qualifier: [] };
  const { token } = c;
  if (token.kind === 'variable' && c.peek().kind === 'op' && c.peek().upper in ASSIGN) {
    c.take();
    const { op } = parseAssignmentOperator(c)!;
    return { kind: 'assign', variable: token.text, op, expr: parseExpr(c) };
  }
  const named = token.kind === 'word' || token.kind === 'quoted' || token.kind === 'string' || token.kind === 'nstring';
  if (named && c.peek().upper === '=') {
    c.take();
    c.take();
    return { kind: 'item', expr: parseExpr(c), alias: token.text };
  }
  const expr = parseExpr(c);
  if (expr.kind === 'star') return { kind: 'star', qualifier: expr.qualifier };
  return { kind: 'item', expr, alias: parseAlias(c) };
}

/** [AS] name, where a string literal is allowed as well. */
function parseAlias(c: Cursor): string | undefined {
  const explicit = c.accept('AS');
  const { token } = c;
  if (c.isIdentifier() || token.kind === 'string' || token.kind === 'nstring') return c.take().text;
  if (explicit) throw c.error();
  return undefined;
}

function parseGroupBy(c: Cursor): GroupItem[] {
  if (c.is('ALL')) {
    c.refuse('GROUP BY ALL');
    c.take();
  }
  const items = c.list((): GroupItem => {
    if (c.is('GROUPING', 'SETS')) {
      c.expect('GROUPING', 'SETS');
      return { kind: 'sets', sets: c.parenthesized(() => parseSet(c)) };
    }
    if (c.isAny('ROLLUP', 'CUBE') && c.peek().upper === '(') {
      const kind = c.take().upper === 'ROLLUP' ? 'rollup' : 'cube';
      return { kind, sets: c.parenthesized(() => parseSet(c)) };
    }
    if (c.is('(', ')')) throw c.error();
    return { kind: 'expr', expr: parseExpr(c) };
  });
  if (c.is('WITH') && ['ROLLUP', 'CUBE'].includes(c.peek().upper)) {
    c.take();
    const kind = c.take().upper === 'ROLLUP' ? 'rollup' : 'cube';
    return [{ kind, sets: items.map((item) => (item.kind === 'expr' ? [item.expr] : item.sets.flat())) }];
  }
  if (c.accept('WITH')) {
    c.expect('(');
    throw refusedByPool('GROUP BY … WITH (DISTRIBUTED_AGG)', c.line);
  }
  return items;
}
function parseSet(c: Cursor): Expr[] {
  if (c.accept('(', ')')) return [];
  if (c.is('(')) return c.parenthesized(() => parseExpr(c));
  return [parseExpr(c)];
}

/** A module may say FOR XML; only running it fails. */
function skipForXml(c: Cursor): boolean {
  if (c.surface !== 'server') return false;
  // FOR BROWSE locks nothing here.
  if (c.accept('FOR', 'BROWSE')) return false;
  if (!c.accept('FOR', 'XML')) return false;
  do {
    c.take();
    if (c.accept('(')) {
      c.string();
      c.expect(')');
    }
  } while (c.accept(','));
  return true;
}
function parseFor(c: Cursor): ForJson {
  c.expect('FOR');
  if (c.is('XML')) throw refusedByPool('FOR XML', c.line);
  c.expect('JSON');
  const mode = c.accept('AUTO') ? 'auto' : (c.expect('PATH'), 'path');
  let root: string | undefined;
  let includeNulls = false;
  let withoutWrapper = false;
  while (c.accept(',')) {
    if (c.accept('ROOT')) {
      root = 'root';
      if (c.accept('(')) {
        root = c.string();
        c.expect(')');
      }
    } else if (c.accept('INCLUDE_NULL_VALUES')) includeNulls = true;
    else if (c.accept('WITHOUT_ARRAY_WRAPPER')) withoutWrapper = true;
    else throw c.error();
  }
  return { mode, root, includeNulls, withoutWrapper };
}

const HINTS = new Set([
  'HASH JOIN',
  'LOOP JOIN',
  'MERGE JOIN',
  'FORCE ORDER',
  'FORCE EXTERNALPUSHDOWN',
  'DISABLE EXTERNALPUSHDOWN',
  'RECOMPILE',
  'FORCE SCALEOUTEXECUTION',
  'DISABLE SCALEOUTEXECUTION',
  'HASH GROUP',
  'ORDER GROUP',
  'CONCAT UNION',
  'HASH UNION',
  'MERGE UNION',
  'KEEP PLAN',
  'KEEPFIXED PLAN',
  'ROBUST PLAN',
  'EXPAND VIEWS',
]);
/** OPTION (LABEL = '…', hints): the label is kept for sys.dm_pdw_exec_requests, hints change no result. */
export function parseOption(c: Cursor): QueryOption | undefined {
  if (!c.is('OPTION', '(')) return undefined;
  c.take();
  let label: string | undefined;
  c.parenthesized(() => {
    if (c.accept('LABEL')) {
      c.expect('=');
      label = c.string();
    } else if (c.isAny('MAXDOP', 'FAST', 'QUERYTRACEON', 'MAXRECURSION')) {
      c.take();
      c.integer();
    } else if (c.is('USE', 'HINT')) {
      c.expect('USE', 'HINT');
      c.parenthesized(() => c.string());
    } else {
      let words = c.take().text.toUpperCase();
      while (c.token.kind === 'word') words += ' ' + c.take().text.toUpperCase();
      if (!HINTS.has(words)) throw c.error();
    }
  });
  return { label };
}
