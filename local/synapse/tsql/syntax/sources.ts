/** The FROM clause: tables, joins, APPLY, derived tables, functions, OPENROWSET, OPENJSON, PIVOT. */
import type { Call, JoinKind, JsonColumn, Source } from './ast';
import { parseCallTail } from './calls';
import type { Cursor } from './cursor';
import { refusedByPool, unevenRows } from '../errors';
import { isQueryAhead, parenthesizedQuery, parseExpr, parsePredicate } from './expressions';
import { parseOpenRowset } from './external';
import { parseTypeName } from './type-name';

const HINTS = new Set(
  'NOLOCK READUNCOMMITTED READCOMMITTED READCOMMITTEDLOCK REPEATABLEREAD TABLOCK TABLOCKX HOLDLOCK ROWLOCK UPDLOCK XLOCK PAGLOCK NOEXPAND FORCESEEK SERIALIZABLE READPAST NOWAIT SNAPSHOT'.split(
    ' ',
  ),
);

export function parseSources(c: Cursor): Source[] {
  return c.list(() => parseJoined(c));
}

/** One source with all its joins. */
export function parseJoined(c: Cursor): Source {
  let left = parseSource(c);
  for (;;) {
    const join = parseJoinKind(c);
    if (!join) return left;
    if (join === 'cross' || join === 'cross apply' || join === 'outer apply') {
      left = { kind: 'join', join, left, right: parseSource(c) };
      continue;
    }
    // `a JOIN b JOIN c ON … ON …` nests to the right until its ON is found.
    const right = c.nested(() => parseRightSide(c));
    c.expect('ON');
    left = { kind: 'join', join, left, right, on: parsePredicate(c) };
  }
}
function parseRightSide(c: Cursor): Source {
  let right = parseSource(c);
  while (!c.is('ON')) {
    const join = parseJoinKind(c);
    if (!join) throw c.error();
    if (join === 'cross' || join.endsWith('apply')) {
      right = { kind: 'join', join, left: right, right: parseSource(c) };
      continue;
    }
    const inner = c.nested(() => parseRightSide(c));
    c.expect('ON');
    right = { kind: 'join', join, left: right, right: inner, on: parsePredicate(c) };
  }
  return right;
}

function parseJoinKind(c: Cursor): JoinKind | undefined {
  if (c.accept('CROSS', 'JOIN')) return 'cross';
  if (c.accept('CROSS', 'APPLY')) return 'cross apply';
  if (c.accept('OUTER', 'APPLY')) return 'outer apply';
  let kind: JoinKind | undefined;
  if (c.accept('INNER')) kind = 'inner';
  else if (c.isAny('LEFT', 'RIGHT', 'FULL')) {
    kind = c.take().text.toLowerCase() as JoinKind;
    c.accept('OUTER');
  }
  if (c.isAny('HASH', 'LOOP', 'MERGE', 'REMOTE', 'REDUCE', 'REPLICATE', 'REDISTRIBUTE') && c.peek().upper === 'JOIN')
    c.take();
  if (c.accept('JOIN')) return kind ?? 'inner';
  if (kind) throw c.error();
  return undefined;
}

/** Words that begin a statement though they are not reserved: they are no alias there. */
function beginsStatement(c: Cursor): boolean {
  return (
    c.is('RENAME', 'OBJECT') ||
    c.is('COPY', 'INTO') ||
    c.is('USING') ||
    (c.is('THROW') && c.peek().kind !== 'op') ||
    c.is('THROW', ';') ||
    (c.is('EXPLAIN') && c.peek().kind === 'word')
  );
}
export function parseSourceAlias(c: Cursor): string | undefined {
  if (c.accept('AS')) return c.identifier();
  if (c.isIdentifier() && !beginsStatement(c)) return c.take().text;
  return undefined;
}
function requiredAlias(c: Cursor): string {
  const alias = parseSourceAlias(c);
  if (alias === undefined) throw c.error();
  return alias;
}
function columnAliases(c: Cursor): string[] | undefined {
  return c.is('(') && !isHint(c) ? c.parenthesized(() => c.identifier()) : undefined;
}
function isHint(c: Cursor): boolean {
  return c.is('(') && HINTS.has(c.peek().upper);
}
/** WITH (NOLOCK) and the old (NOLOCK): locks have no meaning here. */
function skipHints(c: Cursor): void {
  if (c.is('WITH') && c.peek().upper === '(' && HINTS.has(c.peek(2).upper)) c.take();
  else if (!isHint(c)) return;
  c.expect('(');
  do {
    if (!HINTS.has(c.token.upper)) throw c.error();
    c.take();
  } while (c.accept(',') || !c.is(')'));
  c.expect(')');
}

function parseSource(c: Cursor): Source {
  let source = parsePlainSource(c);
  for (;;) {
    if (c.is('PIVOT', '(')) source = parsePivot(c, source);
    else if (c.is('UNPIVOT', '(')) source = parseUnpivot(c, source);
    else if (c.is('TABLESAMPLE')) throw refusedByPool('TABLESAMPLE', c.line);
    else return source;
  }
}

function parsePlainSource(c: Cursor): Source {
  const { token } = c;
  if (token.upper === '(') {
    if (c.peek().upper === 'VALUES') return parseValues(c);
    if (isQueryAhead(c)) {
      const query = parenthesizedQuery(c);
      const alias = requiredAlias(c);
      return { kind: 'derived', query, alias, columns: columnAliases(c) };
    }
    c.expect('(');
    const inner = parseJoined(c);
    c.expect(')');
    return inner;
  }
  if (token.upper === 'OPENROWSET') return parseOpenRowset(c);
  if (token.upper === 'OPENJSON' && c.peek().upper === '(') return parseOpenJson(c);
  if (token.kind === 'variable') c.refuse('A table variable');
  // ::fn_x() is SQL Server's old way to write sys.fn_x().
  if (c.surface === 'server') c.accept('::');
  const name = token.kind === 'variable' ? [c.take().text] : c.name();
  if (c.is('(') && !isHint(c)) {
    const call: Call = parseCallTail(c, name, token.line);
    skipHints(c);
    const alias = parseSourceAlias(c);
    return { kind: 'function', call, alias, columns: alias === undefined ? undefined : columnAliases(c) };
  }
  skipHints(c);
  const alias = parseSourceAlias(c);
  skipHints(c);
  return { kind: 'table', name, alias, line: token.line };
}

/** Rows of VALUES must be of one width (Msg 10709). */
export function demandEvenRows(c: Cursor, rows: readonly (readonly unknown[])[]): void {
  if (rows.some((row) => row.length !== rows[0]!.length)) throw unevenRows(c.line);
}
function parseValues(c: Cursor): Source {
  c.expect('(', 'VALUES');
  const rows = c.list(() => c.parenthesized(() => parseExpr(c)));
  c.expect(')');
  demandEvenRows(c, rows);
  const alias = requiredAlias(c);
  return { kind: 'values', rows, alias, columns: columnAliases(c) };
}

/** OPENJSON(json [, path]) [WITH (name type ['path'] [AS JSON], …)] */
function parseOpenJson(c: Cursor): Source {
  c.expect('OPENJSON', '(');
  const json = parseExpr(c);
  const path = c.accept(',') ? parseExpr(c) : undefined;
  c.expect(')');
  let columns: JsonColumn[] | undefined;
  if (c.is('WITH') && c.peek().upper === '(' && !HINTS.has(c.peek(2).upper)) {
    c.take();
    columns = c.parenthesized(() => {
      const name = c.identifier();
      const type = parseTypeName(c);
      const columnPath = c.token.kind === 'string' || c.token.kind === 'nstring' ? c.string() : undefined;
      return { name, type, path: columnPath, asJson: c.accept('AS', 'JSON') };
    });
  }
  return { kind: 'openjson', json, path, columns, alias: parseSourceAlias(c) };
}

function parsePivot(c: Cursor, source: Source): Source {
  c.expect('PIVOT', '(');
  const aggregate = parseExpr(c);
  if (aggregate.kind !== 'call') throw c.error();
  c.expect('FOR');
  const column = c.name().at(-1)!;
  c.expect('IN');
  const values = c.parenthesized(() => c.identifier());
  c.expect(')');
  return { kind: 'pivot', source, aggregate, column, values, alias: requiredAlias(c) };
}
function parseUnpivot(c: Cursor, source: Source): Source {
  c.expect('UNPIVOT', '(');
  const value = c.identifier();
  c.expect('FOR');
  const column = c.identifier();
  c.expect('IN');
  const columns = c.parenthesized(() => c.name().at(-1)!);
  c.expect(')');
  return { kind: 'unpivot', source, value, column, columns, alias: requiredAlias(c) };
}
