/**
 * Runs the nodes of a graph, at most `limit` at a time, each after all of its dependencies. Of those that are ready, the one with
 * the longest way below it comes first, by the `weight` of each. `work` gets a node and never throws for a failed node: it says by its result
 * whether what depends on the node may run.
 */
export async function runInOrder<Result>(
  nodes: readonly string[],
  dependencies: (node: string) => readonly string[],
  limit: number,
  work: (node: string) => Promise<Result>,
  weight: (node: string) => number = () => 1,
): Promise<Map<string, Result>> {
  const waiting = new Map<string, Set<string>>();
  const dependents = new Map<string, string[]>();
  const known = new Set(nodes);
  for (const node of nodes) {
    const before = dependencies(node).filter((name) => known.has(name) && name !== node);
    waiting.set(node, new Set(before));
    for (const name of before) dependents.set(name, [...(dependents.get(name) ?? []), node]);
  }
  const depth = depths(nodes, dependents, weight);
  const byDepth = (a: string, b: string): number => depth.get(b)! - depth.get(a)!;
  const ready = nodes.filter((node) => waiting.get(node)!.size === 0).sort(byDepth);
  const results = new Map<string, Result>();
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    let broken = false;
    const start = (): void => {
      if (broken) return;
      if (results.size === nodes.length) return resolve();
      while (running < limit && ready.length) {
        const node = ready.shift()!;
        running++;
        work(node).then(
          (result) => {
            running--;
            results.set(node, result);
            for (const next of dependents.get(node) ?? []) {
              const before = waiting.get(next)!;
              before.delete(node);
              if (before.size === 0) insert(ready, next, byDepth);
            }
            start();
          },
          (error: unknown) => {
            broken = true;
            reject(error);
          },
        );
      }
    };
    start();
  });
  return results;
}

function insert(list: string[], node: string, compare: (a: string, b: string) => number): void {
  const index = list.findIndex((other) => compare(node, other) < 0);
  list.splice(index < 0 ? list.length : index, 0, node);
}

/** Weight of the longest way from each node down. */
function depths(
  nodes: readonly string[],
  dependents: ReadonlyMap<string, readonly string[]>,
  weight: (node: string) => number,
): Map<string, number> {
  const depth = new Map<string, number>();
  for (const root of nodes) {
    const stack: [string, boolean][] = [[root, false]];
    while (stack.length) {
      const [node, done] = stack.pop()!;
      if (depth.has(node)) continue;
      const below = dependents.get(node) ?? [];
      if (done) depth.set(node, weight(node) + Math.max(0, ...below.map((next) => depth.get(next) ?? 0)));
      else
        stack.push(
          [node, true],
          ...below.filter((next) => !depth.has(next)).map((next): [string, boolean] => [next, false]),
        );
    }
  }
  return depth;
}
