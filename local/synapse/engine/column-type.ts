import { DuckDBTypeId, type DuckDBDecimalType, type DuckDBType } from '@duckdb/node-api';
import type { SqlType } from '../contract';

const plain: Partial<Record<DuckDBTypeId, SqlType>> = {
  [DuckDBTypeId.BOOLEAN]: { name: 'bit' },
  [DuckDBTypeId.UTINYINT]: { name: 'tinyint' },
  [DuckDBTypeId.TINYINT]: { name: 'smallint' },
  [DuckDBTypeId.SMALLINT]: { name: 'smallint' },
  [DuckDBTypeId.USMALLINT]: { name: 'int' },
  [DuckDBTypeId.INTEGER]: { name: 'int' },
  [DuckDBTypeId.UINTEGER]: { name: 'bigint' },
  [DuckDBTypeId.BIGINT]: { name: 'bigint' },
  [DuckDBTypeId.UBIGINT]: { name: 'decimal', precision: 20, scale: 0 },
  [DuckDBTypeId.HUGEINT]: { name: 'decimal', precision: 38, scale: 0 },
  [DuckDBTypeId.UHUGEINT]: { name: 'decimal', precision: 38, scale: 0 },
  [DuckDBTypeId.FLOAT]: { name: 'real' },
  [DuckDBTypeId.DOUBLE]: { name: 'float' },
  [DuckDBTypeId.DATE]: { name: 'date' },
  [DuckDBTypeId.TIME]: { name: 'time', scale: 6 },
  [DuckDBTypeId.TIMESTAMP]: { name: 'datetime2', scale: 6 },
  [DuckDBTypeId.TIMESTAMP_S]: { name: 'datetime2', scale: 0 },
  [DuckDBTypeId.TIMESTAMP_MS]: { name: 'datetime2', scale: 3 },
  [DuckDBTypeId.TIMESTAMP_NS]: { name: 'datetime2', scale: 7 },
  [DuckDBTypeId.TIMESTAMP_TZ]: { name: 'datetimeoffset', scale: 6 },
  [DuckDBTypeId.UUID]: { name: 'uniqueidentifier' },
  [DuckDBTypeId.BLOB]: { name: 'varbinary', length: -1 },
};

/** The T-SQL type of a DuckDB column for which the engine named none; what T-SQL lacks is sent as nvarchar(max). */
export function columnType(type: DuckDBType): SqlType {
  if (type.typeId === DuckDBTypeId.DECIMAL) {
    const decimal = type as DuckDBDecimalType;
    return { name: 'decimal', precision: decimal.width, scale: decimal.scale };
  }
  return plain[type.typeId] ?? { name: 'nvarchar', length: -1 };
}
