/** ISNULL, COALESCE, NULLIF, IIF, CHOOSE, GREATEST, LEAST. */
import { TSqlError } from '../../../contract';
import { convert } from '../../types/convert';
import { notSupported } from '../../errors';
import { digits, INT, isString, isUnicode, messageName, nvarchar } from '../../types/sql-types';
import { NULL, once, type Typed } from '../../types/typed';
import { collationOfAll, condition, expr, same } from '../expr';
import { compare, orderKey } from '../predicates';
import { int, spec, type CallContext, type Functions } from './spec';

/** Type and length of the first argument (the second one's when that is an untyped NULL); not nullable when the second is not. */
function isNull(c: CallContext): Typed {
  const [x, y] = [c.arg(0), c.arg(1)];
  if (x.isNull && y.isNull) return x;
  const type = x.isNull ? y.type : x.type;
  const fallback = convert(y, type);
  if (x.isNull) return { ...fallback, column: undefined, literal: undefined };
  return {
    sql: `coalesce(${x.sql}, ${fallback.sql})`,
    type,
    nullable: y.nullable && x.nullable,
    ...collationOfAll([x]),
    ...maskOf([x, y]),
  };
}
const maskOf = (values: readonly Typed[]): { mask?: string } => {
  const mask = values.find((x) => x.mask)?.mask;
  return mask ? { mask } : {};
};
const all = (c: CallContext): Typed[] => c.call.args.map((_, i) => c.arg(i));

function coalesce(c: CallContext): Typed {
  const args = all(c);
  if (args.every((x) => x.isNull))
    throw new TSqlError(
      4127,
      'At least one of the arguments to COALESCE must be an expression that is not the NULL constant.',
    );
  const values = same(args);
  return {
    sql: `coalesce(${values.map((x) => x.sql).join(', ')})`,
    type: values[0]!.type,
    nullable: args.every((x) => x.nullable),
    ...collationOfAll(args),
    ...maskOf(args),
  };
}

export const LOGIC_FUNCTIONS: Functions = {
  ISNULL: spec(2, 2, isNull),
  COALESCE: spec(2, 254, coalesce),
  NULLIF: spec(2, 2, (c) => {
    const [x, y] = [c.arg(0), c.arg(1)];
    if (x.isNull)
      throw new TSqlError(
        4151,
        'The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.',
      );
    return {
      ...x,
      sql: once(x.sql, (sql) => `CASE WHEN ${compare('=', { ...x, sql }, y)} THEN NULL ELSE ${sql} END`),
      nullable: true,
      literal: undefined,
      column: undefined,
    };
  }),
  IIF: spec(3, 3, (c) => {
    const test = condition(c.b, c.scope, c.call.args[0]!);
    const args = [expr(c.b, c.scope, c.call.args[1]!), expr(c.b, c.scope, c.call.args[2]!)];
    if (args.every((x) => x.isNull))
      throw new TSqlError(
        8133,
        'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.',
      );
    const [yes, no] = same(args);
    return {
      sql: `CASE WHEN ${test} THEN ${yes!.sql} ELSE ${no!.sql} END`,
      type: yes!.type,
      nullable: args.some((x) => x.nullable),
      ...collationOfAll(args),
      ...maskOf(args),
    };
  }),
  CHOOSE: spec(2, 254, (c) => {
    const [index, ...values] = all(c);
    const items = same(values);
    const cases = items.map((x, i) => `WHEN ${i + 1} THEN ${x.sql}`);
    return {
      sql: `CASE ${int(index!)} ${cases.join(' ')} END`,
      type: items[0]!.type,
      nullable: true,
      ...maskOf(values),
    };
  }),
  SQL_VARIANT_PROPERTY: spec(2, 2, (c) => {
    const { type } = c.arg(0);
    const wanted = c.arg(1).literal?.toLowerCase();
    const { p, s } = digits(type);
    const value =
      wanted === 'basetype'
        ? messageName(type)
        : wanted === 'precision'
          ? String(p)
          : wanted === 'scale'
            ? String(s)
            : wanted === 'maxlength' && type.length !== undefined
              ? String(isUnicode(type) ? type.length * 2 : type.length)
              : undefined;
    if (value === undefined) throw notSupported(`SQL_VARIANT_PROPERTY '${wanted ?? '(expression)'}' of ${type.name}`);
    return wanted === 'basetype'
      ? { sql: `'${value}'`, type: nvarchar(128), nullable: true }
      : { sql: value, type: INT, nullable: true };
  }),
  GREATEST: spec(1, 254, (c) => extreme(c, 'greatest')),
  LEAST: spec(1, 254, (c) => extreme(c, 'least')),
};

/** NULLs are ignored; text compares without regard to case. */
function extreme(c: CallContext, duck: 'greatest' | 'least'): Typed {
  const args = all(c);
  const values = same(args);
  const { type } = values[0]!;
  const sql = isString(type)
    ? `list_${duck === 'greatest' ? 'reverse_' : ''}sort(list_transform([${values.map((x) => x.sql).join(', ')}], lambda v: {'k': ${orderKey({ sql: 'v', type, nullable: true })}, 'v': v}), ${duck === 'greatest' ? "'NULLS LAST'" : "'ASC', 'NULLS LAST'"})[1].v`
    : `${duck}(${values.map((x) => x.sql).join(', ')})`;
  return { sql, type, nullable: args.every((x) => x.nullable), ...maskOf(args) };
}
export { INT, NULL };
