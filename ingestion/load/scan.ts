import { createHash } from 'node:crypto';
import { checkHeader, type HeaderCheck } from '../../common/synthea/detect-family';
import { fieldsOf, readBytes, readRecordBlocks } from '../../common/synthea/csv';
import type { SourceFile } from '../../common/synthea/data-folder';
import { throwIfStopped } from '../../common/errors';
import { lowerBound, rowTimes } from './watermark';

/** Line numbers of bad lines that the manifest and the summary name; all are counted and kept. */
const namedBadLines = 20;

export interface RowFilter {
  /** Rows whose time is before this are skipped as `before_watermark`. */
  from: string;
}

export interface Scan {
  header: string[];
  check: HeaderCheck;
  /** Rows without header and blank lines. */
  rowsRead: number;
  rows: number;
  skipped: Record<string, number>;
  badLines: { line: number; reason: string }[];
  /** Sha256 and bytes of the CSV content, unpacked. */
  sha256: string;
  bytes: number;
  lineEnd: 'LF' | 'CRLF';
  watermark: string | null;
  /** Set where the file as a whole cannot be loaded. */
  refused?: string;
}

/** What to do with one record of a file. */
export type Verdict = 'keep' | 'reject' | 'drop';

export interface ScanSink {
  /** Gets the bytes of each record with the verdict, in the order of the file. */
  write(bytes: Buffer, verdict: Verdict): Promise<void> | void;
}

/** A file in which more than half of the rows are bad is another format, not a file with faults. */
const mostBad = 0.5;

/**
 * Reads a source file once: header, families, bad lines, rows, hash. With a sink it also hands out the records, which is
 * how the file is uploaded; both passes see the same verdicts.
 * @throws MedStreamError MS2104 when the file cannot be read
 */
export async function scanFile(
  source: SourceFile,
  filter?: RowFilter,
  sink?: ScanSink,
  work: { signal?: AbortSignal; onBytes?(count: number): void } = {},
): Promise<Scan> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const chunk of readBytes(source.path)) {
      throwIfStopped(work.signal);
      hash.update(chunk);
      bytes += chunk.length;
      work.onBytes?.(chunk.length);
      yield chunk;
    }
  }
  const skipped: Record<string, number> = {};
  const badLines: Scan['badLines'] = [];
  let scan: Scan | undefined;
  let times: ReturnType<typeof rowTimes>;
  let rowsRead = 0;
  let newest = '';
  let bad = 0;
  const skip = (reason: string) => void (skipped[reason] = (skipped[reason] ?? 0) + 1);
  let refused: string | undefined;
  for await (const records of readRecordBlocks(hashed()))
    for (const record of records) {
      const crlf = record.bytes.at(-2) === 13;
      if (!scan) {
        const header = record.bad || !record.fields ? [] : fieldsOf(record).map((name) => name.trim());
        scan = emptyScan(header, checkHeader(source.table, header), crlf ? 'CRLF' : 'LF');
        refused = record.bad ? `its header line is bad (${record.bad})` : refuseByHeader(source, scan);
        times = rowTimes(source.table, header);
        if (sink) await sink.write(record.mark ? Buffer.concat([record.mark, record.bytes]) : record.bytes, 'keep');
        continue;
      }
      if (record.continued) {
        if (sink) await sink.write(record.bytes, 'reject');
        continue;
      }
      rowsRead++;
      if (!record.bad && record.fields > 0 && !record.unterminated && crlf !== (scan.lineEnd === 'CRLF'))
        record.bad = 'other_line_end';
      if (record.bad) {
        bad++;
        skip(record.bad);
        if (badLines.length < namedBadLines) badLines.push({ line: record.line, reason: record.bad });
        if (sink) await sink.write(record.bytes, 'reject');
        continue;
      }
      const time = record.fields ? (times?.of(record) ?? '') : '';
      if (time > newest) newest = time;
      const why =
        record.fields === 0 ? 'blank_line' : filter && time && time < filter.from ? 'before_watermark' : undefined;
      if (why) skip(why);
      // No await where there is nothing to wait for: it would cost more than the rest of the row.
      const writing = sink?.write(record.bytes, why ? 'drop' : 'keep');
      if (writing) await writing;
    }
  scan ??= refusedScan(source, 'the file is empty');
  const skippedRows = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  if (rowsRead > 1 && bad / rowsRead > mostBad)
    refused ??= `${bad} of ${rowsRead} rows are bad, first line ${badLines[0]!.line} (${badLines[0]!.reason})`;
  return {
    ...scan,
    rowsRead,
    rows: rowsRead - skippedRows,
    skipped,
    badLines,
    sha256: hash.digest('hex'),
    bytes,
    watermark: newest || null,
    refused: scan.refused ?? refused,
  };
}

/** The filter of an incremental load, from the watermark of the loads before. */
export function filterFrom(watermark: string | null, overlapDays: number): RowFilter | undefined {
  const from = watermark ? lowerBound(watermark, overlapDays) : '';
  return from ? { from } : undefined;
}

/** The scan of a file that cannot be read at all. */
export function refusedScan(source: SourceFile, refused: string): Scan {
  return { ...emptyScan([], checkHeader(source.table, []), 'LF'), refused };
}

function emptyScan(header: string[], check: HeaderCheck, lineEnd: 'LF' | 'CRLF'): Scan {
  return {
    header,
    check,
    rowsRead: 0,
    rows: 0,
    skipped: {},
    badLines: [],
    sha256: '',
    bytes: 0,
    lineEnd,
    watermark: null,
  };
}

function refuseByHeader(source: SourceFile, scan: Scan): string | undefined {
  const { check, header } = scan;
  if (header.length === 0) return 'it has no header line';
  const other = header.length === 1 ? [';', '\t', '|'].find((sign) => header[0]!.includes(sign)) : undefined;
  if (other) return `its fields are separated by ${other === '\t' ? 'tabs' : `"${other}"`}, not by commas`;
  if (header.some((name) => name === '' || name.length > 120)) return 'its header has an empty or overlong column name';
  if (header.some((name) => /^(_load_id|_source_file|_loaded_at)$/i.test(name)))
    return 'its header has a column that MedStream adds itself (_load_id, _source_file, _loaded_at)';
  if (check.repeated.length) return `its header repeats ${check.repeated.join(', ')}`;
  if (check.missing.length) return `required column ${check.missing.join(', ')} is missing in ${source.table}.csv`;
  return undefined;
}
