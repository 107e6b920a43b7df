import type { Readable } from 'node:stream';

/** A file of the export as it is now. */
export interface ExportFile {
  bytes: number;
  /** Changes whenever the content does; as HTTP writes it, with quotes. */
  etag: string;
  /** Part of the content: `count` bytes from `offset`, both within the file. Rejects when the content is no longer that of `etag`. */
  read(offset: number, count: number): Promise<Readable>;
}

/**
 * Opens a file of the export, read-only. The dashboard knows no lake: whoever starts it says where files come from.
 * @param path below `gold/powerbi/`, such as `_export.json` or `payer_coverage_summary/part-00000.parquet`; never with `..`.
 * @returns undefined where there is no such file.
 */
export type ExportReader = (path: string) => Promise<ExportFile | undefined>;
