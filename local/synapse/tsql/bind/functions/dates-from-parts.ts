/** DATEFROMPARTS and the other functions that make a date or time of its parts. */
import type { SqlType } from '../../../contract';
import { DATE, DATETIME, datetime2, datetimeoffset, time } from '../../types/sql-types';
import type { Typed } from '../../types/typed';
import { int, result, type CallContext } from './spec';
import { firstOfMonth } from './truncated-dates';

/** DATEFROMPARTS and its kin: Msg 289 for impossible values. */
export function fromParts(c: CallContext): Typed {
  const month = c.name === 'DATEFROMPARTS' ? firstOfMonth(c) : undefined;
  if (month) return month;
  const args = c.call.args.map((_, i) => c.arg(i));
  const n = args.map((x) => int(x));
  const day = `${n[1]} BETWEEN 1 AND 12 AND ${n[0]} BETWEEN 1 AND 9999 AND ${n[2]} >= 1 AND ${n[2]} <= CASE ${n[1]} WHEN 2 THEN CASE WHEN (${n[0]} % 4 = 0 AND ${n[0]} % 100 <> 0) OR ${n[0]} % 400 = 0 THEN 29 ELSE 28 END WHEN 4 THEN 30 WHEN 6 THEN 30 WHEN 9 THEN 30 WHEN 11 THEN 30 ELSE 31 END`;
  const clock = (i: number): string => `${n[i]} BETWEEN 0 AND 23 AND ${n[i + 1]} BETWEEN 0 AND 59`;
  const nulls = n.map((v) => `${v} IS NULL`).join(' OR ');
  const guarded = (check: string, sql: string, type: SqlType): Typed =>
    result(`CASE WHEN ${nulls} THEN NULL WHEN tsql.parts_check(${check}, '${type.name}') THEN ${sql} END`, type, args);
  const seconds = (s: number): string => `CAST(${n[s]} AS DOUBLE)`;
  const scale = (i: number): number => Number(c.arg(i).literal ?? 7);
  /** A fraction of `digits` digits is a number below 10 to their power. */
  const fraction = (i: number, digits: number): string => `${n[i]} BETWEEN 0 AND ${10 ** digits - 1}`;
  const micros = (i: number, digits: number): string =>
    `to_microseconds(${digits === 7 ? `${n[i]} // 10` : `${n[i]} * ${10 ** (6 - digits)}`})`;
  switch (c.name) {
    case 'DATEFROMPARTS':
      return guarded(day, `make_date(${n[0]}, ${n[1]}, ${n[2]})`, DATE);
    case 'DATETIMEFROMPARTS':
      return guarded(
        `${day} AND ${clock(3)} AND ${n[5]} BETWEEN 0 AND 59 AND ${n[6]} BETWEEN 0 AND 999`,
        `tsql.to_datetime(make_timestamp(${n.slice(0, 5).join(', ')}, ${seconds(5)}) + to_milliseconds(${n[6]}))`,
        DATETIME,
      );
    case 'SMALLDATETIMEFROMPARTS':
      return guarded(`${day} AND ${clock(3)}`, `CAST(make_timestamp(${n.slice(0, 5).join(', ')}, 0) AS TIMESTAMP_S)`, {
        name: 'smalldatetime',
      });
    case 'TIMEFROMPARTS': {
      const clockTime = `make_time(${n[0]}, ${n[1]}, ${seconds(2)})`;
      return guarded(
        `${clock(0)} AND ${n[2]} BETWEEN 0 AND 59 AND ${fraction(3, scale(4))}`,
        scale(4) === 7 ? `tsql.time_ticks(${clockTime}) + ${n[3]}` : `${clockTime} + ${micros(3, scale(4))}`,
        time(scale(4)),
      );
    }
    case 'DATETIME2FROMPARTS': {
      const moment = `make_timestamp(${n.slice(0, 5).join(', ')}, ${seconds(5)})`;
      return guarded(
        `${day} AND ${clock(3)} AND ${n[5]} BETWEEN 0 AND 59 AND ${fraction(6, scale(7))}`,
        scale(7) === 7 ? `tsql.ticks(${moment}) + ${n[6]}` : `${moment} + ${micros(6, scale(7))}`,
        datetime2(scale(7)),
      );
    }
    default: {
      const seventh = scale(9) === 7 ? `CAST(${n[6]} % 10 AS VARCHAR)` : "'0'";
      return guarded(
        `${day} AND ${clock(3)} AND ${n[5]} BETWEEN 0 AND 59 AND ${fraction(6, scale(9))} AND ${n[7]} BETWEEN -14 AND 14 AND ${n[8]} BETWEEN -59 AND 59`,
        `tsql.dto_text(make_timestamp(${n.slice(0, 5).join(', ')}, ${seconds(5)}) + ${micros(6, scale(9))}, ${seventh}, CAST(${n[7]} * 60 + ${n[8]} AS INTEGER))`,
        datetimeoffset(scale(9)),
      );
    }
  }
}
