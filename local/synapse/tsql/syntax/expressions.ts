/** Expressions and predicates by precedence: OR < AND < NOT < comparison < + - & ^ | < * / % < unary. */
import { TSqlError } from '../../contract';
import { refusedByPool, syntaxError } from '../errors';
import type { Call, CompareOperator, Expr, Query, TypeName } from './ast';
import type { Cursor } from './cursor';
import { parseCallTail } from './calls';
import { parseOdbcEscape } from './odbc-escape';
import { parseQuery } from './query';
import { parseTypeName } from './type-name';

const PREDICATES = new Set([
  'compare',
  'distinctFrom',
  'quantified',
  'logic',
  'not',
  'isNull',
  'between',
  'in',
  'like',
  'exists',
]);
const COMPARE: Readonly<Record<string, CompareOperator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '!<': '>=',
  '!>': '<=',
};
/** Functions without parentheses. */
const NILADIC = new Set(['CURRENT_TIMESTAMP', 'CURRENT_USER', 'SESSION_USER', 'SYSTEM_USER', 'USER', 'CURRENT_DATE']);
/** Reserved words that are function names when a parenthesis follows. */
const FUNCTION_WORDS = new Set(['LEFT', 'RIGHT', 'COALESCE', 'NULLIF', 'UPDATE']);

/** Msg 4145 near the next token, or the last one. */
const notCondition = (c: Cursor, line: number): TSqlError => {
  const near = c.token.kind === 'end' ? c.tokens[c.at - 1]!.text : c.token.text;
  return new TSqlError(
    4145,
    `An expression of non-boolean type specified in a context where a condition is expected, near '${near}'.`,
    1,
    15,
    line,
  );
};
/** A condition: Msg 4145 when it is a value. */
export function parsePredicate(c: Cursor): Expr {
  const { token } = c;
  const expr = c.nested(() => parseOr(c));
  if (!PREDICATES.has(expr.kind)) throw notCondition(c, token.line);
  return expr;
}

/** A value: a bare predicate is a syntax error, T-SQL has no boolean type. */
export function parseExpr(c: Cursor): Expr {
  const expr = c.nested(() => parseAdditive(c));
  if (PREDICATES.has(expr.kind)) throw c.error();
  return expr;
}

function parseOr(c: Cursor): Expr {
  let left = parseAnd(c);
  while (c.accept('OR')) left = { kind: 'logic', op: 'or', left: condition(c, left), right: condition(c, parseAnd(c)) };
  return left;
}
function parseAnd(c: Cursor): Expr {
  let left = parseNot(c);
  while (c.accept('AND'))
    left = { kind: 'logic', op: 'and', left: condition(c, left), right: condition(c, parseNot(c)) };
  return left;
}
function parseNot(c: Cursor): Expr {
  if (c.accept('NOT'))
    return {
      kind: 'not',
      operand: condition(
        c,
        c.nested(() => parseNot(c)),
      ),
    };
  return parseComparison(c);
}
function condition(c: Cursor, expr: Expr): Expr {
  if (!PREDICATES.has(expr.kind)) throw notCondition(c, c.line);
  return expr;
}
function value(c: Cursor, expr: Expr): Expr {
  if (PREDICATES.has(expr.kind)) throw c.error();
  return expr;
}

function parseComparison(c: Cursor): Expr {
  if (c.is('EXISTS')) {
    c.take();
    return { kind: 'exists', query: parenthesizedQuery(c) };
  }
  const left = parseAdditive(c);
  const op = c.token.kind === 'op' ? COMPARE[c.token.upper] : undefined;
  if (op) {
    value(c, left);
    c.take();
    if (c.isAny('ALL', 'ANY', 'SOME')) {
      const quantifier = c.take().upper === 'ALL' ? 'all' : 'any';
      return { kind: 'quantified', op, quantifier, left, query: parenthesizedQuery(c) };
    }
    return { kind: 'compare', op, left, right: value(c, parseAdditive(c)) };
  }
  if (c.accept('IS')) {
    value(c, left);
    const not = c.accept('NOT');
    if (c.accept('DISTINCT', 'FROM')) return { kind: 'distinctFrom', not, left, right: parseExpr(c) };
    c.expect('NULL');
    return { kind: 'isNull', not, operand: left };
  }
  const not = c.is('NOT') && ['IN', 'LIKE', 'BETWEEN'].includes(c.peek().upper);
  if (not) c.take();
  if (c.isAny('IN', 'LIKE', 'BETWEEN')) return parsePredicateTail(c, value(c, left), not);
  return left;
}

function parsePredicateTail(c: Cursor, operand: Expr, not: boolean): Expr {
  if (c.accept('IN')) {
    if (isQueryAhead(c)) return { kind: 'in', not, operand, list: parenthesizedQuery(c) };
    return { kind: 'in', not, operand, list: c.parenthesized(() => parseExpr(c)) };
  }
  if (c.accept('LIKE')) {
    const pattern = parseExpr(c);
    const escape = c.accept('ESCAPE') ? parseExpr(c) : undefined;
    return { kind: 'like', not, operand, pattern, escape };
  }
  c.expect('BETWEEN');
  const low = parseExpr(c);
  c.expect('AND');
  return { kind: 'between', not, operand, low, high: parseExpr(c) };
}

function parseAdditive(c: Cursor): Expr {
  let left = parseMultiplicative(c);
  while (c.token.kind === 'op' && c.isAny('+', '-', '&', '^', '|')) {
    const op = c.take().upper as '+' | '-' | '&' | '^' | '|';
    left = { kind: 'binary', op, left: value(c, left), right: value(c, parseMultiplicative(c)) };
  }
  return left;
}
function parseMultiplicative(c: Cursor): Expr {
  let left = parseUnary(c);
  while (c.token.kind === 'op' && c.isAny('*', '/', '%')) {
    const op = c.take().upper as '*' | '/' | '%';
    left = { kind: 'binary', op, left: value(c, left), right: value(c, parseUnary(c)) };
  }
  return left;
}
function parseUnary(c: Cursor): Expr {
  if (c.token.kind === 'op' && c.isAny('-', '+', '~')) {
    const op = c.take().upper as '-' | '+' | '~';
    const operand = value(
      c,
      c.nested(() => parseUnary(c)),
    );
    if (
      op === '-' &&
      operand.kind === 'literal' &&
      /^(integer|decimal|float|money)$/.test(operand.type) &&
      !operand.text.startsWith('-')
    )
      return { ...operand, text: '-' + operand.text };
    return { kind: 'unary', op, operand };
  }
  return parsePostfix(c, parsePrimary(c));
}
function parsePostfix(c: Cursor, start: Expr): Expr {
  let expr = start;
  for (;;) {
    if (c.accept('COLLATE')) expr = { kind: 'collate', operand: value(c, expr), collation: c.take().text };
    else if (c.accept('AT', 'TIME', 'ZONE'))
      expr = { kind: 'atTimeZone', operand: value(c, expr), zone: parsePrimary(c) };
    else return expr;
  }
}

function parsePrimary(c: Cursor): Expr {
  const { token } = c;
  switch (token.kind) {
    case 'string':
    case 'nstring':
    case 'integer':
    case 'decimal':
    case 'float':
    case 'money':
    case 'hex':
      c.take();
      return { kind: 'literal', type: token.kind, text: token.text };
    case 'variable':
      c.take();
      return { kind: 'variable', name: token.text, line: token.line };
    case 'quoted':
      return parseReference(c);
    case 'op':
      if (token.upper === '(') return parseParenthesis(c);
      if (token.upper === '{') return parseOdbcEscape(c);
      if (token.upper === '*') {
        c.take();
        return { kind: 'star', qualifier: [] };
      }
      throw c.error();
    case 'word':
      return parseWord(c);
    case 'end':
      throw c.error();
  }
}

function parseParenthesis(c: Cursor): Expr {
  if (isQueryAhead(c)) return { kind: 'subquery', query: parenthesizedQuery(c) };
  c.expect('(');
  const expr = c.nested(() => parseOr(c));
  c.expect(')');
  return expr;
}

/** True when the parenthesis that is next opens a query (however deeply nested). */
export function isQueryAhead(c: Cursor): boolean {
  let ahead = 0;
  while (c.peek(ahead).upper === '(') ahead++;
  return ahead > 0 && c.peek(ahead).upper === 'SELECT' && (ahead === 1 || closesOnQuery(c, ahead));
}
/** `((SELECT 1) + 1)` is an expression, `((SELECT 1) UNION (SELECT 2))` a query: look at what follows the inner parenthesis. */
function closesOnQuery(c: Cursor, opens: number): boolean {
  let depth = 0;
  for (let ahead = opens - 1; ; ahead++) {
    const token = c.peek(ahead);
    if (token.kind === 'end') return true;
    if (token.upper === '(') depth++;
    if (token.upper === ')' && --depth === 0) {
      const next = c.peek(ahead + 1).upper;
      if (next !== ')') return ['UNION', 'EXCEPT', 'INTERSECT', 'ORDER'].includes(next);
      if (--opens <= 1) return true;
      depth = 1;
    }
  }
}
export function parenthesizedQuery(c: Cursor): Query {
  c.expect('(');
  const query = c.nested(() => parseQuery(c));
  c.expect(')');
  return query;
}

function parseWord(c: Cursor): Expr {
  const { token } = c;
  const call = c.peek().upper === '(';
  switch (token.upper) {
    case 'NULL':
      c.take();
      return { kind: 'literal', type: 'null', text: 'NULL' };
    case 'DEFAULT':
      c.take();
      return { kind: 'literal', type: 'default', text: 'DEFAULT' };
    case 'CASE':
      return parseCase(c);
    case 'CAST':
    case 'TRY_CAST':
      if (call) return parseCast(c);
      break;
    case 'CONVERT':
    case 'TRY_CONVERT':
      if (call) return parseConvert(c);
      break;
    case 'NEXT':
      if (c.is('NEXT', 'VALUE')) throw refusedByPool('NEXT VALUE FOR', token.line);
      break;
    case 'PARSE':
    case 'TRY_PARSE':
      if (call) throw refusedByPool(token.upper, token.line);
      break;
  }
  if (NILADIC.has(token.upper) && !call) {
    c.take();
    return { kind: 'call', name: [token.upper], args: [], distinct: false, line: token.line };
  }
  if (FUNCTION_WORDS.has(token.upper) && call) {
    c.take();
    return parseCallTail(c, [token.text], token.line);
  }
  return parseReference(c);
}

/** A column, `t.*`, or a call of a function by its name. */
function parseReference(c: Cursor): Expr {
  const { line } = c;
  const parts = [c.identifier()];
  while (c.is('.')) {
    c.take();
    while (c.accept('.')) parts.push('');
    if (c.accept('*')) return { kind: 'star', qualifier: parts };
    const part = c.take();
    if (part.kind !== 'word' && part.kind !== 'quoted') throw c.error();
    parts.push(part.text);
  }
  if (c.is('(')) return parseCallTail(c, parts, line);
  return { kind: 'column', parts, line };
}

function parseCase(c: Cursor): Expr {
  c.expect('CASE');
  const operand = c.is('WHEN') ? undefined : parseExpr(c);
  const branches: { when: Expr; result: Expr }[] = [];
  while (c.accept('WHEN')) {
    const when = operand ? parseExpr(c) : parsePredicate(c);
    c.expect('THEN');
    branches.push({ when, result: parseExpr(c) });
  }
  if (!branches.length) throw c.error();
  const otherwise = c.accept('ELSE') ? parseExpr(c) : undefined;
  c.expect('END');
  return { kind: 'case', operand, branches, otherwise };
}
function parseCast(c: Cursor): Expr {
  const { line } = c;
  const attempt = c.take().upper === 'TRY_CAST';
  c.expect('(');
  const operand = parseExpr(c);
  if (!c.accept('AS'))
    throw syntaxError('', line, 1035, `Incorrect syntax near '${attempt ? 'TRY_CAST' : 'CAST'}', expected 'AS'.`);
  const type = parseTypeName(c);
  c.expect(')');
  return { kind: 'cast', attempt, operand, type };
}
function parseConvert(c: Cursor): Expr {
  const attempt = c.take().upper === 'TRY_CONVERT';
  c.expect('(');
  const type: TypeName = parseTypeName(c);
  c.expect(',');
  const operand = parseExpr(c);
  const style = c.accept(',') ? parseExpr(c) : undefined;
  c.expect(')');
  return { kind: 'cast', attempt, operand, type, style };
}
export type { Call };
