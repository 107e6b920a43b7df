import duckdb from '@duckdb/node-bindings';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/**
 * Raw memory of DuckDB's vectors: all pointer arithmetic of the server is in this file. Views are valid only until the chunk
 * is released, so nothing here may be kept beyond the encoding of one chunk.
 */
export interface Vector {
  readonly handle: duckdb.Vector;
  readonly rows: number;
  /** One bit a row, set = not NULL; null when no row is NULL. */
  readonly validity: Uint8Array | null;
}

/** The vector of column `column` of a chunk. */
export function vectorOf(chunk: DuckDBDataChunk, column: number): Vector {
  const rows = chunk.rowCount;
  const handle = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const validity = duckdb.vector_get_validity(handle, Math.ceil(rows / 64) * 8) as Uint8Array | null | undefined;
  return { handle, rows, validity: validity ?? null };
}

/** The fixed-width values of a vector, `width` bytes each. */
export function fixedData(vector: Vector, width: number): Uint8Array {
  return duckdb.vector_get_data(vector.handle, width * vector.rows);
}

export const dataView = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Strings up to this many bytes stand inside DuckDB's 16-byte string struct; longer ones in a heap it points to. */
const inlineBytes = 12;
const structBytes = 16;
/** Neighbours in the heap that are further apart than this are mapped separately. */
const largestGap = 4096;

/** Where the bytes of one string are; the three fields are set by `locate` (no object per value). */
export class StringData {
  source: Buffer;
  start = 0;
  length = 0;
  private readonly inline: Buffer;
  private readonly view: DataView;
  private readonly segments: Buffer[] = [];
  private readonly segmentOf: Uint16Array;
  private readonly offsetOf: Int32Array;

  /**
   * Long strings lie in few heap blocks in row order: each run of neighbours is mapped by one external ArrayBuffer, since
   * `get_data_from_pointer` costs half a microsecond a call. Pointers fit 2^53, so plain numbers are exact.
   */
  constructor(vector: Vector) {
    const data = fixedData(vector, structBytes);
    this.view = dataView(data);
    this.inline = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.source = this.inline;
    this.segmentOf = new Uint16Array(vector.rows);
    this.offsetOf = new Int32Array(vector.rows);
    let low = -1;
    let end = -1;
    let first = 0;
    const close = (): void => {
      if (low < 0) return;
      const bytes = duckdb.get_data_from_pointer(
        data.buffer as ArrayBuffer,
        data.byteOffset + structBytes * first + 8,
        end - low,
      );
      this.segments.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    };
    for (let row = 0; row < vector.rows; row++) {
      if (vector.validity !== null && (vector.validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
      const at = structBytes * row;
      const length = this.view.getUint32(at, true);
      if (length <= inlineBytes) continue;
      const address = this.view.getUint32(at + 12, true) * 4294967296 + this.view.getUint32(at + 8, true);
      if (low < 0 || address < end || address - end > largestGap) {
        close();
        low = address;
        first = row;
      }
      end = address + length;
      this.segmentOf[row] = this.segments.length;
      this.offsetOf[row] = address - low;
    }
    close();
  }

  locate(row: number): void {
    const at = structBytes * row;
    this.length = this.view.getUint32(at, true);
    if (this.length <= inlineBytes) {
      this.source = this.inline;
      this.start = at + 4;
    } else {
      this.source = this.segments[this.segmentOf[row]!]!;
      this.start = this.offsetOf[row]!;
    }
  }
}
