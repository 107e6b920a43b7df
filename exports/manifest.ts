/**
 * One Parquet file of an export. `path` is below `gold/powerbi/`: while the next export is being published it can be
 * `_previous/<sha256>.parquet`.
 */
export interface ExportedFile {
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** One table of an export. */
export interface ExportedTable {
  name: string;
  source: string;
  description: string;
  columns: { name: string; type: string }[];
  rows: number;
  /** The run that last changed a file of this table. */
  changed_by: string;
  files: ExportedFile[];
}

/** `gold/powerbi/_export.json`: what a reader may read, replaced last. */
export interface Manifest {
  version: 1;
  run_id: string;
  /** UTC, ISO 8601. */
  exported_at: string;
  tables: ExportedTable[];
}

/** Reads a manifest. @throws Error when it is no `_export.json` of version 1. */
export function parseManifest(text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.version !== 1 || !Array.isArray(manifest.tables))
    throw new Error('_export.json is not of version 1: it was written by another version of MedStream.');
  return manifest;
}

/** Every file of a manifest, all tables. */
export function filesOf(manifest: Manifest | undefined): ExportedFile[] {
  return manifest?.tables.flatMap((table) => table.files) ?? [];
}
