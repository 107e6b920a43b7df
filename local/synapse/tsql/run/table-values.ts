/** Table-valued parameters: a procedure reads a table of its caller, or the rows that a client sent. */
import { TSqlError, type SqlType, type TableParameter } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { isTicks } from '../../ticks';
import { physicalName } from '../bind/tables';
import type { Name } from '../syntax/ast';
import { convert } from '../types/convert';
import { duckType } from '../types/sql-types';
import { ident } from '../types/typed';
import { declareTableOf } from './create-table';
import type { Interpreter } from './interpreter';
import { splitName } from './metadata-functions';
import type { Frame, State } from './state';

/** Rows of an INSERT at a time. */
const rowsAtOnce = 500;

/** Declares `@name` as a table with the rows a client sent. */
export async function receiveTable(i: Interpreter, name: string, sent: TableParameter): Promise<ObjectInfo> {
  const [schema, typeName] = sent.type;
  const type = i.env.object(schema ? [schema, typeName] : [typeName]);
  if (type?.kind !== 'TT' || type.alias)
    throw new TSqlError(
      2715,
      `Column, parameter, or variable ${name}: Cannot find data type ${[schema, typeName].filter(Boolean).join('.')}.`,
      3,
    );
  if (sent.given.length > 0 && sent.given.length !== type.columns.length)
    throw new TSqlError(
      500,
      `Trying to pass a table-valued parameter with ${sent.given.length} column(s) where the corresponding user-defined table type requires ${type.columns.length} column(s).`,
    );
  await declareTableOf(i, name, type);
  const table = i.state.tableVariable(name);
  const columns = table.columns.filter((_, n) => sent.given[n]);
  const names = columns.map((c) => ident(c.name)).join(', ');
  for (let at = 0; at < sent.rows.length && columns.length > 0; at += rowsAtOnce) {
    const rows = sent.rows
      .slice(at, at + rowsAtOnce)
      .map((row) => `(${row.map((value, n) => received(value, sent.types[n]!, columns[n]!.type)).join(', ')})`);
    await i.state.run(`INSERT INTO ${physicalName(table)} (${names}) VALUES ${rows.join(', ')}`);
  }
  return table;
}

/** A value that was sent, for a column of type `to`: DuckDB's casts do not know ticks. */
const received = (sql: string, sent: SqlType, to: SqlType): string =>
  isTicks(sent) === isTicks(to)
    ? `CAST(${sql} AS ${duckType(to)})`
    : convert({ sql, type: sent, nullable: true }, to).sql;

/** A table of a call; where the client named no type, of the type of the procedure's parameter. */
export function typedAs(
  i: Interpreter,
  procedure: string,
  name: string,
  position: number,
  sent: TableParameter,
): TableParameter {
  if (sent.type[1] !== '') return sent;
  const called = i.env.object(splitName(procedure));
  const parameters = called?.kind === 'P' ? i.env.module(called).parameters : [];
  const formal = name ? parameters.find((p) => p.name.toLowerCase() === name.toLowerCase()) : parameters[position];
  return { ...sent, type: ['', formal?.type.name ?? ''] };
}

/** Gives a frame a table of its caller under the name of a parameter. */
export function lendTable(frame: Frame, name: string, table: ObjectInfo): void {
  frame.tables ??= new Map();
  frame.tables.set(name.toLowerCase(), table);
  frame.borrowed = new Set([...(frame.borrowed ?? []), name.toLowerCase()]);
}

/** Msg 10700 for a statement that would change a table-valued parameter. */
export function refuseReadonly(state: State, target: Name): void {
  const name = target.at(-1)!;
  if (state.frame.borrowed?.has(name.toLowerCase()))
    throw new TSqlError(10700, `The table-valued parameter "${name}" is READONLY and cannot be modified.`, 1, 15);
}
