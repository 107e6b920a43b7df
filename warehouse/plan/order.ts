import type { Action, Graph } from '../graph/model';

/**
 * The nodes of a run: the selected actions, without assertions that their selected model runs itself. Disabled actions stay, so
 * that a person sees them.
 */
export function runNodes(graph: Graph, selected: readonly string[]): string[] {
  const chosen = new Set(selected);
  return selected.filter((id) => {
    const action = graph.actions.get(id)!;
    return !(action.kind === 'assertion' && action.parent && chosen.has(action.parent));
  });
}

/**
 * What must be done before `id`, as nodes of the run: an assertion of a config block stands for its model, and what is not
 * selected is passed through, so that the order holds even where a link in the middle was left out.
 */
export function dependenciesIn(graph: Graph, nodes: ReadonlySet<string>, id: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>([id]);
  const visit = (action: Action | undefined): void => {
    for (const name of action?.dependencies ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      const before = graph.actions.get(name);
      const node = nodes.has(name) ? name : before?.kind === 'assertion' ? before.parent : undefined;
      if (node && node !== id && nodes.has(node)) found.add(node);
      else visit(before);
    }
  };
  visit(graph.actions.get(id));
  return [...found];
}

/** The nodes so that each stands after its dependencies; ties keep the order of the graph. */
export function inOrder(graph: Graph, nodes: readonly string[]): string[] {
  const set = new Set(nodes);
  const done = new Set<string>();
  const ordered: string[] = [];
  const visit = (root: string): void => {
    const stack: [string, boolean][] = [[root, false]];
    while (stack.length) {
      const [id, after] = stack.pop()!;
      if (after) ordered.push(id);
      else if (!done.has(id)) {
        done.add(id);
        stack.push([id, true]);
        for (const name of dependenciesIn(graph, set, id).reverse()) if (!done.has(name)) stack.push([name, false]);
      }
    }
  };
  nodes.forEach(visit);
  return ordered;
}
