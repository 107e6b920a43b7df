/** The FROM clause to DuckDB. */
import { TSqlError, type SqlType } from '../../contract';
import { invalidObject, notSupported, refusedByPool } from '../errors';
import type { ObjectInfo } from '../../catalog/model';
import type { Name, Query, Source } from '../syntax/ast';
import { convert } from '../types/convert';
import { BIT, INT, isString, MAX, nvarchar, resolveType, varchar } from '../types/sql-types';
import { ident, quote, type Typed } from '../types/typed';
import { aggregateCall } from './aggregates';
import { freshAlias, type Binder, type OutputColumn } from './binder';
import type { FileSource } from './env';
import { collationOf, condition, expr, same } from './expr';
import { jsonPath } from './functions/json';
import { groupKey } from './predicates';
import { bindQuery, namedColumns } from './query';
import { reference, Scope, type BoundColumn, type BoundSource } from './scope';

/** DuckDB's optimizer takes minutes for a hundred joined tables and cannot be cancelled meanwhile. */
const MOST_SOURCES = 64;

/** ` FROM …` (or '') and the sources put into `scope`. */
export function bindSources(b: Binder, scope: Scope, from: readonly Source[]): string {
  if (!from.length) return '';
  const parts = from.map((source) => bindSource(b, scope, source, false));
  if (scope.sources.length > MOST_SOURCES) throw notSupported(`A FROM clause with more than ${MOST_SOURCES} tables`);
  const exposed = scope.sources.map((s) => s.exposed.join('.').toLowerCase());
  const twice = exposed.find((name, i) => name && exposed.indexOf(name) !== i);
  if (twice)
    throw new TSqlError(
      1013,
      `The objects "${twice}" and "${twice}" in the FROM clause have the same exposed names. Use correlation names to distinguish them.`,
    );
  return ` FROM ${parts.join(' CROSS JOIN ')}`;
}

/** One source; `lateral` lets it see the sources before it (APPLY). */
export function bindSource(b: Binder, scope: Scope, source: Source, lateral: boolean): string {
  const outer = lateral ? scope : scope.parent;
  switch (source.kind) {
    case 'join':
      return bindJoin(b, scope, source);
    case 'table':
      return bindTable(b, scope, source.name, source.alias);
    case 'derived': {
      const query = bindQuery(b, source.query, outer);
      return add(b, scope, query.sql, namedColumns(query.columns, source.columns, source.alias), [source.alias]);
    }
    case 'values':
      return bindValues(b, scope, source, outer);
    case 'function':
      return bindFunction(b, scope, source, outer);
    case 'openjson':
      return bindOpenJson(b, scope, source, outer);
    case 'openrowset': {
      const files = b.env.files(source);
      const columns = source.names
        ? files.columns.map((c, i) => ({ ...c, name: source.names![i] ?? c.name }))
        : files.columns;
      return addFiles(b, scope, files, columns, source.alias === undefined ? [] : [source.alias]);
    }
    case 'pivot':
      return bindPivot(b, scope, source, lateral);
    case 'unpivot':
      return bindUnpivot(b, scope, source, lateral);
  }
}

/** `(sql) AS t1("a", "b")` */
function add(
  b: Binder,
  scope: Scope,
  sql: string,
  columns: readonly BoundColumn[],
  exposed: Name,
  more: Partial<BoundSource> = {},
): string {
  const alias = freshAlias(b);
  scope.sources.push({ alias, exposed, columns, ...more });
  return `(${sql}) AS ${alias}(${columns.map((c) => ident(c.name)).join(', ')})`;
}
function addFiles(
  b: Binder,
  scope: Scope,
  files: FileSource,
  columns: readonly { name: string; type: SqlType; nullable: boolean; collation?: string }[],
  exposed: Name,
): string {
  const alias = freshAlias(b);
  const bound = columns.map(
    (c, i): BoundColumn => ({
      name: c.name,
      type: c.type,
      nullable: c.nullable,
      sql: `${alias}.${ident(files.columns[i]!.name)}`,
      ...(c.collation ? { collation: collationOf(c.collation) } : {}),
    }),
  );
  scope.sources.push({ alias, exposed, columns: bound, pathColumn: files.pathColumn, pathPattern: files.pathPattern });
  return `${files.sql} AS ${alias}`;
}

function bindJoin(b: Binder, scope: Scope, source: Extract<Source, { kind: 'join' }>): string {
  const left = bindSource(b, scope, source.left, false);
  const first = scope.sources.length;
  if (source.join === 'cross apply' || source.join === 'outer apply') {
    const right = bindSource(b, scope, source.right, true);
    if (source.join === 'cross apply') return `${left} CROSS JOIN LATERAL ${right}`;
    nullableFrom(scope, first);
    return `${left} LEFT JOIN LATERAL ${right} ON TRUE`;
  }
  const start = scope.sources.length;
  const right = bindSource(b, scope, source.right, false);
  const wrapped = source.right.kind === 'join' ? `(${right})` : right;
  if (source.join === 'cross') return `${left} CROSS JOIN ${wrapped}`;
  const on = scope.within('ON', () => condition(b, scope, source.on!));
  if (source.join === 'left' || source.join === 'full') nullableFrom(scope, start);
  if (source.join === 'right' || source.join === 'full') for (let i = 0; i < start; i++) nullableAt(scope, i);
  return `${left} ${source.join.toUpperCase()} JOIN ${wrapped} ON ${on}`;
}
/** The side of an outer join that may be missing gives NULLs. */
function nullableFrom(scope: Scope, first: number): void {
  for (let i = first; i < scope.sources.length; i++) nullableAt(scope, i);
}
function nullableAt(scope: Scope, i: number): void {
  const source = scope.sources[i]!;
  scope.sources[i] = { ...source, columns: source.columns.map((c) => ({ ...c, nullable: true })) };
}

/** A name in FROM: common table expression, table, view, external table or system view. */
export function bindTable(b: Binder, scope: Scope, name: Name, alias: string | undefined): string {
  if (name.length === 1) {
    const cte = b.ctes.at(-1)?.get(name[0]!.toLowerCase());
    if (cte === 'being defined') throw refusedByPool('A recursive common table expression');
    if (cte) {
      const own = freshAlias(b);
      scope.sources.push({ alias: own, exposed: [alias ?? name[0]!], columns: cte.columns });
      return `${cte.alias} AS ${own}`;
    }
  }
  const exposed = alias === undefined ? name.filter((part, i) => part !== '' || i > 0) : [alias];
  const view = b.env.systemView(name);
  if (view) {
    const own = freshAlias(b);
    scope.sources.push({
      alias: own,
      exposed,
      columns: view.columns.map((c) => ({ name: c.name, type: c.type, nullable: c.nullable ?? true })),
    });
    return `(${view.sql}) AS ${own}(${view.columns.map((c) => ident(c.name)).join(', ')})`;
  }
  const object = b.env.object(name);
  if (object?.kind === 'IF')
    throw new TSqlError(216, `Parameters were not supplied for the function '${name.filter(Boolean).join('.')}'.`);
  if (!object || !['U', 'V', 'ET'].includes(object.kind)) throw invalidObject(name.filter(Boolean).join('.'));
  return bindObject(b, scope, object, exposed);
}

export const physicalName = (object: ObjectInfo): string =>
  object.temp ? ident(object.name) : `${ident(object.schema)}.${ident(object.name)}`;

export function bindObject(b: Binder, scope: Scope, object: ObjectInfo, exposed: Name): string {
  const closed = b.env.closedColumns(object);
  if (object.kind !== 'U' && closed.size) b.env.demand('SELECT', object);
  if (object.kind === 'V') return bindView(b, scope, object, exposed);
  if (object.kind === 'ET') {
    const files = b.env.externalTable(object);
    return addFiles(b, scope, files, files.columns, exposed);
  }
  const alias = freshAlias(b);
  const masked = b.env.masked(object);
  const columns = object.columns.map(
    (c): BoundColumn => ({
      name: c.name,
      type: c.type,
      nullable: c.nullable,
      ...(c.collation ? { collation: collationOf(c.collation) } : {}),
      ...(c.identity ? { identity: true } : {}),
      ...(masked && c.mask ? { mask: c.mask } : {}),
      ...(closed.has(c.name) ? { closed: `${object.schema}.${object.name}` } : {}),
    }),
  );
  scope.sources.push({ alias, exposed, columns, rowid: `${alias}.rowid`, object: object.id });
  const filter = policyFilter(b, object, columns);
  return filter
    ? `(SELECT p.*, p.rowid FROM ${physicalName(object)} AS p WHERE ${filter}) AS ${alias}`
    : `${physicalName(object)} AS ${alias}`;
}

/** Row-level security: every filter predicate must give a row for the row. */
function policyFilter(b: Binder, object: ObjectInfo, columns: readonly BoundColumn[]): string | undefined {
  const policies = b.env.policies(object);
  if (!policies.length) return undefined;
  const source: BoundSource = { alias: 'p', exposed: ['p'], columns };
  return policies
    .map((policy) => {
      const args = policy.args.map((name) => {
        const found = columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
        if (!found) throw new TSqlError(207, `Invalid column name '${name}'.`);
        return reference(source, found);
      });
      const query = b.env.asOwner(() => inlineFunction(b, policy.function, args));
      return `EXISTS (${query.sql})`;
    })
    .join(' AND ');
}

function bindView(b: Binder, scope: Scope, view: ObjectInfo, exposed: Name): string {
  const module = b.env.module(view);
  const outer = b.ctes.splice(0);
  try {
    const query = b.env.asOwner(() => bindQuery(b, module.query!, undefined, {}));
    return add(
      b,
      scope,
      query.sql,
      namedColumns(
        query.columns.slice(0, view.columns.length),
        view.columns.map((c) => c.name),
        view.name,
      ),
      exposed,
    );
  } finally {
    b.ctes.push(...outer);
  }
}

/** The query of an inline table function with its parameters replaced by `args`. */
export function inlineFunction(
  b: Binder,
  object: ObjectInfo,
  args: readonly Typed[],
): { sql: string; columns: readonly OutputColumn[] } {
  const module = b.env.module(object);
  const statement = module.body[0];
  const query: Query | undefined = statement?.kind === 'return' ? statement.query : undefined;
  if (!query) throw notSupported(`Function ${object.schema}.${object.name}`);
  const outer = b.ctes.splice(0);
  b.parameters.push(bindParameters(b, object, args));
  try {
    return bindQuery(b, query, undefined);
  } finally {
    b.parameters.pop();
    b.ctes.push(...outer);
  }
}
export function bindParameters(
  b: Binder,
  object: ObjectInfo,
  args: readonly (Typed | undefined)[],
): Map<string, Typed> {
  const { parameters } = b.env.module(object);
  if (args.length < parameters.length)
    throw new TSqlError(
      313,
      `An insufficient number of arguments were supplied for the procedure or function ${object.schema}.${object.name}.`,
      3,
    );
  if (args.length > parameters.length)
    throw new TSqlError(
      8144,
      `Procedure or function ${object.schema}.${object.name} has too many arguments specified.`,
      3,
    );
  return new Map(
    parameters.map((p, i) => {
      const given = args[i] ?? (p.default ? expr(b, new Scope(undefined), p.default) : undefined);
      if (!given)
        throw new TSqlError(
          201,
          `Procedure or function '${object.name}' expects parameter '${p.name}', which was not supplied.`,
          4,
        );
      return [p.name.toLowerCase(), { ...convert(given, resolveType(p.type)), column: undefined }];
    }),
  );
}

function bindFunction(
  b: Binder,
  scope: Scope,
  source: Extract<Source, { kind: 'function' }>,
  outer: Scope | undefined,
): string {
  const { call } = source;
  const argumentScope = outer ?? new Scope(undefined);
  const upper = call.name.at(-1)!.toUpperCase();
  if (call.name.length === 1) {
    if (upper === 'STRING_SPLIT') return bindStringSplit(b, scope, source, argumentScope);
    if (upper === 'GENERATE_SERIES') throw new TSqlError(208, "Invalid object name 'GENERATE_SERIES'.");
  }
  const object = b.env.object(call.name);
  if (!object || object.kind !== 'IF') throw invalidObject(call.name.join('.'));
  b.env.demand('SELECT', object);
  const args = call.args.map((arg) =>
    arg.kind === 'literal' && arg.type === 'default' ? undefined : expr(b, argumentScope, arg),
  );
  const module = b.env.module(object);
  const query = b.env.asOwner(() =>
    inlineFunction(
      b,
      object,
      args.map((x, i) => x ?? expr(b, argumentScope, module.parameters[i]!.default!)),
    ),
  );
  return add(
    b,
    scope,
    query.sql,
    namedColumns(query.columns, source.columns, object.name),
    source.alias === undefined ? call.name : [source.alias],
  );
}

function bindStringSplit(b: Binder, scope: Scope, source: Extract<Source, { kind: 'function' }>, outer: Scope): string {
  const [text, separator, ordinal] = source.call.args.map((arg) => expr(b, outer, arg));
  if (!text || !separator)
    throw new TSqlError(
      313,
      'An insufficient number of arguments were supplied for the procedure or function STRING_SPLIT.',
      3,
    );
  if (separator.literal !== undefined && separator.literal.length !== 1)
    throw new TSqlError(214, "Procedure expects parameter 'separator' of type 'nchar(1)/nvarchar(1)'.", 11);
  const value = convert(text, isString(text.type) ? { ...text.type, length: MAX } : nvarchar(MAX));
  const columns: BoundColumn[] = [
    { name: 'value', type: { ...value.type, length: text.type.length ?? MAX }, nullable: true },
  ];
  const rows = `tsql.split_rows(${value.sql}, ${separator.sql})`;
  const names = source.columns ? source.columns.map((name, i) => ({ ...columns[i]!, name })) : columns;
  if (ordinal?.literal === '1') {
    names.push({ name: 'ordinal', type: { name: 'bigint' }, nullable: true });
    return add(b, scope, `SELECT unnest(${rows}), CAST(generate_subscripts(${rows}, 1) AS BIGINT)`, names, [
      source.alias ?? 'STRING_SPLIT',
    ]);
  }
  return add(b, scope, `SELECT unnest(${rows})`, names, [source.alias ?? 'STRING_SPLIT']);
}

function bindValues(
  b: Binder,
  scope: Scope,
  source: Extract<Source, { kind: 'values' }>,
  outer: Scope | undefined,
): string {
  const rowScope = outer ?? new Scope(undefined);
  const rows = source.rows.map((row) => row.map((cell) => expr(b, rowScope, cell)));
  const columns = rows[0]!.map((_, i) => same(rows.map((row) => row[i]!)));
  const outputs = columns.map(
    (cells): OutputColumn => ({ sql: '', name: '', type: cells[0]!.type, nullable: cells.some((c) => c.nullable) }),
  );
  const lateral = rows.map((_, r) => `SELECT ${columns.map((cells) => cells[r]!.sql).join(', ')}`);
  return add(b, scope, lateral.join(' UNION ALL '), namedColumns(outputs, source.columns, source.alias), [
    source.alias,
  ]);
}

function bindOpenJson(
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
      `SELECT e.k, e.v, CAST(e.t AS UTINYINT) FROM (SELECT unnest(tsql.json_pairs(${json}, ${path})) AS e)`,
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
    if (column.asJson)
      return `CASE WHEN json_type(e, ${own.sql}) IN ('OBJECT', 'ARRAY') THEN CAST(json_extract(e, ${own.sql}) AS VARCHAR) END`;
    const text: Typed = {
      sql: `tsql.json_scalar(json_extract(e, ${own.sql}))`,
      type: nvarchar(MAX),
      nullable: true,
    };
    return convert(text, type).sql;
  });
  return add(
    b,
    scope,
    `SELECT ${items.join(', ')} FROM (SELECT unnest(tsql.json_rows(${json}, ${path})) AS e)`,
    columns,
    exposed,
  );
}

/** PIVOT groups by every column that is neither aggregated nor spread. */
function bindPivot(b: Binder, scope: Scope, source: Extract<Source, { kind: 'pivot' }>, lateral: boolean): string {
  const inner = new Scope(lateral ? scope : scope.parent);
  const from = bindSource(b, inner, source.source, lateral);
  const all = inner.sources.flatMap((s) => s.columns.map((c) => reference(s, c)));
  const spread = inner.column([source.column]);
  const measured = source.aggregate.args[0]!;
  if (measured.kind !== 'column') throw notSupported('PIVOT over an expression');
  const measure = inner.column(measured.parts);
  const keys = all.filter((c) => c.sql !== spread.sql && c.sql !== measure.sql);
  const columns: BoundColumn[] = keys.map((c) => ({ name: c.column!, type: c.type, nullable: c.nullable }));
  const items = keys.map((c) => groupKey(c));
  inner.grouping = { keys: new Map(), complex: false };
  for (const value of source.values) {
    const equal = convert(
      { sql: quote(value), type: nvarchar(Math.max(1, value.length)), nullable: false, literal: value },
      isString(spread.type) ? nvarchar(4000) : spread.type,
    );
    const hit = isString(spread.type)
      ? `rtrim(${spread.sql}, ' ') = ${quote(value.replace(/ +$/, ''))}`
      : `${spread.sql} = ${equal.sql}`;
    const found = aggregateCall(b, inner, source.aggregate, hit);
    items.push(found.sql);
    columns.push({ name: value, type: found.type, nullable: true });
  }
  const group = keys.length ? ` GROUP BY ${keys.map((c) => groupKey(c)).join(', ')}` : '';
  return add(b, scope, `SELECT ${items.join(', ')} FROM ${from}${group}`, columns, [source.alias]);
}

function bindUnpivot(b: Binder, scope: Scope, source: Extract<Source, { kind: 'unpivot' }>, lateral: boolean): string {
  const inner = new Scope(lateral ? scope : scope.parent);
  const from = bindSource(b, inner, source.source, lateral);
  const all = inner.sources.flatMap((s) => s.columns.map((c) => reference(s, c)));
  const spread = source.columns.map((name) => inner.column([name]));
  const type = spread[0]!.type;
  if (
    spread.some(
      (c) =>
        c.type.name !== type.name ||
        c.type.length !== type.length ||
        c.type.precision !== type.precision ||
        c.type.scale !== type.scale,
    )
  ) {
    const odd = spread.findIndex((c) => c.type.name !== type.name || c.type.length !== type.length);
    throw new TSqlError(
      8167,
      `The type of column "${source.columns[odd < 0 ? 1 : odd]}" conflicts with the type of other columns specified in the UNPIVOT list.`,
    );
  }
  const kept = all.filter((c) => !spread.some((s) => s.sql === c.sql));
  const columns: BoundColumn[] = [
    ...kept.map((c) => ({ name: c.column!, type: c.type, nullable: c.nullable })),
    { name: source.value, type, nullable: true },
    { name: source.column, type: nvarchar(128), nullable: true },
  ];
  const rows = spread.map((c, i) => {
    const items = [...kept.map((k) => k.sql), c.sql, quote(source.columns[i]!)];
    return `SELECT ${items.join(', ')} FROM ${from} WHERE ${c.sql} IS NOT NULL`;
  });
  return add(b, scope, rows.join(' UNION ALL '), columns, [source.alias]);
}
export { BIT, INT };
