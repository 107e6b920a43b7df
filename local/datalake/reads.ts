import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { checkConditions } from './conditions';
import { needContainer } from './containers';
import type { Context } from './context';
import { notFound, StorageError } from './errors';
import { defaultPermissions } from './lists';
import { setVersion } from './reply';
import type { Entry, Store } from './store';

/** "Get Blob", "Get Blob Properties", Data Lake "Path - Read" and "Path - Get Properties". */
export async function readPath({ request, response, store, key }: Context): Promise<void> {
  needContainer(store, request.resource.container);
  const opened = open(store, key);
  let streaming = false;
  try {
    const { entry, fd } = opened;
    checkConditions(request.headers, entry, { read: true });
    store.leases.check(key, request.headers.get('x-ms-lease-id'), false);
    describe(response, store, key, entry);
    if (request.method === 'HEAD') {
      response.setHeader('Content-Length', entry.size);
      response.end();
      return;
    }
    const range = parseRange(request.headers.get('x-ms-range') ?? request.headers.get('range'), entry.size);
    if (range) {
      response.statusCode = 206;
      response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${entry.size}`);
    }
    const { start, end } = range ?? { start: 0, end: entry.size - 1 };
    response.setHeader('Content-Length', end - start + 1);
    if (end < start || fd === undefined) {
      response.end();
      return;
    }
    streaming = true; // from here the stream closes the descriptor, which pins the version that the headers describe
    await pipeline(fs.createReadStream('', { fd, start, end, highWaterMark: 1 << 18 }), response);
  } finally {
    if (!streaming && opened.fd !== undefined) fs.closeSync(opened.fd);
  }
}

/** Opens a path and describes what was opened, in one step, so that bytes and headers are of one version. */
function open(store: Store, key: string): { entry: Entry; fd?: number } {
  let fd: number;
  try {
    fd = fs.openSync(store.disk(key), 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw notFound('BlobNotFound');
    throw error;
  }
  return { entry: store.entry(key, fs.fstatSync(fd, { bigint: true })), fd };
}

function describe(response: ServerResponse, store: Store, key: string, entry: Entry): void {
  setVersion(response, entry);
  response.setHeader('Content-Type', 'application/octet-stream');
  for (const [name, value] of Object.entries(entry.record.headers ?? {})) response.setHeader(name, value);
  for (const [name, value] of Object.entries(entry.record.metadata ?? {}))
    response.setHeader(`x-ms-meta-${name}`, value);
  if (entry.directory) response.setHeader('x-ms-meta-hdi_isfolder', 'true');
  const lease = store.leases.state(key);
  response.setHeader('x-ms-lease-status', lease.status);
  response.setHeader('x-ms-lease-state', lease.state);
  if (lease.duration) response.setHeader('x-ms-lease-duration', lease.duration);
  response.setHeader('x-ms-resource-type', entry.directory ? 'directory' : 'file');
  response.setHeader('x-ms-blob-type', 'BlockBlob');
  response.setHeader('x-ms-creation-time', entry.created.toUTCString());
  response.setHeader('x-ms-server-encrypted', 'false');
  response.setHeader('Accept-Ranges', 'bytes');
  describeAccess(response, entry);
}

function describeAccess(response: ServerResponse, entry: Entry): void {
  response.setHeader('x-ms-owner', entry.record.owner ?? '$superuser');
  response.setHeader('x-ms-group', entry.record.group ?? '$superuser');
  response.setHeader('x-ms-permissions', entry.record.permissions ?? defaultPermissions(entry));
}

/** Data Lake "Path - Get Properties", action getAccessControl. Access rules are kept, not enforced. */
export function getAccess({ request, response, store, key }: Context): void {
  needContainer(store, request.resource.container);
  const entry = store.stat(key);
  if (!entry) throw notFound('PathNotFound');
  checkConditions(request.headers, entry, { read: true });
  setVersion(response, entry);
  describeAccess(response, entry);
  response.setHeader('x-ms-acl', entry.record.acl ?? aclOf(entry.record.permissions ?? defaultPermissions(entry)));
  response.end();
}

/** The access control list that plain permissions such as `rwxr-x---` mean. */
function aclOf(permissions: string): string {
  const parts = /^([rwx-]{3})([rwx-]{3})([rwx-]{3})/.exec(permissions) ?? ['', 'rw-', 'r--', '---'];
  return `user::${parts[1]},group::${parts[2]},other::${parts[3]}`;
}

/**
 * Parses `bytes=from-to` and `bytes=from-`; other forms are ignored, as the service does.
 * @throws StorageError 416 when the range begins behind the end.
 */
export function parseRange(text: string | undefined, size: number): { start: number; end: number } | undefined {
  const found = /^bytes=(\d{1,16})-(\d{0,16})$/.exec(text ?? '');
  if (!found) return undefined;
  const start = Number(found[1]);
  const end = found[2] ? Math.min(Number(found[2]), size - 1) : size - 1;
  if (found[2] && Number(found[2]) < start) return undefined;
  if (start === 0 && size === 0) return undefined;
  if (start >= size) throw new StorageError(416, 'InvalidRange', 'The range is not valid for the size of the file.');
  return { start, end };
}
