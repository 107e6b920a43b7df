/**
 * DuckDB's TIMESTAMP and TIME end at microseconds, so a datetime2(7) is a BIGINT there: ticks of 100 ns since 0001-01-01. So is a
 * time(7): ticks since midnight (docs/decisions/0028-ticks.md).
 */
import { DuckDBDateValue, type DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from './contract';

export const ticksPerDay = 864_000_000_000n;
/** Ticks from 0001-01-01 to 1970-01-01. */
export const EPOCH_TICKS = 621_355_968_000_000_000n;
const daysFromYear1 = 719162n;

/** Whether DuckDB holds values of the type as ticks. */
export const isTicks = ({ name, scale = 7 }: SqlType): boolean =>
  (name === 'datetime2' || name === 'time') && scale === 7;

/** `2024-01-01 10:00:00.1234567` of a datetime2, `10:00:00.1234567` of a time. */
export function ticksText(ticks: bigint, { name }: SqlType): string {
  const ofDay = ticks % ticksPerDay;
  const seconds = Number(ofDay / 10_000_000n);
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  const time = `${clock}.${String(ofDay % 10_000_000n).padStart(7, '0')}`;
  if (name === 'time') return time;
  return `${new DuckDBDateValue(Number(ticks / ticksPerDay - daysFromYear1)).toString()} ${time}`;
}

/** A value as it is sent: clients that know no datetime2 and no time are told their text. */
export const sentValue = (value: DuckDBValue, type: SqlType, sent: SqlType): DuckDBValue =>
  typeof value === 'bigint' && isTicks(type) && sent.name === 'nvarchar' ? ticksText(value, type) : value;
