import type { SqlType } from './contract';
import { isTicks } from './ticks';

/** The DuckDB type that holds values of a T-SQL type (contract.ts, "Rules both halves rely on"). */
export function duckType(type: SqlType): string {
  if (isTicks(type)) return 'BIGINT';
  switch (type.name) {
    case 'bit':
      return 'BOOLEAN';
    case 'tinyint':
      return 'UTINYINT';
    case 'smallint':
      return 'SMALLINT';
    case 'int':
      return 'INTEGER';
    case 'bigint':
      return 'BIGINT';
    case 'real':
      return 'FLOAT';
    case 'float':
      return 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision ?? 18},${type.scale ?? 0})`;
    case 'money':
      return 'DECIMAL(19,4)';
    case 'smallmoney':
      return 'DECIMAL(10,4)';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'datetime':
      return 'TIMESTAMP_MS';
    case 'smalldatetime':
      return 'TIMESTAMP_S';
    case 'datetime2':
      return 'TIMESTAMP';
    case 'binary':
    case 'varbinary':
    case 'image':
      return 'BLOB';
    case 'uniqueidentifier':
      return 'UUID';
    default:
      return 'VARCHAR';
  }
}
