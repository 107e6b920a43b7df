/**
 * Scalar user functions, expanded into the query: DECLARE and SET bind values to names, IF becomes CASE, RETURN ends a branch.
 * A loop has no such form; it is run step by step when its arguments are constants.
 */
import { TSqlError, type SqlType } from '../../contract';
import { notSupported } from '../errors';
import type { Call } from '../syntax/ast';
import type { Statement } from '../syntax/ast-statements';
import { convert } from '../types/convert';
import { INT, resolveType } from '../types/sql-types';
import type { Typed } from '../types/typed';
import { binary } from './arithmetic';
import type { Binder } from './binder';
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

function run(b: Binder, list: readonly Statement[], state: Map<string, Typed>, returns: SqlType, name: string): Typed {
  const values = new Map(state);
  const within = <T>(action: () => T): T => {
    b.parameters.push(values);
    try {
      return action();
    } finally {
      b.parameters.pop();
    }
  };
  for (const [i, statement] of list.entries()) {
    switch (statement.kind) {
      case 'declare':
        for (const v of statement.variables) {
          const type = resolveType(v.type);
          const value = v.value ? within(() => expr(b, new Scope(undefined), v.value!)) : undefined;
          values.set(
            v.name.toLowerCase(),
            value
              ? plain(convert(value, type))
              : plain(convert({ sql: 'NULL', type: INT, nullable: true, isNull: true }, type)),
          );
        }
        break;
      case 'setVariable': {
        const key = statement.name.toLowerCase();
        const old = values.get(key);
        if (!old) throw new TSqlError(137, `Must declare the scalar variable "${statement.name}".`, 1, 15);
        const value = within(() => expr(b, new Scope(undefined), statement.value));
        values.set(key, plain(convert(statement.op ? binary(statement.op, old, value) : value, old.type)));
        break;
      }
      case 'if': {
        const test = within(() => condition(b, new Scope(undefined), statement.condition));
        const rest = list.slice(i + 1);
        const yes = run(b, [...flatten(statement.yes), ...rest], values, returns, name);
        const no = run(
          b,
          [...(statement.otherwise ? flatten(statement.otherwise) : []), ...rest],
          values,
          returns,
          name,
        );
        return { sql: `CASE WHEN ${test} THEN ${yes.sql} ELSE ${no.sql} END`, type: returns, nullable: true };
      }
      case 'return': {
        if (statement.query) throw notSupported(`A query in scalar function ${name}`);
        if (!statement.value)
          throw new TSqlError(178, 'A RETURN statement with a return value cannot be used in this context.');
        const value = within(() => expr(b, new Scope(undefined), statement.value!));
        return plain(convert(value, returns));
      }
      case 'while':
        throw notSupported(`WHILE in scalar function ${name} called in a query`);
      default:
        throw new TSqlError(
          443,
          `Invalid use of a side-effecting operator '${statement.kind.toUpperCase()}' within a function.`,
        );
    }
  }
  throw new TSqlError(455, 'The last statement included within a function must be a return statement.');
}
const plain = (x: Typed): Typed => ({
  sql: x.sql.length > 0 ? x.sql : 'NULL',
  type: x.type,
  nullable: x.nullable,
  ...(x.literal !== undefined ? { literal: x.literal } : {}),
});
