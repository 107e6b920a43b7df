import fs from 'node:fs';
import { checkConditions } from './conditions';
import type { Context } from './context';
import { conflict, notFound } from './errors';
import { leaseOperation } from './lease-requests';
import { fromToken, page, pageSize, toToken } from './listing';
import { isContainerName } from './paths';
import { metadataOf } from './properties';
import { replyEmpty, replyJson, replyXml, xmlText } from './reply';
import { numberParam, param } from './request';
import type { Entry, Store } from './store';

/** The container, or a 404. */
export function needContainer(store: Store, container: string): Entry {
  const entry = store.stat(container);
  if (!entry?.directory) throw notFound('FilesystemNotFound');
  return entry;
}

export async function createContainer({ request, response, store, key }: Context): Promise<void> {
  await store.locks.run([{ key, tree: true }], async () => {
    if (store.stat(key)) throw conflict('ContainerAlreadyExists', 'The specified container already exists.');
    replyEmpty(response, 201, await store.createDirectory(key, { metadata: metadataOf(request) }));
  });
}

export async function deleteContainer({ request, response, store, key }: Context): Promise<void> {
  await store.locks.run([{ key, tree: true }], async () => {
    const entry = needContainer(store, key);
    checkConditions(request.headers, entry);
    store.leases.check(key, request.headers.get('x-ms-lease-id'), true);
    await store.remove(key, entry);
  });
  replyEmpty(response, 202);
}

export async function setContainerMetadata({ request, response, store, key }: Context): Promise<void> {
  await store.locks.run([{ key }], async () => {
    const entry = needContainer(store, key);
    checkConditions(request.headers, entry);
    store.leases.check(key, request.headers.get('x-ms-lease-id'), false);
    replyEmpty(response, 200, await store.setRecord(key, entry, { ...entry.record, metadata: metadataOf(request) }));
  });
}

export function readContainer({ response, store, key }: Context): void {
  const entry = needContainer(store, key);
  for (const [name, value] of Object.entries(entry.record.metadata ?? {}))
    response.setHeader(`x-ms-meta-${name}`, value);
  const properties = Object.entries(entry.record.metadata ?? {});
  const encoded = properties.map(([name, value]) => `${name}=${Buffer.from(value).toString('base64')}`).join(',');
  if (encoded) response.setHeader('x-ms-properties', encoded);
  const lease = store.leases.state(key);
  response.setHeader('x-ms-lease-status', lease.status);
  response.setHeader('x-ms-lease-state', lease.state);
  if (lease.duration) response.setHeader('x-ms-lease-duration', lease.duration);
  response.setHeader('x-ms-namespace-enabled', 'true');
  response.setHeader('x-ms-has-immutability-policy', 'false');
  response.setHeader('x-ms-has-legal-hold', 'false');
  replyEmpty(response, 200, entry);
}

export async function leaseContainer(context: Context): Promise<void> {
  await context.store.locks.run([{ key: context.key }], async () => {
    await leaseOperation(context, needContainer(context.store, context.key));
  });
}

export function listContainers({ request, response, store }: Context): void {
  const prefix = param(request, 'prefix') ?? '';
  const after = fromToken(param(request, 'marker') ?? param(request, 'continuation'));
  const size = pageSize(numberParam(request, 'maxresults'));
  const dfs = param(request, 'resource') === 'account';
  const { items, next } = page(containers(store, prefix, after), size, ([name]) => name);
  if (dfs) {
    if (next) response.setHeader('x-ms-continuation', toToken(next));
    const filesystems = items.map(([name, entry]) => ({
      name,
      lastModified: entry.modified.toUTCString(),
      eTag: entry.etag,
    }));
    replyJson(response, { filesystems });
    return;
  }
  const withMetadata = (param(request, 'include') ?? '').includes('metadata');
  const list = items.map(([name, entry]) => containerXml(name, entry, withMetadata)).join('');
  const marker = next ? toToken(next) : '';
  replyXml(
    response,
    `<EnumerationResults><Prefix>${xmlText(prefix)}</Prefix><Containers>${list}</Containers><NextMarker>${marker}</NextMarker></EnumerationResults>`,
  );
}

function* containers(store: Store, prefix: string, after: string | undefined): Generator<[string, Entry]> {
  for (const name of fs.readdirSync(store.root).sort()) {
    if (!isContainerName(name) || !name.startsWith(prefix) || (after !== undefined && name <= after)) continue;
    const entry = store.stat(name);
    if (entry?.directory) yield [name, entry];
  }
}

function containerXml(name: string, entry: Entry, withMetadata: boolean): string {
  const properties = `<Last-Modified>${entry.modified.toUTCString()}</Last-Modified><Etag>${xmlText(entry.etag)}</Etag><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>`;
  const metadata = withMetadata ? metadataXml(entry) : '';
  return `<Container><Name>${name}</Name><Properties>${properties}</Properties>${metadata}</Container>`;
}

export function metadataXml(entry: Entry): string {
  const pairs = Object.entries(entry.record.metadata ?? {}).map(
    ([name, value]) => `<${name}>${xmlText(value)}</${name}>`,
  );
  return `<Metadata>${pairs.join('')}</Metadata>`;
}

export function serviceProperties({ response }: Context): void {
  replyXml(
    response,
    '<StorageServiceProperties><DefaultServiceVersion>2024-11-04</DefaultServiceVersion></StorageServiceProperties>',
  );
}
