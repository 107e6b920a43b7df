/** The FROM clause to DuckDB. */
import { type SqlType, TSqlError } from '../../contract';
import { notSupported } from '../errors';
import type { Name, Source } from '../syntax/ast';
import { ident } from '../types/typed';
import { type Binder, freshAlias, type OutputColumn } from './binder';
import type { FileSource } from './env';
import { collationOf, condition, expr, same } from './expr';
import { bindQuery, namedColumns } from './query';
import { type BoundColumn, type BoundSource, Scope } from './scope';
import { bindTable } from './tables';
import { bindFunction } from './table-functions';
import { bindOpenJson } from './openjson';
import { bindPivot, bindUnpivot } from './pivot';

/** DuckDB's optimizer takes minutes for a hundred joined tables and cannot be cancelled meanwhile. */
const MOST_SOURCES = 64;

/** ` FROM …` (or '') and the sources put into `scope`. */
export function bindSources(b: Binder, scope: Scope, from: readonly Source[]): string {
  if (!from.length) return '';
  const parts = from.map((source) => bindSource(b, scope, source, false));
  if (scope.sources.length > MOST_SOURCES) throw notSupported(`A FROM clause with more than ${MOST_SOURCES} tables`);
  const exposed = scope.sources.map((s) => s.exposed.join('.').toLowerCase());
  const twice = exposed.find((name, i) => name && exposed.indexOf(name) !== i);
  const names = from.flatMap(aliases);
  if (twice && names.indexOf(twice) !== names.lastIndexOf(twice))
    throw new TSqlError(1011, `The correlation name '${twice}' is specified multiple times in a FROM clause.`);
  if (twice)
    throw new TSqlError(
      1013,
      `The objects "${twice}" and "${twice}" in the FROM clause have the same exposed names. Use correlation names to distinguish them.`,
    );
  return ` FROM ${parts.join(' CROSS JOIN ')}`;
}

/** The names that a FROM gives its sources by AS, in lower case. */
function aliases(source: Source): string[] {
  if (source.kind === 'join') return [...aliases(source.left), ...aliases(source.right)];
  return source.alias ? [source.alias.toLowerCase()] : [];
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
export function add(
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
export function addFiles(
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
