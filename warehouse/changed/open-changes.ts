import type { Warehouse } from '../connection/warehouse';
import { isModel, type Action, type Graph } from '../graph/model';
import { inOrder } from '../plan/order';
import type { ActionResult } from '../results/model';
import type { Catalog } from '../run/catalog';
import { forgetStates, readStates, saveStates, statesTable, type BuildState } from './build-states';
import { Changes } from './changes';
import { readMarks, type Marks } from './marks';

interface Of {
  graph: Graph;
  runId: string;
  nodes: readonly string[];
  fullRefresh: boolean;
}

/** What differs from the last builds, by the notes in the warehouse. Changes nothing. */
export async function findChanges(warehouse: Warehouse, catalog: Catalog, of: Of): Promise<Changes> {
  const states = catalog.kindOf(statesTable) === 'table' ? await readStates(warehouse) : new Map<string, BuildState>();
  const marks = await marksOf(warehouse, of.graph);
  return new Changes({ ...of, nodes: inOrder(of.graph, of.nodes), states, marks });
}

/**
 * Before a run builds anything: what it may build is not known to be as noted any more, should it be killed.
 * @returns what to build, for a run with `--changed`; any other builds all that is selected
 */
export async function openChanges(
  warehouse: Warehouse,
  catalog: Catalog,
  of: Of & { changed: boolean },
): Promise<Changes | undefined> {
  const changes = of.changed ? await findChanges(warehouse, catalog, of) : undefined;
  if (catalog.kindOf(statesTable) === 'table')
    await forgetStates(warehouse, changes ? [...changes.candidates.keys()] : of.nodes);
  return changes;
}

/** After a run with `--changed`: what was built from what. */
export async function noteChanges(
  warehouse: Warehouse,
  changes: Changes,
  graph: Graph,
  results: readonly ActionResult[],
): Promise<void> {
  const well = new Set(
    results.filter(({ status }) => ['success', 'unchanged'].includes(status)).map(({ action }) => action),
  );
  await saveStates(
    warehouse,
    changes.statesAfter((id) => well.has(id), await marksOf(warehouse, graph)),
  );
}

/** True when the build left what the table held: no row was new, and what its own operations deleted were none. */
export async function leftAsItWas(
  warehouse: Warehouse,
  action: Action,
  verdict: string,
  mark: string | undefined,
): Promise<boolean> {
  if (verdict !== 'nothing new' || !isModel(action)) return false;
  const operations = [...action.incrementalPreOps, ...action.incrementalPostOps].filter((sql) => sql.trim());
  if (!operations.length) return true;
  if (!operations.every(onlyDeletes)) return false;
  return (await readMarks(warehouse, [action.target])).get(action.id) === mark;
}

/** Rows can only have become fewer. */
function onlyDeletes(sql: string): boolean {
  return /^\s*DELETE\b/i.test(sql) && !/\b(?:INSERT|UPDATE|MERGE|EXEC|EXECUTE|TRUNCATE|ALTER)\b/i.test(sql);
}

function marksOf(warehouse: Warehouse, graph: Graph): Promise<Marks> {
  const all = [...graph.actions.values(), ...graph.declarations.values()];
  return readMarks(
    warehouse,
    all.map(({ target }) => target),
  );
}
