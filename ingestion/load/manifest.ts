import type { SyntheaFile } from '../../common/synthea/header-families';

export type LoadKind = 'full' | 'incremental';

/** One file of a load, as `_manifest.json` tells it. */
export interface ManifestFile {
  /** Name in the load's folder, such as `encounters-1.csv`. */
  file: string;
  /** Name below the data folder, such as `encounters-1.csv.gz`. */
  source_file: string;
  /** Bytes and sha256 of the file in the lake. */
  bytes: number;
  sha256: string;
  /** Sha256 of the CSV content at the source; differs from `sha256` where rows were skipped. */
  source_sha256: string;
  /** rows_read = rows + rows skipped, always. */
  rows_read: number;
  /** Rows in the lake's file, without header. */
  rows: number;
  rows_skipped: Record<string, number>;
  /** The skipped bad lines, byte for byte, in the same folder; absent where there are none. */
  rejected_file?: string;
  /** Line numbers of the first bad lines, with the reason. */
  bad_lines: { line: number; reason: string }[];
  header: string[];
  /** Families with exactly this header (`ABCD`), or null where none has it. */
  header_family: string | null;
  drift: string[];
  line_end: 'LF' | 'CRLF';
  /** Greatest value of the table's time column, for the next incremental load. */
  watermark: string | null;
}

/** `bronze/reference/<table>/load=<load id>/_manifest.json`: written last, and the folder appears with it; one without is no load. */
export interface Manifest {
  schema_version: 1;
  load_id: string;
  load_kind: LoadKind;
  table: SyntheaFile;
  /** The newest load of the table when this one was made, or null. */
  load_before: string | null;
  source: string;
  started_at: string;
  finished_at: string;
  files: ManifestFile[];
}

export const manifestName = '_manifest.json';
export const referenceFolder = 'reference';

export function tableFolder(table: SyntheaFile): string {
  return `${referenceFolder}/${table}`;
}

export function loadFolder(table: SyntheaFile, loadId: string): string {
  return `${tableFolder(table)}/load=${loadId}`;
}
