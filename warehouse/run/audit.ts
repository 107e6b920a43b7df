import { safeMessage } from '../connection/errors';
import type { Assertion, Target } from '../graph/model';
import type { AssertionResult } from '../results/model';
import { assertionQuery, countFailures, isCountable, keepRows, rowsTable } from '../sql/assertion';
import { quoted } from '../sql/names';
import { step } from '../sql/step';
import { dropTable } from '../sql/table';
import { targetId } from '../graph/model';
import type { RunContext } from './context';
import { StepFailure } from './failure';

/** Rows shown of a failed assertion at most. */
const shownRows = 10;

export interface Audit {
  readonly results: AssertionResult[];
  /** Rows of `countOf`. */
  readonly rows?: number;
}

/**
 * Runs assertions in one statement where they allow it, against `to` instead of `from`. Rows that break a rule are kept in a
 * table beside the stock CLI's assertion views.
 */
export async function audit(
  context: RunContext,
  assertions: readonly Assertion[],
  on: { from?: Target; to?: Target; countOf?: Target; label: string },
): Promise<Audit> {
  const rules = assertions.map((assertion) => ({
    assertion,
    id: assertion.id,
    query: assertionQuery(assertion, on.from, on.to),
  }));
  const countable = rules.filter(({ query }) => isCountable(query));
  const counted = await countTogether(context, countable, on);
  const results: AssertionResult[] = [];
  for (const rule of rules) {
    const failing = counted.get(rule.id) ?? (await countAlone(context, rule, on.label));
    results.push(await judge(context, rule, failing, on.label));
  }
  return { results, rows: typeof counted.get('') === 'number' ? (counted.get('') as number) : undefined };
}

type Rule = { assertion: Assertion; id: string; query: string };
/** Rows that break a rule, or why they could not be counted. */
type Failing = number | { error: string };

async function countTogether(
  context: RunContext,
  rules: readonly Rule[],
  on: { countOf?: Target; label: string },
): Promise<Map<string, Failing>> {
  if (!rules.length && !on.countOf) return new Map();
  const sql = countFailures(rules, on.countOf, on.label);
  try {
    const rows = await context.warehouse.query<{ assertion: string; failing_rows: string | number }>(sql);
    return new Map(rows.map((row) => [row.assertion, Number(row.failing_rows)]));
  } catch (error) {
    if (rules.length <= 1 && !on.countOf) return new Map(rules.map((rule) => [rule.id, { error: safeMessage(error) }]));
    if (rules.length === 0) throw new StepFailure(step('audit', sql), error);
    // One of them is at fault: each alone tells which.
    const counts = new Map<string, Failing>();
    for (const rule of rules)
      counts.set(rule.id, (await countTogether(context, [rule], { label: on.label })).get(rule.id)!);
    if (on.countOf) for (const [id, count] of await countTogether(context, [], on)) counts.set(id, count);
    return counts;
  }
}

/** A query that cannot stand in a sub-select: its rows are kept first, then counted. */
async function countAlone(context: RunContext, rule: Rule, label: string): Promise<Failing> {
  try {
    await context.warehouse.send(keepRows(rule.assertion, rule.query, label), { repeatable: true });
    context.catalog.set(rowsTable(rule.assertion), 'table');
    const table = quoted(rowsTable(rule.assertion));
    const [row] = await context.warehouse.query<{ failing_rows: string | number }>(
      `SELECT COUNT_BIG(*) AS failing_rows FROM ${table}`,
    );
    return Number(row?.failing_rows ?? 0);
  } catch (error) {
    return { error: safeMessage(error) };
  }
}

async function judge(context: RunContext, rule: Rule, failing: Failing, label: string): Promise<AssertionResult> {
  const { assertion } = rule;
  const table = rowsTable(assertion);
  if (typeof failing === 'object') return { assertion: rule.id, status: 'error', failingRows: 0, error: failing.error };
  if (failing === 0) {
    if (context.catalog.kindOf(table)) {
      await context.warehouse.send(dropTable(table), { repeatable: true });
      context.catalog.set(table, undefined);
    }
    return { assertion: rule.id, status: 'passed', failingRows: 0 };
  }
  const kept = await keep(context, rule, label);
  return { assertion: rule.id, status: 'failed', failingRows: failing, rowsKeptIn: kept };
}

/** Keeps and shows the failing rows. That they could not be kept does not change the verdict. */
async function keep(context: RunContext, rule: Rule, label: string): Promise<string | undefined> {
  const table = rowsTable(rule.assertion);
  try {
    if (isCountable(rule.query))
      await context.warehouse.send(keepRows(rule.assertion, rule.query, label), { repeatable: true });
    context.catalog.set(table, 'table');
    if (context.showRows) {
      const shown = await context.warehouse.read(`SELECT TOP ${shownRows} * FROM ${quoted(table)}`);
      context.showRows({ assertion: rule.id, columns: shown.columns.map(({ name }) => name), rows: shown.rows });
    }
    return targetId(table);
  } catch {
    return undefined;
  }
}
