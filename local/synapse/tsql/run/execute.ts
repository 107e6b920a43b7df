/** EXEC: procedures, dynamic SQL, system procedures. */
import { TSqlError, type SqlType, type Surface } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { notSupported } from '../errors';
import type { Argument, Parameter, StatementOf } from '../syntax/ast-statements';
import type { Expr, Name, TypeName } from '../syntax/ast';
import { parseBatch } from '../syntax/statements';
import { Cursor } from '../syntax/cursor';
import { parseTypeName } from '../syntax/type-name';
import { parseExpr } from '../syntax/expressions';
import { expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import { convert } from '../types/convert';
import { INT, isString, messageName, resolveType } from '../types/sql-types';
import type { Typed } from '../types/typed';
import { declareTableOf } from './create-table';
import { renameObject } from './rename';
import { Flow, Interpreter } from './interpreter';
import { splitName } from './metadata-functions';
import { changeMember } from './security-statements';
import type { Returns } from './state';
import { lendTable } from './table-values';

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

export async function execute(i: Interpreter, s: StatementOf<'execute'>): Promise<void> {
  if (s.text) {
    await nested(i, (await i.text(s.text)) ?? '');
    return;
  }
  const name: Name = s.procedure ?? splitName((await i.text(s.callee!)) ?? '');
  const args = await actuals(i, s.args);
  const called = i.env.object(name);
  if (called?.kind === 'FN') {
    const value = await callFunction(i, called, args);
    if (s.result) i.variable(s.result).value = plain(convert(value, i.variable(s.result).type));
    return;
  }
  i.state.sink.procedureStart();
  const status = await callProcedure(i, name, args);
  i.state.sink.procedureEnd(status);
  if (s.result)
    i.variable(s.result).value = convert(
      { sql: `CAST(${status} AS INTEGER)`, type: INT, nullable: false },
      i.variable(s.result).type,
    );
}

async function actuals(i: Interpreter, args: readonly Argument[]): Promise<Actual[]> {
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
const plain = (x: Typed): Typed => ({
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

/** Runs text as a batch of its own: variables of the caller are not visible. */
async function nested(
  i: Interpreter,
  sql: string,
  declare?: (inner: Interpreter) => void,
  after?: (inner: Interpreter) => void,
): Promise<void> {
  const { state } = i;
  if (state.frames.length > 32)
    throw new TSqlError(217, 'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).');
  const inner = new Interpreter(state, sql);
  const body = parseBatch(sql, state.surface, state.doubleQuotes);
  state.frames.push({ variables: new Map(), procedure: '' });
  const depth = state.frames.length;
  const users = state.users.length;
  const settings = state.settings();
  try {
    declare?.(inner);
    await inner.batch(body);
    after?.(inner);
  } catch (failure) {
    if (!(failure instanceof Flow && failure.kind === 'return')) throw failure;
    after?.(inner);
  } finally {
    for (const frame of state.frames.slice(depth - 1)) await state.dropTableVariables(frame);
    state.frames.length = depth - 1;
    state.users.length = users;
    await state.restore(settings);
  }
}

/** Runs text of the local Synapse's own over objects that the user need not be permitted to read. */
export async function runOwn(i: Interpreter, sql: string): Promise<void> {
  i.state.owner++;
  try {
    await nested(i, sql);
  } finally {
    i.state.owner--;
  }
}

/** Calls a procedure by name; the result is its return status. */
export async function callProcedure(i: Interpreter, name: Name, args: readonly Actual[]): Promise<number> {
  const last = name.at(-1)!.toLowerCase();
  const { state } = i;
  if (last === 'sp_executesql') return executeSql(i, args);
  const object = i.env.object(name);
  if (!object && (last.startsWith('sp_') || last.startsWith('xp_'))) return systemProcedure(i, last, args);
  if (!object || object.kind !== 'P')
    throw new TSqlError(2812, `Could not find stored procedure '${name.join('.')}'.`, 62);
  i.env.demand('EXECUTE', object);
  if (state.frames.length > 32)
    throw new TSqlError(217, 'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).');
  return runProcedure(i, object, args);
}
/** EXEC @value = function: its statements run one by one, and RETURN gives the value. */
async function callFunction(i: Interpreter, object: ObjectInfo, args: readonly Actual[]): Promise<Typed> {
  i.env.demand('EXECUTE', object);
  const returns = i.env.module(object).returns as TypeName;
  let value = convert({ sql: 'NULL', type: INT, nullable: true, isNull: true }, resolveType(returns));
  await runProcedure(i, object, args, { type: resolveType(returns), take: (returned) => (value = returned) });
  return value;
}

async function runProcedure(
  i: Interpreter,
  object: ObjectInfo,
  args: readonly Actual[],
  returns?: Returns,
): Promise<number> {
  const { state } = i;
  const module = i.env.module(object);
  const bound = match(module.parameters, args, object.name);
  const inner = new Interpreter(state, object.definition ?? '');
  state.frames.push({
    variables: new Map(),
    procedure: object.temp ? object.name : `${object.schema}.${object.name}`,
    ...(returns ? { returns } : {}),
  });
  const depth = state.frames.length;
  const users = state.users.length;
  const settings = state.settings();
  const tables = new Set(state.temp.keys());
  const owned = state.owner;
  let status = 0;
  try {
    for (const [n, p] of module.parameters.entries()) {
      const tableType = i.tableType(p.type);
      if (tableType) {
        const table = bound[n]?.table;
        if (table) lendTable(state.frame, p.name, table);
        else await declareTableOf(inner, p.name, tableType);
        continue;
      }
      const type = i.type(p.type);
      inner.declareVariable(p.name, type);
      const given = bound[n]?.value;
      if (given) inner.variable(p.name).value = await argument(inner, given, type);
      else if (p.default) await inner.assignVariable(p.name, p.default, type);
    }
    // Ownership chaining: what the procedure reads is not checked for its caller.
    state.owner++;
    await inner.batch(module.body);
  } catch (failure) {
    if (!(failure instanceof Flow && failure.kind === 'return')) throw failure;
    status = failure.status;
  } finally {
    if (state.frames.length >= depth) {
      const { variables } = state.frames[depth - 1]!;
      module.parameters.forEach((p, n) => {
        const value = variables.get(p.name.toLowerCase())?.value;
        if (p.output && value) bound[n]?.output?.(value);
      });
    }
    for (const frame of state.frames.slice(depth - 1)) await state.dropTableVariables(frame);
    state.frames.length = depth - 1;
    state.users.length = users;
    await state.restore(settings);
    state.owner = owned;
    // On SQL Server temporary tables end with the procedure that made them; in a pool they belong to the session.
    for (const name of state.surface === 'server' ? [...state.temp.keys()] : []) {
      if (tables.has(name)) continue;
      await state.connection.run(`DROP TABLE IF EXISTS "${name}"`).catch(() => undefined);
      state.temp.delete(name);
    }
  }
  return status;
}
/** Text that is no number is Msg 8114 for a parameter, not 245. */
async function argument(i: Interpreter, given: Typed, type: SqlType): Promise<Typed> {
  try {
    return await settle(i, convert(given, type), type);
  } catch (failure) {
    if (!(failure instanceof TSqlError) || failure.number !== 245) throw failure;
    throw new TSqlError(8114, `Error converting data type ${messageName(given.type)} to ${messageName(type)}.`, 5);
  }
}
async function settle(i: Interpreter, x: Typed, type: SqlType): Promise<Typed> {
  return /^(CAST\((NULL|-?\d+|'(?:[^']|'')*') AS [\w(), ]+\)|'(?:[^']|'')*'|-?\d+|\(-\d+\)|true|false|unhex\('[0-9a-f]*'\))$/i.test(
    x.sql,
  )
    ? plain({ ...x, type })
    : i.state.evaluate(x, type);
}

/** Arguments by name or position. */
function match(parameters: readonly Parameter[], args: readonly Actual[], procedure: string): (Actual | undefined)[] {
  const bound: (Actual | undefined)[] = parameters.map(() => undefined);
  args.forEach((arg, position) => {
    const at = arg.name ? parameters.findIndex((p) => p.name.toLowerCase() === arg.name!.toLowerCase()) : position;
    if (arg.name && at < 0) throw new TSqlError(8145, `${arg.name} is not a parameter for procedure ${procedure}.`, 2);
    if (at >= parameters.length)
      throw new TSqlError(8144, `Procedure or function ${procedure} has too many arguments specified.`, 2);
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

async function executeSql(i: Interpreter, args: readonly Actual[]): Promise<number> {
  const [statement, declaration, ...rest] = args;
  // NULL is a batch without statements.
  if (statement?.value && isString(statement.value.type) && statement.value.sql.startsWith('CAST(NULL AS')) return 0;
  const sql = statement?.value?.literal;
  if (sql === undefined)
    throw new TSqlError(214, "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'.", 2);
  const parameters = declaration?.value?.literal ? parseDeclaration(declaration.value.literal, i.state.surface) : [];
  const missing = parameters.find(
    (p, n) => !p.default && !rest[n] && !rest.some((arg) => arg.name?.toLowerCase() === p.name.toLowerCase()),
  );
  if (missing)
    throw new TSqlError(
      8178,
      `The parameterized query '(${declaration!.value!.literal})${sql}' expects the parameter '${missing.name}', which was not supplied.`,
    );
  const bound = match(parameters, rest, 'sp_executesql');
  const values: Typed[] = [];
  for (const [n, p] of parameters.entries()) {
    const type = i.type(p.type);
    const given = bound[n]?.value;
    const standard = p.default;
    const value = given
      ? convert(given, type)
      : standard
        ? await i.translate((b) => convert(expr(b, new Scope(undefined), standard), type))
        : convert({ sql: 'NULL', type, nullable: true, isNull: true }, type);
    values.push(await settle(i, value, type));
  }
  await nested(
    i,
    sql,
    (inner) =>
      parameters.forEach((p, n) => {
        const table = bound[n]?.table;
        if (table) return lendTable(inner.state.frame, p.name, table);
        inner.declareVariable(p.name, i.type(p.type));
        inner.variable(p.name).value = plain(values[n]!);
      }),
    (inner) =>
      parameters.forEach((p, n) => {
        if (p.output) bound[n]?.output?.(inner.variable(p.name).value);
      }),
  );
  return 0;
}

async function systemProcedure(i: Interpreter, name: string, args: readonly Actual[]): Promise<number> {
  const { state } = i;
  const known = state.catalog.options.systemProcedures.get(name);
  const text = async (actual: Actual | undefined): Promise<string | null> => {
    if (!actual?.value || actual.value.isNull) return null;
    if (actual.value.literal !== undefined) return actual.value.literal;
    const rows = await state.rows(`SELECT CAST(${actual.value.sql} AS VARCHAR)`);
    const cell = rows[0]?.[0];
    return cell === null || cell === undefined ? null : String(cell);
  };
  if (known) {
    const values: Record<string, string | null> = {};
    for (const [n, arg] of args.entries())
      values[(arg.name ?? known.parameters[n] ?? '').toLowerCase()] = await text(arg);
    await runOwn(i, await known.batch(values, i.state.describer));
    return 0;
  }
  const arg = async (n: number): Promise<string> => (await text(args[n])) ?? '';
  switch (name) {
    case 'sp_rename':
      await renameObject(i, await arg(0), await arg(1), (await text(args[2])) ?? 'OBJECT');
      return 0;
    case 'sp_addrolemember':
    case 'sp_droprolemember': {
      await changeMember(i, await arg(0), await arg(1), name === 'sp_addrolemember');
      return 0;
    }
    case 'sp_set_session_context':
      state.options.set(`CONTEXT ${(await arg(0)).toLowerCase()}`, await arg(1));
      return 0;
    case 'sp_updatestats':
    case 'sp_recompile':
    case 'sp_refreshview':
    case 'sp_reset_connection':
      return 0;
  }
  if (['sp_who', 'sp_who2', 'sp_help', 'sp_helptext', 'sp_helpdb', 'sp_lock'].includes(name))
    throw notSupported(`Procedure ${name}`);
  throw new TSqlError(2812, `Could not find stored procedure '${name}'.`, 62);
}
