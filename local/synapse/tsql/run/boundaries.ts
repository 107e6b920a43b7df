/** Boundary values of a table's partitions. */
import { TSqlError, type SqlType } from '../../contract';
import { isTicks } from '../../ticks';
import { boundaryOf } from '../bind/partition';
import type { Expr } from '../syntax/ast';
import { convert } from '../types/convert';
import { MAX, varchar } from '../types/sql-types';
import { quote } from '../types/typed';
import type { Interpreter } from './interpreter';

export async function partitionValue(i: Interpreter, node: Expr, type: SqlType): Promise<string> {
  const value = await i.value(node, type);
  // Without zeros at the end of a fraction, as DuckDB writes other dates.
  const text = isTicks(type)
    ? `regexp_replace(${convert(value, varchar(MAX)).sql}, '[.]0{7}$|0+$', '')`
    : `CAST(${value.sql} AS VARCHAR)`;
  const rows = await i.state.rows(`SELECT ${text}`);
  return String(rows[0]?.[0]);
}

/** In the order of the type: a pool takes them in any. */
export async function sortBoundaries(i: Interpreter, values: readonly string[], type: SqlType): Promise<string[]> {
  if (!values.length) return [];
  const list = values.map((v) => `(${boundaryOf(v, type).sql}, ${quote(v)})`).join(', ');
  const rows = await i.state.rows(`SELECT v FROM (VALUES ${list}) AS t(k, v) ORDER BY k`);
  return rows.map((row) => String(row[0]));
}

/** Msg 7708 (CREATE TABLE) and 7721 (SPLIT); `place` is that of the value in the list. */
export const duplicateBoundary = (number: 7708 | 7721, place: number): TSqlError =>
  new TSqlError(
    number,
    `Duplicate range boundary values are not allowed in partition function boundary values list. The boundary value being added is already present at ordinal ${place} of the boundary value list.`,
  );
