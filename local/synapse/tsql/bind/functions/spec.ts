/** How a built-in function is described. */
import { TSqlError, type SqlType } from '../../../contract';
import type { Call } from '../../syntax/ast';
import { convert } from '../../types/convert';
import { BIGINT, INT, isString, MAX, messageName, nvarchar, textLength, varchar } from '../../types/sql-types';
import type { Typed } from '../../types/typed';
import type { Binder } from '../binder';
import type { Scope } from '../scope';

export interface CallContext {
  readonly b: Binder;
  readonly scope: Scope;
  readonly call: Call;
  /** Upper case. */
  readonly name: string;
  arg(i: number): Typed;
  has(i: number): boolean;
}
export interface FunctionSpec {
  /** Least and most arguments. */
  readonly arity: readonly [number, number];
  readonly bind: (c: CallContext) => Typed;
}
export type Functions = Readonly<Record<string, FunctionSpec>>;

export const spec = (least: number, most: number, bind: (c: CallContext) => Typed): FunctionSpec => ({
  arity: [least, most],
  bind,
});

/** An argument that must be a number: text is not taken for one, nor the word NULL. Msg 8116. */
export function wholeArgument(c: CallContext, index: number): Typed {
  const x = c.arg(index);
  if (!isString(x.type) && !x.isNull) return x;
  throw new TSqlError(
    8116,
    `Argument data type ${x.isNull ? 'NULL' : messageName(x.type)} is invalid for argument ${index + 1} of ${c.name.toLowerCase()} function.`,
  );
}

/** An argument as text, in its own string type or as varchar. */
export function text(x: Typed): Typed {
  if (x.isNull) return { ...convert(x, varchar(1)), isNull: undefined };
  if (isString(x.type)) return x;
  return convert(x, varchar(textLength(x.type)));
}
/** An argument as int or bigint, for use by DuckDB. */
export const int = (x: Typed): string => {
  const value = x.isNull ? convert(x, INT) : convert(x, x.type.name === 'bigint' ? BIGINT : INT);
  return value.type.name === 'int' && value.literal !== undefined ? value.sql : `CAST(${value.sql} AS INTEGER)`;
};
/** The string type of `like` with another length. */
export function stringOf(like: SqlType, length: number): SqlType {
  const unicode = like.name === 'nvarchar' || like.name === 'nchar' || like.name === 'ntext';
  const limit = unicode ? 4000 : 8000;
  const bounded = length === MAX ? MAX : Math.max(1, Math.min(length, limit));
  return unicode ? nvarchar(bounded) : varchar(bounded);
}
export const lengthOf = (t: SqlType): number => t.length ?? MAX;
/** The result of a function over these arguments. */
export function result(
  sql: string,
  type: SqlType,
  args: readonly Typed[],
  nullable = args.some((x) => x.nullable),
): Typed {
  const mask = args.find((x) => x.mask)?.mask;
  const collation = args.find((x) => x.collation)?.collation;
  return { sql, type, nullable, ...(mask ? { mask } : {}), ...(collation && isString(type) ? { collation } : {}) };
}
/** Bytes given as hex digits: a part of them need not be made of the whole. */
export function ofHex(text: string, bytes: number, type: SqlType, args: readonly Typed[]): Typed {
  const sql = `unhex(${text})`;
  return { ...result(sql, type, args), hex: { sql, text, bytes } };
}
