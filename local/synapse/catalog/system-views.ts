/** sys.* and INFORMATION_SCHEMA: found by name, each one DuckDB SQL over the catalog's tables or rows of the session's memory. */
import type { SqlType, Surface } from '../contract';
import type { SystemView } from '../tsql/bind/env';
import type { Name } from '../tsql/syntax/ast';
import type { State } from '../tsql/run/state';
import { parseShape } from './shape';
import { COMPATIBILITY_VIEWS } from './views-compatibility';
import { withConstants } from './views-constant';
import { DYNAMIC_VIEWS } from './views-dynamic';
import { DERIVED_VIEWS } from './views-derived';
import { EMPTY_VIEWS } from './views-empty';
import { INFORMATION_SCHEMA } from './views-information';
import { OBJECT_VIEWS } from './views-objects';
import { SECURITY_VIEWS } from './views-security';
import { DISTRIBUTION_VIEWS } from './views-distributions';
import { EXTERNAL_VIEWS } from './views-external';
import { ROW_GROUP_VIEWS } from './views-row-groups';
import { STORAGE_VIEWS } from './views-storage';
import { WORKLOAD_VIEWS } from './views-workload';

/** `columns` as `name type, …` (`name type!` is not nullable). */
export interface ViewDefinition {
  readonly columns: string;
  sql(state: State): string;
}
const ALL: ReadonlyMap<string, ViewDefinition> = new Map(
  [
    OBJECT_VIEWS,
    STORAGE_VIEWS,
    DISTRIBUTION_VIEWS,
    ROW_GROUP_VIEWS,
    EXTERNAL_VIEWS,
    SECURITY_VIEWS,
    DYNAMIC_VIEWS,
    DERIVED_VIEWS,
    WORKLOAD_VIEWS,
    EMPTY_VIEWS,
    INFORMATION_SCHEMA,
  ].flatMap((views) => Object.entries(views).map(([id, view]) => [id, withConstants(id, view)] as const)),
);
const shapes = new Map<string, readonly { name: string; type: SqlType; nullable: boolean }[]>();

export function systemView(state: State, written: Name): SystemView | undefined {
  const name = oldName(state, written);
  if (name.length < 2) return undefined;
  const schema = name.at(-2)!.toLowerCase();
  if (schema !== 'sys' && schema !== 'information_schema') return undefined;
  const id = `${schema}.${name.at(-1)!.toLowerCase()}`;
  const view = ALL.get(id) ?? older(state.surface)[id];
  if (!view) return undefined;
  return { sql: view.sql(state), columns: shapeOf(id, view) };
}
function shapeOf(id: string, view: ViewDefinition): readonly { name: string; type: SqlType; nullable: boolean }[] {
  const columns = shapes.get(id) ?? parseShape(view.columns);
  shapes.set(id, columns);
  return columns;
}
/** `sysobjects`, `dbo.sysobjects` and `db..sysobjects` are all sys.sysobjects on SQL Server's surface. */
function oldName(state: State, name: Name): Name {
  const schema = (name.length > 1 ? name.at(-2)! : '').toLowerCase();
  const isOld = state.surface === 'server' && (schema === '' || schema === 'dbo');
  const last = name.at(-1)!;
  return isOld && COMPATIBILITY_VIEWS[`sys.${last.toLowerCase()}`] ? ['sys', last] : name;
}
/** The views of old SQL Servers: a pool has those of objects, columns, types, users and databases. */
const older = (surface: Surface): Readonly<Record<string, ViewDefinition>> =>
  surface === 'server' ? COMPATIBILITY_VIEWS : IN_POOLS;
const IN_POOLS = Object.fromEntries(
  Object.entries(COMPATIBILITY_VIEWS).filter(([id]) => /^sys\.sys(objects|columns|types|users|databases)$/.test(id)),
);
/** Names for sys.system_objects and sys.system_views. */
export const systemViewNames = (surface: Surface): string[] => [...ALL.keys(), ...Object.keys(older(surface))];
/** Their columns, in the same order. */
export const systemShapes = (surface: Surface): ReturnType<typeof shapeOf>[] =>
  systemViewNames(surface).map((id) => shapeOf(id, ALL.get(id) ?? COMPATIBILITY_VIEWS[id]!));
