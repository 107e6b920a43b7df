/** INSERT: VALUES, queries, OUTPUT, EXEC. */
import type { ResultColumn } from '../../contract';
import type { BoundQuery } from '../bind/binder';
import { target, withCtes } from '../bind/dml';
import { insertSql, outputClause, unionAll, valuesQuery } from '../bind/insert';
import { bindQuery } from '../bind/query';
import type { StatementOf } from '../syntax/ast-statements';
import { INT } from '../types/sql-types';
import { execute } from './execute';
import { insertNumbered, noticed } from './identity';
import type { Interpreter } from './interpreter';

export async function insert(i: Interpreter, s: StatementOf<'insert'>): Promise<void> {
  const { state } = i;
  state.label = s.option?.label ?? state.label;
  const { source } = s;
  const identity = (name: string): boolean => state.identityInsert === name.toLowerCase();
  if (source.kind === 'execute') return insertExecute(i, s, source.execute);
  const sql = await i.translate((b) => {
    const table = target(b, s.table);
    b.env.demand('INSERT', table);
    const into = (rows: BoundQuery, names = s.columns): string =>
      insertSql(b, table, names, rows, identity(`${table.schema}.${table.name}`) || identity(table.name));
    if (source.kind === 'values')
      return into(unionAll(source.rows.map((row) => valuesQuery(b, table, s.columns, row))));
    if (source.kind === 'default values') return into({ sql: 'SELECT 1', columns: [] }, []);
    const { prefix, sql: text } = withCtes(b, s.ctes, () => into(bindQuery(b, source.query, undefined, { top: true })));
    return prefix ? prefix + text : text;
  });
  if (s.output) return insertWithOutput(i, sql, s);
  const table = i.env.object(s.table);
  const numbered = noticed(state, table);
  const count = numbered ? await insertNumbered(i, sql, table!, numbered) : await i.change(sql, table);
  i.done('insert', count);
}

/** INSERT … OUTPUT inserted.x: the rows as they went in (SQL Server's surface). */
async function insertWithOutput(i: Interpreter, sql: string, s: StatementOf<'insert'>): Promise<void> {
  const { state } = i;
  const bound = await i.translate((b) => outputClause(b, target(b, s.table), s.output!));
  const text = `${sql} RETURNING ${bound.map((c) => c.sql).join(', ')}`;
  const columns = bound.map(({ name, type, nullable }): ResultColumn => ({ name, type, nullable }));
  state.rowCount = await state.atomic(() => state.sink.rows(text, columns, !state.noCount));
}

/** INSERT … EXEC: the rows of every result set of the procedure. */
async function insertExecute(i: Interpreter, s: StatementOf<'insert'>, call: StatementOf<'execute'>): Promise<void> {
  const { state } = i;
  const { sink } = state;
  const selects: { sql: string; columns: readonly ResultColumn[] }[] = [];
  state.sink = {
    rows: async (sql, columns) => (selects.push({ sql, columns: columns ?? [] }), 0),
    table: async (columns, rows) => {
      const cells = rows.map(
        (row) =>
          `SELECT ${row.map((v) => (typeof v === 'number' ? String(v) : `'${String(v).replaceAll("'", "''")}'`)).join(', ')}`,
      );
      selects.push({ sql: cells.join(' UNION ALL '), columns });
      return rows.length;
    },
    done: () => undefined,
    procedureStart: () => undefined,
    procedureEnd: () => undefined,
    info: (m) => sink.info(m),
    error: (e) => sink.error(e),
    transaction: (e) => sink.transaction(e),
    database: (d) => sink.database(d),
    cancelled: () => sink.cancelled(),
    signal: () => sink.signal(),
  };
  try {
    await execute(i, call);
  } finally {
    state.sink = sink;
  }
  let rows = 0;
  for (const { sql: text, columns } of selects) {
    const sql = await i.translate((b) => {
      const table = target(b, s.table);
      b.env.demand('INSERT', table);
      const bound: BoundQuery = {
        sql: text,
        columns: columns.map((c) => ({ sql: '', name: c.name, type: c.type ?? INT, nullable: c.nullable ?? true })),
      };
      return insertSql(b, table, s.columns, bound, false);
    });
    rows += await i.change(sql, i.env.object(s.table));
  }
  i.done('insert', rows);
}
