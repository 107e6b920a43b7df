/** CREATE and DROP SCHEMA, ALTER SCHEMA … TRANSFER. */
import { TSqlError } from '../../contract';
import { now } from '../../catalog/store';
import { physicalName } from '../bind/tables';
import { alreadyExists } from '../errors';
import type { Name } from '../syntax/ast';
import { ident } from '../types/typed';
import type { Interpreter } from './interpreter';
import { newName } from './ddl-names';
import { columnSql } from './create-table';

export async function createSchema(i: Interpreter, name: string): Promise<void> {
  const { state } = i;
  const { schemas } = state.catalog.snapshot;
  if (
    schemas.has(name.toLowerCase()) ||
    ['sys', 'information_schema', 'tsql', 'main', 'temp'].includes(name.toLowerCase())
  )
    throw alreadyExists(name);
  await state.define([`CREATE SCHEMA IF NOT EXISTS ${ident(name)}`], () => {
    const now_ = state.catalog.currentSettings().schemas;
    if (now_.some((s) => s.name.toLowerCase() === name.toLowerCase())) throw alreadyExists(name);
    return { settings: { schemas: [...now_, { id: state.catalog.newId(), name, owner: 'dbo' }] } };
  });
}
export async function dropSchema(i: Interpreter, name: string, ifExists: boolean): Promise<void> {
  const { snapshot } = i.state.catalog;
  const schema = snapshot.schemas.get(name.toLowerCase());
  if (!schema) {
    if (ifExists) return;
    throw new TSqlError(
      15151,
      `Cannot drop the schema '${name}', because it does not exist or you do not have permission.`,
    );
  }
  if (['dbo', 'sys', 'information_schema'].includes(name.toLowerCase()))
    throw new TSqlError(15150, `Cannot drop the schema '${name}'.`);
  const inside = [...snapshot.objects.values()].find((o) => o.schema.toLowerCase() === name.toLowerCase());
  if (inside)
    throw new TSqlError(
      3729,
      `Cannot drop schema '${name}' because it is being referenced by object '${inside.name}'.`,
    );
  if (schema.name === 'dbo') throw new TSqlError(15150, "Cannot drop the schema 'dbo'.");
  await i.state.define([`DROP SCHEMA ${ident(schema.name)}`], () => ({
    settings: { schemas: i.state.catalog.currentSettings().schemas.filter((s) => s.id !== schema.id) },
  }));
}

export async function transfer(i: Interpreter, schemaName: string, name: Name): Promise<void> {
  if (!i.state.catalog.snapshot.schemas.has(schemaName.toLowerCase()))
    throw new TSqlError(
      15151,
      `Cannot alter the schema '${schemaName}', because it does not exist or you do not have permission.`,
    );
  const object = i.env.object(name);
  if (!object || object.temp)
    throw new TSqlError(
      15151,
      `Cannot find the object '${name.join('.')}', because it does not exist or you do not have permission.`,
    );
  const place = newName(i, [schemaName, object.name]);
  const moved = { ...object, ...place, modified: now() };
  const sql =
    object.kind === 'U'
      ? [
          `CREATE TABLE ${physicalName(moved)} (${object.columns.map(columnSql).join(', ')})`,
          `INSERT INTO ${physicalName(moved)} SELECT * FROM ${physicalName(object)}`,
          `DROP TABLE ${physicalName(object)}`,
        ]
      : [];
  await i.state.define(sql, { removed: [object], added: [moved] });
}
