import { conflict, StorageError } from './errors';
import type { Entry } from './store';

export interface ConditionOptions {
  /** A read answers 304 where a change answers 412. */
  read?: boolean;
  /** '' or, for the source of a rename, 'x-ms-source-'. */
  prefix?: string;
  /** The error code for `If-None-Match: *` on what exists (409); without it the answer is 412. */
  exists?: 'PathAlreadyExists' | 'BlobAlreadyExists';
}

/**
 * Checks the conditional headers of a request against the path as it is now.
 * @throws StorageError 304, 409 or 412 (Microsoft Learn: "Specify conditional headers").
 */
export function checkConditions(
  headers: ReadonlyMap<string, string>,
  entry: Entry | undefined,
  options: ConditionOptions = {},
): void {
  const header = (name: string) => headers.get((options.prefix ?? '') + name);
  const ifMatch = header('if-match');
  const ifNoneMatch = header('if-none-match');
  if (ifMatch !== undefined && !(entry && matches(ifMatch, entry.etag))) throw failed();
  if (ifNoneMatch !== undefined && entry && matches(ifNoneMatch, entry.etag)) {
    if (ifNoneMatch === '*' && options.exists) throw conflict(options.exists, 'The specified path already exists.');
    throw options.read ? unchanged() : failed();
  }
  if (!entry) return;
  const modified = Math.floor(entry.modified.getTime() / 1000) * 1000;
  const since = time(header('if-modified-since'));
  if (since !== undefined && modified <= since) throw options.read ? unchanged() : failed();
  const until = time(header('if-unmodified-since'));
  if (until !== undefined && modified > until) throw failed();
}

/** Listings give ETags without quotes and clients send them back so: both forms match. */
function matches(condition: string, etag: string): boolean {
  if (condition === '*') return true;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '').replaceAll('"', '');
  return condition.split(',').some((tag) => bare(tag) === bare(etag));
}

function time(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}

function failed(): StorageError {
  return new StorageError(
    412,
    'ConditionNotMet',
    'The condition specified using HTTP conditional header(s) is not met.',
  );
}

function unchanged(): StorageError {
  return new StorageError(304, 'ConditionNotMet', 'The resource has not changed.');
}
