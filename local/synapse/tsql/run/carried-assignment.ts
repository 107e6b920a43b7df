/** `SELECT @s = @s + x FROM t`: each row sees what the row before it left in the variable, so the rows are taken one by one. */
import { hasAggregate } from '../bind/aggregate-walk';
import { notSupported } from '../errors';
import type { Expr, Query, Select } from '../syntax/ast';
import { convert } from '../types/convert';
import type { Interpreter } from './interpreter';
import { constant, textSql } from './state';

export interface Assignment {
  readonly variable: string;
  readonly value: Expr;
}
/** Each row costs an evaluation of its own. */
const MOST_ROWS = 10_000;
const DATE_PART_FIRST = new Set(['DATEADD', 'DATEDIFF', 'DATEDIFF_BIG', 'DATEPART', 'DATENAME', 'DATETRUNC']);

export async function assignRowByRow(
  i: Interpreter,
  query: Query,
  select: Select,
  assignments: readonly Assignment[],
): Promise<void> {
  if (select.groupBy.length || select.having || select.distinct || assignments.some((a) => hasAggregate(a.value)))
    throw notSupported('Carrying a variable from row to row of a grouped SELECT', select.line);
  const columns: Extract<Expr, { kind: 'column' }>[] = [];
  const perRow = assignments.map(({ variable, value }) => ({ variable, value: asVariables(value, columns) as Expr }));
  const read: Query = {
    ...query,
    body: {
      ...select,
      items: (columns.length ? columns : [{ kind: 'literal', type: 'integer', text: '1' } as const]).map((expr) => ({
        kind: 'item',
        expr,
      })),
    },
  };
  const bound = await i.query(read);
  const cells = bound.columns.map((c, n) =>
    textSql(convert({ ...c, sql: `t.c${n}`, literal: undefined }, c.type).sql, c.type),
  );
  const names = bound.columns.map((_, n) => `c${n}`).join(', ');
  const rows = await i.state.rows(
    `SELECT ${cells.join(', ')} FROM (SELECT *, row_number() OVER () AS n FROM (${bound.sql}) AS s(${names})) AS t ORDER BY t.n LIMIT ${MOST_ROWS + 1}`,
  );
  if (rows.length > MOST_ROWS) throw notSupported(`Carrying a variable over more than ${MOST_ROWS} rows`, select.line);
  const { variables } = i.state.frame;
  try {
    for (const row of rows) {
      bound.columns.forEach(({ type }, n) => {
        const cell = row[n];
        const value = constant(cell === null || cell === undefined ? null : String(cell), type);
        variables.set(rowVariable(n), { type, value });
      });
      for (const { variable, value } of perRow) await i.assignVariable(variable, value, i.variable(variable).type);
    }
  } finally {
    columns.forEach((_, n) => variables.delete(rowVariable(n)));
  }
  i.done('select', rows.length);
}

/** No name that a script can write. */
const rowVariable = (n: number): string => `@ column ${n}`;

/** `node` with every column that it reads put into `columns` and replaced by a variable. */
function asVariables(node: unknown, columns: Extract<Expr, { kind: 'column' }>[]): unknown {
  if (Array.isArray(node)) return node.map((part) => asVariables(part, columns));
  if (typeof node !== 'object' || node === null) return node;
  const { kind } = node as { kind?: string };
  if (kind === 'query') throw notSupported('Carrying a variable from row to row beside a subquery');
  if (kind === 'column') {
    const column = node as Extract<Expr, { kind: 'column' }>;
    const name = JSON.stringify(column.parts).toLowerCase();
    const known = columns.findIndex((other) => JSON.stringify(other.parts).toLowerCase() === name);
    if (known < 0) columns.push(column);
    return { kind: 'variable', name: rowVariable(known < 0 ? columns.length - 1 : known), line: 1 };
  }
  if (kind === 'call') {
    const call = node as Extract<Expr, { kind: 'call' }>;
    if (call.over) throw notSupported('Carrying a variable from row to row beside a window function');
    const skipped = DATE_PART_FIRST.has(call.name.at(-1)!.toUpperCase()) ? 1 : 0;
    return { ...call, args: call.args.map((arg, n) => (n < skipped ? arg : asVariables(arg, columns))) };
  }
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, asVariables(part, columns)]));
}
