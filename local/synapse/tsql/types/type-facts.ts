/** What the catalog says of a type: its id, bytes, precision and scale. */
import type { SqlType } from '../../contract';

export const TYPE_IDS: readonly (readonly [string, number])[] = [
  ['image', 34],
  ['text', 35],
  ['uniqueidentifier', 36],
  ['date', 40],
  ['time', 41],
  ['datetime2', 42],
  ['datetimeoffset', 43],
  ['tinyint', 48],
  ['smallint', 52],
  ['int', 56],
  ['smalldatetime', 58],
  ['real', 59],
  ['money', 60],
  ['datetime', 61],
  ['float', 62],
  ['sql_variant', 98],
  ['ntext', 99],
  ['bit', 104],
  ['decimal', 106],
  ['numeric', 108],
  ['smallmoney', 122],
  ['bigint', 127],
  ['varbinary', 165],
  ['varchar', 167],
  ['binary', 173],
  ['char', 175],
  ['nvarchar', 231],
  ['nchar', 239],
  ['sysname', 256],
];

const FIXED_BYTES: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  money: 8,
  smallmoney: 4,
  date: 3,
  datetime: 8,
  smalldatetime: 4,
  uniqueidentifier: 16,
  time: 5,
  datetime2: 8,
  datetimeoffset: 10,
};

/** Bytes that values of a type take. */
export function bytes(t: { name: string; length?: number; precision?: number; scale?: number }): number {
  if (t.length !== undefined) return t.length === -1 ? -1 : t.name.startsWith('n') ? 2 * t.length : t.length;
  if (t.name === 'decimal')
    return (t.precision ?? 18) <= 9 ? 5 : (t.precision ?? 18) <= 19 ? 9 : (t.precision ?? 18) <= 28 ? 13 : 17;
  const scale = t.scale ?? 7;
  // What a fraction of fewer digits saves.
  const saved = ['time', 'datetime2', 'datetimeoffset'].includes(t.name) ? (scale <= 2 ? 2 : scale <= 4 ? 1 : 0) : 0;
  return (FIXED_BYTES[t.name] ?? 8) - saved;
}

/** Precision of a type as the catalog shows it; 0 for text and bytes. */
export function precisionOf(t: SqlType): number {
  const digits = t.scale === 0 ? -1 : (t.scale ?? 7);
  switch (t.name) {
    case 'decimal':
      return t.precision ?? 18;
    case 'time':
      return 9 + digits;
    case 'datetime2':
      return 20 + digits;
    case 'datetimeoffset':
      return 27 + digits;
    default:
      return FIXED_PRECISION[t.name] ?? 0;
  }
}

const FIXED_PRECISION: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 3,
  smallint: 5,
  int: 10,
  bigint: 19,
  money: 19,
  smallmoney: 10,
  real: 24,
  float: 53,
  date: 10,
  smalldatetime: 16,
  datetime: 23,
};

export const scaleOf = (t: SqlType): number =>
  t.name === 'datetime' ? 3 : t.name.endsWith('money') ? 4 : (t.scale ?? 0);
