/** What may stand in the parentheses of a type's name: `varchar(50)`, `decimal(18, 2)`, `datetime2(7)`. */
import { TSqlError } from '../../contract';
import type { TypeName } from '../syntax/ast';

/** Where a type is written, which errors name: CAST and CONVERT, a table's column, a variable or parameter. */
export interface TypeUse {
  readonly cast?: true;
  readonly column?: string;
  readonly variable?: string;
}

const LENGTHS: Readonly<Record<string, number>> = {
  char: 8000,
  character: 8000,
  varchar: 8000,
  binary: 8000,
  varbinary: 8000,
  nchar: 4000,
  nvarchar: 4000,
};
const SCALES = new Set(['time', 'datetime2', 'datetimeoffset']);
const DECIMALS = new Set(['decimal', 'dec', 'numeric']);
const BARE = new Set(
  'int integer bigint smallint tinyint bit real money smallmoney date datetime smalldatetime uniqueidentifier sql_variant sysname'.split(
    ' ',
  ),
);

export function checkAttributes(t: TypeName, use: TypeUse): void {
  const [a, b] = t.args;
  if (a === undefined) return;
  if (SCALES.has(t.name)) return checkScale(a);
  const limit = LENGTHS[t.name];
  if (a === 0 && (limit !== undefined || DECIMALS.has(t.name) || t.name === 'float' || BARE.has(t.name)))
    throw new TSqlError(1001, 'Line 1: Length or precision specification 0 is invalid.', 1, 15);
  if (limit !== undefined) {
    if (a > limit) throw tooLarge(t.name, a, limit, use);
  } else if (DECIMALS.has(t.name)) {
    if (a > 38) throw tooPrecise(a, 38);
    if (b !== undefined && b > a) throw scaleOver(b, a, use);
  } else if (t.name === 'float') {
    if (a > 53) throw tooPrecise(a, 53);
  } else if (BARE.has(t.name)) throw noAttributes(t.name, use);
}

function checkScale(scale: number): void {
  if (scale < 0 || scale > 7) throw new TSqlError(1002, `Line 1: Specified scale ${scale} is invalid.`, 2, 15);
}
function tooLarge(type: string, size: number, limit: number, { cast, column, variable }: TypeUse): TSqlError {
  const place = column === undefined ? `type '${type}'` : `column '${column}'`;
  if (size > 8000 || limit === 8000)
    return new TSqlError(
      131,
      `The size (${size}) given to the ${place} exceeds the maximum allowed for any data type (8000).`,
      3,
      15,
    );
  if (cast)
    return new TSqlError(
      131,
      `The size (${size}) given to the convert specification '${type}' exceeds the maximum allowed for any data type (${limit}).`,
    );
  const named = variable === undefined ? place : `parameter '${variable}'`;
  return new TSqlError(2717, `The size (${size}) given to the ${named} exceeds the maximum allowed (${limit}).`, 2);
}
const tooPrecise = (precision: number, limit: number): TSqlError =>
  new TSqlError(
    2750,
    `Column or parameter #1: Specified column precision ${precision} is greater than the maximum precision of ${limit}.`,
  );
const scaleOver = (scale: number, precision: number, { column }: TypeUse): TSqlError =>
  column === undefined
    ? new TSqlError(192, 'The scale must be less than or equal to the precision.', 1, 15)
    : new TSqlError(
        183,
        `The scale (${scale}) for column '${column}' must be within the range 0 to ${precision}.`,
        1,
        15,
      );
const noAttributes = (type: string, { cast }: TypeUse): TSqlError =>
  cast
    ? new TSqlError(291, `CAST or CONVERT: invalid attributes specified for type '${type}'`)
    : new TSqlError(2716, `Column, parameter, or variable #1: Cannot specify a column width on data type ${type}.`);
