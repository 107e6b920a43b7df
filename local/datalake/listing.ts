import fs from 'node:fs';
import { badRequest } from './errors';
import type { Entry, Store } from './store';

export interface Listed {
  /** Relative to the folder where the walk began. */
  name: string;
  entry: Entry;
}

export interface WalkOptions {
  recursive: boolean;
  /** Everything up to and including this name was listed before. */
  after?: string;
  /** Only names that begin so; folders that cannot hold one are not read. */
  prefix?: string;
}

/**
 * Lists a folder depth first, each folder in order of names, as the service does.
 * What other programs put into the lake is listed too.
 */
export function* walk(store: Store, key: string, options: WalkOptions): Generator<Listed> {
  const after = options.after ? options.after.split('/') : [];
  yield* walkFolder(store, key, '', after, options);
}

function* walkFolder(
  store: Store,
  key: string,
  base: string,
  after: string[],
  options: WalkOptions,
): Generator<Listed> {
  const { prefix = '' } = options;
  for (const name of namesIn(store.disk(key))) {
    const [first, ...deeper] = after;
    if (first !== undefined && name < first) continue;
    const relative = base ? `${base}/${name}` : name;
    const mayHold = relative.startsWith(prefix) || prefix.startsWith(`${relative}/`);
    if (!mayHold) continue;
    const inside = `${key}/${name}`;
    const entry = store.stat(inside);
    if (!entry) continue;
    const seen = first !== undefined && name === first;
    if (!seen && relative.startsWith(prefix)) yield { name: relative, entry };
    if (entry.directory && options.recursive) yield* walkFolder(store, inside, relative, seen ? deeper : [], options);
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    // Removed by someone else since its parent was read.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Takes at most `limit` items; `next` is the last one's name where there may be more. */
export function page<T>(
  items: Generator<T>,
  limit: number,
  nameOf: (item: T) => string,
): { items: T[]; next?: string } {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length === limit) return { items: taken, next: nameOf(taken.at(-1)!) };
    taken.push(item);
  }
  return { items: taken };
}

/** A continuation token: opaque to the client. */
export function toToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

export function fromToken(token: string | undefined): string | undefined {
  if (!token) return undefined;
  if (!/^[\w-]+$/.test(token)) throw badRequest('InvalidQueryParameterValue', 'The continuation token is not valid.');
  return Buffer.from(token, 'base64url').toString();
}

/** The size of a page: 5000 at most, as on the service. */
export function pageSize(asked: number | undefined): number {
  if (asked === 0) throw badRequest('OutOfRangeQueryParameterValue', 'A page has at least one item.');
  return Math.min(asked ?? 5000, 5000);
}
