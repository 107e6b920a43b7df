/** Tables, views, external tables and system views in FROM, with row-level security. */
import { TSqlError } from '../../contract';
import { invalidObject, refusedByPool } from '../errors';
import type { ObjectInfo } from '../../catalog/model';
import type { Name } from '../syntax/ast';
import { ident } from '../types/typed';
import { type Binder, freshAlias } from './binder';
import { collationOf } from './expr';
import { bindQuery, namedColumns } from './query';
import { type BoundColumn, type BoundSource, reference, Scope } from './scope';
import { add, addFiles } from './sources';
import { inlineFunction } from './table-functions';

/** A name in FROM: common table expression, table, view, external table or system view. */
export function bindTable(b: Binder, scope: Scope, name: Name, alias: string | undefined): string {
  if (name.length === 1) {
    const cte = b.ctes.at(-1)?.get(name[0]!.toLowerCase());
    if (cte === 'being defined') throw refusedByPool('A recursive common table expression');
    if (cte) {
      cte.isRead = true;
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
      // A file of an earlier version holds a moment here, of which DuckDB makes a text of its own.
      ...(c.type.name === 'datetimeoffset' ? { sql: `tsql.dto(CAST(${alias}.${ident(c.name)} AS VARCHAR))` } : {}),
      ...(c.collation ? { collation: collationOf(c.collation) } : {}),
      ...(c.identity ? { identity: { ...c.identity, inherited: true } } : {}),
      ...(c.computed ? { computed: true } : {}),
      ...(masked && c.mask ? { mask: c.mask } : {}),
      ...(closed.has(c.name) ? { closed: `${b.env.database}.${object.schema}.${object.name}` } : {}),
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
