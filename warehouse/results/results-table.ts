import type { Warehouse } from '../connection/warehouse';
import { literal, quoted } from '../sql/names';
import type { ActionResult, RunSummary } from './model';

/** Table of what every run did, for auditors and for the dashboard. */
export const resultsTable = { schema: 'quality', name: 'run_results' };

const columns = 'run_id, action, kind, status, started_at, seconds, rows_affected, label, error_message';

/** Creates the table where it is missing. */
export const createResultsTable = `IF OBJECT_ID(${literal(quoted(resultsTable))}, 'U') IS NULL
CREATE TABLE ${quoted(resultsTable)} (
  run_id varchar(64) NOT NULL, action varchar(256) NOT NULL, kind varchar(32) NOT NULL, status varchar(16) NOT NULL,
  started_at datetime2(3) NULL, seconds decimal(18,3) NOT NULL, rows_affected bigint NULL, label varchar(256) NULL, error_message varchar(4000) NULL
) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP);`;

/** Rows in one statement: a pool takes no multi-row VALUES, and a UNION ALL of thousands compiles slowly. */
const batchSize = 200;

/** One row for each action, and one for each assertion of a config block. */
export function insertResults(summary: RunSummary): string[] {
  const rows = summary.actions.flatMap((action) => [
    rowOf(summary.runId, action),
    ...(action.kind === 'assertion'
      ? []
      : action.assertions.map((assertion) => assertionRow(summary.runId, action, assertion))),
  ]);
  const statements: string[] = [];
  for (let start = 0; start < rows.length; start += batchSize)
    statements.push(
      `INSERT INTO ${quoted(resultsTable)} (${columns})\n${rows.slice(start, start + batchSize).join('\nUNION ALL ')};`,
    );
  return statements;
}

export async function saveResults(warehouse: Warehouse, summary: RunSummary): Promise<void> {
  await warehouse.send(createResultsTable, { repeatable: true });
  for (const sql of insertResults(summary)) await warehouse.send(sql);
}

function rowOf(runId: string, action: ActionResult): string {
  return select([
    text(runId, 64),
    text(action.action, 256),
    text(action.kind, 32),
    text(action.status, 16),
    action.startedAt
      ? `CAST(${literal(action.startedAt.replace('Z', ''))} AS datetime2(3))`
      : 'CAST(NULL AS datetime2(3))',
    `CAST(${action.seconds.toFixed(3)} AS decimal(18,3))`,
    action.rows === undefined ? 'CAST(NULL AS bigint)' : `CAST(${action.rows} AS bigint)`,
    action.label ? text(action.label, 256) : 'CAST(NULL AS varchar(256))',
    action.error || action.status !== 'success'
      ? text(action.error?.message ?? action.verdict, 4000)
      : 'CAST(NULL AS varchar(4000))',
  ]);
}

function assertionRow(runId: string, action: ActionResult, result: ActionResult['assertions'][number]): string {
  const failed = result.status !== 'passed';
  return select([
    text(runId, 64),
    text(result.assertion, 256),
    text('assertion', 32),
    text(failed ? 'failed' : 'success', 16),
    action.startedAt
      ? `CAST(${literal(action.startedAt.replace('Z', ''))} AS datetime2(3))`
      : 'CAST(NULL AS datetime2(3))',
    'CAST(0 AS decimal(18,3))',
    `CAST(${result.failingRows} AS bigint)`,
    action.label ? text(action.label, 256) : 'CAST(NULL AS varchar(256))',
    failed ? text(result.error ?? `${result.failingRows} failing rows`, 4000) : 'CAST(NULL AS varchar(4000))',
  ]);
}

function select(values: readonly string[]): string {
  return `SELECT ${values.join(', ')}`;
}

function text(value: string, length: number): string {
  return `CAST(${literal(value.slice(0, length))} AS varchar(${length}))`;
}
