/** CREATE and DROP DATABASE: databases in memory beside master. */
import { TSqlError } from '../../contract';
import { cannotFind } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

function refuseInTransaction(i: Interpreter, statement: string): void {
  if (i.state.transactions > 0)
    throw new TSqlError(226, `${statement} statement not allowed within multi-statement transaction.`, 6);
}

export async function createDatabase(i: Interpreter, s: StatementOf<'createDatabase'>): Promise<void> {
  refuseInTransaction(i, 'CREATE DATABASE');
  if (!(await i.state.catalog.options.createDatabase(s.name)))
    throw new TSqlError(1801, `Database '${s.name}' already exists. Choose a different database name.`, 3);
  i.done('ddl');
}

export async function dropDatabase(i: Interpreter, s: StatementOf<'dropDatabase'>): Promise<void> {
  refuseInTransaction(i, 'DROP DATABASE');
  for (const name of s.names) {
    if (name.toLowerCase() === i.state.database.toLowerCase())
      throw new TSqlError(3702, `Cannot drop database "${name}" because it is currently in use.`, 3);
    if (!(await i.state.catalog.options.dropDatabase(name)) && !s.ifExists) throw cannotFind('database', name);
  }
  i.done('ddl');
}
