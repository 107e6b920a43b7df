/** Why a record of a CSV file cannot be used. */
export type BadReason =
  | 'too_few_fields'
  | 'too_many_fields'
  | 'not_utf8'
  | 'nul_byte'
  | 'stray_quote'
  | 'unclosed_quote';

export interface CsvRecord {
  /** The record's bytes with its line end, as they stand in the file. Valid until the next record is asked for. */
  bytes: Buffer;
  /** Number of its first line, from 1. */
  line: number;
  /** Fields counted outside of quotes. */
  fields: number;
  /** True where it has a quoted field. */
  quoted: boolean;
  /** Set where it is no well-formed record. */
  bad?: BadReason;
  /** True where the file ended before a line end. */
  unterminated: boolean;
}

const newline = 10;
const carriageReturn = 13;
const comma = 44;
const quote = 34;

/** A quoted field may span lines, but a record beyond this is taken as one line with a quote that is never closed. */
const longestRecord = 1 << 20;

/**
 * Cuts the bytes of a CSV file (RFC 4180, comma) into records without changing one byte: joining all records gives the
 * file again. Blank lines are records with 0 fields. Never throws on bad content; memory is bounded by the longest record.
 */
export async function* splitRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  const cut = function* (buffer: Buffer, ended: boolean): Generator<CsvRecord> {
    let at = 0;
    while (at < buffer.length) {
      const record = nextRecord(buffer, at, ended);
      if (!record) break;
      at += record.bytes.length;
      yield { ...record, line };
      line += record.lines;
    }
    rest = buffer.subarray(at);
  };
  for await (const chunk of chunks) yield* cut(rest.length ? Buffer.concat([rest, chunk]) : chunk, false);
  yield* cut(rest, true);
}

type Cut = Omit<CsvRecord, 'line'> & { lines: number };

/** The record that begins at `start`, or undefined where its end is not in the buffer yet. */
function nextRecord(buffer: Buffer, start: number, ended: boolean): Cut | undefined {
  const lineEnd = buffer.indexOf(newline, start);
  if (lineEnd < 0 && !ended) return undefined;
  const end = lineEnd < 0 ? buffer.length : lineEnd + 1;
  const firstQuote = buffer.indexOf(quote, start);
  if (firstQuote < 0 || firstQuote >= end) return plainRecord(buffer, start, end, lineEnd < 0);
  return quotedRecord(buffer, start, end, ended);
}

function plainRecord(buffer: Buffer, start: number, end: number, unterminated: boolean): Cut {
  const bytes = buffer.subarray(start, end);
  let fields = 1;
  for (let i = start; i < end; i++) if (buffer[i] === comma) fields++;
  if (isBlank(bytes)) fields = 0;
  return { bytes, fields, quoted: false, bad: badBytes(bytes), unterminated, lines: 1 };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length <= 2 && bytes.every((byte) => byte === newline || byte === carriageReturn);
}

/** Reads quote by quote; a quote opens a field only at the field's start (elsewhere it is text, as in `5" tube`). */
function quotedRecord(buffer: Buffer, start: number, firstLineEnd: number, ended: boolean): Cut | undefined {
  let fields = 1;
  let lines = 1;
  let i = start;
  let fieldStart = true;
  let bad: BadReason | undefined;
  while (i < buffer.length) {
    const byte = buffer[i]!;
    if (byte === quote && fieldStart) {
      const close = closingQuote(buffer, i + 1);
      if (close < 0 || close - start > longestRecord) {
        if (!ended && buffer.length - start <= longestRecord) return undefined;
        return brokenLine(buffer, start, firstLineEnd, 'unclosed_quote');
      }
      for (let k = i + 1; k < close; k++) if (buffer[k] === newline) lines++;
      i = close + 1;
      if (i >= buffer.length && !ended) return undefined;
      const after = buffer[i];
      if (after !== undefined && after !== comma && after !== newline && after !== carriageReturn)
        bad ??= 'stray_quote';
      fieldStart = false;
      continue;
    }
    i++;
    fieldStart = byte === comma;
    if (byte === comma) fields++;
    if (byte === newline) return finish(i, false);
  }
  return ended ? finish(i, true) : undefined;

  function finish(end: number, unterminated: boolean): Cut {
    if (bad && lines > 1) return brokenLine(buffer, start, firstLineEnd, bad);
    const bytes = buffer.subarray(start, end);
    return { bytes, fields, quoted: true, bad: bad ?? badBytes(bytes), unterminated, lines };
  }
}

/** A line whose quotes make no sense: it alone is bad, and reading goes on with the next line. */
function brokenLine(buffer: Buffer, start: number, end: number, bad: BadReason): Cut {
  const bytes = buffer.subarray(start, end);
  return { bytes, fields: 0, quoted: true, bad, unterminated: bytes.at(-1) !== newline, lines: 1 };
}

/** The quote that closes a field opened before `from`; doubled quotes are text. -1 where it is not in the buffer. */
function closingQuote(buffer: Buffer, from: number): number {
  for (let i = buffer.indexOf(quote, from); i >= 0; i = buffer.indexOf(quote, i + 2))
    if (buffer[i + 1] !== quote) return i;
  return -1;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function badBytes(bytes: Buffer): BadReason | undefined {
  let highest = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0) return 'nul_byte';
    if (byte > highest) highest = byte;
  }
  if (highest < 128) return undefined;
  try {
    strictUtf8.decode(bytes);
    return undefined;
  } catch {
    return 'not_utf8';
  }
}
