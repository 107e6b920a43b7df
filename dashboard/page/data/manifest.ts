/** `_export.json` as far as the page reads it; MedStream's `exports/` writes it. */
export interface Manifest {
  run_id: string;
  exported_at: string;
  tables: ManifestTable[];
}

export interface ManifestTable {
  name: string;
  columns: { name: string; type: string }[];
  rows: number;
  files: ManifestFile[];
}

/** `path` is below the export's folder. */
export interface ManifestFile {
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** @throws Error with a sentence for a person when the text is no manifest of version 1. */
export function parseManifest(text: string): Manifest {
  let manifest: Manifest & { version?: unknown };
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new Error('_export.json is not whole: it is no JSON.');
  }
  if (manifest?.version !== 1 || !Array.isArray(manifest.tables))
    throw new Error('_export.json is not of version 1: another version of MedStream wrote it.');
  const whole = manifest.tables.every(
    (table) =>
      typeof table.name === 'string' &&
      Number.isInteger(table.rows) &&
      Array.isArray(table.columns) &&
      Array.isArray(table.files) &&
      table.files.every(({ path, sha256 }) => typeof path === 'string' && typeof sha256 === 'string'),
  );
  if (!whole || Number.isNaN(Date.parse(manifest.exported_at)))
    throw new Error('_export.json lacks a part that version 1 has.');
  return manifest;
}
