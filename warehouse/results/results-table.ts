import { BigInt, DateTime2, Decimal, Table, VarChar } from 'mssql';
import { isTransient } from '../connection/errors';
import type { Warehouse } from '../connection/warehouse';
import { literal, quoted } from '../sql/names';
import type { RunSummary } from './model';

/** Table of what every run did, for auditors and for the dashboard. */
export const resultsTable = { schema: 'quality', name: 'run_results' };

/** Creates the table where it is missing. */
export const createResultsTable = `IF OBJECT_ID(${literal(quoted(resultsTable))}, 'U') IS NULL
CREATE TABLE ${quoted(resultsTable)} (
  run_id varchar(64) NOT NULL, action varchar(256) NOT NULL, kind varchar(32) NOT NULL, status varchar(16) NOT NULL,
  started_at datetime2(3) NULL, seconds decimal(18,3) NOT NULL, rows_affected bigint NULL, label varchar(256) NULL, error_message varchar(4000) NULL
) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP);`;

/** Attempts to write the results, when the connection breaks on the way. */
const attempts = 3;

/**
 * Writes a row for each action, and one for each assertion of a config block. Bulk: a thousand rows in one round trip. What a broken
 * attempt left is taken away first, so no row stands there twice.
 */
export async function saveResults(warehouse: Warehouse, summary: RunSummary): Promise<void> {
  await warehouse.send(createResultsTable, { repeatable: true });
  for (let attempt = 1; ; attempt++) {
    try {
      return await warehouse.bulk(resultRows(summary));
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error;
      const rows = `DELETE FROM ${quoted(resultsTable)} WHERE run_id = ${literal(summary.runId)}`;
      await warehouse.send(rows, { repeatable: true });
    }
  }
}

function resultRows(summary: RunSummary): Table {
  const table = new Table(quoted(resultsTable));
  table.columns.add('run_id', VarChar(64), { nullable: false });
  table.columns.add('action', VarChar(256), { nullable: false });
  table.columns.add('kind', VarChar(32), { nullable: false });
  table.columns.add('status', VarChar(16), { nullable: false });
  table.columns.add('started_at', DateTime2(3), { nullable: true });
  table.columns.add('seconds', Decimal(18, 3), { nullable: false });
  table.columns.add('rows_affected', BigInt, { nullable: true });
  table.columns.add('label', VarChar(256), { nullable: true });
  table.columns.add('error_message', VarChar(4000), { nullable: true });
  for (const action of summary.actions) {
    const common = { runId: summary.runId, startedAt: action.startedAt, label: action.label };
    const message =
      action.error?.message ?? (['success', 'unchanged'].includes(action.status) ? undefined : action.verdict);
    addRow(table, { ...common, ...action, rows: action.rows, message });
    if (action.kind !== 'assertion')
      for (const { assertion, status, failingRows, error } of action.assertions)
        addRow(table, {
          ...common,
          action: assertion,
          kind: 'assertion',
          status: status === 'passed' ? 'success' : 'failed',
          seconds: 0,
          rows: failingRows,
          message: status === 'passed' ? undefined : (error ?? `${failingRows} failing rows`),
        });
  }
  return table;
}

interface ResultRow {
  runId: string;
  action: string;
  kind: string;
  status: string;
  startedAt?: string;
  seconds: number;
  rows?: number;
  label?: string;
  message?: string;
}

function addRow(table: Table, row: ResultRow): void {
  table.rows.add(
    row.runId,
    row.action.slice(0, 256),
    row.kind,
    row.status,
    row.startedAt ? new Date(row.startedAt) : null,
    Math.round(row.seconds * 1000) / 1000,
    row.rows ?? null,
    row.label ?? null,
    row.message?.slice(0, 4000) ?? null,
  );
}
