import { DuckDBDecimalValue, type DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../contract';
import type { PacketWriter } from '../wire/packet-writer';
import { decimalBytes } from '../wire/type-info';
import { overflow } from './value-errors';
import { textOf } from './value-text';

/** What a value is as a bit. */
export function truth(value: DuckDBValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return !/^(0+|false)$/i.test(value.trim());
  if (value instanceof DuckDBDecimalValue) return value.value !== 0n;
  return value !== 0 && value !== 0n;
}

/** Writes an integer of `bytes` bytes. */
export function integer(
  writer: PacketWriter,
  value: DuckDBValue,
  type: SqlType,
  bytes: number,
  least: bigint,
  most: bigint,
): void {
  const whole = typeof value === 'boolean' ? BigInt(value) : unscaled(value, 0, type);
  if (whole < least || whole > most) throw overflow(type);
  writer.u8(bytes);
  let rest = BigInt.asUintN(64, whole);
  for (let index = 0; index < bytes; index++, rest >>= 8n) writer.u8(Number(rest & 0xffn));
}

/** A value as a finite number. */
export function float(value: DuckDBValue, type: SqlType): number {
  const number = value instanceof DuckDBDecimalValue ? value.toDouble() : Number(textOf(value));
  if (!Number.isFinite(number)) throw overflow(type);
  return number;
}

/** The units, when `bits` bits hold them. */
export const inRange = (units: bigint, type: SqlType, bits: number): bigint => {
  if (BigInt.asIntN(bits, units) !== units) throw overflow(type);
  return units;
};

/** A number times 10^scale; further digits are rounded half away from zero (cut for scale 0, as CAST to an integer type does). */
export function unscaled(value: DuckDBValue, scale: number, type: SqlType): bigint {
  if (value instanceof DuckDBDecimalValue) return rescale(value.value, value.scale, scale);
  if (typeof value === 'bigint') return value * 10n ** BigInt(scale);
  if (typeof value === 'boolean') return BigInt(value) * 10n ** BigInt(scale);
  const match = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?\s*$/i.exec(textOf(value));
  if (!match || (match[2] === '' && !match[3])) throw overflow(type);
  const fraction = match[3] ?? '';
  const exponent = Number(match[4] ?? 0);
  if (Math.abs(exponent) > 400) throw overflow(type);
  const digits = BigInt(`${match[2]}${fraction}`);
  const places = fraction.length - exponent;
  const magnitude = places >= 0 ? rescale(digits, places, scale) : digits * 10n ** BigInt(scale - places);
  return match[1] === '-' ? -magnitude : magnitude;
}

function rescale(units: bigint, from: number, to: number): bigint {
  if (to >= from) return units * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  const quotient = units / divisor;
  if (to === 0) return quotient;
  const rest = units % divisor;
  const isUp = (rest < 0n ? -rest : rest) * 2n >= divisor;
  return isUp ? quotient + (units < 0n ? -1n : 1n) : quotient;
}

/** Writes a decimal: sign, then magnitude. */
export function decimal(writer: PacketWriter, units: bigint, type: SqlType): void {
  const precision = type.precision ?? 18;
  const magnitude = units < 0n ? -units : units;
  if (magnitude >= 10n ** BigInt(precision)) throw overflow(type);
  const size = decimalBytes(precision);
  writer.u8(size);
  writer.u8(units < 0n ? 0 : 1);
  let rest = magnitude;
  for (let index = 1; index < size; index++, rest >>= 8n) writer.u8(Number(rest & 0xffn));
}
