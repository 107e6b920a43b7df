/** EXPLAIN: the plan that a dedicated pool would make of a statement, as its XML document. */
import type { ObjectInfo } from '../../catalog/model';
import { DISTRIBUTIONS } from '../../catalog/row-spread';
import { deleteSql, target, updateSql } from '../bind/dml';
import { physicalName } from '../bind/tables';
import { refusedByPool } from '../errors';
import { viewCandidates } from '../explain/candidates';
import { explainDocument } from '../explain/document';
import { Planner } from '../explain/planner';
import { columnNames } from '../explain/rowset';
import { firstSelect } from '../syntax/query';
import type { Name, Query } from '../syntax/ast';
import type { Statement, StatementOf, TableOptions } from '../syntax/ast-statements';
import { MAX, nvarchar } from '../types/sql-types';
import { SELECT_INTO } from './create-table';
import type { Interpreter } from './interpreter';

export async function explain(i: Interpreter, s: StatementOf<'explain'>): Promise<void> {
  const { state } = i;
  if (state.transactions > 0) throw refusedByPool('EXPLAIN in a transaction', s.span.line);
  const { statement } = s;
  await check(i, statement);
  const sql = i.source.slice(statement.span.start, statement.span.end);
  const planner = new Planner(await facts(i, statement), columnNames(readBy(statement)));
  plan(i, planner, statement, sql);
  const candidates = s.recommendations && statement.kind === 'select' ? viewCandidates(statement.query, i.env) : [];
  const document = explainDocument(sql, planner.operations, DISTRIBUTIONS, candidates);
  state.rowCount = await state.sink.table(
    [{ name: 'explain', type: nvarchar(MAX), nullable: true }],
    [[document]],
    !state.noCount,
  );
}

/** Names and types are those of a statement that could run. */
async function check(i: Interpreter, s: Statement): Promise<void> {
  switch (s.kind) {
    case 'select':
    case 'ctas':
      await i.query(s.query);
      return;
    case 'insert':
      if (s.source.kind === 'execute') break;
      await i.translate((b) => target(b, s.table));
      if (s.source.kind === 'query') await i.query({ ...s.source.query, ctes: [...s.ctes, ...s.source.query.ctes] });
      return;
    case 'update':
      await i.translate((b) => updateSql(b, s));
      return;
    case 'delete':
      await i.translate((b) => deleteSql(b, s));
      return;
  }
  throw refusedByPool('EXPLAIN of anything but SELECT, INSERT, UPDATE, DELETE and CREATE TABLE AS SELECT', s.span.line);
}

/** The query that a statement's rows come from; undefined for VALUES. */
function readBy(s: Statement): Query | undefined {
  if (s.kind === 'select' || s.kind === 'ctas') return s.query;
  if (s.kind === 'insert')
    return s.source.kind === 'query' ? { ...s.source.query, ctes: [...s.ctes, ...s.source.query.ctes] } : undefined;
  if (s.kind !== 'update' && s.kind !== 'delete') return undefined;
  const table = { kind: 'table' as const, name: s.target, line: s.span.line };
  return {
    kind: 'query',
    ctes: s.ctes,
    orderBy: [],
    body: {
      kind: 'select',
      distinct: false,
      items: s.kind === 'update' ? s.set.map((a) => ({ kind: 'item' as const, expr: a.value })) : [],
      from: s.from.length ? s.from : [table],
      ...(s.where ? { where: s.where } : {}),
      groupBy: [],
      line: s.span.line,
      text: '',
    },
  };
}

function plan(i: Interpreter, planner: Planner, s: Statement, sql: string): void {
  const query = readBy(s);
  const rows = query && planner.query(query);
  const run = (statement: string, permanent = false): void => {
    planner.operations.push({ kind: 'ON', permanent, location: 'AllDistributions', sql: statement });
  };
  const make = (name: Name, options: TableOptions, select: string): void => {
    const last = name.at(-1)!;
    const place = last.startsWith('#') ? ['tempdb', 'dbo'] : [i.env.database, name.at(-2) || i.state.defaultSchema];
    const table = [...place, last].map((part) => `[${part}]`).join('.');
    planner.into(rows!, options);
    run(`CREATE TABLE ${table}`, true);
    run(`INSERT INTO ${table} ${select}`);
  };
  const into = s.kind === 'select' ? firstSelect(s.query)?.into : undefined;
  if (into) {
    const [start, end] = [into.start - s.span.start, into.end - s.span.start];
    make(into.name, SELECT_INTO, `${sql.slice(0, start).trimEnd()}${sql.slice(end)}`);
  } else if (s.kind === 'select') {
    planner.operations.push({ kind: 'RETURN', location: planner.locationOf(rows!), sql });
  } else if (s.kind === 'ctas') {
    make(s.name, s.options, sql.slice(sql.search(/\bSELECT\b/i)));
  } else if (s.kind === 'insert') {
    const table = i.env.object(s.table)!;
    const names = s.columns ?? table.columns.filter((c) => !c.identity).map((c) => c.name);
    if (rows) planner.into(rows, table, names);
    run(sql);
  } else run(sql);
  planner.dropTemporary();
}

/** Numbers of rows of every table that a statement may read, and the catalog. */
async function facts(i: Interpreter, s: Statement): Promise<ConstructorParameters<typeof Planner>[0]> {
  const object = (name: Name): ObjectInfo | undefined => {
    const found = i.env.object(name);
    return found && ['U', 'V'].includes(found.kind) ? found : undefined;
  };
  const view = (o: ObjectInfo): Query => i.env.module(o).query!;
  const counts = new Map<number, number>();
  const count = async (node: unknown): Promise<void> => {
    if (typeof node !== 'object' || node === null) return;
    const { kind, name } = node as { kind?: string; name?: Name };
    const found = kind === 'table' && name ? object(name) : undefined;
    if (found && !counts.has(found.id)) {
      counts.set(found.id, 0);
      if (found.kind === 'U')
        counts.set(found.id, Number((await i.state.rows(`SELECT count(*) FROM ${physicalName(found)}`))[0]![0]));
      else await count(view(found));
    }
    for (const child of Object.values(node)) await count(child);
  };
  await count(readBy(s));
  return { database: i.env.database, object, view, rows: (o) => counts.get(o.id) ?? 0 };
}
