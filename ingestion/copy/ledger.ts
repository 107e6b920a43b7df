import type { LoadKind } from '../load/manifest';
import { text, textOrNull } from './sql';
import type { Warehouse } from './warehouse';

/** A file in the lake that `copy` copies. */
export interface PendingFile {
  table: string;
  loadId: string;
  kind: LoadKind | 'stream';
  /** Files of its table in the same load; null for the stream, which has no end. */
  loadFiles: number | null;
  /** Relative to the container bronze. */
  path: string;
  /** As the ledger and `_source_file` name it: `bronze/<path>`. */
  sourceFile: string;
  bytes: number;
  sha256: string | null;
  /** Rows that the file must have, where it is known. */
  rows: number | null;
  /** Rows that were left out when the file landed. */
  rowsSkipped: number;
  headerFamily: string | null;
  /** When its load was complete, ISO. */
  finishedAt: string | null;
}

/** What became of a file. */
export interface Outcome {
  file: PendingFile;
  rows: number;
  /** Set where the copy failed. */
  reason?: string;
}

/** The `source_file`s that need no copy. A file that failed is tried again. */
export async function copiedFiles(warehouse: Warehouse): Promise<Set<string>> {
  const rows = await warehouse.query<{ source_file: string }>(
    `SELECT source_file FROM bronze.load_ledger WHERE status = 'copied'`,
  );
  return new Set(rows.map((row) => row.source_file));
}

/**
 * The statements that write the ledger rows of some files, replacing a row of an earlier failure. They belong into the
 * transaction that publishes the rows: a file is in the ledger exactly when its rows are in the table.
 */
export function recordOutcomes(outcomes: readonly Outcome[]): string[] {
  if (!outcomes.length) return [];
  const files = outcomes.map(({ file }) => text(file.sourceFile)).join(', ');
  return [`DELETE FROM bronze.load_ledger WHERE source_file IN (${files})`, insertRows(outcomes)];
}

/** A dedicated pool has no INSERT of several VALUES rows, so it is a UNION ALL. */
function insertRows(outcomes: readonly Outcome[]): string {
  const selects = outcomes.map(({ file, rows, reason }) => {
    const values = [
      text(file.loadId),
      text(file.table),
      text(file.sourceFile),
      text(file.kind),
      file.loadFiles === null ? 'NULL' : String(file.loadFiles),
      textOrNull(file.headerFamily),
      String(file.bytes),
      textOrNull(file.sha256),
      file.rows === null ? 'NULL' : String(file.rows),
      String(rows),
      String(file.rowsSkipped),
      text(reason === undefined ? 'copied' : 'failed'),
      textOrNull(reason?.slice(0, 3900)),
      timeOrNull(file.finishedAt),
      'SYSUTCDATETIME()',
    ];
    return `SELECT ${values.join(', ')}`;
  });
  return `INSERT INTO bronze.load_ledger (load_id, table_name, source_file, load_kind, load_files, header_family, file_bytes, file_sha256, rows_expected, rows_copied, rows_skipped, status, error_message, load_finished_at, copied_at)\n${selects.join('\nUNION ALL ')}`;
}

function timeOrNull(iso: string | null): string {
  return iso === null ? 'CAST(NULL AS datetime2(3))' : `CAST(${text(iso.replace('Z', ''))} AS datetime2(3))`;
}
