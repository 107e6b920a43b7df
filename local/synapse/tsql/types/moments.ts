/** A date or time of any type as what DuckDB calculates with. */
import { isTicks } from '../../ticks';
import type { Typed } from './typed';

/** As TIMESTAMP, in local time; a seventh digit is cut off. A time is one of 1900-01-01. */
export function stampOf({ sql, type }: Typed): string {
  if (isTicks(type)) return type.name === 'time' ? `tsql.time_stamp(${sql})` : `tsql.stamp(${sql})`;
  switch (type.name) {
    case 'time':
      return `(DATE '1900-01-01' + ${sql})`;
    case 'datetimeoffset':
      return `tsql.dto_local(${sql})`;
    case 'datetime2':
      return sql;
    default:
      return `CAST(${sql} AS TIMESTAMP)`;
  }
}

/** The seventh digit of the fraction, as text. */
export const seventhOf = ({ sql, type }: Typed): string =>
  isTicks(type) ? `tsql.tick(${sql})` : type.name === 'datetimeoffset' ? `tsql.dto_tick(${sql})` : "'0'";

/** As ticks since 0001-01-01, in local time. A datetime counts thirds of 10 ms: .003 is .0033333. */
export function ticksOf(x: Typed): string {
  if (isTicks(x.type)) return x.type.name === 'time' ? `tsql.time_ticks_1900(${x.sql})` : x.sql;
  if (x.type.name === 'datetimeoffset') return `tsql.dto_ticks_local(${x.sql})`;
  if (x.type.name === 'datetime') return `tsql.datetime_ticks(${x.sql})`;
  return `tsql.ticks(${stampOf(x)})`;
}
