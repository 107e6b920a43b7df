import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { writeAll } from '../disk/sync';
import { checkConditions } from './conditions';
import { needContainer } from './containers';
import type { Context } from './context';
import { badRequest, conflict, notFound, StorageError } from './errors';
import { headersOf, newRecord } from './properties';
import { replyEmpty } from './reply';
import { numberParam, param } from './request';
import type { Entry, Store } from './store';
import type { Upload } from './uploads';

/** Data Lake "Path - Create" of a file or directory. */
export async function createPath({ request, response, store, key }: Context): Promise<void> {
  const directory = param(request, 'resource') === 'directory';
  const entry = await store.locks.run([{ key }], async () => {
    needContainer(store, request.resource.container);
    const before = store.stat(key);
    checkConditions(request.headers, before, { exists: 'PathAlreadyExists' });
    store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
    if (before && before.directory !== directory)
      throw conflict('PathConflict', `The path exists as a ${before.directory ? 'directory' : 'file'}.`);
    if (directory) return store.createDirectory(key, newRecord(request));
    store.uploads.drop(key);
    return before ? replaceByEmpty(store, key, newRecord(request)) : store.createEmpty(key, newRecord(request));
  });
  replyEmpty(response, 201, entry);
}

async function replaceByEmpty(store: Store, key: string, record: Entry['record']): Promise<Entry> {
  return withDraft(store, (draft) => store.publish(key, draft, record));
}

/** Data Lake "Path - Update", action append: the data stays uncommitted until a flush. */
export async function appendToFile(context: Context): Promise<void> {
  const { request, response, store, key } = context;
  const position = numberParam(request, 'position');
  if (position === undefined) throw badRequest('MissingRequiredQueryParameter', 'position is missing.');
  needContainer(store, request.resource.container);
  const entry = needFile(store.stat(key));
  store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
  if (position < entry.size)
    throw badRequest('InvalidFlushPosition', 'The position is before the end of the committed data.');
  const upload = store.uploads.begin(key);
  const fd = fs.openSync(upload.file, fs.constants.O_RDWR | fs.constants.O_CREAT);
  let end: number;
  upload.writers++;
  try {
    end = await receive(request.body, fd, position, request.headers.get('content-md5'));
  } finally {
    upload.writers--;
    fs.closeSync(fd);
  }
  store.uploads.received(upload, position, end);
  if (param(request, 'flush') === 'true') return flush(context, end, 202);
  response.setHeader('x-ms-request-server-encrypted', 'false');
  replyEmpty(response, 202);
}

/** Data Lake "Path - Update", action flush: what was appended becomes visible, whole, and durable. */
export async function flushFile(context: Context): Promise<void> {
  const position = numberParam(context.request, 'position');
  if (position === undefined) throw badRequest('MissingRequiredQueryParameter', 'position is missing.');
  return flush(context, position, 200);
}

async function flush({ request, response, store, key }: Context, position: number, status: number): Promise<void> {
  const entry = await store.locks.run([{ key }], async () => {
    const before = needFile(store.stat(key));
    store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
    checkConditions(request.headers, before);
    const upload = store.uploads.get(key);
    const end = store.uploads.contiguousEnd(upload, before.size);
    if (position < before.size || position > end)
      throw badRequest(
        'InvalidFlushPosition',
        'The uploaded data is not contiguous, or position is not the length of the file after it.',
      );
    const headers = headersOf(request);
    const record = headers ? { ...before.record, headers: { ...before.record.headers, ...headers } } : before.record;
    if (!upload || position === before.size) return store.setRecord(key, before, record);
    return commit(store, key, upload, before, position, record);
  });
  replyEmpty(response, status, entry);
}

/** Publishes the appended data behind the committed data, in one step. */
async function commit(
  store: Store,
  key: string,
  upload: Upload,
  before: Entry,
  position: number,
  record: Entry['record'],
): Promise<Entry> {
  if (upload.writers) {
    // A request that the client has given up may still write to the upload: what becomes visible is a copy.
    const after = await withDraft(store, async (draft) => {
      await copyInto(draft.fd, upload.file, before.size, position);
      if (before.size) await copyInto(draft.fd, store.disk(key), 0, before.size);
      return store.publish(key, draft, record);
    });
    store.uploads.drop(key);
    return after;
  }
  const fd = fs.openSync(upload.file, 'r+');
  try {
    fs.ftruncateSync(fd, position);
    if (before.size) await copyInto(fd, store.disk(key), 0, before.size);
    const after = await store.publish(key, { file: upload.file, fd }, record);
    store.uploads.taken(key);
    return after;
  } finally {
    fs.closeSync(fd);
  }
}

/** Copies bytes `from` to `to` of a file to the same place in another. */
async function copyInto(fd: number, source: string, from: number, to: number): Promise<void> {
  const stream = fs.createReadStream(source, { start: from, end: to - 1, highWaterMark: 1 << 20 });
  let at = from;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    await writeAll(fd, [chunk], at);
    at += chunk.length;
  }
}

/** Blob "Put Blob" in one request: atomic, under its conditions. */
export async function putBlob({ request, response, store, key }: Context): Promise<void> {
  needContainer(store, request.resource.container);
  const entry = await withDraft(store, async (draft) => {
    await receive(request.body, draft.fd, 0, request.headers.get('content-md5'));
    return store.locks.run([{ key }], async () => {
      needContainer(store, request.resource.container);
      const before = store.stat(key);
      checkConditions(request.headers, before, { exists: 'BlobAlreadyExists' });
      store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
      if (before?.directory) throw conflict('ResourceTypeMismatch', 'The path exists as a directory.');
      store.uploads.drop(key);
      return store.publish(key, draft, newRecord(request));
    });
  });
  response.setHeader('x-ms-request-server-encrypted', 'false');
  replyEmpty(response, 201, entry);
}

/** Writes a request body to a file as it arrives, half a megabyte at a time. @returns the position after it. */
async function receive(body: IncomingMessage, fd: number, position: number, md5: string | undefined): Promise<number> {
  const hash = md5 === undefined ? undefined : createHash('md5');
  let waiting: Buffer[] = [];
  let size = 0;
  let end = position;
  const write = async () => {
    await writeAll(fd, waiting, end);
    end += size;
    waiting = [];
    size = 0;
  };
  // Not destroyed when writing fails: the rest of the body is read and dropped, or the connection would be stuck behind it.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    hash?.update(chunk);
    waiting.push(chunk);
    size += chunk.length;
    if (size >= 1 << 19) await write();
  }
  await write();
  if (!body.complete) throw badRequest('IncompleteBody', 'The connection ended before the whole body had arrived.');
  if (hash && hash.digest('base64') !== md5)
    throw new StorageError(400, 'Md5Mismatch', 'The MD5 value given does not match that of the data.');
  return end;
}

async function withDraft<T>(store: Store, work: (draft: { file: string; fd: number }) => Promise<T>): Promise<T> {
  const draft = store.draft();
  try {
    return await work(draft);
  } finally {
    fs.closeSync(draft.fd);
    fs.rmSync(draft.file, { force: true }); // there only when it was not published
  }
}

function needFile(entry: Entry | undefined): Entry {
  if (!entry) throw notFound('PathNotFound');
  if (entry.directory) throw conflict('ResourceTypeMismatch', 'The path is a directory.');
  return entry;
}
