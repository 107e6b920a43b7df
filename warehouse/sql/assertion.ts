import type { Assertion, Target } from '../graph/model';
import { labelled, startsWithCte } from './label';
import { literal, quoted, retarget, rowsSuffix, suffixed } from './names';
import { dropTable } from './table';

/** Rows kept of a failed assertion at most. */
export const keptRows = 10_000;

/** The rule against another version of its table (`__next`, or the view `__audit`). */
export function assertionQuery(assertion: Assertion, from?: Target, to?: Target): string {
  return (from && to ? retarget(assertion.query, from, to) : assertion.query).trim();
}

/**
 * One statement that counts what several rules refuse: a row for each (`assertion`, `failing_rows`), and for `countOf` its rows
 * under the name `''`. Queries that start with WITH cannot stand in a sub-select: see `isCountable`.
 */
export function countFailures(
  rules: readonly { id: string; query: string }[],
  countOf: Target | undefined,
  label: string,
): string {
  const parts = rules.map(
    ({ id, query }) =>
      `SELECT ${literal(id)} AS assertion, COUNT_BIG(*) AS failing_rows\nFROM (\n${query}\n) AS failing`,
  );
  if (countOf) parts.unshift(`SELECT N'' AS assertion, COUNT_BIG(*) AS failing_rows\nFROM ${quoted(countOf)}`);
  return `${labelled(parts.join('\nUNION ALL\n'), label)};`;
}

/** True when a query may stand in a sub-select. */
export function isCountable(query: string): boolean {
  return !startsWithCte(query) && !/\bORDER\s+BY\b[^()]*$/i.test(query);
}

/** Where the rows that broke a rule are kept: beside the assertion views of the stock CLI. */
export function rowsTable(assertion: Assertion): Target {
  return suffixed(assertion.target, rowsSuffix);
}

/** Keeps the rows that broke the rule, for those who may read the schema. */
export function keepRows(assertion: Assertion, query: string, label: string): string {
  const table = rowsTable(assertion);
  const select = isCountable(query) ? `SELECT TOP ${keptRows} *\nFROM (\n${query}\n) AS failing` : query;
  const create = `CREATE TABLE ${quoted(table)}\nWITH (DISTRIBUTION = ROUND_ROBIN, HEAP)\nAS\n${select}`;
  return `${dropTable(table)}\n${labelled(create, label)};`;
}
