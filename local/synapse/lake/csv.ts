/** CSV files as DuckDB table expressions. */
import { closeSync, openSync, readSync } from 'node:fs';
import { gunzipSync, constants } from 'node:zlib';
import { TSqlError } from '../contract';
import { ident, quote } from '../tsql/types/typed';

export interface CsvFormat {
  readonly delimiter: string;
  readonly quote: string;
  readonly row: string | undefined;
  /** Rows to skip before the data. */
  readonly skip: number;
  readonly compression: 'gzip' | 'none' | undefined;
  readonly encoding: 'utf-16' | undefined;
}

/** `0x0b`, `\t`, `\n` and plain text as characters. */
export function terminator(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^0x([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text.slice(2), 'hex').toString('latin1');
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\0', '\0');
}
/** Control characters do not survive in DuckDB's option strings: they are written with chr(). */
const option = (text: string): string =>
  text === '' ? "''" : [...text].map((c) => (c < ' ' ? `chr(${c.charCodeAt(0)})` : quote(c))).join(' || ');
export const fileArray = (files: readonly string[]): string => `[${files.map(quote).join(', ')}]`;

/** True when a whole line (or file) is one column: FIELDTERMINATOR 0x0b, the way JSON lines are loaded. */
export const isLineFormat = (f: CsvFormat): boolean =>
  f.delimiter < ' ' && f.delimiter !== '\t' && f.delimiter !== '\x01';

/** `SELECT c0, c1, … , filename` of all fields as text; `fields` of them. */
export function csvRows(files: readonly string[], format: CsvFormat, fields: number, ignoreErrors = false): string {
  const columns = Array.from({ length: fields }, (_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  const compression = format.compression === 'gzip' ? ", compression='gzip'" : '';
  const common = `auto_detect=false, header=false, hive_partitioning=false, filename=true, skip=${format.skip}, null_padding=true, max_line_size=67108864${compression}${format.encoding ? `, encoding='${format.encoding}'` : ''}${ignoreErrors ? ', ignore_errors=true' : ''}`;
  if (
    isLineFormat(format) &&
    fields === 1 &&
    format.row !== undefined &&
    format.row < ' ' &&
    format.row !== '\n' &&
    format.row !== '\r\n' &&
    format.row !== '\r'
  ) {
    if (format.encoding)
      throw new TSqlError(40517, 'A UTF-16 file as one value is not supported by the local Synapse.');
    return `(SELECT content AS c0, filename FROM read_text(${fileArray(files)}))`;
  }
  const row =
    format.row !== undefined && !['\n', '\r\n', '\r'].includes(format.row) ? `, new_line=${option(format.row)}` : '';
  if (row && format.row !== '|')
    throw new TSqlError(40517, 'A ROWTERMINATOR other than a line end is not supported by the local Synapse.');
  const q = format.quote < ' ' ? "''" : option(format.quote);
  return `read_csv(${fileArray(files)}, ${common}, delim=${option(format.delimiter)}, quote=${q}, escape=${q}, columns={${columns}}, allow_quoted_nulls=false${isLineFormat(format) ? ', strict_mode=false' : ''})`;
}

/** `format` for these files: UTF-16 is known by its byte order mark, gzip by its name. Msg 13812 for big-endian text. */
export function formatOf(format: CsvFormat, file: string): CsvFormat {
  const fd = openSync(file, 'r');
  const head = Buffer.alloc(2);
  try {
    readSync(fd, head, 0, 2, 0);
  } finally {
    closeSync(fd);
  }
  if (head[0] === 0xfe && head[1] === 0xff)
    throw new TSqlError(
      13812,
      'Cannot read the file: it is UTF-16 in big-endian order; UTF-8 and UTF-16 little-endian are read.',
    );
  return {
    ...format,
    ...(file.endsWith('.gz') && !format.compression ? { compression: 'gzip' } : {}),
    ...(head[0] === 0xff && head[1] === 0xfe ? { encoding: 'utf-16' } : {}),
  };
}

/** The first record of a file, split into fields. */
export function firstRecord(file: string, format: CsvFormat, skip = 0): string[] {
  const fd = openSync(file, 'r');
  let text: string;
  try {
    const buffer = Buffer.alloc(1 << 20);
    const data = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0));
    const gz = format.compression === 'gzip' || (data[0] === 0x1f && data[1] === 0x8b);
    text = (gz ? gunzipSync(data, { finishFlush: constants.Z_SYNC_FLUSH }) : data)
      .toString(format.encoding ? 'utf16le' : 'utf8')
      .replace(/^\ufeff/, '');
  } finally {
    closeSync(fd);
  }
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let row = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== format.quote) field += c;
      else if (text[i + 1] === format.quote) {
        field += c;
        i++;
      } else quoted = false;
    } else if (c === format.quote && format.quote !== '') quoted = true;
    else if (text.startsWith(format.delimiter, i)) {
      fields.push(field);
      field = '';
      i += format.delimiter.length - 1;
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      if (row === skip) return [...fields, field];
      row++;
      fields = [];
      field = '';
    } else field += c;
  }
  return [...fields, field];
}
export { ident };
