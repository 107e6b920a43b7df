/** What each kind of statement does. */
import { TSqlError } from '../../contract';
import type { Statement, StatementOf } from '../syntax/ast-statements';
import { nvarchar } from '../types/sql-types';
import { copy, merge, remove, truncate, update } from './change-rows';
import { createTableAs } from './create-table';
import { createDatabase, dropDatabase } from './database';
import { dbcc } from './dbcc';
import { ddl } from './ddl';
import { execute } from './execute';
import { explain } from './explain';
import { insert } from './insert';
import { Flow, type Interpreter } from './interpreter';
import { raiseError, throwError } from './raise';
import { security } from './security-statements';
import { select } from './select';
import { setOption } from './set-option';
import { refuseReadonly } from './table-values';
import { waitFor } from './wait-for';

export async function runStatement(i: Interpreter, s: Statement): Promise<void> {
  const { state } = i;
  if (['insert', 'update', 'delete', 'merge', 'ctas'].includes(s.kind)) i.refuseRowLimit(s.kind.toUpperCase());
  switch (s.kind) {
    case 'select':
      return select(i, s.query);
    case 'insert':
      refuseReadonly(state, s.table);
      return insert(i, s);
    case 'update':
      return update(i, s);
    case 'delete':
      return remove(i, s);
    case 'merge':
      return merge(i, s);
    case 'truncate':
      return truncate(i, s);
    case 'copy':
      return copy(i, s);
    case 'declare':
      return i.declare(s);
    case 'setVariable':
      return setVariable(i, s);
    case 'setOption':
      return setOption(i, s);
    case 'if':
      if (await i.test(s.condition)) await i.statement(s.yes);
      else if (s.otherwise) await i.statement(s.otherwise);
      return;
    case 'while':
      return i.loop(s);
    case 'block':
      return i.batch(s.body);
    case 'try':
      return i.tryCatch(s);
    case 'waitFor':
      return waitFor(i, s);
    case 'throw':
      return throwError(i, s);
    case 'raiserror':
      return raiseError(i, s);
    case 'print':
      return print(i, s);
    case 'return':
      return leave(i, s);
    case 'break':
    case 'continue':
      throw new Flow(s.kind);
    case 'transaction':
      if (s.action === 'begin') await state.beginByScript();
      else if (s.action === 'commit') await state.commit();
      else await state.rollback();
      state.rowCount = 0;
      return;
    case 'execute':
      return execute(i, s);
    case 'use':
      return use(i, s);
    case 'createDatabase':
      return createDatabase(i, s);
    case 'dropDatabase':
      return dropDatabase(i, s);
    case 'explain':
      return explain(i, s);
    case 'dbcc':
      return dbcc(i, s);
    case 'kill':
      return kill(i, s);
    case 'permission':
    case 'createPrincipal':
    case 'alterUser':
    case 'alterRole':
    case 'securityPolicy':
    case 'executeAs':
    case 'revert':
      return security(i, s);
    case 'ctas': {
      state.label = s.query.option?.label ?? state.label;
      return createTableAs(i, s);
    }
    default:
      return ddl(i, s);
  }
}

async function setVariable(i: Interpreter, s: StatementOf<'setVariable'>): Promise<void> {
  const { state } = i;
  await i.assignVariable(
    s.name,
    s.op ? { kind: 'binary', op: s.op, left: { kind: 'variable', name: s.name, line: 1 }, right: s.value } : s.value,
    i.variable(s.name).type,
  );
  state.rowCount = 1;
  // As SQL Server does: told in a procedure, not in a batch.
  if (state.frame.procedure !== '' && !state.noCount) i.done('set', 1);
}

async function print(i: Interpreter, s: StatementOf<'print'>): Promise<void> {
  const text = await i.value(s.value, nvarchar(4000));
  i.state.sink.info({ number: 0, state: 1, class: 0, line: s.span.line, message: text.literal ?? '' });
  i.state.rowCount = 0;
  i.done('other');
}

/** RETURN, from a batch or procedure with a status, from a scalar function with a value. */
async function leave(i: Interpreter, s: StatementOf<'return'>): Promise<void> {
  if (s.query)
    throw new TSqlError(178, 'A RETURN statement with a return value cannot be used in this context.', 1, 15);
  const { returns } = i.state.frame;
  if (returns && s.value) {
    returns.take(await i.value(s.value, returns.type));
    throw new Flow('return');
  }
  throw new Flow('return', s.value ? await i.integer(s.value) : 0);
}

/** USE: between the databases of the server; a pool has no other. */
async function use(i: Interpreter, s: StatementOf<'use'>): Promise<void> {
  const { state } = i;
  if (state.surface === 'server' || !state.session.namesDatabase) {
    if (!(await state.switchDatabase(s.database)))
      throw new TSqlError(
        911,
        `Database '${s.database}' does not exist. Make sure that the name is entered correctly.`,
      );
  } else if (s.database.toLowerCase() !== i.env.database.toLowerCase())
    throw new TSqlError(
      40508,
      'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
    );
  state.sink.database(state.database);
}

function kill(i: Interpreter, s: StatementOf<'kill'>): void {
  const spid = Number(/\d+/.exec(s.session)?.[0] ?? NaN);
  if (!i.state.catalog.options.kill(spid))
    throw new TSqlError(6106, `Process ID ${s.session} is not an active process ID.`);
}
