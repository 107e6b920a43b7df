import { createHash } from 'node:crypto';
import type { Target } from '../graph/model';

/** Longest identifier of the engine (sysname). */
const maxIdentifier = 128;

/** Suffix of a version that is being built and audited. */
export const nextSuffix = '__next';
/** Suffix of the version before the published one. */
export const previousSuffix = '__prev';
/** Suffix of the view that shows an incremental table as it would be after its merge. */
export const auditSuffix = '__audit';
/** Suffix of the table with the rows that broke an assertion. */
export const rowsSuffix = '__rows';

/** `[name]`, with `]` doubled. */
export function bracket(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** `[schema].[name]`. Two parts: a dedicated pool has no names across databases. */
export function quoted({ schema, name }: Target): string {
  return `${bracket(schema)}.${bracket(name)}`;
}

/** A string literal. */
export function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

/** The target with a suffix on its name; a name that becomes too long is cut and told apart by a hash. */
export function suffixed(target: Target, suffix: string): Target {
  return { ...target, name: fit(target.name, suffix) };
}

/** How core writes a target in compiled SQL. */
export function coreName({ schema, name }: Target): string {
  return `"${schema}"."${name}"`;
}

/** SQL that was compiled against one target, now against another. */
export function retarget(sql: string, from: Target, to: Target): string {
  return sql.replaceAll(coreName(from), coreName(to));
}

function fit(name: string, suffix: string): string {
  if (name.length + suffix.length <= maxIdentifier) return name + suffix;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, maxIdentifier - suffix.length - 9)}_${hash}${suffix}`;
}
