import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { duckType } from '../duck-type';

/** A type as T-SQL text. Lengths beyond 8000 bytes become max. */
export function typeText(type: SqlType): string {
  switch (type.name) {
    case 'decimal':
      return `decimal(${type.precision ?? 18},${type.scale ?? 0})`;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return `${type.name}(${type.scale ?? 7})`;
    case 'char':
    case 'varchar':
    case 'binary':
    case 'varbinary':
      return `${type.name}(${lengthText(type, 8000)})`;
    case 'nchar':
    case 'nvarchar':
      return `${type.name}(${lengthText(type, 4000)})`;
    default:
      return type.name;
  }
}

function lengthText(type: SqlType, most: number): string {
  const length = type.length ?? -1;
  if (length === 0) return '1';
  return length < 0 || length > most ? 'max' : String(length);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Text as a DuckDB expression. A zero character cannot stand in a literal, so it is spliced in by chr(0). */
export function textLiteral(text: string): string {
  if (!text.includes('\0')) return quoted(text);
  return `(${text.split('\0').map(quoted).join(' || chr(0) || ')})`;
}

/** A value as a typed DuckDB expression that is safe to splice into a statement. */
export function literal(value: DuckDBValue, type: SqlType): string {
  const target = duckType(type);
  if (value === null || value === undefined) return `CAST(NULL AS ${target})`;
  if (value instanceof DuckDBBlobValue) return `unhex('${Buffer.from(value.bytes).toString('hex')}')`;
  if (typeof value === 'boolean')
    return target === 'BOOLEAN' ? String(value).toUpperCase() : `CAST(${value} AS ${target})`;
  if (typeof value === 'number' || typeof value === 'bigint') return `CAST('${numberText(value)}' AS ${target})`;
  if (typeof value === 'string')
    return target === 'VARCHAR' ? textLiteral(value) : `CAST(${textLiteral(value)} AS ${target})`;
  if (
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBTimeValue ||
    value instanceof DuckDBUUIDValue ||
    value instanceof DuckDBDecimalValue
  ) {
    return `CAST('${value.toString()}' AS ${target})`;
  }
  if (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampSecondsValue
  ) {
    return `CAST('${value.toString()}' AS ${target})`;
  }
  if (value instanceof DuckDBTimestampTZValue)
    return `CAST('${new DuckDBTimestampValue(value.micros).toString()}+00' AS ${target})`;
  throw new TypeError(`A value of ${type.name} has no literal.`);
}

/** Text that DuckDB reads back as exactly this number. */
function numberText(value: number | bigint): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return Object.is(value, -0) ? '-0.0' : String(value);
}
