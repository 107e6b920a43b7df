import type { Progress } from '../common/progress';
import type { Contract } from './contract';

export interface ExportOptions {
  /** Tables to export, such as `encounters_by_*`; the others are carried forward from the last export. */
  select?: string;
  /** Also create `dbo.vw_pbi_<table>` on the serverless endpoint. */
  views?: boolean;
  /** Contracts other than MedStream's own; for tests. */
  contracts?: readonly Contract[];
  /** Rows of one Parquet file at most; default 125,000. */
  maxFileRows?: number;
  progress: Progress;
  signal?: AbortSignal;
}

export interface TableSummary {
  table: string;
  rows: number;
  /** Parquet files of the table; `written` of them are new in this run, `carried` are as the last export left them. */
  files: number;
  written: number;
  carried: number;
  bytes: number;
  /** Columns of the source that the contract does not have. */
  notExported: string[];
}

export interface ExportSummary {
  runId: string;
  /** UTC, ISO 8601. */
  exportedAt: string;
  tables: TableSummary[];
  /** Tables with a contract that the warehouse does not have yet; nothing of them was ever exported. */
  notBuilt: string[];
  rows: number;
  files: number;
  bytes: number;
  /** Serverless views made, such as `dbo.vw_pbi_length_of_stay`. */
  views: string[];
  seconds: number;
}
