/** sp_describe_undeclared_parameters: what drivers ask before they bind the parameters of a prepared statement. */
import type { SqlType } from '../../contract';
import { newBinder } from '../bind/binder';
import { bindQuery } from '../bind/query';
import type { Expr, Name, Query, Select, Source } from '../syntax/ast';
import type { Statement } from '../syntax/ast-statements';
import { tokenize } from '../syntax/tokens';
import { INT, nvarchar } from '../types/sql-types';
import { parseDeclaration } from './arguments';
import { Interpreter } from './interpreter';
import type { State } from './state';

/** Variables of `sql` that `declaration` lacks, with the type of what they are compared with or written to; nvarchar(4000) where none is known. */
export async function undeclaredParameters(
  state: State,
  body: readonly Statement[],
  sql: string,
  declaration: string,
): Promise<readonly { readonly name: string; readonly type: SqlType }[]> {
  const known = new Set((declaration ? parseDeclaration(declaration, 'server') : []).map((p) => p.name.toLowerCase()));
  const names: string[] = [];
  // Names of arguments are no variables: EXEC p @a = @p1.
  const given = new Set(
    body.flatMap((s) => (s.kind === 'execute' ? s.args.flatMap((arg) => arg.name?.toLowerCase() ?? []) : [])),
  );
  const tokens = tokenize(sql);
  for (const [at, token] of tokens.entries()) {
    if (given.has(token.text.toLowerCase()) && tokens[at + 1]?.text === '=') continue;
    if (token.kind !== 'variable' || token.text.startsWith('@@') || known.has(token.text.toLowerCase())) continue;
    known.add(token.text.toLowerCase());
    names.push(token.text);
  }
  const i = new Interpreter(state, '');
  const types = new Map<string, SqlType>();
  for (const statement of body) {
    suggestWritten(i, statement, types);
    const query = asQuery(statement);
    if (query?.body.kind === 'select') suggestCompared(i, query, query.body, types);
  }
  return names.map((name) => ({ name, type: types.get(name.toLowerCase()) ?? nvarchar(4000) }));
}

/** Values of INSERT and UPDATE have the types of their columns, arguments of EXEC those of the parameters. */
function suggestWritten(i: Interpreter, s: Statement, types: Map<string, SqlType>): void {
  const written = (table: Name, columns: readonly string[] | undefined, values: readonly Expr[]): void => {
    const known = i.env.object(table)?.columns ?? [];
    const names = columns ?? known.filter((c) => !c.identity && !c.computed).map((c) => c.name);
    values.forEach((value, n) => {
      const column = known.find((c) => c.name.toLowerCase() === names[n]?.toLowerCase());
      if (value.kind === 'variable' && column) types.set(value.name.toLowerCase(), column.type);
    });
  };
  if (s.kind === 'insert' && s.source.kind === 'values')
    for (const row of s.source.rows) written(s.table, s.columns, row);
  if (s.kind === 'execute') {
    if (s.result) types.set(s.result.toLowerCase(), INT);
    const called = s.procedure && i.env.object(s.procedure);
    const formal = called ? i.env.module(called).parameters : undefined;
    s.args.forEach(({ name, value }, n) => {
      if (value.kind !== 'variable') return;
      const parameter = formal?.find((p, at) => (name ? p.name.toLowerCase() === name.toLowerCase() : at === n));
      // Arguments of the catalog procedures are names or patterns of names.
      if (parameter) types.set(value.name.toLowerCase(), i.type(parameter.type));
      else if (!formal) types.set(value.name.toLowerCase(), nvarchar(384));
    });
  }
  if (s.kind === 'update') for (const { column, value } of s.set) written(s.target, [column.at(-1)!], [value]);
}

/** UPDATE and DELETE read their table as a SELECT would. */
function asQuery(s: Statement): Query | undefined {
  if (s.kind === 'select') return s.query;
  if (s.kind !== 'update' && s.kind !== 'delete') return undefined;
  const { line } = s.span;
  const from: readonly Source[] = s.from.length ? s.from : [{ kind: 'table', name: s.target, line }];
  const body: Select = {
    kind: 'select',
    distinct: false,
    items: [],
    from,
    groupBy: [],
    line,
    ...(s.where ? { where: s.where } : {}),
  };
  return { kind: 'query', ctes: s.ctes, body, orderBy: [] };
}

function suggestCompared(i: Interpreter, query: Query, select: Select, types: Map<string, SqlType>): void {
  const typeIn = (node: Expr): SqlType | undefined => {
    const { where: _where, having: _having, ...rest } = select;
    const only: Query = {
      ...query,
      orderBy: [],
      body: { ...rest, items: [{ kind: 'item', expr: node }], groupBy: [] },
    };
    try {
      return bindQuery(newBinder(i.env), only, undefined, { top: true }).columns[0]?.type;
    } catch {
      return undefined;
    }
  };
  const note = (a: Expr, b: Expr): void => {
    if (a.kind !== 'variable' || b.kind === 'variable') return;
    const type = typeIn(b);
    if (type) types.set(a.name.toLowerCase(), type);
  };
  const visit = (node: Expr): void => {
    if (node.kind === 'compare') {
      note(node.left, node.right);
      note(node.right, node.left);
    }
    if (node.kind === 'between') {
      note(node.low, node.operand);
      note(node.high, node.operand);
    }
    if (node.kind === 'in' && Array.isArray(node.list))
      for (const item of node.list as readonly Expr[]) note(item, node.operand);
    if (node.kind === 'like') note(node.pattern, node.operand);
    if (node.kind === 'logic') {
      visit(node.left);
      visit(node.right);
    }
    if (node.kind === 'not') visit(node.operand);
  };
  if (select.where) visit(select.where);
}
