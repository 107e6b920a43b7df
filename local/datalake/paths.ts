import path from 'node:path';
import { badRequest } from './errors';

/** Server state beside the containers: uncommitted data, deleted trees on their way out, metadata, the lock. */
export const hiddenFolder = '.datalake';

/** A resource of the lake; `path` is '' for the container itself. */
export interface Resource {
  container: string;
  path: string;
}

const containerName = /^(?:\$root|\$web|\$logs|[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62})$/;

/** Container names as Azure has them: 3 to 63 lower-case letters, digits and single hyphens. */
export function isContainerName(name: string): boolean {
  return containerName.test(name);
}

/**
 * Splits the path of a request, still percent-encoded, into container and path.
 * IP-style URLs carry the account first; the SDK's `move` drops it, so both forms are taken.
 * @throws StorageError 400 for what no file system can hold or what would leave the container.
 */
export function parseResource(rawPath: string, account: string): Resource {
  let segments: string[];
  try {
    segments = rawPath.split('/').map(decodeURIComponent);
  } catch {
    throw badRequest('InvalidUri', 'The path of the request is not valid percent-encoding.');
  }
  segments = segments.filter((segment) => segment !== '');
  if (segments[0] === account) segments.shift();
  const container = segments.shift() ?? '';
  if (container && !isContainerName(container))
    throw badRequest('InvalidResourceName', 'A container name has 3 to 63 lower-case letters, digits and hyphens.');
  checkSegments(segments);
  return { container, path: segments.join('/') };
}

/** A path given in a query parameter or header (already decoded), without leading or trailing slash. */
export function parsePath(text: string): string {
  const segments = text.split('/').filter((segment) => segment !== '');
  checkSegments(segments);
  return segments.join('/');
}

function checkSegments(segments: string[]): void {
  // A decoded %2F would be taken for two names on disk.
  for (const segment of segments)
    if (segment === '.' || segment === '..' || segment.includes('\0') || segment.includes('/'))
      throw badRequest('InvalidResourceName', 'A path may not have the parts "." and "..", NUL, or an encoded slash.');
}

/** The name of a resource in metadata and locks: `container` or `container/path`. */
export function keyOf(resource: Resource): string {
  return resource.path ? `${resource.container}/${resource.path}` : resource.container;
}

/** Where a key lies on disk: the lake is plain files. */
export function diskPath(root: string, key: string): string {
  return path.join(root, ...key.split('/'));
}

/** True for `key` itself and everything below it. */
export function isWithin(key: string, parent: string): boolean {
  return key === parent || (key.startsWith(parent) && key[parent.length] === '/');
}
