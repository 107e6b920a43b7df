import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { SqlType } from '../contract';
import { collation } from '../wire/protocol';
import { TypeToken } from '../wire/type-info';

/** Token, type and properties of what a sql_variant holds, from DuckDB's value; ticks come as `{datetime2}` or `{time}`. */
export function variantBase(value: DuckDBValue): readonly [number, SqlType, readonly number[]] {
  if (value instanceof DuckDBStructValue) {
    const [name] = Object.keys(value.entries) as ['time' | 'datetime2'];
    return [TypeToken[name], { name, scale: 7 }, [7]];
  }
  if (typeof value === 'boolean') return [TypeToken.bit, { name: 'bit' }, []];
  if (typeof value === 'number') {
    const isInt = Number.isInteger(value) && Math.abs(value) < 0x80000000;
    return isInt ? [TypeToken.int4, { name: 'int' }, []] : [TypeToken.float, { name: 'float' }, []];
  }
  if (typeof value === 'bigint') return [TypeToken.int8, { name: 'bigint' }, []];
  if (value instanceof DuckDBDecimalValue) {
    const { width: precision, scale } = value;
    return [TypeToken.numericN, { name: 'decimal', precision, scale }, [precision, scale]];
  }
  if (value instanceof DuckDBBlobValue)
    return [TypeToken.bigVarbinary, { name: 'varbinary', length: 8000 }, [0x40, 0x1f]];
  if (value instanceof DuckDBDateValue) return [TypeToken.date, { name: 'date' }, []];
  if (value instanceof DuckDBTimeValue) return [TypeToken.time, { name: 'time', scale: 7 }, [7]];
  if (value instanceof DuckDBTimestampMillisecondsValue) return [TypeToken.datetime, { name: 'datetime' }, []];
  if (value instanceof DuckDBTimestampSecondsValue) return [TypeToken.smalldatetime, { name: 'smalldatetime' }, []];
  if (value instanceof DuckDBTimestampTZValue)
    return [TypeToken.datetimeoffset, { name: 'datetimeoffset', scale: 7 }, [7]];
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampNanosecondsValue) {
    return [TypeToken.datetime2, { name: 'datetime2', scale: 7 }, [7]];
  }
  if (value instanceof DuckDBUUIDValue) return [TypeToken.guid, { name: 'uniqueidentifier' }, []];
  return [TypeToken.nvarchar, { name: 'nvarchar', length: 4000 }, [...collation, 0x40, 0x1f]];
}
