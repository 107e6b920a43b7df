/** What the catalog says of a type: its id, bytes, precision and scale. */
import type { SqlType } from '../../contract';
import { sizeOf } from '../../type-size';

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

export const bytes = (type: Parameters<typeof sizeOf>[0]): number => sizeOf(type).bytes;
/** Precision of a type as the catalog shows it; 0 for text and bytes. */
export const precisionOf = (type: SqlType): number => sizeOf(type).precision;
export const scaleOf = (type: SqlType): number => sizeOf(type).scale;
