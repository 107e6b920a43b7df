/** Table variables and table types of SQL Server's surface: a pool has neither. */
import { TSqlError } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { now } from '../../catalog/store';
import { alreadyExists } from '../errors';
import type { StatementOf } from '../syntax/ast-statements';
import type { Interpreter } from './interpreter';

/** Declares `@name` as a table in the innermost frame; `shape` has its columns. */
export async function addTableVariable(i: Interpreter, name: string, shape: ObjectInfo): Promise<ObjectInfo> {
  const { frame, catalog } = i.state;
  const tables = frame.tables ?? new Map<string, ObjectInfo>();
  const lower = name.toLowerCase();
  if (tables.has(lower) || frame.variables.has(lower))
    throw new TSqlError(
      134,
      `The variable name '${name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
      2,
      15,
    );
  const id = catalog.newId();
  const table: ObjectInfo = { ...shape, id, name: `${name}#${id}`, kind: 'U', temp: true };
  tables.set(lower, table);
  frame.tables = tables;
  return table;
}

/** CREATE TYPE t AS TABLE (…): an entry of the catalog with columns and no rows. */
export async function createType(
  i: Interpreter,
  s: StatementOf<'createType'>,
  columns: ObjectInfo['columns'],
): Promise<void> {
  const { state } = i;
  const name = s.name.at(-1)!;
  const schema = (s.name.length > 1 ? s.name.at(-2) : '') || 'dbo';
  if (i.env.object(s.name)) throw alreadyExists(name);
  const made = now();
  const type: ObjectInfo = {
    id: state.catalog.newId(),
    schema,
    name,
    kind: 'TT',
    created: made,
    modified: made,
    columns,
    ...(s.alias ? { alias: s.alias } : {}),
  };
  await state.define([], { added: [type] });
}
