/** CREATE and DROP DATABASE: databases in memory beside master. */
import { TSqlError } from '../../contract';
import { cannotFind, refusedByPool } from '../errors';
import type { Statement, StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

/** A session that named its pool at the login cannot leave it, and so make no other database either. */
function refuse(i: Interpreter, { span }: Statement, statement: string): void {
  if (i.state.surface !== 'server' && i.state.session.namesDatabase) throw refusedByPool(statement, span.line);
  if (i.state.transactions > 0)
    throw new TSqlError(226, `${statement} statement not allowed within multi-statement transaction.`, 6);
}

export async function createDatabase(i: Interpreter, s: StatementOf<'createDatabase'>): Promise<void> {
  refuse(i, s, 'CREATE DATABASE');
  if (!(await i.state.catalog.options.createDatabase(s.name)))
    throw new TSqlError(1801, `Database '${s.name}' already exists. Choose a different database name.`, 3);
  i.done('ddl');
}

export async function dropDatabase(i: Interpreter, s: StatementOf<'dropDatabase'>): Promise<void> {
  refuse(i, s, 'DROP DATABASE');
  for (const name of s.names) {
    if (name.toLowerCase() === i.state.database.toLowerCase())
      throw new TSqlError(3702, `Cannot drop database "${name}" because it is currently in use.`, 3);
    if (!(await i.state.catalog.options.dropDatabase(name)) && !s.ifExists) throw cannotFind('database', name);
  }
  i.done('ddl');
}
