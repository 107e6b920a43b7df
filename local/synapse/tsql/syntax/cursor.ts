/** Reads tokens one after the other; the parser's units share one cursor. */
import { TSqlError, type Surface } from '../../contract';
import { refusedByPool, syntaxError } from '../errors';
import { RESERVED } from './reserved';
import { tokenize, type Token } from './tokens';
import type { Name } from './ast';

export class Cursor {
  readonly tokens: readonly Token[];
  at = 0;
  depth = 0;
  /** In the body of a procedure or function. */
  inModule = false;
  /** WHILE loops around the statement that is being parsed. */
  loops = 0;
  /** Variables that the batch has declared so far, in lower case. */
  readonly declared = new Set<string>();

  constructor(
    readonly sql: string,
    readonly surface: Surface = 'dedicated',
    doubleQuotes?: 'quoted' | 'string',
  ) {
    this.tokens = tokenize(sql, doubleQuotes);
  }
  get token(): Token {
    return this.tokens[this.at]!;
  }
  get line(): number {
    return this.token.line;
  }
  /** The end offset of the last token taken. */
  get lastEnd(): number {
    return this.at > 0 ? this.tokens[this.at - 1]!.end : 0;
  }
  peek(ahead = 1): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }
  take(): Token {
    const token = this.token;
    // At the end there is nothing to take: a loop over tokens would never end.
    if (token.kind === 'end') throw this.error();
    this.at++;
    return token;
  }
  /** True when the next tokens are these keywords or operators. */
  is(...words: string[]): boolean {
    return words.every((word, i) => this.peek(i).upper === word);
  }
  isAny(...words: string[]): boolean {
    return words.includes(this.token.upper);
  }
  /** Takes these keywords or operators when they are next. */
  accept(...words: string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }
  expect(...words: string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.error();
  }
  /** Stops at a construct that a pool refuses; SQL Server's surface goes on with it. */
  refuse(construct: string, line = this.line): void {
    if (this.surface !== 'server') throw refusedByPool(construct, line);
  }
  /** Msg 102 or 156 near the current token. */
  error(): TSqlError {
    const { token } = this;
    if (token.kind === 'end') {
      const last = this.tokens[this.at - 1];
      return syntaxError(last ? last.text : '', last?.line ?? 1);
    }
    if (token.kind === 'word' && RESERVED.has(token.upper))
      return new TSqlError(156, `Incorrect syntax near the keyword '${token.text}'.`, 1, 15, token.line);
    return syntaxError(token.text, token.line);
  }
  /** True when an identifier (not a reserved word) is next. */
  isIdentifier(): boolean {
    const { token } = this;
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.upper));
  }
  identifier(): string {
    if (!this.isIdentifier()) throw this.error();
    return this.take().text;
  }
  /** An identifier or the word ALL (ALTER INDEX ALL). */
  identifierOrAll(): string {
    return this.accept('ALL') ? 'ALL' : this.identifier();
  }
  /** `a`, `a.b`, `db..t`, `[x].[y].z`: a missing middle part is ''. */
  name(): Name {
    const parts = [this.identifier()];
    while (this.accept('.')) {
      while (this.accept('.')) parts.push('');
      const { token } = this;
      if (token.kind !== 'word' && token.kind !== 'quoted') throw this.error();
      parts.push(this.take().text);
    }
    if (parts.length > 4) throw this.error();
    return parts;
  }
  string(): string {
    const { token } = this;
    if (token.kind !== 'string' && token.kind !== 'nstring') throw this.error();
    return this.take().text;
  }
  integer(): number {
    const negative = this.accept('-');
    if (this.token.kind !== 'integer') throw this.error();
    const value = Number(this.take().text);
    return negative ? -value : value;
  }
  variable(): string {
    if (this.token.kind !== 'variable') throw this.error();
    return this.take().text;
  }
  /** `( item , item … )` */
  parenthesized<T>(item: () => T): T[] {
    this.expect('(');
    const items = this.list(item);
    this.expect(')');
    return items;
  }
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }
  /** Notes a variable or parameter. Msg 134 */
  declare(name: string): void {
    const lower = name.toLowerCase();
    if (this.declared.has(lower))
      throw new TSqlError(
        134,
        `The variable name '${name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
        1,
        15,
        this.line,
      );
    this.declared.add(lower);
  }
  /** Guards the recursion: SQL Server stops with Msg 191 as well. */
  nested<T>(parse: () => T): T {
    if (++this.depth > 400)
      throw new TSqlError(
        191,
        'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.',
        1,
        15,
        this.line,
      );
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }
}
