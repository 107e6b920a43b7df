/** FOR JSON PATH and FOR JSON AUTO. */
import { TSqlError } from '../../contract';
import { notSupported } from '../errors';
import type { ForJson } from '../syntax/ast';
import { convert } from '../types/convert';
import { isBinary, isDateTime, isNumber, MAX, nvarchar } from '../types/sql-types';
import { quote, type Typed } from '../types/typed';
import { freshAlias, type Binder, type BoundQuery, type OutputColumn } from './binder';

interface Tree {
  readonly [key: string]: Tree | Typed;
}

/** One row, one nvarchar(max) column: the rows as JSON text. Names with dots nest in PATH mode. */
export function forJson(b: Binder, query: BoundQuery, options: ForJson): BoundQuery {
  if (options.mode === 'auto') throw notSupported('FOR JSON AUTO');
  const alias = freshAlias(b);
  const tree: Record<string, unknown> = {};
  query.columns.forEach((column, i) => {
    if (!column.name)
      throw new TSqlError(
        13605,
        'Column expressions and data sources without names or aliases cannot be formatted as JSON text using FOR JSON clause. Add alias to the unnamed column or table.',
      );
    const path = column.name.split('.');
    let at = tree;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[path.at(-1)!] = { ...column, sql: `${alias}.c${i}`, literal: undefined } satisfies OutputColumn;
  });
  const item = object(tree as Tree, options.includeNulls);
  const list = `string_agg(${item}, ',' ORDER BY ${alias}.n)`;
  const array = options.withoutWrapper ? list : `'[' || ${list} || ']'`;
  const text = options.root ? `'{' || ${quote(JSON.stringify(options.root))} || ':' || ${array} || '}'` : array;
  const names = query.columns.map((_, i) => `c${i}`);
  const rows = `SELECT *, row_number() OVER () AS n FROM (${query.sql}) AS ${alias}i(${names.join(', ')})`;
  const column: OutputColumn = {
    sql: '',
    name: 'JSON_F52E2B61-18A1-11d1-B105-00805F49916B',
    type: nvarchar(MAX),
    nullable: true,
    json: true,
  };
  return { sql: `SELECT ${text} FROM (${rows}) AS ${alias}`, columns: [column] };
}

const isLeaf = (node: Tree | Typed): node is Typed => typeof (node as Typed).sql === 'string' && 'type' in node;

function object(tree: Tree, includeNulls: boolean): string {
  const entries = Object.entries(tree).map(([name, node]) => {
    const label = quote(`${JSON.stringify(name)}:`);
    if (!isLeaf(node)) return `${label} || ${object(node, includeNulls)}`;
    const value = `${label} || ${scalar(node)}`;
    return includeNulls ? `coalesce(${value}, ${quote(`${JSON.stringify(name)}:null`)})` : value;
  });
  return `('{' || concat_ws(',', ${entries.join(', ')}) || '}')`;
}
function scalar(x: Typed): string {
  if (x.json) return x.sql;
  if (x.type.name === 'bit') return `CAST(${x.sql} AS VARCHAR)`;
  if (x.type.name === 'float' || x.type.name === 'real')
    return convert(x, nvarchar(60), { explicit: true, style: 3 }).sql.replaceAll('printf(', 'printf(');
  if (isNumber(x.type)) return `CAST(${x.sql} AS VARCHAR)`;
  if (isBinary(x.type)) return `'"' || to_base64(${x.sql}) || '"'`;
  const text =
    isDateTime(x.type) && x.type.name !== 'time'
      ? convert(x, nvarchar(40), { explicit: true, style: 126 })
      : convert(x, nvarchar(MAX), { explicit: true });
  return `replace(CAST(to_json(${text.sql}) AS VARCHAR), '/', '\\/')`;
}
