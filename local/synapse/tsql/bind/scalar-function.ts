/**
 * Scalar user functions, expanded into the query: DECLARE and SET bind values to names, IF becomes CASE, RETURN ends a branch,
 * and a loop is a recursive query over its variables.
 */
import { TSqlError, type SqlType } from '../../contract';
import { notSupported } from '../errors';
import type { Call } from '../syntax/ast';
import type { Statement } from '../syntax/ast-statements';
import { convert } from '../types/convert';
import { duckType, resolveType } from '../types/sql-types';
import { NULL, type Typed } from '../types/typed';
import { binary } from './arithmetic';
import { freshAlias, type Binder } from './binder';
import { condition, expr } from './expr';
import { Scope } from './scope';
import { bindParameters } from './table-functions';

export function scalarFunction(b: Binder, scope: Scope, call: Call): Typed {
  const object = b.env.object(call.name);
  const name = call.name.join('.');
  if (!object || object.kind !== 'FN')
    throw call.name.length === 2 || object
      ? new TSqlError(
          4121,
          `Cannot find either column "${call.name[0]}" or the user-defined function or aggregate "${name}", or the name is ambiguous.`,
        )
      : new TSqlError(195, `'${name}' is not a recognized function name.`, 10, 15);
  b.env.demand('EXECUTE', object);
  if (b.parameters.length > 32)
    throw new TSqlError(217, 'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).');
  const args = call.args.map((arg) =>
    arg.kind === 'literal' && arg.type === 'default' ? undefined : expr(b, scope, arg),
  );
  const module = b.env.module(object);
  const returns = resolveType(module.returns as Exclude<typeof module.returns, 'table' | undefined>);
  const state = bindParameters(b, object, args);
  return b.env.asOwner(() => {
    const value = run(b, module.body.flatMap(flatten), state, returns, name);
    return { ...value, nullable: true, column: undefined, literal: undefined };
  });
}
const flatten = (s: Statement): readonly Statement[] => (s.kind === 'block' ? s.body.flatMap(flatten) : [s]);

type Values = ReadonlyMap<string, Typed>;
/** What ends a list of statements, with the variables' values there. */
type End = (kind: 'end' | 'break' | 'continue' | 'return', values: Values, returned?: Typed) => string;
interface Body {
  readonly b: Binder;
  readonly returns: SqlType;
  readonly name: string;
}

function run(b: Binder, list: readonly Statement[], state: Values, returns: SqlType, name: string): Typed {
  const sql = statements({ b, returns, name }, list, state, (kind, _values, returned) => {
    if (kind === 'return') return returned!.sql;
    throw new TSqlError(455, 'The last statement included within a function must be a return statement.');
  });
  return { sql, type: returns, nullable: true };
}

/** The SQL of what `end` makes of the values that a list of statements leads to. */
function statements(f: Body, list: readonly Statement[], state: Values, end: End): string {
  const { b } = f;
  const values = new Map(state);
  const within = <T>(action: (scope: Scope) => T): T => {
    b.parameters.push(values);
    try {
      return action(new Scope(undefined));
    } finally {
      b.parameters.pop();
    }
  };
  for (const [i, statement] of list.entries()) {
    const rest = list.slice(i + 1);
    switch (statement.kind) {
      case 'declare':
        for (const v of statement.variables) {
          const value = v.value ? within((scope) => expr(b, scope, v.value!)) : NULL;
          values.set(v.name.toLowerCase(), plain(convert(value, resolveType(v.type))));
        }
        break;
      case 'setVariable': {
        const key = statement.name.toLowerCase();
        const old = values.get(key);
        if (!old) throw new TSqlError(137, `Must declare the scalar variable "${statement.name}".`, 1, 15);
        const value = within((scope) => expr(b, scope, statement.value));
        values.set(key, plain(convert(statement.op ? binary(statement.op, old, value) : value, old.type)));
        break;
      }
      // SELECT @a = x, @b = y without a table: assignments from left to right.
      case 'select': {
        const { body } = statement.query;
        if (body.kind !== 'select' || body.from.length || body.where)
          throw notSupported(`A query in scalar function ${f.name}`);
        for (const item of body.items) {
          const old = item.kind === 'assign' ? values.get(item.variable.toLowerCase()) : undefined;
          if (item.kind !== 'assign' || !old) throw notSupported(`A query in scalar function ${f.name}`);
          const value = within((scope) => expr(b, scope, item.expr));
          values.set(
            item.variable.toLowerCase(),
            plain(convert(item.op ? binary(item.op, old, value) : value, old.type)),
          );
        }
        break;
      }
      case 'if': {
        const test = within((scope) => condition(b, scope, statement.condition));
        const branch = (taken: Statement | undefined): string =>
          statements(f, [...(taken ? flatten(taken) : []), ...rest], values, end);
        return `CASE WHEN ${test} THEN ${branch(statement.yes)} ELSE ${branch(statement.otherwise)} END`;
      }
      case 'return': {
        if (statement.query) throw notSupported(`A query in scalar function ${f.name}`);
        if (!statement.value)
          throw new TSqlError(178, 'A RETURN statement with a return value cannot be used in this context.');
        const value = within((scope) => expr(b, scope, statement.value!));
        return end('return', values, plain(convert(value, f.returns)));
      }
      case 'while':
        return loop(f, statement, values, (after) => statements(f, rest, after, end), end);
      case 'break':
      case 'continue':
        return end(statement.kind, values);
      default:
        throw new TSqlError(
          443,
          `Invalid use of a side-effecting operator '${statement.kind.toUpperCase()}' within a function.`,
        );
    }
  }
  return end('end', values);
}

/**
 * A loop as a recursive query: one row for each turn, in it the variables before the turn. `state` says how the turn ended: 0 goes on,
 * 1 is BREAK, 2 is RETURN.
 */
function loop(
  f: Body,
  { condition: test, body }: Extract<Statement, { kind: 'while' }>,
  before: Values,
  after: (values: Values) => string,
  end: End,
): string {
  const { b } = f;
  const steps = flatten(body);
  if (steps.some((s) => s.kind === 'declare' && s.variables.some((v) => !v.value)))
    throw notSupported(`DECLARE without a value in a loop of scalar function ${f.name} called in a query`);
  const alias = freshAlias(b);
  const names = [...before.keys()];
  const inTurn = (row: string): Values =>
    new Map(
      names.map((name, i) => [name, { sql: `${row}.v.v${i}`, type: before.get(name)!.type, nullable: true }] as const),
    );
  const cast = (x: Typed): string => `CAST(${x.sql} AS ${duckType(x.type)})`;
  const struct = (values: Values, state: number, returned: string): string =>
    `{${[...names.map((name, i) => `'v${i}': ${cast({ ...values.get(name)!, type: before.get(name)!.type })}`), `'state': ${state}`, `'returned': CAST(${returned} AS ${duckType(f.returns)})`].join(', ')}}`;
  const turn = statements(f, steps, inTurn(alias), (kind, values, returned) =>
    struct(values, { end: 0, continue: 0, break: 1, return: 2 }[kind], returned?.sql ?? 'NULL'),
  );
  b.parameters.push(inTurn(alias) as Map<string, Typed>);
  const goes = condition(b, new Scope(undefined), test);
  b.parameters.pop();
  const last = freshAlias(b);
  const returned = end('return', before, { sql: `${last}.v.returned`, type: f.returns, nullable: true });
  return `(WITH RECURSIVE ${alias}(n, v) AS (SELECT 0, ${struct(before, 0, 'NULL')} UNION ALL SELECT n + 1, ${turn} FROM ${alias} WHERE ${alias}.v.state = 0 AND ${goes})
    SELECT CASE WHEN ${last}.v.state = 2 THEN ${returned} ELSE ${after(inTurn(last))} END FROM (SELECT arg_max(v, n) AS v FROM ${alias}) AS ${last})`;
}
const plain = (x: Typed): Typed => ({
  sql: x.sql.length > 0 ? x.sql : 'NULL',
  type: x.type,
  nullable: x.nullable,
  ...(x.literal !== undefined ? { literal: x.literal } : {}),
});
