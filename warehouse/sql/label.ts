import { literal } from './names';

/** The label of a statement in `sys.dm_pdw_exec_requests`: at most 255 characters. */
export function labelOf(runId: string, action: string): string {
  return `medstream:${runId}:${action}`.slice(0, 255);
}

/**
 * The query with `OPTION (LABEL = …)`. A query that has its own OPTION at the end keeps it unchanged: one statement takes one.
 */
export function labelled(sql: string, label: string): string {
  return endsWithOption(sql) ? sql : `${sql.trimEnd()}\nOPTION (LABEL = ${literal(label)})`;
}

function endsWithOption(sql: string): boolean {
  return /\bOPTION\s*\((?:[^()']|'[^']*'|\([^()]*\))*\)\s*$/i.test(sql);
}

/** True where a query starts with a common table expression, which may not stand inside a sub-select. */
export function startsWithCte(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*WITH\b/i.test(sql);
}
