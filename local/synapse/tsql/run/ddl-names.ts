/** What the units of DDL share: looking objects up, names for new ones, replacing an entry of the catalog. */
import { TSqlError } from '../../contract';
import { type ColumnInfo, key, type ObjectInfo, type ObjectKind } from '../../catalog/model';
import { now } from '../../catalog/store';
import { alreadyExists } from '../errors';
import type { Name } from '../syntax/ast';
import type { Statement } from '../syntax/ast-statements';
import { tooLong } from '../syntax/tokens';
import type { Interpreter } from './interpreter';

export const isTempStatement = (s: Statement): boolean =>
  ((s.kind === 'createTable' || s.kind === 'ctas') && s.name.at(-1)!.startsWith('#')) ||
  (s.kind === 'drop' && s.type === 'table' && s.names.every((n) => n.at(-1)!.startsWith('#')));

export function need(i: Interpreter, name: Name, kinds: readonly ObjectKind[] = ['U']): ObjectInfo {
  const found = i.env.object(name);
  if (!found || !kinds.includes(found.kind))
    throw new TSqlError(
      1088,
      `Cannot find the object "${name.join('.')}" because it does not exist or you do not have permissions.`,
      9,
    );
  return found;
}
export function columnIn(table: ObjectInfo, name: string): ColumnInfo {
  const found = table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new TSqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
  return found;
}
/** Replaces an object's entry, with DuckDB statements when its table changes too. */
export async function replace(
  i: Interpreter,
  old: ObjectInfo,
  changed: ObjectInfo,
  sql: readonly string[] = [],
): Promise<void> {
  if (old.temp) {
    for (const statement of sql) await i.state.run(statement);
    i.state.temp.set(changed.name.toLowerCase(), changed);
    return;
  }
  await i.state.define(sql, { removed: [old], added: [{ ...changed, modified: now() }] });
}
/** Schema and name for a new object. Msg 2760 and 2714. */
export function newName(i: Interpreter, name: Name, replaces = false): { schema: string; name: string } {
  const schemaName = (name.length > 1 ? name.at(-2) : '') || i.state.defaultSchema;
  if (name.length > 2 && name.at(-3) && name.at(-3)!.toLowerCase() !== i.env.database.toLowerCase()) i.env.object(name);
  const schema = i.state.catalog.snapshot.schemas.get(schemaName.toLowerCase());
  if (!schema)
    throw new TSqlError(
      2760,
      `The specified schema name "${schemaName}" either does not exist or you do not have permission to use it.`,
    );
  const last = name.at(-1)!;
  if (last.length > 128) throw tooLong(last);
  if (!replaces && i.state.catalog.snapshot.objects.has(key(schema.name, last))) throw alreadyExists(last);
  return { schema: schema.name, name: last };
}
