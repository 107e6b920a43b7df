import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import type { ManifestFile, ManifestTable } from './manifest';
import { marts, nullOf, typesOf, type Kind, type MartName, type Row } from './marts';

/** Gets the content of an exported file. @throws Error with a sentence for a person. */
export type FetchFile = (file: ManifestFile) => Promise<ArrayBuffer>;

/**
 * Reads a mart and checks it against its entry in `_export.json`: columns and types, then sha256 and rows of every file.
 * @throws Error with a sentence that names the file and what differs; never with a value.
 */
export async function readMart<Name extends MartName>(
  name: Name,
  table: ManifestTable,
  fetchFile: FetchFile,
): Promise<Row<Name>[]> {
  checkColumns(name, table);
  const parts = await Promise.all(table.files.map(async (file) => readFile(name, file, await fetchFile(file))));
  const rows = parts.flat();
  if (rows.length !== table.rows) throw new Error(`${name} has ${rows.length} rows, _export.json says ${table.rows}.`);
  return rows as Row<Name>[];
}

function checkColumns(name: MartName, table: ManifestTable): void {
  const types = new Map(table.columns.map((column) => [column.name, column.type]));
  for (const [column, kind] of Object.entries<Kind>(marts[name])) {
    const type = types.get(column);
    if (type === undefined) throw new Error(`${name} has no column ${column}.`);
    if (!typesOf[kind].includes(type))
      throw new Error(`${name}.${column} is ${type}; the dashboard reads ${typesOf[kind][0]}.`);
  }
}

async function readFile(name: MartName, file: ManifestFile, bytes: ArrayBuffer): Promise<Record<string, unknown>[]> {
  if ((await sha256(bytes)) !== file.sha256)
    throw new Error(`${file.path} is not the file that _export.json describes: its sha256 differs.`);
  let rows;
  try {
    rows = await parquetReadObjects({
      file: bytes,
      metadata: withExactDecimals(parquetMetadata(bytes)),
      columns: Object.keys(marts[name]),
    });
  } catch {
    throw new Error(`${file.path} cannot be read as Parquet.`);
  }
  if (rows.length !== file.rows)
    throw new Error(`${file.path} has ${rows.length} rows, _export.json says ${file.rows}.`);
  for (const row of rows) replaceNulls(name, row);
  return rows;
}

/** hyparquet turns DECIMAL into a double. Without its annotation the column reads as what is stored: whole units, exact. */
function withExactDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) =>
    element.converted_type === 'DECIMAL' && element.type === 'INT64'
      ? { ...element, converted_type: undefined, logical_type: undefined }
      : element,
  );
  return { ...metadata, schema };
}

function replaceNulls(name: MartName, row: Record<string, unknown>): void {
  for (const [column, kind] of Object.entries<Kind>(marts[name])) {
    const value = row[column] ?? nullOf[kind];
    if (value === undefined) throw new Error(`${name}.${column} is NULL in a row.`);
    row[column] = typeof value === 'number' ? BigInt(value) : value;
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
