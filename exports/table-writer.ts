import { MedStreamError } from '../common/errors';
import { writtenColumns, type Contract } from './contract';
import type { Cell, ParquetSink } from './parquet/sink';
import { WasmSink } from './parquet/wasm-sink';

/** A finished file: `path` is below the table's folder, such as `year=2021/month=03/part-00000.parquet`. */
export interface WrittenFile {
  path: string;
  rows: number;
  bytes: Uint8Array;
}

/** Rows of one file at most: bounds the memory of an export. */
export const maxFileRows = 250_000;

/**
 * Cuts the ordered rows of one table into Parquet files: a new file at every new month (where the contract lays files
 * out by month) and at every `maxRows` rows. A table without rows gives one empty file, so readers find its columns.
 */
export class TableWriter {
  private readonly partitionIndex: number;
  private year = 0;
  private month = 0;
  private part = 0;
  private files = 0;

  constructor(
    private readonly contract: Contract,
    private readonly deliver: (file: WrittenFile) => Promise<void>,
    private readonly maxRows: number = maxFileRows,
    private readonly sink: ParquetSink = new WasmSink(writtenColumns(contract)),
  ) {
    this.partitionIndex = contract.columns.findIndex((column) => column.name === contract.partitionBy);
  }

  /** Takes one row in the order of the contract's columns; returns a promise when a file was finished first. */
  take(row: Cell[]): Promise<void> | undefined {
    if (this.partitionIndex < 0) {
      const full = this.sink.rows === this.maxRows ? this.endFile() : undefined;
      this.sink.push(row);
      return full;
    }
    const date = row[this.partitionIndex];
    if (!(date instanceof Date)) throw noPartition(this.contract);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
    const newMonth = year !== this.year || month !== this.month;
    const full = this.sink.rows > 0 && (newMonth || this.sink.rows === this.maxRows) ? this.endFile() : undefined;
    if (newMonth) {
      this.year = year;
      this.month = month;
      this.part = 0;
    }
    this.sink.push([...row, year, month]);
    return full;
  }

  /** Finishes the last file. */
  async close(): Promise<void> {
    if (this.sink.rows > 0 || this.files === 0) await this.endFile();
  }

  private endFile(): Promise<void> {
    const rows = this.sink.rows;
    const name = `part-${String(this.part++).padStart(5, '0')}.parquet`;
    const folder =
      this.year > 0 ? `year=${String(this.year).padStart(4, '0')}/month=${String(this.month).padStart(2, '0')}/` : '';
    this.files++;
    return this.deliver({ path: folder + name, rows, bytes: this.sink.finish() });
  }
}

function noPartition(contract: Contract): MedStreamError {
  return new MedStreamError({
    code: 'MS5004',
    what: `A row of ${contract.source} has no ${contract.partitionBy}; nothing was published.`,
    why: 'Its files are laid out by the month of that column.',
    next: `Add a not-null assertion on ${contract.partitionBy} and send such rows to quarantine.`,
  });
}
