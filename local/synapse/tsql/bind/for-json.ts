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

/** How a client sees the column; inside a statement it has no name. */
export const RESULT_NAME = 'JSON_F52E2B61-18A1-11d1-B105-00805F49916B';

/** One row, one nvarchar(max) column: the rows as JSON text; no row for none. Names with dots nest in PATH mode, tables in AUTO mode. */
export function forJson(b: Binder, query: BoundQuery, options: ForJson, name: string): BoundQuery {
  for (const { name } of query.columns)
    if (!name)
      throw new TSqlError(
        13605,
        'Column expressions and data sources without names or aliases cannot be formatted as JSON text using FOR JSON clause. Add alias to the unnamed column or table.',
      );
  const alias = freshAlias(b);
  const columns = query.columns.map((column, i): OutputColumn => {
    return { ...column, sql: `${alias}.c${i}`, literal: undefined };
  });
  const names = query.columns.map((_, i) => `c${i}`);
  const rows = `SELECT *, row_number() OVER () AS n FROM (${query.sql}) AS ${alias}i(${names.join(', ')})`;
  const { item, from } =
    options.mode === 'auto'
      ? nestedTables(columns, alias, rows, options.includeNulls)
      : { item: object(pathTree(columns), options.includeNulls), from: rows };
  const list = `string_agg(${item}, ',' ORDER BY ${alias}.n)`;
  const array = options.withoutWrapper ? list : `'[' || ${list} || ']'`;
  const text = options.root ? `'{' || ${quote(JSON.stringify(options.root))} || ':' || ${array} || '}'` : array;
  const column: OutputColumn = {
    sql: '',
    name,
    type: nvarchar(MAX),
    nullable: true,
    json: true,
  };
  return { sql: `SELECT ${text} FROM (${from}) AS ${alias} HAVING count(*) > 0`, columns: [column] };
}

function conflict(name: string): TSqlError {
  return new TSqlError(
    13601,
    `Property '${name}' cannot be generated in JSON output due to a conflict with another column name or alias. Use different names and aliases for each column in SELECT list.`,
  );
}
/** `a.b` is member b of the object a. */
function pathTree(columns: readonly OutputColumn[]): Tree {
  const tree: Record<string, unknown> = {};
  for (const column of columns) {
    const path = column.name.split('.');
    let at = tree;
    for (const part of path.slice(0, -1)) {
      at = (at[part] ??= {}) as Record<string, unknown>;
      if (isLeaf(at as Tree | Typed)) throw conflict(column.name);
    }
    if (path.at(-1)! in at) throw conflict(column.name);
    at[path.at(-1)!] = column;
  }
  return tree as Tree;
}
function flatTree(columns: readonly OutputColumn[]): Record<string, Tree | Typed> {
  const tree: Record<string, Tree | Typed> = {};
  for (const column of columns) {
    if (column.name in tree) throw conflict(column.name);
    tree[column.name] = column;
  }
  return tree;
}

/**
 * AUTO: the columns of the first table are the members of the objects, those of every further table an array of objects in them, named
 * after the table. Rows that follow each other and are equal in the outer columns share an object.
 */
function nestedTables(
  columns: readonly OutputColumn[],
  alias: string,
  rows: string,
  includeNulls: boolean,
): { item: string; from: string } {
  const tables = [...new Set(columns.map((column) => column.table))];
  if (tables.length < 2) return { item: object(flatTree(columns), includeNulls), from: rows };
  if (tables.includes(undefined)) throw notSupported('FOR JSON AUTO with expressions beside columns of several tables');
  const levels = tables.map((table) => columns.filter((column) => column.table === table));
  const keys = levels.slice(0, -1).map((_, level) => {
    const own = levels.slice(0, level + 1).flat();
    const changed = own.map(({ sql }) => `${sql} IS DISTINCT FROM lag(${sql}) OVER (ORDER BY ${alias}.n)`);
    return `CASE WHEN ${alias}.n = 1 OR ${changed.join(' OR ')} THEN 1 ELSE 0 END AS k${level}`;
  });
  let from = `SELECT *, ${keys.map((_, level) => `sum(k${level}) OVER (ORDER BY n) AS g${level}`).join(', ')} FROM (SELECT ${alias}.*, ${keys.join(', ')} FROM (${rows}) AS ${alias})`;
  let inner: Record<string, Tree | Typed> = {};
  for (let level = levels.length - 1; level > 0; level--) {
    const item = object({ ...flatTree(levels[level]!), ...inner }, includeNulls);
    const kept = levels
      .slice(0, level)
      .flat()
      .map(({ sql }) => sql.replace(`${alias}.`, ''));
    const outer = keys.slice(0, level - 1).map((_, at) => `g${at}`);
    const firsts = [...kept, ...outer].map((name) => `arg_min(${alias}.${name}, ${alias}.n) AS ${name}`);
    from = `SELECT ${firsts.join(', ')}, '[' || string_agg(${item}, ',' ORDER BY ${alias}.n) || ']' AS j, min(${alias}.n) AS n FROM (${from}) AS ${alias} GROUP BY ${alias}.g${level - 1}`;
    inner = { [tables[level]!]: { sql: `${alias}.j`, type: nvarchar(MAX), nullable: false, json: true } };
  }
  return { item: object({ ...flatTree(levels[0]!), ...inner }, includeNulls), from };
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
    return convert(x, nvarchar(60), { explicit: true, style: 2 }).sql;
  if (isNumber(x.type)) return `CAST(${x.sql} AS VARCHAR)`;
  if (isBinary(x.type)) return `'"' || to_base64(${x.sql}) || '"'`;
  const text =
    isDateTime(x.type) && x.type.name !== 'time'
      ? convert(x, nvarchar(40), { explicit: true, style: 126 })
      : convert(x, nvarchar(MAX), { explicit: true });
  return `replace(CAST(to_json(${text.sql}) AS VARCHAR), '/', '\\/')`;
}
