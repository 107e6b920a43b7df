/** A date or time of any type as what DuckDB calculates with. */
import type { SqlType } from '../../contract';
import { EPOCH_TICKS, isTicks } from '../../ticks';
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

/** Whether values of the two types meet exactly only where a datetime is what it is: thirds of 10 ms. */
export const meetInThirds = (a: SqlType, b: SqlType): boolean =>
  (a.name === 'datetime') !== (b.name === 'datetime') &&
  [a, b].every(({ name }) => name === 'datetime' || name === 'datetime2' || name === 'datetimeoffset');

/** As thirds of a tick since 1970, in UTC: exact for every type. */
export function thirdsOf(x: Typed): string {
  if (x.type.name === 'datetime') return `tsql.datetime_thirds(${x.sql})`;
  if (x.type.name === 'datetimeoffset') return `(tsql.dto_key(${x.sql}) * 3)`;
  return `((${ticksOf(x)} - ${EPOCH_TICKS}) * 3)`;
}

/** As ticks since 0001-01-01, in local time. A datetime counts thirds of 10 ms: .003 is .0033333. */
export function ticksOf(x: Typed): string {
  if (isTicks(x.type)) return x.type.name === 'time' ? `tsql.time_ticks_1900(${x.sql})` : x.sql;
  if (x.type.name === 'datetimeoffset') return `tsql.dto_ticks_local(${x.sql})`;
  if (x.type.name === 'datetime') return `tsql.datetime_ticks(${x.sql})`;
  return `tsql.ticks(${stampOf(x)})`;
}
