import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { ExitCode, MedStreamError } from '../../common/errors';

/** The files of a table in a folder: `encounters.csv`, or parts `encounters-1.csv`, …, each also as `.gz`, in order. */
export async function tableFiles(folder: string, table: string): Promise<string[]> {
  const pattern = new RegExp(`^${table}(?:-(\\d+))?\\.csv(?:\\.gz)?$`, 'i');
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new MedStreamError({
      code: 'MS2101',
      what: 'Cannot read the data folder.',
      where: folder,
      next: 'Give a folder with Synthea CSV files: --data DIR.',
      exitCode: ExitCode.usage,
      cause,
    });
  });
  const files = entries.filter((name) => pattern.test(name));
  const part = (name: string) => Number(pattern.exec(name)?.[1] ?? 0);
  files.sort((a, b) => part(a) - part(b) || (a < b ? -1 : 1));
  if (files.length === 0)
    throw new MedStreamError({
      code: 'MS2102',
      what: `There is no ${table}.csv in the data folder.`,
      where: folder,
      why: 'Encounter events are made of encounters.csv and patients.csv.',
      next: `Add ${table}.csv (parts ${table}-1.csv, … and .gz are read too).`,
      exitCode: ExitCode.usage,
    });
  return files.map((name) => path.join(folder, name));
}

/**
 * Streams the named columns of a Synthea CSV file, whatever the order of its header, in lists of rows (one list per
 * chunk of the file); '' where a row is short. Quoted fields are understood, also with line ends in them.
 * @throws MedStreamError MS2103 when the header lacks a column, MS2104 when the file is no CSV
 */
export async function* readTable(file: string, columns: readonly string[]): AsyncGenerator<string[][]> {
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const text = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => text.destroy(error));
  let positions: number[] | undefined;
  try {
    for await (const lines of recordsOf(text)) {
      const rows: string[][] = [];
      for (const line of lines) {
        const fields = line.includes('"') ? quotedFields(line) : line.split(',');
        if (positions) rows.push(positions.map((at) => fields[at] ?? ''));
        else positions = positionsOf(file, fields, columns);
      }
      if (rows.length) yield rows;
    }
  } catch (cause) {
    if (cause instanceof MedStreamError) throw cause;
    throw new MedStreamError({
      code: 'MS2104',
      what: 'The file cannot be read as CSV.',
      where: file,
      next: 'Export it again, or check that it is complete.',
      cause,
    });
  } finally {
    source.destroy();
  }
}

/** The records of a text, without line ends and empty lines. A record goes on over a line end inside quotes. */
async function* recordsOf(text: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let first = true;
  const whole = (chunk: string, last: boolean): string[] => {
    const lines = (rest + chunk).split('\n');
    rest = last ? '' : lines.pop()!;
    const records: string[] = [];
    let open = '';
    for (const line of lines) {
      const record = open ? `${open}\n${line}` : line;
      open = hasOpenQuote(record) ? record : '';
      const trimmed = record.endsWith('\r') ? record.slice(0, -1) : record;
      if (!open && trimmed) records.push(trimmed);
    }
    if (open && last) throw new Error('a quoted field has no end');
    if (open) rest = `${open}\n${rest}`;
    if (first && records.length) {
      first = false;
      records[0] = records[0]!.replace(/^\uFEFF/, '');
    }
    return records;
  };
  for await (const chunk of text) yield whole(decoder.write(chunk), false);
  yield whole(decoder.end(), true);
}

function hasOpenQuote(record: string): boolean {
  let quotes = 0;
  for (let at = record.indexOf('"'); at !== -1; at = record.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}

/** The fields of a record with quotes (RFC 4180: a quote inside a quoted field is doubled). */
function quotedFields(record: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= record.length) {
    if (record[at] !== '"') {
      const end = record.indexOf(',', at);
      fields.push(record.slice(at, end === -1 ? undefined : end));
      at = end === -1 ? record.length + 1 : end + 1;
      continue;
    }
    let field = '';
    for (at++; at < record.length; at++) {
      if (record[at] !== '"') field += record[at];
      else if (record[at + 1] === '"') field += record[++at];
      else break;
    }
    fields.push(field);
    const end = record.indexOf(',', at);
    at = end === -1 ? record.length + 1 : end + 1;
  }
  return fields;
}

function positionsOf(file: string, header: readonly string[], columns: readonly string[]): number[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const positions = columns.map((column) => names.indexOf(column.toLowerCase()));
  const missing = columns.filter((_, i) => positions[i] === -1);
  if (missing.length)
    throw new MedStreamError({
      code: 'MS2103',
      what: `The header lacks ${missing.join(', ')}.`,
      where: file,
      why: 'Events cannot be made without these columns.',
      next: 'Give the files as Synthea exports them.',
    });
  return positions;
}
