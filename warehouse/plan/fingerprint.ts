import { createHash } from 'node:crypto';
import type { Action, Assertion, Graph } from '../graph/model';

/**
 * A hash of everything that shapes what an action builds: queries, operations, physical design and its own assertions.
 * The run id inside SQL (`vars.run_id`) is left out: a new run is no change.
 */
export function fingerprint(graph: Graph, action: Action, runId: string): string {
  const parts: unknown[] = [action.kind];
  if (action.kind === 'assertion') parts.push(action.query);
  else if (action.kind === 'operations') parts.push(action.queries);
  else
    parts.push(
      action.query,
      action.incrementalQuery,
      action.preOps,
      action.postOps,
      action.incrementalPreOps,
      action.incrementalPostOps,
      action.uniqueKey,
      action.kind === 'view' ? '' : action.distribution,
      action.assertions.map((id) => (graph.actions.get(id) as Assertion | undefined)?.query),
    );
  const text = JSON.stringify(parts);
  return createHash('sha256')
    .update(runId ? text.replaceAll(runId, '') : text)
    .digest('hex')
    .slice(0, 16);
}
