/** Dynamic data masking: what a masked value looks like to a user without UNMASK. */
import { type SqlType, TSqlError } from '../../contract';
import { convert } from '../types/convert';
import { datetime2, duckType, isDateTime, isNumber, isString, MAX } from '../types/sql-types';
import { quote, type Typed } from '../types/typed';
import type { BoundQuery, OutputColumn } from './binder';
import { freshAlias, type Binder } from './binder';

/** The query with the masks of its columns applied; the query itself when there are none. */
export function applyMasks(b: Binder, query: BoundQuery): BoundQuery {
  if (!query.columns.some((c) => c.mask)) return query;
  const alias = freshAlias(b);
  const names = query.columns.map((_, i) => `c${i}`);
  const columns = query.columns.map((c): OutputColumn => ({ ...c, mask: undefined }));
  const items = query.columns.map((c, i) =>
    c.mask ? masked({ ...c, sql: `${alias}.c${i}` }, c.column === undefined ? 'default()' : c.mask) : `${alias}.c${i}`,
  );
  return { ...query, sql: `SELECT ${items.join(', ')} FROM (${query.sql}) AS ${alias}(${names.join(', ')})`, columns };
}

/** A value that leaves the database elsewhere than in a result: in a variable, in another table. */
export const maskedValue = (x: Typed): Typed =>
  x.mask
    ? { ...x, sql: masked(x, x.column === undefined ? 'default()' : x.mask), mask: undefined, literal: undefined }
    : x;

function masked(x: Typed, mask: string): string {
  const call = /^\s*(\w+)\s*\((.*)\)\s*$/s.exec(mask);
  const name = call?.[1]?.toLowerCase();
  const cast = (sql: string): string =>
    `CASE WHEN ${x.sql} IS NULL THEN NULL ELSE CAST(${sql} AS ${duckType(x.type)}) END`;
  if (isString(x.type)) {
    const size = x.type.length === MAX || x.type.length === undefined ? '' : `left(`;
    const fit = (sql: string): string => (size ? `left(${sql}, ${x.type.length})` : sql);
    if (name === 'email') return fit(`tsql.mask_email(${x.sql})`);
    if (name === 'partial') {
      const args = /^\s*(\d+)\s*,\s*"(.*)"\s*,\s*(\d+)\s*$/s.exec(call![2]!);
      if (!args) throw new TSqlError(16006, 'The data masking function definition is not valid.');
      return fit(`tsql.mask_partial(${x.sql}, ${args[1]}, ${quote(args[2]!)}, ${args[3]})`);
    }
    return fit(`CASE WHEN ${x.sql} IS NULL THEN NULL ELSE 'xxxx' END`);
  }
  if (isNumber(x.type)) {
    const range = name === 'random' ? /^\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*$/.exec(call![2]!) : undefined;
    return cast(
      range ? `floor(random() * (${range[2]} - ${range[1]} + 1)) + ${range[1]}` : x.type.name === 'bit' ? 'false' : '0',
    );
  }
  if (isDateTime(x.type))
    return cast(convert({ sql: "TIMESTAMP '1900-01-01'", type: datetime2(6), nullable: false }, x.type).sql);
  if (x.type.name === 'uniqueidentifier') return cast("'00000000-0000-0000-0000-000000000000'");
  return cast("'\\x00'::BLOB");
}

/** Msg 16006 for a definition that is none. */
/** Msg 16006 for what is no masking function, 16003 for one that does not suit the column's type. */
export function checkMask(mask: string, column: { readonly name: string; readonly type: SqlType }): void {
  if (
    !/^\s*(default\s*\(\s*\)|email\s*\(\s*\)|random\s*\(\s*-?[\d.]+\s*,\s*-?[\d.]+\s*\)|partial\s*\(\s*\d+\s*,\s*".*"\s*,\s*\d+\s*\))\s*$/is.test(
      mask,
    )
  )
    throw new TSqlError(16006, `The data masking function '${mask}' is not valid.`);
  const name = /\w+/.exec(mask)![0].toLowerCase();
  const suits = name === 'default' || (name === 'random' ? isNumber(column.type) : isString(column.type));
  if (!suits)
    throw new TSqlError(
      16003,
      `The data type of column '${column.name}' does not support data masking function '${name}'.`,
      0,
    );
}
