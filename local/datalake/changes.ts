import fs from 'node:fs';
import path from 'node:path';
import { authorizeSource } from './auth';
import { checkConditions } from './conditions';
import { needContainer } from './containers';
import type { Context } from './context';
import { badRequest, conflict, notFound } from './errors';
import { leaseOperation } from './lease-requests';
import { isWithin, keyOf, parseResource } from './paths';
import { headersOf, metadataOf } from './properties';
import { replyEmpty } from './reply';
import { param } from './request';
import type { Entry, Store } from './store';

/** Data Lake "Path - Create" with `x-ms-rename-source`: moves a file or a whole directory in one step. */
export async function renamePath({ request, response, store, account, key }: Context): Promise<void> {
  const [rawSource = '', sourceQuery = ''] = (request.headers.get('x-ms-rename-source') ?? '').split('?', 2);
  const source = parseResource(rawSource, account.name);
  if (!source.path) throw badRequest('InvalidSourceUri', 'x-ms-rename-source must name a path in a container.');
  authorizeSource(request, sourceQuery, source, account);
  const from = keyOf(source);
  const wants = [from, key].map((wanted) => ({ key: wanted, tree: true }));
  const entry = await store.locks.run(wants, async () => {
    needContainer(store, request.resource.container);
    const moved = store.stat(from);
    if (!moved) throw notFound('SourcePathNotFound');
    const target = store.stat(key);
    checkConditions(request.headers, moved, { prefix: 'x-ms-source-' });
    checkConditions(request.headers, target, { exists: 'PathAlreadyExists' });
    store.leases.check(from, request.headers.get('x-ms-source-lease-id'), true);
    if (from !== key) store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
    checkTarget(store, from, key, moved, target);
    return store.move(from, key, moved);
  });
  replyEmpty(response, 201, entry);
}

function checkTarget(store: Store, from: string, to: string, moved: Entry, target: Entry | undefined): void {
  if (from === to) return;
  if (moved.directory && isWithin(to, from))
    throw conflict('InvalidRenameSourcePath', 'A directory cannot be moved into itself.');
  const parent = store.stat(path.posix.dirname(to));
  if (!parent?.directory) throw notFound('RenameDestinationParentPathNotFound');
  if (!target) return;
  if (target.directory !== moved.directory)
    throw conflict('PathConflict', `The destination exists as a ${target.directory ? 'directory' : 'file'}.`);
  if (target.directory && fs.readdirSync(store.disk(to)).length)
    throw conflict('DestinationPathIsNotEmpty', 'The destination directory is not empty.');
}

/** "Delete Blob" and Data Lake "Path - Delete". */
export async function deletePath(context: Context): Promise<void> {
  const { request, response, store, key } = context;
  await store.locks.run([{ key, tree: true }], async () => {
    needContainer(store, request.resource.container);
    const entry = needPath(context);
    store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
    checkConditions(request.headers, entry);
    const recursive = param(request, 'recursive') === 'true';
    if (entry.directory && !recursive && fs.readdirSync(store.disk(key)).length)
      throw conflict(
        'DirectoryNotEmpty',
        'The recursive query parameter must be true to delete a directory with content.',
      );
    await store.remove(key, entry);
  });
  // "Path - Delete" answers 200, "Delete Blob" 202.
  replyEmpty(response, request.query.has('recursive') || request.query.has('continuation') ? 200 : 202);
}

/** "Set Blob Metadata" and Data Lake "Path - Update", action setProperties: metadata is replaced. */
export function setMetadata(context: Context): Promise<void> {
  const { request } = context;
  return changeRecord(context, (entry) => ({
    ...entry.record,
    metadata: metadataOf(request),
    headers: param(request, 'action') ? { ...entry.record.headers, ...headersOf(request) } : entry.record.headers,
  }));
}

/** "Set Blob Properties": stored response headers are replaced. */
export function setHeaders(context: Context): Promise<void> {
  return changeRecord(context, (entry) => ({ ...entry.record, headers: headersOf(context.request) }));
}

/** Data Lake "Path - Update", action setAccessControl. */
export function setAccess(context: Context): Promise<void> {
  const get = (name: string) => context.request.headers.get(name);
  return changeRecord(context, ({ record }) => ({
    ...record,
    owner: get('x-ms-owner') ?? record.owner,
    group: get('x-ms-group') ?? record.group,
    permissions: get('x-ms-permissions') ?? record.permissions,
    acl: get('x-ms-acl') ?? (get('x-ms-permissions') ? undefined : record.acl),
  }));
}

export async function leasePath(context: Context): Promise<void> {
  const { store, key, request } = context;
  await store.locks.run([{ key }], async () => {
    needContainer(store, request.resource.container);
    await leaseOperation(context, needPath(context));
  });
}

async function changeRecord(context: Context, change: (entry: Entry) => Entry['record']): Promise<void> {
  const { request, response, store, key } = context;
  const entry = await store.locks.run([{ key }], async () => {
    needContainer(store, request.resource.container);
    const before = needPath(context);
    store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
    checkConditions(request.headers, before);
    return store.setRecord(key, before, change(before));
  });
  replyEmpty(response, 200, entry);
}

/** The path, or a 404 with the code of the side that asks: clients of the Blob side look for theirs. */
function needPath({ request, store, key }: Context): Entry {
  const entry = store.stat(key);
  if (!entry) throw notFound(request.query.has('comp') ? 'BlobNotFound' : 'PathNotFound');
  return entry;
}
