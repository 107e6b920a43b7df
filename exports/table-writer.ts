import { MedStreamError } from '../common/errors';
import { writtenColumns, type Contract } from './contract';
import type { Cell, ParquetSink } from './parquet/sink';
import { WasmSink } from './parquet/wasm-sink';

/** A finished file: `path` is below the table's folder, such as `year=2021/part-00000.parquet`. */
export interface WrittenFile {
  path: string;
  rows: number;
  bytes: Uint8Array;
}

/** Rows of one file at most, and bytes of text about: bounds the memory of an export. */
export const maxFileRows = 125_000;
const maxTextBytes = 64 * 1024 * 1024;

/** How finely the files of a partitioned table are laid out. */
export type Layout = 'whole' | 'by-year' | 'by-month';

/**
 * The layout for so many rows: one file while they fit into one, then a folder a year, then a folder a month. Thousands of
 * small files would cost more than they save, to write and to read (docs/decisions/0071-export-layout.md).
 */
export function layoutFor(contract: Contract, rows: number, maxRows: number = maxFileRows): Layout {
  if (!contract.partitionBy || rows <= maxRows) return 'whole';
  return rows <= 100 * maxRows ? 'by-year' : 'by-month';
}

/**
 * Cuts the ordered rows of one table into Parquet files: a new file at every new year or month (as laid out) and at every
 * `maxRows` rows or 64 MiB of text. A table without rows gives one empty file, so readers find its columns.
 */
export class TableWriter {
  private readonly partitionIndex: number;
  private folder = '';
  private part = 0;
  private files = 0;

  constructor(
    private readonly contract: Contract,
    private readonly layout: Layout,
    private readonly deliver: (file: WrittenFile) => Promise<void>,
    private readonly maxRows: number = maxFileRows,
    private readonly sink: ParquetSink = new WasmSink(writtenColumns(contract)),
  ) {
    this.partitionIndex = contract.columns.findIndex((column) => column.name === contract.partitionBy);
  }

  /** Takes one row in the order of the contract's columns; returns a promise when a file was finished first. */
  take(row: Cell[]): Promise<void> | undefined {
    const when = this.partitionIndex < 0 ? [] : this.yearAndMonth(row[this.partitionIndex]);
    const folder = this.layout === 'whole' ? '' : folderOf(when, this.layout);
    const isFull = this.sink.rows === this.maxRows || this.sink.textBytes >= maxTextBytes;
    const full = this.sink.rows > 0 && (isFull || folder !== this.folder);
    const ending = full ? this.endFile() : undefined;
    if (folder !== this.folder) {
      this.folder = folder;
      this.part = 0;
    }
    this.sink.push(when.length ? [...row, ...when] : row);
    return ending;
  }

  private yearAndMonth(date: Cell | undefined): number[] {
    if (!(date instanceof Date)) throw noPartition(this.contract);
    return [date.getUTCFullYear(), date.getUTCMonth() + 1];
  }

  /** Finishes the last file. */
  async close(): Promise<void> {
    if (this.sink.rows > 0 || this.files === 0) await this.endFile();
  }

  private endFile(): Promise<void> {
    const rows = this.sink.rows;
    const name = `part-${String(this.part++).padStart(5, '0')}.parquet`;
    this.files++;
    return this.deliver({ path: this.folder + name, rows, bytes: this.sink.finish() });
  }
}

function folderOf([year, month]: readonly number[], layout: Layout): string {
  const yearFolder = `year=${String(year).padStart(4, '0')}/`;
  return layout === 'by-year' ? yearFolder : `${yearFolder}month=${String(month).padStart(2, '0')}/`;
}

function noPartition(contract: Contract): MedStreamError {
  return new MedStreamError({
    code: 'MS5004',
    what: `A row of ${contract.source} has no ${contract.partitionBy}; nothing was published.`,
    why: 'Its files are laid out by the time in that column.',
    next: `Add a not-null assertion on ${contract.partitionBy} and send such rows to quarantine.`,
  });
}
