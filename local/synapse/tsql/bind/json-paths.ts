/** Finds the JSON_VALUE calls of a select that read one document by literal paths: the document is then parsed once for all of them. */
import type { Expr, Select } from '../syntax/ast';

/** Document (as JSON of its syntax tree) to the paths read from it. */
export function collectJsonPaths(select: Select): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const item of select.items) if (item.kind !== 'star') visit(item.expr, found);
  return found;
}
export const documentKey = (node: Expr): string =>
  JSON.stringify(node, (name, value: unknown) => (name === 'line' ? undefined : value));

function visit(node: unknown, found: Map<string, string[]>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) visit(child, found);
    return;
  }
  const { kind } = node as { kind?: string };
  if (kind === 'query') return;
  if (kind === 'call') {
    const call = node as Extract<Expr, { kind: 'call' }>;
    const [document, path] = call.args;
    if (
      call.name.length === 1 &&
      call.name[0]!.toUpperCase() === 'JSON_VALUE' &&
      document &&
      path?.kind === 'literal'
    ) {
      const key = documentKey(document);
      const paths = found.get(key) ?? [];
      if (!paths.includes(path.text)) paths.push(path.text);
      found.set(key, paths);
    }
  }
  for (const child of Object.values(node)) visit(child, found);
}
