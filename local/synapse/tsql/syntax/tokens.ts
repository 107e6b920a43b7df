/**
 * T-SQL text to tokens. Comments and white space are dropped; every token keeps its place so that errors can name a line and
 * modules (views, procedures) can be stored as they were written.
 */
import { TSqlError } from '../../contract';
import { syntaxError } from '../errors';

export type TokenKind =
  | 'word'
  | 'quoted'
  | 'string'
  | 'nstring'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'money'
  | 'hex'
  | 'variable'
  | 'op'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Value: unquoted for identifiers and strings, digits for numbers and hex, as written else. */
  readonly text: string;
  /** Upper case of an unquoted word or operator, '' for everything else: what keywords are compared with. */
  readonly upper: string;
  readonly start: number;
  readonly end: number;
  /** 1-based line of the first character. */
  readonly line: number;
}

const SPACE = /[\s\u00a0\ufeff]+/y;
const WORD = /[\p{L}_#][\p{L}\p{N}\p{M}_#@$]*/uy;
const VARIABLE = /@@?[\p{L}\p{N}_#@$]+/uy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d*)?/y;
const HEX = /0[xX][0-9a-fA-F]*/y;
const MONEY = /[$€£¥]\s*-?(?:\d[\d,]*\.?\d*|\.\d+)/y;
const OPERATORS = ['<>', '!=', '<=', '>=', '!<', '!>', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '::'];
const NAMES: ReadonlySet<TokenKind> = new Set(['word', 'quoted', 'variable']);
const SINGLE = new Set('()[],.;:+-*/%&|^~=<>!{}');

/** Splits `sql` into tokens, the last of which has kind `end`. Msg 105 for an unclosed quote, 113 for an unclosed comment. */
/** `doubleQuotes` = what "…" is: an identifier, or a string where QUOTED_IDENTIFIER is OFF. */
export function tokenize(sql: string, doubleQuotes: 'quoted' | 'string' = 'quoted'): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const push = (kind: TokenKind, text: string, end: number): void => {
    if (text.length > 128 && NAMES.has(kind)) throw tooLong(text, line);
    const upper = kind === 'word' || kind === 'op' ? text.toUpperCase() : '';
    tokens.push({ kind, text, upper, start: at, end, line });
    line += newLines(sql, at, end);
    at = end;
  };
  const match = (rule: RegExp): string | undefined => {
    rule.lastIndex = at;
    return rule.exec(sql)?.[0];
  };
  const skipTo = (end: number): void => {
    line += newLines(sql, at, end);
    at = end;
  };
  while (at < sql.length) {
    const space = match(SPACE);
    if (space) {
      skipTo(at + space.length);
      continue;
    }
    const char = sql[at]!;
    const next = sql[at + 1];
    if (char === '-' && next === '-') {
      const end = sql.indexOf('\n', at);
      skipTo(end < 0 ? sql.length : end);
    } else if (char === '/' && next === '*') {
      skipTo(endOfComment(sql, at, line));
    } else if (char === "'") {
      const end = endOfQuote(sql, at, "'", line);
      push('string', sql.slice(at + 1, end - 1).replaceAll("''", "'"), end);
    } else if ((char === 'N' || char === 'n') && next === "'") {
      const end = endOfQuote(sql, at + 1, "'", line);
      push('nstring', sql.slice(at + 2, end - 1).replaceAll("''", "'"), end);
    } else if (char === '[') {
      const end = endOfQuote(sql, at, ']', line);
      push('quoted', sql.slice(at + 1, end - 1).replaceAll(']]', ']'), end);
    } else if (char === '"') {
      const end = endOfQuote(sql, at, '"', line);
      push(doubleQuotes, sql.slice(at + 1, end - 1).replaceAll('""', '"'), end);
    } else if (char === '@') {
      const name = match(VARIABLE);
      if (!name) throw syntaxError('@', line);
      push('variable', name, at + name.length);
    } else if (char === '0' && (next === 'x' || next === 'X')) {
      const hex = match(HEX)!;
      push('hex', hex.slice(2), at + hex.length);
    } else if (/[0-9]/.test(char) || (char === '.' && next !== undefined && /[0-9]/.test(next))) {
      const number = match(NUMBER)!;
      push(/[eE]/.test(number) ? 'float' : number.includes('.') ? 'decimal' : 'integer', number, at + number.length);
    } else if (/[$€£¥]/.test(char)) {
      const money = match(MONEY);
      push('money', (money ?? '$0').replace(/[$€£¥\s,]/g, '') || '0', at + (money ?? '$').length);
    } else {
      const word = match(WORD);
      if (word) push('word', word, at + word.length);
      else if (OPERATORS.includes(char + (next ?? ''))) push('op', char + next!, at + 2);
      else if (SINGLE.has(char)) push('op', char, at + 1);
      else throw syntaxError(char, line);
    }
  }
  tokens.push({ kind: 'end', text: '', upper: '', start: sql.length, end: sql.length, line });
  return tokens;
}

/** Msg 103 */
export const tooLong = (name: string, line?: number): TSqlError =>
  new TSqlError(
    103,
    `The identifier that starts with '${name.slice(0, 128)}' is too long. Maximum length is 128.`,
    4,
    15,
    line,
  );

function newLines(sql: string, from: number, to: number): number {
  let count = 0;
  for (let i = sql.indexOf('\n', from); i >= 0 && i < to; i = sql.indexOf('\n', i + 1)) count++;
  return count;
}

/** Index after the closing quote; a doubled quote stays inside. */
function endOfQuote(sql: string, from: number, quote: string, line: number): number {
  let at = from + 1;
  for (;;) {
    const found = sql.indexOf(quote, at);
    if (found < 0) {
      const text = sql.slice(from + 1, from + 31);
      throw syntaxError(text, line, 105, `Unclosed quotation mark after the character string '${text}'.`);
    }
    if (sql[found + 1] !== quote) return found + 1;
    at = found + 2;
  }
}

/** Block comments nest in T-SQL. */
function endOfComment(sql: string, from: number, line: number): number {
  let depth = 1;
  let at = from + 2;
  while (depth > 0) {
    if (at >= sql.length) throw syntaxError('/*', line, 113, "Missing end comment mark '*/'.");
    if (sql.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at += 2;
    } else at++;
  }
  return at;
}
