import type { Warehouse } from '../connection/warehouse';
import { isModel, targetId, type Graph, type Model, type Target } from '../graph/model';
import { auditSuffix, bracket, nextSuffix, previousSuffix, quoted, suffixed } from '../sql/names';
import { dropTable, dropView } from '../sql/table';
import type { Catalog } from './catalog';

/**
 * Cleans up after a run that was killed, for every model of the graph (not only the selected ones).
 * `__next` beside the published object was not published: dropped. Without a published object, but with `__prev`, the run died
 * between the two renames, which come after the audit: the publication is completed. `__prev` alone takes its name back.
 * @returns what was done, one line each.
 */
export async function healGraph(warehouse: Warehouse, catalog: Catalog, graph: Graph): Promise<string[]> {
  const healed: string[] = [];
  for (const action of graph.actions.values())
    if (isModel(action)) healed.push(...(await healModel(warehouse, catalog, action)));
  return healed;
}

/** As `healGraph`, for one model. */
export async function healModel(warehouse: Warehouse, catalog: Catalog, model: Model): Promise<string[]> {
  const { target } = model;
  const next = suffixed(target, nextSuffix);
  const previous = suffixed(target, previousSuffix);
  const audit = suffixed(target, auditSuffix);
  const healed: string[] = [];
  if (catalog.kindOf(audit) === 'view') {
    await warehouse.send(dropView(audit), { repeatable: true });
    catalog.set(audit, undefined);
    healed.push(`dropped ${targetId(audit)}`);
  }
  if (!catalog.kindOf(target) && catalog.kindOf(previous) === 'table') {
    const source = catalog.kindOf(next) === 'table' ? next : previous;
    await rename(warehouse, source, target);
    catalog.set(source, undefined);
    catalog.set(target, 'table');
    healed.push(`renamed ${targetId(source)} to ${target.name}`);
  }
  const kind = catalog.kindOf(next);
  if (kind) {
    await warehouse.send(kind === 'table' ? dropTable(next) : dropView(next), { repeatable: true });
    catalog.set(next, undefined);
    healed.push(`dropped ${targetId(next)}`);
  }
  return healed;
}

async function rename(warehouse: Warehouse, from: Target, to: Target): Promise<void> {
  await warehouse.send(`RENAME OBJECT ${quoted(from)} TO ${bracket(to.name)};`);
}
