import { metadataXml, needContainer } from './containers';
import type { Context } from './context';
import { conflict, notFound } from './errors';
import { fromToken, page, pageSize, toToken, walk, type Listed } from './listing';
import { parsePath } from './paths';
import { replyJson, replyXml, setVersion, xmlText } from './reply';
import { numberParam, param } from './request';
import type { Entry } from './store';

/** Data Lake "Path - List". */
export function listPaths({ request, response, store, key }: Context): void {
  const container = needContainer(store, key);
  const folder = parsePath(param(request, 'directory') ?? '');
  const start = folder ? `${key}/${folder}` : key;
  const entry = store.stat(start);
  if (!entry) throw notFound('PathNotFound');
  if (!entry.directory) throw conflict('PathConflict', 'The path to list is a file.');
  const recursive = param(request, 'recursive') === 'true';
  const after = fromToken(param(request, 'continuation'));
  const found = page(walk(store, start, { recursive, after }), pageSize(numberParam(request, 'maxresults')), nameOf);
  setVersion(response, container);
  if (found.next) response.setHeader('x-ms-continuation', toToken(found.next));
  replyJson(response, { paths: found.items.map((item) => pathJson(folder, item)) });
}

function pathJson(folder: string, { name, entry }: Listed): object {
  return {
    name: folder ? `${folder}/${name}` : name,
    ...(entry.directory ? { isDirectory: 'true' } : {}),
    contentLength: String(entry.size),
    lastModified: entry.modified.toUTCString(),
    creationTime: String(entry.created.getTime()),
    etag: entry.etag.slice(1, -1),
    owner: entry.record.owner ?? '$superuser',
    group: entry.record.group ?? '$superuser',
    permissions: entry.record.permissions ?? defaultPermissions(entry),
  };
}

export function defaultPermissions(entry: Entry): string {
  return entry.directory ? 'rwxr-x---' : 'rw-r-----';
}

/** Blob "List Blobs", flat or by the delimiter `/`. Flat lists name files only. */
export function listBlobs({ request, response, store, key }: Context): void {
  needContainer(store, key);
  const prefix = param(request, 'prefix') ?? '';
  const delimiter = param(request, 'delimiter');
  const include = param(request, 'include') ?? '';
  const after = fromToken(param(request, 'marker'));
  const items = blobs(walk(store, key, { recursive: true, after, prefix }), prefix, delimiter, after);
  const found = page(items, pageSize(numberParam(request, 'maxresults')), nameOf);
  const list = found.items.map((item) =>
    item.entry
      ? blobXml(item.name, item.entry, include.includes('metadata'))
      : `<BlobPrefix>${nameXml(item.name)}</BlobPrefix>`,
  );
  const marker = found.next ? toToken(found.next) : '';
  replyXml(
    response,
    `<EnumerationResults><Prefix>${xmlText(prefix)}</Prefix><Blobs>${list.join('')}</Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`,
  );
}

function* blobs(
  listed: Generator<Listed>,
  prefix: string,
  delimiter: string | undefined,
  after: string | undefined,
): Generator<{ name: string; entry?: Entry }> {
  let folder = after?.endsWith('/') ? after : undefined;
  for (const { name, entry } of listed) {
    if (entry.directory) continue;
    const end = delimiter ? name.indexOf(delimiter, prefix.length) : -1;
    if (end < 0) yield { name, entry };
    else {
      const group = name.slice(0, end + 1);
      if (group !== folder) yield { name: (folder = group) };
    }
  }
}

function blobXml(name: string, entry: Entry, withMetadata: boolean): string {
  const type = entry.record.headers?.['content-type'] ?? 'application/octet-stream';
  const properties =
    `<Creation-Time>${entry.created.toUTCString()}</Creation-Time>` +
    `<Last-Modified>${entry.modified.toUTCString()}</Last-Modified><Etag>${entry.etag.slice(1, -1)}</Etag>` +
    `<Content-Length>${entry.size}</Content-Length><Content-Type>${xmlText(type)}</Content-Type>` +
    '<BlobType>BlockBlob</BlobType>';
  const metadata = withMetadata ? metadataXml(entry) : '';
  return `<Blob>${nameXml(name)}<Properties>${properties}</Properties>${metadata}</Blob>`;
}

/** A name that XML cannot hold is percent-encoded and marked so. */
function nameXml(name: string): string {
  const plain = xmlText(name);
  return plain.includes('\ufffd') || name !== name.trim()
    ? `<Name Encoded="true">${encodeURIComponent(name)}</Name>`
    : `<Name>${plain}</Name>`;
}

function nameOf(item: { name: string }): string {
  return item.name;
}
