import { ExitCode, MedStreamError } from '../../common/errors';
import { fieldsOf, readBytes, readRecords } from '../../common/synthea/csv';
import { longestRecord } from '../../common/synthea/records';
import { listDataFolder } from '../../common/synthea/data-folder';
import type { SyntheaFile } from '../../common/synthea/header-families';

/** The files of a table in a data folder, in reading order. */
export async function tableFiles(folder: string, table: SyntheaFile): Promise<string[]> {
  const { files } = await listDataFolder(folder);
  const paths = files.filter((file) => file.table === table).map((file) => file.path);
  if (paths.length === 0)
    throw new MedStreamError({
      code: 'MS2102',
      what: `There is no ${table}.csv in the data folder.`,
      where: folder,
      why: 'Encounter events are made of encounters.csv and patients.csv.',
      next: `Add ${table}.csv (parts ${table}-1.csv, … and .gz are read too).`,
      exitCode: ExitCode.usage,
    });
  return paths;
}

/**
 * Streams the named columns of a Synthea CSV file, whatever the order of its header, in lists of rows. Lines with a
 * wrong number of fields are left out and counted by `onBad`.
 *
 * Synthea never quotes, so text without a quote is cut at line ends and commas, five times as fast as record by record;
 * from the first quote on (files that another tool has saved), or where a line is too long, the records are read one by one.
 * @throws MedStreamError MS2103 when the header lacks a column, MS2104 when the file cannot be read
 */
export async function* readTable(
  file: string,
  columns: readonly string[],
  onBad: () => void = () => {},
): AsyncGenerator<Iterable<string[]>> {
  const chunks = readBytes(file);
  const cutter = new RowCutter(file, columns, onBad);
  let rest: Buffer = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const bytes = rest.length ? Buffer.concat([rest, next.value]) : next.value;
    if (bytes.includes(quote) || rest.length > longestRecord) {
      yield* quotedRows(cutter, bytes, chunks);
      return;
    }
    const end = bytes.lastIndexOf(newline) + 1;
    yield cutter.lines(bytes.toString('utf8', 0, end));
    rest = bytes.subarray(end);
  }
  yield cutter.lines(rest.toString('utf8'));
  cutter.end();
}

const quote = '"'.charCodeAt(0);
const newline = 10;

async function* quotedRows(
  cutter: RowCutter,
  first: Buffer,
  chunks: AsyncGenerator<Buffer>,
): AsyncGenerator<Iterable<string[]>> {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield first;
    yield* chunks;
  }
  for await (const record of readRecords(bytes())) {
    if (record.continued) continue;
    // Of a file that begins without quotes, the width of the records is the cutter's to check.
    if (record.bad && record.bad !== 'too_few_fields' && record.bad !== 'too_many_fields') cutter.onBad();
    else if (record.fields > 0) yield cutter.row(fieldsOf(record));
  }
  cutter.end();
}

/** Picks columns out of split lines; the first line is the header. */
class RowCutter {
  private positions?: number[];
  private width = 0;

  constructor(
    private readonly file: string,
    private readonly columns: readonly string[],
    readonly onBad: () => void,
  ) {}

  /** The rows of whole lines without a quote, cut when they are wanted: rows that wait cost the garbage collector. */
  *lines(text: string): Generator<string[]> {
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const next = newline < 0 ? text.length : newline;
      const end = text[next - 1] === '\r' ? next - 1 : next;
      if (end > start) yield* this.row(text.slice(start, end).split(','));
      start = next + 1;
    }
  }

  /** All rows are asked for. @throws MedStreamError MS2103 when there was no header */
  end(): void {
    if (!this.positions) throw headerLacks(this.file, this.columns);
  }

  /** The row as a list of one, or none for the header and for a row of another width. */
  row(fields: readonly string[]): string[][] {
    if (!this.positions) {
      this.positions = positionsOf(this.file, fields, this.columns);
      this.width = fields.length;
      return [];
    }
    if (fields.length === this.width) return [this.positions.map((at) => fields[at]!)];
    this.onBad();
    return [];
  }
}

function positionsOf(file: string, header: readonly string[], columns: readonly string[]): number[] {
  const names = header.map((name) => name.replace('\uFEFF', '').trim().toLowerCase());
  const positions = columns.map((column) => names.indexOf(column.toLowerCase()));
  const missing = columns.filter((_, i) => positions[i] === -1);
  if (missing.length) throw headerLacks(file, missing);
  return positions;
}

function headerLacks(file: string, columns: readonly string[]): MedStreamError {
  return new MedStreamError({
    code: 'MS2103',
    what: `The header lacks ${columns.join(', ')}.`,
    where: file,
    why: 'Events cannot be made without these columns.',
    next: 'Give the files as Synthea exports them.',
  });
}
