/** Why a record of a CSV file cannot be used. */
export type BadReason =
  | 'too_few_fields'
  | 'too_many_fields'
  | 'not_utf8'
  | 'nul_byte'
  | 'stray_quote'
  | 'unclosed_quote'
  | 'too_long'
  | 'other_line_end';

export interface CsvRecord {
  /** The record's bytes with its line end, as they stand in the file. Valid until the next record is asked for. */
  bytes: Buffer;
  /** The byte order mark that stood before the first record; not part of `bytes`. */
  mark?: Buffer;
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
  /** True for a further piece of a line that is too long: the line has been counted by its first. */
  continued?: boolean;
}

const newline = 10;
const carriageReturn = 13;
const comma = 44;
const quote = 34;

/**
 * The longest record, which is also the longest row that COPY INTO takes. A quoted field may span lines, but with more than this its quote is
 * taken as never closed; a longer line is bad, and comes in pieces.
 */
export const longestRecord = 1 << 20;

/**
 * Cuts the bytes of a CSV file (RFC 4180, comma) into records without changing one byte: joining all records gives the
 * file again. Blank lines are records with 0 fields. Never throws on bad content; memory is bounded by the longest record.
 * It works chunk by chunk, without a promise per record: what a chunk completes comes out at once.
 */
export class RecordCutter {
  private rest: Buffer = Buffer.alloc(0);
  private line = 1;
  /** Amid a line that is too long. */
  private inLongLine = false;

  /** The records that end in this chunk; with `ended`, also the last one that has no line end. */
  *cut(chunk: Buffer, ended: boolean): Generator<CsvRecord> {
    const buffer = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (at < buffer.length) {
      const record = nextRecord(buffer, at, ended, this.line, this.inLongLine);
      if (!record) break;
      this.inLongLine = record.lines === 0;
      at += record.bytes.length;
      this.line += record.lines;
      yield record;
    }
    this.rest = buffer.subarray(at);
  }
}

type Cut = CsvRecord & { lines: number };

/** The record, or piece of a line that is too long, that begins at `start`; undefined where its end is not in the buffer yet. */
function nextRecord(buffer: Buffer, start: number, ended: boolean, line: number, inLongLine: boolean): Cut | undefined {
  const lineEnd = buffer.indexOf(newline, start);
  const end = lineEnd < 0 ? buffer.length : lineEnd + 1;
  if (end - start > longestRecord)
    return {
      ...brokenLine(buffer, start, start + longestRecord, 'too_long', line),
      lines: 0,
      continued: inLongLine,
    };
  if (lineEnd < 0 && !ended) return undefined;
  if (inLongLine) return { ...brokenLine(buffer, start, end, 'too_long', line), continued: true };
  return plainRecord(buffer, start, end, lineEnd < 0, line) ?? quotedRecord(buffer, start, end, ended, line);
}

/** The record of one line, or undefined where the line holds a quote. One pass over its bytes. */
function plainRecord(buffer: Buffer, start: number, end: number, unterminated: boolean, line: number): Cut | undefined {
  let commas = 0;
  let highest = 0;
  let nul = false;
  for (let i = start; i < end; i++) {
    const byte = buffer[i]!;
    if (byte === comma) commas++;
    else if (byte === quote) return undefined;
    else if (byte === 0) nul = true;
    if (byte > highest) highest = byte;
  }
  const bytes = buffer.subarray(start, end);
  return {
    bytes,
    line,
    fields: isBlank(bytes) ? 0 : commas + 1,
    quoted: false,
    bad: nul ? 'nul_byte' : highest < 128 ? undefined : badUtf8(bytes),
    unterminated,
    lines: 1,
  };
}

function isBlank(bytes: Buffer): boolean {
  if (bytes.length > 2) return false;
  for (const byte of bytes) if (byte !== newline && byte !== carriageReturn) return false;
  return true;
}

/** Reads quote by quote; a quote opens a field only at the field's start (elsewhere it is text, as in `5" tube`). */
function quotedRecord(
  buffer: Buffer,
  start: number,
  firstLineEnd: number,
  ended: boolean,
  line: number,
): Cut | undefined {
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
        return brokenLine(buffer, start, firstLineEnd, 'unclosed_quote', line);
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
  return ended || i - start > longestRecord ? finish(i, true) : undefined;

  function finish(end: number, unterminated: boolean): Cut {
    if (end - start > longestRecord) return brokenLine(buffer, start, firstLineEnd, 'too_long', line);
    if (bad && lines > 1) return brokenLine(buffer, start, firstLineEnd, bad, line);
    const bytes = buffer.subarray(start, end);
    return { bytes, line, fields, quoted: true, bad: bad ?? badBytes(bytes), unterminated, lines };
  }
}

/** A line whose quotes make no sense: it alone is bad, and reading goes on with the next line. */
function brokenLine(buffer: Buffer, start: number, end: number, bad: BadReason, line: number): Cut {
  const bytes = buffer.subarray(start, end);
  return { bytes, line, fields: 0, quoted: true, bad, unterminated: bytes.at(-1) !== newline, lines: 1 };
}

/** The quote that closes a field opened before `from`; doubled quotes are text. -1 where it is not in the buffer. */
function closingQuote(buffer: Buffer, from: number): number {
  for (let i = buffer.indexOf(quote, from); i >= 0; i = buffer.indexOf(quote, i + 2))
    if (buffer[i + 1] !== quote) return i;
  return -1;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function badBytes(bytes: Buffer): BadReason | undefined {
  return bytes.includes(0) ? 'nul_byte' : badUtf8(bytes);
}

function badUtf8(bytes: Buffer): BadReason | undefined {
  try {
    strictUtf8.decode(bytes);
    return undefined;
  } catch {
    return 'not_utf8';
  }
}
