/** SET TEXTSIZE: how many bytes of a large value a client is told. */
import type { ResultColumn, SqlType } from '../../contract';
import { isUnicode } from '../types/sql-types';
import { textSize, type Options } from './session-options';

const LONG = new Set<SqlType['name']>(['text', 'ntext', 'image']);
const UNLIMITED = 2 ** 31 - 1;

/** The query with its large values cut, and its columns as they are then told; undefined without a limit. */
export function cutToTextSize(
  options: Options,
  sql: string,
  columns: readonly ResultColumn[],
): { sql: string; columns: ResultColumn[] } | undefined {
  if (!options.has('TEXTSIZE')) return undefined;
  const size = textSize(options);
  const isLarge = ({ type }: ResultColumn): boolean =>
    type !== undefined && (LONG.has(type.name) || type.length === -1);
  if (size < 0 || size >= UNLIMITED || !columns.some(isLarge)) return undefined;
  const cells = columns.map((column, n) => {
    const { type } = column;
    if (!isLarge(column)) return `c${n}`;
    return type!.name === 'image' || type!.name === 'varbinary'
      ? `array_slice(c${n}, 1, ${size})`
      : `left(c${n}, ${isUnicode(type!) ? Math.floor(size / 2) : size})`;
  });
  return {
    sql: `SELECT ${cells.join(', ')} FROM (${sql}) AS t(${columns.map((_, n) => `c${n}`).join(', ')})`,
    columns: columns.map((column) =>
      column.type && LONG.has(column.type.name) ? { ...column, type: { ...column.type, length: size } } : column,
    ),
  };
}
