import type { State } from '../tsql/run/state';
import { parseShape } from './shape';
import type { ViewDefinition } from './system-views';

/** A view of the catalog as a table expression `v` with its column names, for views that derive from it. */
export function named(views: Readonly<Record<string, ViewDefinition>>, name: string, state: State): string {
  const view = views[name]!;
  const columns = parseShape(view.columns).map((column) => `"${column.name}"`);
  return `(${view.sql(state)}) AS v(${columns.join(', ')})`;
}
