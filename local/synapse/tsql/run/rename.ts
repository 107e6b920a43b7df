/** RENAME OBJECT, RENAME … COLUMN and sp_rename. */
import { TSqlError } from '../../contract';
import { key, type ObjectInfo } from '../../catalog/model';
import { now } from '../../catalog/store';
import { physicalName } from '../bind/tables';
import { notSupported, refusedByPool } from '../errors';
import type { Name } from '../syntax/ast';
import type { StatementOf } from '../syntax/ast-statements';
import { ident } from '../types/typed';
import type { Interpreter } from './interpreter';
import { splitName } from './metadata-functions';
import { demandDdl } from './ddl';
import { columnIn, need, replace } from './ddl-names';

/**
 * RENAME OBJECT statements that stand together in a batch, as one change of the catalog: readers never meet the moment between
 * `x TO x_old` and `x_new TO x`. A pool keeps that moment short by its locks, but promises nothing.
 */
export async function renameTogether(i: Interpreter, renames: readonly StatementOf<'rename'>[]): Promise<void> {
  i.state.refuseInTransaction();
  for (const s of renames) demandDdl(i, s);
  await renameObjects(i, renames);
  for (const _ of renames) i.done('ddl');
}

export async function renameObjects(
  i: Interpreter,
  renames: readonly { readonly name: Name; readonly to: string }[],
): Promise<void> {
  const objects = new Map(i.state.catalog.snapshot.objects);
  const before = new Map<number, ObjectInfo>();
  const sql: string[] = [];
  for (const { name, to } of renames) {
    const known = i.env.object(name, objects);
    if (!known)
      throw new TSqlError(
        15225,
        `No item by the name of '${name.join('.')}' could be found in the current database '${i.env.database}', given that @itemtype was input as '(null)'.`,
        1,
        11,
      );
    if (known.temp) throw refusedByPool('RENAME of a temporary table');
    if (known.kind !== 'U' && i.state.surface !== 'server')
      throw refusedByPool(`RENAME OBJECT of what is no table ('${name.join('.')}')`);
    if (!['U', 'V', 'ET'].includes(known.kind)) throw notSupported('RENAME of a procedure or function');
    if (objects.has(key(known.schema, to)))
      throw new TSqlError(
        15335,
        `Error: The new name '${to}' is already in use as a OBJECT name and would cause a duplicate that is not permitted.`,
        1,
        11,
      );
    if (!before.has(known.id)) before.set(known.id, known);
    if (known.kind === 'U') sql.push(`ALTER TABLE ${physicalName(known)} RENAME TO ${ident(to)}`);
    objects.delete(key(known.schema, known.name));
    objects.set(key(known.schema, to), { ...known, name: to, modified: now() });
  }
  const removed = [...before.values()];
  await i.state.define(sql, { removed, added: [...objects.values()].filter(({ id }) => before.has(id)) });
}
export async function renameColumn(i: Interpreter, name: Name, from: string, to: string): Promise<void> {
  const table = need(i, name);
  const column = columnIn(table, from);
  if (table.columns.some((c) => c.name.toLowerCase() === to.toLowerCase()))
    throw new TSqlError(4705, `Column name '${to}' already exists.`);
  const swap = (n: string): string => (n.toLowerCase() === column.name.toLowerCase() ? to : n);
  await replace(
    i,
    table,
    {
      ...table,
      columns: table.columns.map((c) => (c === column ? { ...c, name: to } : c)),
      hashColumns: table.hashColumns?.map(swap),
      indexes: table.indexes?.map((x) => ({ ...x, columns: x.columns.map((c) => ({ ...c, name: swap(c.name) })) })),
      statistics: table.statistics?.map((x) => ({ ...x, columns: x.columns.map(swap) })),
      ...(table.partition ? { partition: { ...table.partition, column: swap(table.partition.column) } } : {}),
    },
    [`ALTER TABLE ${physicalName(table)} RENAME COLUMN ${ident(column.name)} TO ${ident(to)}`],
  );
}
/** sp_rename: a pool takes it for columns only. */
export async function renameObject(i: Interpreter, from: string, to: string, type: string): Promise<void> {
  const parts = splitName(from);
  const isColumn = type.toUpperCase() === 'COLUMN';
  const table = isColumn && parts.length > 1 ? i.env.object(parts.slice(0, -1)) : undefined;
  const known = table?.columns.some((c) => c.name.toLowerCase() === parts.at(-1)!.toLowerCase());
  if (isColumn && !known)
    throw new TSqlError(
      15248,
      'Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong.',
      1,
      11,
    );
  if (isColumn) return renameColumn(i, parts.slice(0, -1), parts.at(-1)!, to);
  if (type.toUpperCase() !== 'OBJECT') throw refusedByPool(`sp_rename of type ${type}`);
  if (i.state.surface !== 'server') throw refusedByPool('sp_rename of an object (use RENAME OBJECT)');
  return renameObjects(i, [{ name: parts, to }]);
}
