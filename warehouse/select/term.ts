import type { Action } from '../graph/model';

/** One term of a selector: `+model+`, `2+model`, `@model`, `tag:x`, `path:x`, `schema:x`, `kind:x`. */
export interface Term {
  readonly method: 'name' | 'tag' | 'path' | 'schema' | 'kind';
  readonly pattern: string;
  /** Levels of dependencies to add; Infinity for `+`, 0 for none. */
  readonly before: number;
  /** Levels of dependents to add. */
  readonly after: number;
  /** `@`: the dependents, and all that they depend on. */
  readonly neighbourhood: boolean;
}

export function parseTerm(text: string): Term {
  const match = /^(@)?(?:(\d*)(\+))?(?:(tag|path|schema|kind):)?(.*?)(?:(\+)(\d*))?$/.exec(text)!;
  const [, at, beforeLevels, before, method, pattern, after, afterLevels] = match;
  return {
    method: (method as Term['method'] | undefined) ?? 'name',
    pattern: pattern ?? '',
    before: before ? Number(beforeLevels || Infinity) : 0,
    after: after ? Number(afterLevels || Infinity) : 0,
    neighbourhood: Boolean(at),
  };
}

/** True when the action itself (not what is around it) fits the term. */
export function matchesTerm({ method, pattern }: Term, action: Action): boolean {
  const like = likeness(pattern);
  switch (method) {
    case 'tag':
      return action.tags.some((tag) => like(tag));
    case 'path': {
      const folder = pattern.replace(/^\.\//, '').replace(/\/$/, '');
      return action.file === folder || action.file.startsWith(`${folder}/`) || like(action.file);
    }
    case 'schema':
      return like(action.target.schema);
    case 'kind':
      return like(action.kind);
    case 'name': {
      const { database, schema, name } = action.target;
      return (
        like(name) || like(`${schema}.${name}`) || (database !== undefined && like(`${database}.${schema}.${name}`))
      );
    }
  }
}

/** Equal, letter case aside; `*` stands for any text. */
function likeness(pattern: string): (text: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 'i');
  return (text) => expression.test(text);
}
