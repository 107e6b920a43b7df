import { ExitCode, MedStreamError } from '../../common/errors';
import type { Action, Graph } from '../graph/model';
import { nearestNames } from '../graph/nearest';
import { matchesTerm, parseTerm, type Term } from './term';

export interface Selection {
  /** `--select`: space = union, comma = intersection. */
  select?: readonly string[];
  exclude?: readonly string[];
  /** `--actions`: names, `schema.name` or `database.schema.name`, comma or space between them; `*` stands for any text. */
  actions?: readonly string[];
  tags?: readonly string[];
  includeDeps?: boolean;
  includeDependents?: boolean;
}

/**
 * The ids of the selected actions, in the order of the graph. Without any selector: all.
 * @throws MedStreamError MS4002 (exit 2) for a selector that matches nothing, with near names.
 */
export function selectActions(graph: Graph, selection: Selection): string[] {
  const links = new Links(graph);
  const wanted = new Set<string>();
  const selectors = splitUnion(selection.select);
  const named = splitUnion(selection.actions).flatMap((text) => text.split(',').filter(Boolean));
  const tags = splitUnion(selection.tags).flatMap((text) => text.split(',').filter(Boolean));
  if (!selectors.length && !named.length && !tags.length) for (const id of graph.actions.keys()) wanted.add(id);
  for (const selector of selectors) addAll(wanted, evaluate(selector, graph, links));
  for (const name of named) addAll(wanted, evaluate(name, graph, links, true));
  for (const tag of tags) addAll(wanted, evaluate(`tag:${tag}`, graph, links));
  if (selection.includeDeps) for (const id of Array.from(wanted)) addAll(wanted, links.ancestors(id));
  if (selection.includeDependents) for (const id of Array.from(wanted)) addAll(wanted, links.descendants(id));
  for (const selector of splitUnion(selection.exclude))
    for (const id of evaluate(selector, graph, links)) wanted.delete(id);
  if (!wanted.size) throw nothingSelected('Nothing is left to do: --exclude takes away all that was selected.');
  return [...graph.actions.keys()].filter((id) => wanted.has(id));
}

function splitUnion(texts: readonly string[] = []): string[] {
  return texts.flatMap((text) => text.split(/\s+/)).filter(Boolean);
}

function addAll(set: Set<string>, ids: Iterable<string>): void {
  for (const id of ids) set.add(id);
}

function evaluate(selector: string, graph: Graph, links: Links, nameOnly = false): Set<string> {
  const terms = nameOnly
    ? [{ ...parseTerm(''), pattern: selector }]
    : selector.split(',').filter(Boolean).map(parseTerm);
  let result: Set<string> | undefined;
  for (const term of terms) {
    const matched = expand(term, graph, links, selector);
    result = result ? new Set([...result].filter((id) => matched.has(id))) : matched;
  }
  if (!result?.size)
    throw nothingSelected(`The selector "${selector}" matches nothing.`, near(terms[0]?.pattern ?? '', graph));
  return result;
}

function expand(term: Term, graph: Graph, links: Links, selector: string): Set<string> {
  const matched = [...graph.actions.values()].filter((action) => matchesTerm(term, action)).map(({ id }) => id);
  const declared = term.method === 'name' ? declarationsNamed(term, graph) : [];
  if (!matched.length && !(declared.length && (term.after || term.neighbourhood)))
    throw nothingSelected(`The selector "${selector}" matches nothing.`, near(term.pattern, graph, term.method));
  const result = new Set(matched);
  for (const id of [...matched, ...declared]) {
    if (term.before) addAll(result, links.ancestors(id, term.before));
    if (term.after) addAll(result, links.descendants(id, term.after));
    if (term.neighbourhood) {
      addAll(result, links.descendants(id));
      for (const below of [id, ...links.descendants(id)]) addAll(result, links.ancestors(below));
    }
  }
  return result;
}

function declarationsNamed(term: Term, graph: Graph): string[] {
  return [...graph.declarations.values()]
    .filter((declaration) => matchesTerm(term, { ...declaration, tags: [], kind: 'table' } as unknown as Action))
    .map(({ id }) => id);
}

function near(pattern: string, graph: Graph, method: Term['method'] = 'name'): string[] {
  if (method === 'tag')
    return nearestNames(
      pattern,
      [...graph.actions.values()].flatMap(({ tags }) => tags),
    ).map((t) => `tag:${t}`);
  if (method === 'path')
    return nearestNames(
      pattern,
      [...graph.actions.values()].map(({ file }) => file),
    ).map((f) => `path:${f}`);
  return nearestNames(pattern, graph.actions.keys());
}

function nothingSelected(what: string, names: readonly string[] = []): MedStreamError {
  return new MedStreamError({
    code: 'MS4002',
    what,
    next: names.length ? `Did you mean ${names.join(' or ')}?` : '`medstream ls` lists all names, tags and paths.',
    exitCode: ExitCode.usage,
  });
}

/** Who depends on whom; an assertion of a config block counts as part of its model. */
class Links {
  private readonly up = new Map<string, string[]>();
  private readonly down = new Map<string, string[]>();

  constructor(private readonly graph: Graph) {
    for (const action of graph.actions.values()) {
      this.up.set(action.id, [...action.dependencies]);
      for (const before of action.dependencies) this.down.set(before, [...(this.down.get(before) ?? []), action.id]);
    }
  }

  ancestors(id: string, depth = Infinity): Set<string> {
    return this.walk(id, this.up, depth);
  }

  descendants(id: string, depth = Infinity): Set<string> {
    return this.walk(id, this.down, depth);
  }

  private walk(start: string, links: ReadonlyMap<string, readonly string[]>, depth: number): Set<string> {
    const found = new Set<string>();
    let edge = [start];
    for (let level = 0; level < depth && edge.length; level++) {
      edge = edge.flatMap((id) => links.get(id) ?? []).filter((id) => !found.has(id) && id !== start);
      for (const id of edge) found.add(id);
    }
    return new Set([...found].filter((id) => this.graph.actions.has(id)));
  }
}
