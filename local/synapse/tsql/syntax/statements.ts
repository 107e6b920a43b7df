/** A batch: its statements in order. The whole batch is parsed before its first statement runs. */
import { type Surface, TSqlError } from '../../contract';
import { notSupported, refusedByPool } from '../errors';
import type { Statement, StatementBody } from './ast-statements';
import { Cursor } from './cursor';
import { parseAlter, parseCreate, parseDrop } from './definitions';
import { parseDelete, parseInsert, parseMerge, parseUpdate } from './dml';
import { parseCall, parseExecute, parseExecuteAs } from './execute';
import { parseExpr, parsePredicate } from './expressions';
import { parseCopy } from './external';
import { parseCtes, parseQuery, parseQueryAfterCtes } from './query';
import { parsePermission } from './security';
import { parseSet } from './set-options';
import {
  parseBegin,
  parseDeclare,
  parseIf,
  parseRaiserror,
  parseReturn,
  parseThrow,
  parseTransaction,
  parseWaitFor,
} from './control';

/**
 * Parses one batch (no GO). Throws Msg 102 and its kin at the first thing that is not T-SQL, or that the surface refuses.
 * Text that was taken before (a module of the catalog) is parsed as `server`.
 */
export function parseBatch(sql: string, surface: Surface, doubleQuotes?: 'quoted' | 'string'): Statement[] {
  const c = new Cursor(sql, surface, doubleQuotes);
  const body: Statement[] = [];
  while (c.accept(';'));
  if (isBareCall(c)) body.push(parseStatement(c, () => parseCall(c)));
  while (c.token.kind !== 'end') {
    const module = moduleAhead(c);
    if (module && body.length)
      throw new TSqlError(111, `'${module}' must be the first statement in a query batch.`, 1, 15, c.line);
    body.push(parseStatement(c));
  }
  return body;
}

/** `CREATE VIEW` and its kin when one is next: they stand alone in a batch. */
function moduleAhead(c: Cursor): string | undefined {
  if (!c.isAny('CREATE', 'ALTER')) return undefined;
  const at = c.is('CREATE', 'OR', 'ALTER') ? 3 : 1;
  const word = c.peek(at).upper;
  return ['VIEW', 'PROC', 'PROCEDURE', 'FUNCTION'].includes(word)
    ? `${c.token.upper} ${word === 'PROC' ? 'PROCEDURE' : word}`
    : undefined;
}

/** The first statement of a batch may call a procedure without EXEC. */
function isBareCall(c: Cursor): boolean {
  if (!c.isIdentifier() || c.is('THROW') || STATEMENT_WORDS.has(c.token.upper)) return false;
  const next = c.peek();
  return (
    ['end', 'variable', 'string', 'nstring', 'integer', 'word', 'quoted'].includes(next.kind) ||
    ['.', ';'].includes(next.upper) ||
    (next.upper === '-' && c.peek(2).kind === 'integer')
  );
}
/** Words that begin statements of Synapse and are not reserved. */
const STATEMENT_WORDS: ReadonlySet<string> = new Set(['RENAME', 'COPY', 'EXPLAIN', 'GO']);

export function parseStatement(c: Cursor, parse: () => StatementBody = () => parseBody(c)): Statement {
  const { start, line } = c.token;
  const body = c.nested(parse);
  const end = c.lastEnd;
  while (c.accept(';'));
  return { ...body, span: { start, end, line } };
}

function parseBody(c: Cursor): StatementBody {
  const { token } = c;
  switch (token.upper) {
    case 'SELECT':
    case '(':
      return { kind: 'select', query: parseQuery(c, 'statement') };
    case 'WITH':
      return parseWith(c);
    case 'INSERT':
      return parseInsert(c, []);
    case 'UPDATE':
      return c.peek().upper === 'STATISTICS' ? parseUpdateStatistics(c) : parseUpdate(c, []);
    case 'DELETE':
      return parseDelete(c, []);
    case 'MERGE':
      return parseMerge(c, []);
    case 'TRUNCATE':
      c.expect('TRUNCATE', 'TABLE');
      return { kind: 'truncate', table: c.name() };
    case 'DECLARE':
      return parseDeclare(c);
    case 'SET':
      return parseSet(c);
    case 'IF':
      return parseIf(c);
    case 'WHILE': {
      c.take();
      const condition = parsePredicate(c);
      c.loops++;
      const body = parseStatement(c);
      c.loops--;
      return { kind: 'while', condition, body };
    }
    case 'BEGIN':
      return parseBegin(c);
    case 'COMMIT':
    case 'ROLLBACK':
    case 'SAVE':
      return parseTransaction(c);
    case 'THROW':
      return parseThrow(c);
    case 'RAISERROR':
      return parseRaiserror(c);
    case 'PRINT':
      c.take();
      return { kind: 'print', value: parseExpr(c) };
    case 'RETURN':
      return parseReturn(c);
    case 'BREAK':
    case 'CONTINUE':
      if (c.loops === 0)
        throw new TSqlError(
          token.upper === 'BREAK' ? 135 : 136,
          `Cannot use a ${token.upper} statement outside the scope of a WHILE statement.`,
          1,
          15,
          c.line,
        );
      c.take();
      return { kind: token.upper === 'BREAK' ? 'break' : 'continue' };
    case 'EXEC':
    case 'EXECUTE':
      if (c.peek().upper === 'AS') return parseExecuteAs(c);
      return parseExecute(c);
    case 'REVERT':
      c.take();
      return { kind: 'revert' };
    case 'CREATE':
    case 'ALTER': {
      // Inside IF, BEGIN or WHILE.
      if (c.depth > 1 && moduleAhead(c)) {
        c.take();
        throw c.error();
      }
      return token.upper === 'CREATE' ? parseCreate(c) : parseAlter(c);
    }
    case 'DROP':
      return parseDrop(c);
    case 'RENAME':
      return parseRename(c);
    case 'COPY':
      return parseCopy(c);
    case 'GRANT':
    case 'DENY':
    case 'REVOKE':
      return parsePermission(c);
    case 'USE':
      c.take();
      return { kind: 'use', database: c.identifier() };
    case 'KILL':
      c.take();
      return { kind: 'kill', session: c.take().text };
    case 'DBCC':
      return parseDbcc(c);
    case 'EXPLAIN':
      c.take();
      return { kind: 'explain', recommendations: c.accept('WITH_RECOMMENDATIONS'), statement: parseStatement(c) };
    case 'WAITFOR':
      c.refuse('WAITFOR');
      return parseWaitFor(c);
    case 'GOTO':
    case 'BACKUP':
    case 'RESTORE':
    case 'OPEN':
    case 'CLOSE':
    case 'FETCH':
    case 'DEALLOCATE':
    case 'CHECKPOINT':
    case 'READTEXT':
    case 'WRITETEXT':
      throw refusedByPool(token.upper, token.line);
  }
  throw c.error();
}

function parseWith(c: Cursor): StatementBody {
  const ctes = parseCtes(c);
  switch (c.token.upper) {
    case 'SELECT':
    case '(':
      return { kind: 'select', query: parseQueryAfterCtes(c, ctes, 'statement') };
    case 'INSERT':
      return parseInsert(c, ctes);
    case 'UPDATE':
      return parseUpdate(c, ctes);
    case 'DELETE':
      return parseDelete(c, ctes);
    case 'MERGE':
      return parseMerge(c, ctes);
  }
  throw c.error();
}

/** RENAME OBJECT [::] name TO new, RENAME OBJECT t COLUMN a TO b */
function parseRename(c: Cursor): StatementBody {
  c.expect('RENAME');
  if (c.is('DATABASE')) throw notSupported('RENAME DATABASE', c.line);
  c.expect('OBJECT');
  c.accept('::');
  const name = c.name();
  const column = c.accept('COLUMN') ? c.identifier() : undefined;
  c.expect('TO');
  return { kind: 'rename', name, to: c.identifier(), column };
}

function parseUpdateStatistics(c: Cursor): StatementBody {
  c.expect('UPDATE', 'STATISTICS');
  const table = c.name();
  let names: string[] = [];
  if (c.is('(')) names = c.parenthesized(() => c.identifier());
  else if (c.isIdentifier()) names = [c.identifier()];
  if (c.accept('WITH')) c.list(() => skipSample(c));
  return { kind: 'updateStatistics', table, names };
}
/** FULLSCAN | RESAMPLE | SAMPLE n PERCENT: statistics are DuckDB's own here. */
export function skipSample(c: Cursor): void {
  if (c.accept('SAMPLE')) {
    c.integer();
    if (!c.accept('PERCENT')) c.expect('ROWS');
  } else if (c.isAny('FULLSCAN', 'RESAMPLE', 'NORECOMPUTE', 'AUTO_DROP')) {
    c.take();
    if (c.accept('=')) c.take();
  } else throw c.error();
}

/** DBCC command [ (argument, …) ] [ WITH option, … ]; an argument is its text without quotes. */
function parseDbcc(c: Cursor): StatementBody {
  c.expect('DBCC');
  const command = c.take().text.toUpperCase();
  const argument = (): string => {
    let text = '';
    while (!c.isAny(',', ')')) text += c.take().text;
    return text;
  };
  const args = c.is('(') && !c.is('(', ')') ? c.parenthesized(argument) : [];
  c.accept('(', ')');
  const options = c.accept('WITH') ? c.list(() => c.take().text.toUpperCase()) : [];
  return { kind: 'dbcc', command, args, options };
}
