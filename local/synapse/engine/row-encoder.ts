import { DuckDBTypeId, type DuckDBDataChunk, type DuckDBDecimalType, type DuckDBType } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { isTicks, sentValue } from '../ticks';
import type { PacketWriter } from '../wire/packet-writer';
import { Token } from '../wire/protocol';
import { decimalBytes } from '../wire/type-info';
import { encodeValue, nullBytes } from './encode-value';
import { copiedCell, decimalCell, eightByteCell, floatCell, fourByteCell, moneyCell, type Cell } from './number-cells';
import { blobCell, guidCell, nvarcharCell, varcharCell } from './string-cells';
import { dateCell, datetimeCell, momentCell, ticksCell } from './time-cells';
import { fixedData, vectorOf, type Vector } from './vector';

/** Most bytes that a fixed-width cell, a NULL or the head of a string may take. */
const cellBytes = 24;

/** Turns DuckDB's chunks into ROW and NBCROW tokens, reading the vectors' memory directly where the types allow it. */
export class RowEncoder {
  rows = 0;
  private readonly rowBytes: number;
  private readonly nulls: readonly Buffer[];

  /** `types` are what the client was told, `sources` what DuckDB gives; `nullBitmap` = the client knows NBCROW; `own` are the columns' types. */
  constructor(
    private readonly writer: PacketWriter,
    private readonly types: readonly SqlType[],
    private readonly sources: readonly DuckDBType[],
    private readonly nullBitmap: boolean,
    private readonly own: readonly SqlType[] = types,
  ) {
    this.rowBytes = 1 + Math.ceil(types.length / 8) + types.length * cellBytes;
    this.nulls = types.map(nullBytes);
  }

  /** Writes all rows of a chunk. Throws `TSqlError` when a declared type cannot hold a value; the row is then left out. */
  encode(chunk: DuckDBDataChunk): void {
    const { writer, nulls, rowBytes } = this;
    const count = this.types.length;
    const cells: Cell[] = [];
    const validity: (Uint8Array | null)[] = [];
    let anyNull = false;
    for (let column = 0; column < count; column++) {
      const vector = vectorOf(chunk, column);
      validity.push(vector.validity);
      if (vector.validity !== null) anyNull = true;
      cells.push(this.cell(column, vector, chunk));
    }
    const bitmapBytes = (count + 7) >> 3;
    const rows = chunk.rowCount;
    for (let row = 0; row < rows; row++) {
      writer.reserve(rowBytes);
      const start = writer.position;
      try {
        if (!anyNull) {
          writer.buffer[writer.position++] = Token.row;
          for (let column = 0; column < count; column++) cells[column]!(row);
        } else if (this.nullBitmap && hasNull(validity, row)) {
          writer.buffer[writer.position++] = Token.nbcRow;
          const bitmap = writer.position;
          writer.buffer.fill(0, bitmap, bitmap + bitmapBytes);
          writer.position += bitmapBytes;
          for (let column = 0; column < count; column++) {
            if (isNull(validity[column]!, row)) writer.buffer[bitmap + (column >> 3)]! |= 1 << (column & 7);
            else cells[column]!(row);
          }
        } else {
          writer.buffer[writer.position++] = Token.row;
          for (let column = 0; column < count; column++) {
            if (isNull(validity[column]!, row)) writer.bytes(nulls[column]!);
            else cells[column]!(row);
          }
        }
      } catch (error) {
        writer.position = start;
        throw error;
      }
      this.rows++;
    }
  }

  private cell(column: number, vector: Vector, chunk: DuckDBDataChunk): Cell {
    return this.directCell(this.types[column]!, this.sources[column]!, vector) ?? this.convertedCell(column, chunk);
  }

  /** The fast way, when DuckDB's type is the one behind the T-SQL type. */
  private directCell(type: SqlType, source: DuckDBType, vector: Vector): Cell | undefined {
    const { writer } = this;
    switch (type.name) {
      case 'bit':
        return source.typeId === DuckDBTypeId.BOOLEAN ? copiedCell(writer, vector, 1) : undefined;
      case 'tinyint':
        return source.typeId === DuckDBTypeId.UTINYINT ? copiedCell(writer, vector, 1) : undefined;
      case 'smallint':
        return source.typeId === DuckDBTypeId.SMALLINT ? copiedCell(writer, vector, 2) : undefined;
      case 'int':
        return source.typeId === DuckDBTypeId.INTEGER ? fourByteCell(writer, vector) : undefined;
      case 'real':
        return source.typeId === DuckDBTypeId.FLOAT ? floatCell(writer, vector, type) : undefined;
      case 'bigint':
        return source.typeId === DuckDBTypeId.BIGINT ? eightByteCell(writer, vector) : undefined;
      case 'float':
        return source.typeId === DuckDBTypeId.DOUBLE ? floatCell(writer, vector, type) : undefined;
      case 'decimal': {
        if (source.typeId !== DuckDBTypeId.DECIMAL) return undefined;
        const { width, scale } = source as DuckDBDecimalType;
        const precision = type.precision ?? 18;
        return scale === type.scale && width <= precision
          ? decimalCell(writer, vector, width, decimalBytes(precision))
          : undefined;
      }
      case 'money': {
        if (source.typeId !== DuckDBTypeId.DECIMAL) return undefined;
        const { width, scale } = source as DuckDBDecimalType;
        return width === 19 && scale === 4 ? moneyCell(writer, vector) : undefined;
      }
      case 'date':
        return source.typeId === DuckDBTypeId.DATE ? dateCell(writer, vector) : undefined;
      case 'time':
        if (source.typeId === DuckDBTypeId.BIGINT && isTicks(type)) return ticksCell(writer, vector, 'time');
        return source.typeId === DuckDBTypeId.TIME
          ? momentCell(writer, vector, source.typeId, 'time', type.scale ?? 7)
          : undefined;
      case 'datetime2':
        if (source.typeId === DuckDBTypeId.BIGINT && isTicks(type)) return ticksCell(writer, vector, 'datetime2');
        return isTimestamp(source)
          ? momentCell(writer, vector, source.typeId, 'datetime2', type.scale ?? 7)
          : undefined;
      case 'datetimeoffset':
        return isTimestamp(source) || source.typeId === DuckDBTypeId.TIMESTAMP_TZ
          ? momentCell(writer, vector, source.typeId, 'datetimeoffset', type.scale ?? 7)
          : undefined;
      case 'datetime':
        return isTimestamp(source) ? datetimeCell(writer, vector, source.typeId) : undefined;
      case 'nvarchar':
        return source.typeId === DuckDBTypeId.VARCHAR ? nvarcharCell(writer, vector, type, this.rowBytes) : undefined;
      case 'varchar':
        return source.typeId === DuckDBTypeId.VARCHAR ? varcharCell(writer, vector, type, this.rowBytes) : undefined;
      case 'varbinary':
        return source.typeId === DuckDBTypeId.BLOB && (type.length === undefined || type.length === -1)
          ? blobCell(writer, vector, this.rowBytes)
          : undefined;
      case 'uniqueidentifier':
        return source.typeId === DuckDBTypeId.UUID ? guidCell(writer, fixedData(vector, 16)) : undefined;
    }
    return undefined;
  }

  /** The general way: DuckDB's value object, then `encodeValue`. */
  private convertedCell(column: number, chunk: DuckDBDataChunk): Cell {
    const vector = chunk.getColumnVector(column);
    const type = this.types[column]!;
    const own = this.own[column]!;
    const { writer, rowBytes } = this;
    return (row) => {
      encodeValue(writer, sentValue(vector.getItem(row), own, type), type);
      writer.reserve(rowBytes);
    };
  }
}

const timestamps = new Set<DuckDBTypeId>([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
]);
const isTimestamp = (type: DuckDBType): boolean => timestamps.has(type.typeId);

const isNull = (validity: Uint8Array | null, row: number): boolean =>
  validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0;

function hasNull(validity: readonly (Uint8Array | null)[], row: number): boolean {
  for (const column of validity) if (isNull(column, row)) return true;
  return false;
}
