/** INSERT, UPDATE, DELETE, MERGE. */
import { TSqlError } from '../../contract';
import { forJsonIn, notSupported, refusedByPool } from '../errors';
import type { Assignment, InsertSource, MergeClause, StatementBody, StatementOf } from './ast-statements';
import type { Cte, Expr, Name, SelectItem } from './ast';
import type { Cursor } from './cursor';
import { parseExecute } from './execute';
import { parseExpr, parsePredicate } from './expressions';
import { parseAssignmentOperator, parseItem, parseOption, parseQuery, parseQueryAfterCtes, parseTop } from './query';
import { demandEvenRows, parseJoined, parseSources } from './sources';

function refuseOutput(c: Cursor): void {
  if (!c.is('OUTPUT')) return;
  c.refuse('The OUTPUT clause');
  throw notSupported('OUTPUT of UPDATE, DELETE and MERGE', c.line);
}
/** OUTPUT inserted.x, … of an INSERT. */
function parseInserted(c: Cursor): SelectItem[] | undefined {
  if (!c.is('OUTPUT')) return undefined;
  c.refuse('The OUTPUT clause');
  c.take();
  const items = c.list(() => parseItem(c));
  if (c.is('INTO')) throw notSupported('OUTPUT INTO', c.line);
  return items;
}
/** The table that changes; a table variable by its own name. */
function targetName(c: Cursor): Name {
  if (c.token.kind !== 'variable') return c.name();
  c.refuse('A table variable');
  return [c.take().text];
}
function skipTargetHint(c: Cursor): void {
  if (c.is('WITH', '(')) {
    c.take();
    c.parenthesized(() => c.take());
  }
}

export function parseInsert(c: Cursor, ctes: readonly Cte[]): StatementBody {
  c.expect('INSERT');
  if (c.is('TOP')) throw refusedByPool('INSERT TOP', c.line);
  c.accept('INTO');
  const table = targetName(c);
  skipTargetHint(c);
  const columns =
    c.is('(') && c.peek().upper !== 'SELECT' && c.peek().upper !== '(' && c.peek().upper !== 'WITH'
      ? c.parenthesized(() => c.identifier())
      : undefined;
  const output = parseInserted(c);
  const source = parseInsertSource(c, ctes);
  return { kind: 'insert', ctes, table, columns, source, ...(output ? { output } : {}), option: parseOption(c) };
}
function parseInsertSource(c: Cursor, ctes: readonly Cte[]): InsertSource {
  if (c.accept('DEFAULT', 'VALUES')) return { kind: 'default values' };
  if (c.isAny('EXEC', 'EXECUTE')) {
    const { start, line } = c.token;
    const body = parseExecute(c);
    const execute = { ...body, span: { start, end: c.lastEnd, line } } as StatementOf<'execute'>;
    return { kind: 'execute', execute };
  }
  if (c.accept('VALUES')) {
    const rows = [c.parenthesized(() => parseExpr(c))];
    // A pool takes one row only: "Parse error … Incorrect syntax near ','".
    if (c.is(',')) c.refuse('INSERT … VALUES with several rows');
    while (c.accept(',')) rows.push(c.parenthesized(() => parseExpr(c)));
    demandEvenRows(c, rows);
    return { kind: 'values', rows };
  }
  const query = ctes.length ? parseQueryAfterCtes(c, ctes, 'rows') : parseQuery(c, 'rows');
  if (query.forJson) throw forJsonIn('INSERT', c.line);
  return { kind: 'query', query };
}

function parseAssignments(c: Cursor): Assignment[] {
  return c.list(() => {
    if (c.token.kind === 'variable') throw refusedByPool('SET @variable in UPDATE', c.line);
    const column = c.name();
    const assignment = parseAssignmentOperator(c);
    if (!assignment) throw c.error();
    return { column, op: assignment.op, value: parseExpr(c) };
  });
}

export function parseUpdate(c: Cursor, ctes: readonly Cte[]): StatementBody {
  c.expect('UPDATE');
  const top = c.is('TOP') ? parseTop(c) : undefined;
  const target = targetName(c);
  skipTargetHint(c);
  c.expect('SET');
  const set = parseAssignments(c);
  refuseOutput(c);
  const from = c.accept('FROM') ? parseSources(c) : [];
  const where = c.accept('WHERE') ? parsePredicate(c) : undefined;
  return { kind: 'update', ctes, top, target, set, from, where, option: parseOption(c) };
}

export function parseDelete(c: Cursor, ctes: readonly Cte[]): StatementBody {
  c.expect('DELETE');
  const top = c.is('TOP') ? parseTop(c) : undefined;
  c.accept('FROM');
  const target = targetName(c);
  skipTargetHint(c);
  refuseOutput(c);
  const from = c.accept('FROM') ? parseSources(c) : [];
  const where = c.accept('WHERE') ? parsePredicate(c) : undefined;
  return { kind: 'delete', ctes, top, target, from, where, option: parseOption(c) };
}

export function parseMerge(c: Cursor, ctes: readonly Cte[]): StatementBody {
  c.expect('MERGE');
  if (c.is('TOP')) throw refusedByPool('MERGE TOP', c.line);
  c.accept('INTO');
  const target: Name = c.name();
  skipTargetHint(c);
  const alias = c.accept('AS') ? c.identifier() : c.isIdentifier() && !c.is('USING') ? c.identifier() : undefined;
  c.expect('USING');
  const source = parseJoined(c);
  c.expect('ON');
  const on = parsePredicate(c);
  const clauses: MergeClause[] = [];
  while (c.accept('WHEN')) clauses.push(parseMergeClause(c));
  refuseRepeated(clauses, c.line);
  if (!clauses.length) throw c.error();
  refuseOutput(c);
  const option = parseOption(c);
  if (!c.is(';'))
    throw new TSqlError(10713, 'A MERGE statement must be terminated by a semi-colon (;).', 1, 15, c.line);
  return { kind: 'merge', ctes, target, alias, source, on, clauses, option };
}
/** Twice the same action after one kind of WHEN, or a clause behind one without a condition, is Msg 10714 or 5324. */
function refuseRepeated(clauses: readonly MergeClause[], line: number): void {
  for (const when of ['matched', 'not matched', 'not matched by source'] as const) {
    const same = clauses.filter((clause) => clause.when === when);
    const name = {
      matched: 'WHEN MATCHED',
      'not matched': 'WHEN NOT MATCHED',
      'not matched by source': 'WHEN NOT MATCHED BY SOURCE',
    }[when];
    const twice = same.find((clause, i) => same.findIndex((other) => other.action.kind === clause.action.kind) < i);
    if (twice)
      throw new TSqlError(
        10714,
        `An action of type '${twice.action.kind.toUpperCase()}' is not allowed more than once in a '${name}' clause of a MERGE statement.`,
        1,
        15,
        line,
      );
    if (same.slice(0, -1).some((clause) => !clause.condition))
      throw new TSqlError(
        5324,
        `In a MERGE statement, a '${name}' clause with a search condition cannot appear after a '${name}' clause with no search condition.`,
        1,
        15,
        line,
      );
  }
}
function parseMergeClause(c: Cursor): MergeClause {
  let when: MergeClause['when'] = 'matched';
  if (c.accept('NOT')) when = 'not matched';
  c.expect('MATCHED');
  if (when === 'not matched' && c.accept('BY')) {
    if (c.accept('SOURCE')) when = 'not matched by source';
    else c.expect('TARGET');
  }
  const condition: Expr | undefined = c.accept('AND') ? parsePredicate(c) : undefined;
  c.expect('THEN');
  if (when === 'not matched') {
    if (c.isAny('UPDATE', 'DELETE'))
      throw new TSqlError(
        10711,
        `An action of type '${c.token.upper}' is not allowed in the 'WHEN NOT MATCHED' clause of a MERGE statement.`,
        1,
        15,
        c.line,
      );
    c.expect('INSERT');
    const columns = c.is('(') ? c.parenthesized(() => c.identifier()) : undefined;
    if (c.accept('DEFAULT', 'VALUES')) return { when, condition, action: { kind: 'insert', columns } };
    c.expect('VALUES');
    return { when, condition, action: { kind: 'insert', columns, values: c.parenthesized(() => parseExpr(c)) } };
  }
  if (c.is('INSERT'))
    throw new TSqlError(
      10710,
      `An action of type 'INSERT' is not allowed in the '${when === 'matched' ? 'WHEN MATCHED' : 'WHEN NOT MATCHED BY SOURCE'}' clause of a MERGE statement.`,
      1,
      15,
      c.line,
    );
  if (c.accept('DELETE')) return { when, condition, action: { kind: 'delete' } };
  c.expect('UPDATE', 'SET');
  return { when, condition, action: { kind: 'update', set: parseAssignments(c) } };
}
