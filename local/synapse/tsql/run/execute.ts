/** EXEC: procedures, dynamic SQL, system procedures. */
import { TSqlError } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { notSupported } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import type { Name, TypeName } from '../syntax/ast';
import { parseBatch } from '../syntax/statements';
import { expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import { convert } from '../types/convert';
import { INT, isString, resolveType } from '../types/sql-types';
import type { Typed } from '../types/typed';
import { actuals, argument, match, parseDeclaration, plain, settle, type Actual } from './arguments';
import { declareTableOf } from './create-table';
import { renameObject } from './rename';
import { Flow, Interpreter } from './interpreter';
import { splitName } from './metadata-functions';
import { changeMember } from './security-statements';
import type { Returns } from './state';
import { lendTable } from './table-values';

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
