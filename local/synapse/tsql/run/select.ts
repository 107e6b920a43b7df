/** SELECT: rows to the client, assignments, SELECT INTO, answers that need no DuckDB. */
import { type ResultColumn, type SqlType, TSqlError } from '../../contract';
import type { BoundQuery } from '../bind/binder';
import { literal } from '../bind/expr';
import { forJsonIn } from '../errors';
import type { Expr, Query, Select } from '../syntax/ast';
import { firstSelect, withoutInto } from '../syntax/query';
import { convert } from '../types/convert';
import { isString } from '../types/sql-types';
import { createTableAs, SELECT_INTO } from './create-table';
import { mapError, untranslatable } from './map-error';
import { sequential } from './assigned-variables';
import { assignRowByRow } from './carried-assignment';
import { constant, textSql } from './state';
import type { Interpreter } from './interpreter';
import { cutToTextSize } from './text-size';

// ---------------------------------------------------------------- queries
export async function select(i: Interpreter, query: Query): Promise<void> {
  const { state } = i;
  state.label = query.option?.label ?? state.label;
  const first = firstSelect(query);
  const assigns = first?.items.some((item) => item.kind === 'assign');
  if (query.forJson && (assigns || first?.into)) throw forJsonIn(assigns ? 'ASSIGNMENT' : 'SELECT INTO');
  if (first && assigns) return selectAssign(i, query, first);
  if (first?.into) return selectInto(i, query, first);
  state.demandLive();
  if (await constantRow(i, query)) return;
  for (let attempt = 0; ; attempt++) {
    const { version } = state.catalog;
    try {
      return await send(i, await i.query(query, true));
    } catch (failure) {
      // A table was renamed or dropped between the translation and its run: the names are looked up anew.
      const isStale = state.transactions === 0 && mapError(failure).number === untranslatable;
      if (!isStale || attempt === 5 || !(await state.catalog.hasChangedSince(version))) throw failure;
    }
  }
}

async function send(i: Interpreter, bound: BoundQuery): Promise<void> {
  const { state } = i;
  const columns = bound.columns.map(
    (c): ResultColumn => ({
      name: c.name,
      type: c.type,
      nullable: c.nullable,
      ...(c.identity ? { identity: true } : {}),
      ...(c.computed ? { computed: true } : {}),
    }),
  );
  const first = (rows: number): string =>
    `SELECT * FROM (${bound.sql}) AS t(${bound.columns.map((_, i) => `c${i}`).join(', ')}) LIMIT ${rows}`;
  if (state.options.get('FMTONLY') === 'ON') {
    await state.sink.rows(first(0), columns);
    return;
  }
  try {
    const sql = state.rowLimit > 0 ? first(state.rowLimit) : bound.sql;
    const sent = cutToTextSize(state.options, sql, columns) ?? { sql, columns };
    state.rowCount = await state.sink.rows(sent.sql, sent.columns, !state.noCount, bound.sortedBy);
  } catch (failure) {
    throw await state.failed(failure);
  }
}

/** `SELECT 1`, `SELECT 'x' AS y`: answered without DuckDB. */
async function constantRow(i: Interpreter, query: Query): Promise<boolean> {
  const { body } = query;
  if (
    body.kind !== 'select' ||
    body.from.length ||
    body.where ||
    body.top ||
    body.distinct ||
    body.groupBy.length ||
    query.ctes.length ||
    query.orderBy.length ||
    query.forJson
  )
    return false;
  const columns: ResultColumn[] = [];
  const row: (string | number | null)[] = [];
  for (const item of body.items) {
    if (
      item.kind !== 'item' ||
      item.expr.kind !== 'literal' ||
      !['integer', 'string', 'nstring', 'null'].includes(item.expr.type)
    )
      return false;
    const value = literal(item.expr.type, item.expr.text);
    if (value.type.name !== 'int' && !isString(value.type)) return false;
    columns.push({ name: item.alias ?? '', type: value.type, nullable: value.nullable });
    row.push(value.isNull ? null : value.type.name === 'int' ? Number(value.literal) : value.literal!);
  }
  i.state.rowCount = await i.state.sink.table(columns, [row], !i.state.noCount);
  return true;
}

/** SELECT @a = x, @b = y FROM …: the last row's values; none of them when there is no row. */
async function selectAssign(i: Interpreter, query: Query, select: Select): Promise<void> {
  i.refuseRowLimit('SELECT that assigns');
  if (select.into)
    throw new TSqlError(
      194,
      'A SELECT INTO statement cannot contain a SELECT statement that assigns values to a variable.',
      1,
      15,
    );
  const names: { name: string; type: SqlType }[] = [];
  const items = select.items.map((item) => {
    if (item.kind !== 'assign')
      throw new TSqlError(
        141,
        'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
        1,
        15,
      );
    names.push({ name: item.variable, type: i.variable(item.variable).type });
    const value: Expr = item.op
      ? { kind: 'binary', op: item.op, left: { kind: 'variable', name: item.variable, line: 1 }, right: item.expr }
      : item.expr;
    return { kind: 'item' as const, expr: value };
  });
  const assigned = sequential(
    items.map((item) => item.expr),
    names.map((x) => x.name),
  );
  if (query.body.kind !== 'select')
    throw new TSqlError(
      141,
      'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
      1,
      15,
    );
  if (assigned.carried && query.body.from.length)
    return assignRowByRow(
      i,
      query,
      query.body,
      items.map((item, n) => ({ variable: names[n]!.name, value: item.expr })),
    );
  const plain: Query = {
    ...query,
    body: { ...query.body, items: assigned.values.map((value) => ({ kind: 'item', expr: value })) },
  };
  const bound = await i.query(plain);
  const values = bound.columns.map((c, i) =>
    textSql(convert({ ...c, sql: `t.c${i}`, literal: undefined }, names[i]!.type).sql, names[i]!.type),
  );
  const numbered = `SELECT *, row_number() OVER () AS n, count(*) OVER () AS m FROM (${bound.sql}) AS s(${bound.columns.map((_, i) => `c${i}`).join(', ')})`;
  const rows = await i.state.rows(`SELECT ${values.join(', ')}, t.m FROM (${numbered}) AS t WHERE t.n = t.m`);
  const row = rows[0];
  i.done('select', row ? Number(row.at(-1)) : 0);
  if (!row) return;
  names.forEach(({ name, type }, n) => {
    const cell = row[n];
    i.variable(name).value = constant(cell === null || cell === undefined ? null : String(cell), type);
  });
}

async function selectInto(i: Interpreter, query: Query, { into, line }: Select): Promise<void> {
  await createTableAs(
    i,
    {
      kind: 'ctas',
      name: into!.name,
      query: withoutInto(query),
      span: { start: 0, end: 0, line },
      options: SELECT_INTO,
    },
    'select into',
  );
}
