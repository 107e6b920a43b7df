import type { SqlType } from './contract';

/** Bytes, precision and scale of the types that have them fixed, and the most of the others. */
export const TYPE_SIZES: Readonly<Record<string, readonly [bytes: number, precision: number, scale: number]>> = {
  bit: [1, 1, 0],
  tinyint: [1, 3, 0],
  smallint: [2, 5, 0],
  int: [4, 10, 0],
  bigint: [8, 19, 0],
  decimal: [17, 38, 38],
  numeric: [17, 38, 38],
  money: [8, 19, 4],
  smallmoney: [4, 10, 4],
  float: [8, 53, 0],
  real: [4, 24, 0],
  date: [3, 10, 0],
  time: [5, 16, 7],
  datetime: [8, 23, 3],
  smalldatetime: [4, 16, 0],
  datetime2: [8, 27, 7],
  datetimeoffset: [10, 34, 7],
  uniqueidentifier: [16, 0, 0],
  text: [16, 0, 0],
  ntext: [16, 0, 0],
  image: [16, 0, 0],
  xml: [-1, 0, 0],
  sql_variant: [8016, 0, 0],
  sysname: [256, 0, 0],
};

/** What sys.columns says of a type; -1 bytes = max. */
export interface TypeSize {
  readonly bytes: number;
  readonly precision: number;
  readonly scale: number;
}

export function sizeOf(type: Omit<SqlType, 'name'> & { readonly name: string }): TypeSize {
  const { name, length } = type;
  if (name === 'decimal') {
    const precision = type.precision ?? 18;
    const bytes = precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
    return { bytes, precision, scale: type.scale ?? 0 };
  }
  const [bytes, precision, scale] = TYPE_SIZES[name] ?? [8000, 0, 0];
  if (name === 'time' || name === 'datetime2' || name === 'datetimeoffset') {
    const digits = type.scale ?? scale;
    // What fewer digits save; without any there is no point either.
    const saved = digits <= 2 ? 2 : digits <= 4 ? 1 : 0;
    return { bytes: bytes - saved, precision: precision - scale + digits - (digits === 0 ? 1 : 0), scale: digits };
  }
  if (length === undefined || TYPE_SIZES[name]) return { bytes, precision, scale };
  return { bytes: length === -1 ? -1 : name.startsWith('n') ? 2 * length : length, precision: 0, scale: 0 };
}
