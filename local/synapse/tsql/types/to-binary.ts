/** Conversions to binary(n) and varbinary(n). */
import { TSqlError, type SqlType } from '../../contract';
import { notSupported } from '../errors';
import type { ConvertOptions } from './convert';
import { isBinary, isInteger, isString, isUnicode, MAX } from './sql-types';
import { quote, type Typed } from './typed';

const BYTES: Readonly<Record<string, number>> = { bit: 1, tinyint: 1, smallint: 2, int: 4, bigint: 8 };

/** SQL of `x` as BLOB: numbers keep their last bytes, text its first ones. */
export function binaryFrom(x: Typed, to: SqlType, { style, attempt }: ConvertOptions): string {
  const length = to.length ?? 1;
  const from = x.type;
  const fixed = to.name === 'binary';
  if (isInteger(from) || from.name === 'bit') {
    const bytes = BYTES[from.name]!;
    const size = fixed ? length : length === MAX ? bytes : Math.min(bytes, length);
    return `unhex(tsql.int_to_hex(CAST(${x.sql} AS BIGINT), ${size}))`;
  }
  let blob: string;
  if (isBinary(from)) blob = x.sql;
  else if (isString(from)) {
    if (style === 1 || style === 2) blob = `${attempt ? 'tsql.try_hex_text' : 'tsql.hex_text'}(${x.sql}, ${style})`;
    else if (style !== undefined && style !== 0)
      throw new TSqlError(281, `${style} is not a valid style number when converting from varchar to varbinary.`);
    else blob = isUnicode(from) ? `tsql.utf16(${x.sql})` : `tsql.latin(${x.sql})`;
  } else if (from.name === 'uniqueidentifier') blob = `tsql.uuid_to_bin(${x.sql})`;
  else throw notSupported(`Conversion of ${from.name} to ${to.name}`);
  if (length === MAX) return blob;
  const cut =
    from.length !== undefined && from.length !== MAX && from.length <= length && isBinary(from)
      ? blob
      : `tsql.bin_sub(${blob}, 1, ${length})`;
  return fixed ? `unhex(rpad(hex(${cut}), ${2 * length}, ${quote('0')}))` : cut;
}
