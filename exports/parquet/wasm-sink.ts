import * as arrow from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/node';
import { MedStreamError } from '../../common/errors';
import { columnBuilder } from './column-builder';
import type { Cell, ParquetSink, SinkColumn } from './sink';

/** Rows collected before they become one Arrow record batch. */
const batchRows = 25_000;
/** How often the size of the texts is looked at. */
const sizeEvery = 500;

/**
 * A sink on parquet-wasm (the Rust `parquet` crate): snappy, data page V1, statistics and page index
 * (docs/decisions/0070-parquet-writer.md). The bytes depend on the rows alone, so equal rows give an equal sha256.
 */
export class WasmSink implements ParquetSink {
  rows = 0;
  textBytes = 0;
  private batchedBytes = 0;
  private readonly schema: arrow.Schema;
  private readonly builders;
  private batches: arrow.RecordBatch[] = [];
  private inBatch = 0;

  constructor(private readonly columns: readonly SinkColumn[]) {
    this.builders = columns.map((column) => columnBuilder(column.type, batchRows));
    this.schema = new arrow.Schema(
      columns.map((column, at) => new arrow.Field(column.name, this.builders[at]!.type, true)),
    );
  }

  push(row: readonly Cell[]): void {
    for (let at = 0; at < this.builders.length; at++) {
      try {
        this.builders[at]!.push(row[at]);
      } catch (error) {
        throw valueError(this.columns[at]!, error);
      }
    }
    this.inBatch++;
    if (++this.rows % sizeEvery === 0) this.textBytes = this.batchedBytes + this.bytesInBatch();
    if (this.inBatch === batchRows) this.endBatch();
  }

  private bytesInBatch(): number {
    return this.builders.reduce((sum, builder) => sum + (builder.textBytes ?? 0), 0);
  }

  private endBatch(): void {
    this.batchedBytes += this.bytesInBatch();
    const type = new arrow.Struct(this.schema.fields);
    const children = this.builders.map((builder) => builder.flush());
    const data = arrow.makeData({ type, length: this.inBatch, nullCount: 0, children });
    this.batches.push(new arrow.RecordBatch(this.schema, data));
    this.inBatch = 0;
  }

  finish(): Uint8Array {
    if (this.inBatch > 0) this.endBatch();
    const stream = arrow.tableToIPC(new arrow.Table(this.schema, this.batches), 'stream');
    this.batches = [];
    this.rows = this.textBytes = this.batchedBytes = 0;
    const properties = new WriterPropertiesBuilder()
      .setCompression(Compression.SNAPPY)
      .setCreatedBy('MedStream')
      .build();
    return writeParquet(Table.fromIPCStream(stream), properties);
  }
}

/** Names the column and what is wrong, never the value: exports hold personal data. */
function valueError(column: SinkColumn, cause: unknown): MedStreamError {
  return new MedStreamError({
    code: 'MS5003',
    what: `A value ${cause instanceof Error ? cause.message : 'cannot be written'}; nothing was published.`,
    where: `column ${column.name}`,
    why: 'An export is exact or it is not made.',
    next: 'Correct the model that makes the column, or its type in exports/contracts/.',
    cause,
  });
}
