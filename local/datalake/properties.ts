import { badRequest } from './errors';
import type { PathRecord } from './records';
import type { StorageRequest } from './request';

const stored = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'content-type',
];
const metadataName = /^[a-z_][a-z0-9_]*$/i;
const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The response headers that a request stores: `x-ms-content-type` (Data Lake) or `x-ms-blob-content-type` (Blob). */
export function headersOf(request: StorageRequest): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of stored) {
    const value = request.headers.get(`x-ms-${name}`) ?? request.headers.get(`x-ms-blob-${name}`);
    if (value !== undefined) found[name] = value;
  }
  return Object.keys(found).length ? found : undefined;
}

/** The metadata of a request: `x-ms-meta-<name>` (Blob) or `x-ms-properties: name=base64,…` (Data Lake). */
export function metadataOf(request: StorageRequest): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [name, value] of request.headers)
    if (name.startsWith('x-ms-meta-')) found[checkName(name.slice(10))] = value;
  for (const pair of (request.headers.get('x-ms-properties') ?? '').split(',')) {
    if (!pair.trim()) continue;
    const equals = pair.indexOf('=');
    if (equals < 1) throw badRequest('InvalidHeaderValue', 'x-ms-properties must be name=base64 pairs.');
    const value = Buffer.from(pair.slice(equals + 1), 'base64').toString('utf8');
    if (!headerText.test(value)) throw badRequest('InvalidMetadata', 'A metadata value must be ISO-8859-1 text.');
    found[checkName(pair.slice(0, equals).trim().toLowerCase())] = value;
  }
  return Object.keys(found).length ? found : undefined;
}

function checkName(name: string): string {
  if (!metadataName.test(name)) throw badRequest('InvalidMetadata', 'A metadata name must be a valid identifier.');
  return name;
}

/** The record of new content: nothing is kept from what stood there before. */
export function newRecord(request: StorageRequest): PathRecord {
  return { metadata: metadataOf(request), headers: headersOf(request) };
}
