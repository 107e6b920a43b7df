import { parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
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
 * Streams the named columns of a Synthea CSV file, whatever the order of its header; '' where a row is short.
 * @throws MedStreamError MS2103 when the header lacks a column, MS2104 when the file is no CSV
 */
export async function* readTable(file: string, columns: readonly string[]): AsyncGenerator<string[]> {
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  const text = file.endsWith('.gz') ? source.pipe(createGunzip().on('error', (e) => parser.destroy(e))) : source;
  source.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let positions: number[] | undefined;
  try {
    for await (const row of parser as AsyncIterable<string[]>) {
      if (positions) yield positions.map((at) => row[at] ?? '');
      else positions = positionsOf(file, row, columns);
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
