/** Arguments of procedures, functions and dynamic SQL. */
import { TSqlError, type SqlType, type Surface } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import type { Expr } from '../syntax/ast';
import type { Argument, Parameter } from '../syntax/ast-statements';
import { Cursor } from '../syntax/cursor';
import { parseExpr } from '../syntax/expressions';
import { parseTypeName } from '../syntax/type-name';
import { convert } from '../types/convert';
import { messageName } from '../types/sql-types';
import type { Typed } from '../types/typed';
import type { Interpreter } from './interpreter';

/** An argument that has been evaluated (or is known from an RPC). */
export interface Actual {
  readonly name?: string;
  /** undefined = the parameter's default. */
  readonly value: Typed | undefined;
  /** For a table-valued parameter, which has no value. */
  readonly table?: ObjectInfo;
  /** Called with the last value of an OUTPUT parameter. */
  readonly output?: (value: Typed) => void;
}

/** The arguments of EXEC as written, evaluated. */
export async function actuals(i: Interpreter, args: readonly Argument[]): Promise<Actual[]> {
  const list: Actual[] = [];
  for (const arg of args) {
    if (arg.value.kind === 'literal' && arg.value.type === 'default') {
      list.push({ ...(arg.name ? { name: arg.name } : {}), value: undefined });
      continue;
    }
    const table = arg.value.kind === 'variable' && i.state.frame.tables?.get(arg.value.name.toLowerCase());
    if (table) {
      list.push({ ...(arg.name ? { name: arg.name } : {}), value: undefined, table });
      continue;
    }
    const value =
      arg.value.kind === 'variable' && !arg.value.name.startsWith('@@')
        ? i.variable(arg.value.name).value
        : await evaluated(i, arg.value);
    const variable = arg.output && arg.value.kind === 'variable' ? i.variable(arg.value.name) : undefined;
    list.push({
      ...(arg.name ? { name: arg.name } : {}),
      value,
      ...(variable ? { output: (last: Typed) => (variable.value = plain(convert(last, variable.type))) } : {}),
    });
  }
  return list;
}
/** A value as a variable keeps it: a constant without the column it came from. */
export const plain = (x: Typed): Typed => ({
  sql: x.sql,
  type: x.type,
  nullable: true,
  ...(x.literal !== undefined ? { literal: x.literal } : {}),
});
async function evaluated(i: Interpreter, node: Expr): Promise<Typed> {
  if (node.kind !== 'literal' && node.kind !== 'unary' && node.kind !== 'variable')
    throw new TSqlError(102, 'Incorrect syntax: an argument of EXEC must be a constant or a variable.', 1, 15);
  return i.translate((b) => expr(b, new Scope(undefined), node));
}

/** Text that is no number is Msg 8114 for a parameter, not 245. */
export async function argument(i: Interpreter, given: Typed, type: SqlType): Promise<Typed> {
  try {
    return await settle(i, convert(given, type), type);
  } catch (failure) {
    if (!(failure instanceof TSqlError) || failure.number !== 245) throw failure;
    throw new TSqlError(8114, `Error converting data type ${messageName(given.type)} to ${messageName(type)}.`, 5);
  }
}
/** The value of `x` as a constant of `type`; what is one already needs no DuckDB. */
export async function settle(i: Interpreter, x: Typed, type: SqlType): Promise<Typed> {
  return /^(CAST\((NULL|-?\d+|'(?:[^']|'')*') AS [\w(), ]+\)|'(?:[^']|'')*'|-?\d+|\(-\d+\)|true|false|unhex\('[0-9a-f]*'\))$/i.test(
    x.sql,
  )
    ? plain({ ...x, type })
    : i.state.evaluate(x, type);
}

/** Arguments by name or position. */
export function match(
  parameters: readonly Parameter[],
  args: readonly Actual[],
  procedure: string,
): (Actual | undefined)[] {
  const bound: (Actual | undefined)[] = parameters.map(() => undefined);
  args.forEach((arg, position) => {
    const at = arg.name ? parameters.findIndex((p) => p.name.toLowerCase() === arg.name!.toLowerCase()) : position;
    if (arg.name && at < 0) throw new TSqlError(8145, `${arg.name} is not a parameter for procedure ${procedure}.`, 2);
    if (at >= parameters.length)
      throw new TSqlError(8144, `Procedure or function ${procedure} has too many arguments specified.`, 2);
    if (bound[at]) throw new TSqlError(8143, `Parameter '${parameters[at]!.name}' was supplied multiple times.`);
    bound[at] = arg;
  });
  parameters.forEach((p, n) => {
    // A table-valued parameter that is not given is empty.
    if (!bound[n]?.value && !p.default && !p.readonly) {
      if (bound[n]) return;
      throw new TSqlError(
        201,
        `Procedure or function '${procedure}' expects parameter '${p.name}', which was not supplied.`,
        4,
      );
    }
  });
  return bound;
}

/** `@a int, @b nvarchar(10) = N'x' OUTPUT` */
export function parseDeclaration(text: string, surface: Surface): Parameter[] {
  const c = new Cursor(text, surface);
  if (c.token.kind === 'end') return [];
  const parameters = c.list((): Parameter => {
    const name = c.variable();
    c.accept('AS');
    const type = parseTypeName(c);
    const value = c.accept('=') ? parseExpr(c) : undefined;
    const output = c.accept('OUTPUT') || c.accept('OUT');
    const readonly = c.accept('READONLY');
    return { name, type, default: value, output, ...(readonly ? { readonly } : {}) };
  });
  if (c.peek(0).kind !== 'end') throw c.error();
  return parameters;
}
