/** EXPLAIN WITH_RECOMMENDATIONS: the materialized view that would hold the groups of a query. */
import type { ObjectInfo } from '../../catalog/model';
import type { Expr, Name, Query, Source } from '../syntax/ast';
import { conjuncts } from './rowset';

interface Tables {
  object(name: Name): ObjectInfo | undefined;
}

/**
 * CREATE statements for a query whose groups a materialized view can hold: columns of tables that are joined by equal columns, and SUM,
 * COUNT, COUNT_BIG, MIN, MAX or AVG of columns. None for any other.
 */
export function viewCandidates(query: Query, tables: Tables): string[] {
  const { body } = query;
  if (body.kind !== 'select' || !body.groupBy.length || query.ctes.length) return [];
  const sources = new Map<string, ObjectInfo>();
  const conditions: Expr[] = body.where ? [body.where] : [];
  if (!body.from.every((source) => collect(source, tables, sources, conditions))) return [];
  const column = (node: Expr): string | undefined => {
    if (node.kind !== 'column') return undefined;
    const alias = node.parts.at(-2)?.toLowerCase();
    const name = node.parts.at(-1)!.toLowerCase();
    for (const [exposed, table] of sources) {
      const found = table.columns.find((c) => c.name.toLowerCase() === name);
      if (found && (alias === undefined || alias === exposed))
        return `[${table.schema}].[${table.name}].[${found.name}]`;
    }
    return undefined;
  };
  const joins = conditions
    .flatMap((condition) => conjuncts(condition))
    .map((node) => {
      const [left, right] = node.kind === 'compare' && node.op === '=' ? [column(node.left), column(node.right)] : [];
      return left && right ? `(${left}=${right})` : undefined;
    });
  const keys = body.groupBy.map((item) => (item.kind === 'expr' ? column(item.expr) : undefined));
  const aggregates = body.items.flatMap((item) =>
    item.kind === 'item' && item.expr.kind === 'call' ? [item.expr] : [],
  );
  const measures = aggregates.map((call) => {
    const name = call.name[0]!.toUpperCase();
    const [argument] = call.args;
    if (call.distinct || call.over || !/^(SUM|COUNT|COUNT_BIG|MIN|MAX|AVG)$/.test(name) || !argument) return undefined;
    const of = argument.kind === 'star' ? '*' : column(argument);
    return of && `${name}(${of})`;
  });
  if ([...joins, ...keys, ...measures].includes(undefined)) return [];
  const items = [...keys, ...new Set(measures), ...(measures.includes('COUNT_BIG(*)') ? [] : ['COUNT_BIG(*)'])];
  const list = items.map((item, n) => `${item} AS [Expr${n}]`).join(',\n       ');
  const from = [...sources.values()].map((o) => `[${o.schema}].[${o.name}]`).join(',\n     ');
  const where = joins.length ? `\nWHERE ${joins.join('\n  AND ')}` : '';
  return [
    `CREATE MATERIALIZED VIEW View1 WITH (DISTRIBUTION = HASH([Expr0])) AS\nSELECT ${list}\nFROM ${from}${where}\nGROUP BY ${keys.join(',\n         ')}`,
  ];
}

/** Takes the tables of a FROM and the conditions of its joins; false for a source that a materialized view cannot have. */
function collect(source: Source, tables: Tables, sources: Map<string, ObjectInfo>, conditions: Expr[]): boolean {
  if (source.kind === 'join') {
    if (source.join !== 'inner' || !source.on) return false;
    conditions.push(source.on);
    return collect(source.left, tables, sources, conditions) && collect(source.right, tables, sources, conditions);
  }
  const object = source.kind === 'table' ? tables.object(source.name) : undefined;
  if (source.kind !== 'table' || object?.kind !== 'U' || [...sources.values()].includes(object)) return false;
  sources.set((source.alias ?? source.name.at(-1)!).toLowerCase(), object);
  return true;
}
