/** OPENJSON, with and without a WITH clause. */
import { TSqlError } from '../../contract';
import type { Source } from '../syntax/ast';
import { convert } from '../types/convert';
import { MAX, nvarchar, resolveType, varchar } from '../types/sql-types';
import { raising } from '../types/observation';
import { quote, type Typed } from '../types/typed';
import type { Binder } from './binder';
import { expr } from './expr';
import { jsonPath } from './functions/json';
import { type BoundColumn, Scope } from './scope';
import { add } from './sources';

export function bindOpenJson(
  b: Binder,
  scope: Scope,
  source: Extract<Source, { kind: 'openjson' }>,
  outer: Scope | undefined,
): string {
  const argumentScope = outer ?? new Scope(undefined);
  const document = convert(expr(b, argumentScope, source.json), nvarchar(MAX)).sql;
  const parsed = source.path ? jsonPath(expr(b, argumentScope, source.path)) : undefined;
  const path = parsed?.sql ?? `'$'`;
  const json = parsed?.strict ? `tsql.json_having(${document}, ${path})` : document;
  const exposed = [source.alias ?? 'OPENJSON'];
  if (!source.columns) {
    const columns: BoundColumn[] = [
      { name: 'key', type: nvarchar(4000), nullable: false },
      { name: 'value', type: nvarchar(MAX), nullable: true },
      { name: 'type', type: { name: 'tinyint' }, nullable: false },
    ];
    return add(
      b,
      scope,
      `SELECT e.k, e.v, CAST(e.t AS UTINYINT) FROM (SELECT unnest(${raising(`tsql.json_pairs(${json}, ${path})`)}) AS e)`,
      columns,
      exposed,
    );
  }
  const columns: BoundColumn[] = [];
  const items = source.columns.map((column) => {
    const type = resolveType(column.type);
    columns.push({ name: column.name, type, nullable: true });
    const literal = (text: string): Typed => ({ sql: quote(text), type: varchar(MAX), nullable: false, literal: text });
    const own = jsonPath(literal(column.path ?? `$."${column.name.replaceAll('"', '\\"')}"`));
    if (column.asJson && !(type.name === 'nvarchar' && type.length === MAX))
      throw new TSqlError(
        13618,
        'AS JSON option can be specified only for column of nvarchar(max) type in WITH clause.',
      );
    const missing = own.strict
      ? ` WHEN json_type(e, ${own.sql}) IS NULL THEN error('TSQL:13608:Property cannot be found on the specified JSON path.')`
      : '';
    if (column.asJson)
      return `CASE${missing} WHEN json_type(e, ${own.sql}) IN ('OBJECT', 'ARRAY') THEN tsql.json_written(json_extract(e, ${own.sql}), e, ${own.sql}) END`;
    const value = `tsql.json_number(tsql.json_scalar(json_extract(e, ${own.sql})), e, ${own.sql})`;
    const text: Typed = {
      sql: missing ? `CASE${missing} ELSE ${value} END` : value,
      type: nvarchar(MAX),
      nullable: true,
    };
    return convert(text, type).sql;
  });
  return add(
    b,
    scope,
    `SELECT ${items.join(', ')} FROM (SELECT unnest(${raising(`tsql.json_rows(${json}, ${path})`)}) AS e)`,
    columns,
    exposed,
  );
}
