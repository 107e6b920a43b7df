import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MedStreamError } from '../errors';
import { RecordCutter, type CsvRecord } from './records';

const comma = 44;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of a CSV file, `.gz` unpacked, in chunks.
 * @throws MedStreamError MS2104 when the file cannot be read or its gzip data is damaged or cut off
 */
export async function* readBytes(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const stream = file.toLowerCase().endsWith('.gz')
    ? pipeline(source, createGunzip({ chunkSize: 1 << 18 }), () => {})
    : source;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
  } catch (cause) {
    throw unreadable(file, cause);
  } finally {
    source.destroy();
  }
}

/** The records of a CSV file, header first; a record's `bad` also tells a wrong number of fields. */
export async function* readRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  for await (const records of readRecordBlocks(chunks)) yield* records;
}

/** As `readRecords`, a list for each chunk: four times as fast, for an async iteration costs more than cutting a line. */
export async function* readRecordBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Iterable<CsvRecord>> {
  const cutter = new RecordCutter();
  let width: number | undefined;
  function* checked(records: Iterable<CsvRecord>): Generator<CsvRecord> {
    for (const record of records) {
      if (width === undefined) {
        width = record.fields;
        if (record.bytes.subarray(0, 3).equals(byteOrderMark)) {
          record.mark = byteOrderMark;
          record.bytes = record.bytes.subarray(3);
        }
      } else if (!record.bad && record.fields > 0 && record.fields !== width) {
        record.bad = record.fields < width ? 'too_few_fields' : 'too_many_fields';
      }
      yield record;
    }
  }
  for await (const chunk of chunks) yield checked(cutter.cut(chunk, false));
  yield checked(cutter.cut(Buffer.alloc(0), true));
}

/** One value of a well-formed record, '' where it has fewer fields; of records without quotes only that field is decoded. */
export function fieldAt(record: Pick<CsvRecord, 'bytes' | 'quoted'>, position: number): string {
  if (record.quoted) return fieldsOf(record)[position] ?? '';
  const { bytes } = record;
  let start = 0;
  for (let field = 0; field < position; field++) {
    start = bytes.indexOf(comma, start) + 1;
    if (start === 0) return '';
  }
  const end = bytes.indexOf(comma, start);
  return end < 0 ? bytes.toString('utf8', start).replace(/\r?\n$/, '') : bytes.toString('utf8', start, end);
}

/** The values of a well-formed record. */
export function fieldsOf(record: Pick<CsvRecord, 'bytes' | 'quoted'>): string[] {
  const text = record.bytes.toString('utf8').replace(/\r?\n$/, '');
  if (!record.quoted) return text.split(',');
  const values: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (text[end + 1] === '"') end = text.indexOf('"', end + 2);
      values.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const end = text.indexOf(',', at);
      values.push(text.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? text.length + 1 : end + 1;
    }
  }
  return values;
}

function unreadable(file: string, cause: unknown): MedStreamError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return new MedStreamError({
    code: 'MS2104',
    what: code.startsWith('Z_')
      ? 'The gzip data of the file is damaged or cut off.'
      : `The file cannot be read (${code}).`,
    where: file,
    next: 'Copy or export it again.',
    cause,
  });
}
