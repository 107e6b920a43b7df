import { StorageError } from './errors';
import { needs, type Operation } from './operations';
import type { Resource } from './paths';
import { parseQuery, type StorageRequest } from './request';
import { denied, isSignature } from './signature';
import { verifySas } from './sas';

export interface Account {
  name: string;
  /** The decoded account key. */
  key: Buffer;
}

const maxSkew = 15 * 60_000;

/**
 * Verifies who asks and whether they may.
 * @throws StorageError 401 without credentials, 403 for wrong, expired or insufficient ones.
 */
export function authorize(request: StorageRequest, operation: Operation, account: Account, now = Date.now()): void {
  const header = request.headers.get('authorization');
  if (header?.startsWith('SharedKey ')) return verifySharedKey(request, header.slice(10), account, now);
  if (header)
    throw denied('The local Data Lake takes SharedKey and SAS. Microsoft Entra tokens need the real service.');
  if (request.query.has('sig')) {
    const peer = request.body.socket?.remoteAddress;
    return verifySas(request.query, request.resource, needs[operation], account, now, peer);
  }
  throw new StorageError(401, 'NoAuthenticationInformation', 'Server failed to authenticate the request.');
}

/** Verifies the right to take the source of a rename away: its own SAS where it carries one, else that of the request. */
export function authorizeSource(
  request: StorageRequest,
  sourceQuery: string,
  source: Resource,
  account: Account,
  now = Date.now(),
): void {
  if (!request.query.has('sig') || request.headers.has('authorization')) return;
  const own = parseQuery(sourceQuery);
  const query = own.has('sig') ? own : request.query;
  verifySas(
    query,
    source,
    { type: 'o', service: 'md', account: 'd' },
    account,
    now,
    request.body.socket?.remoteAddress,
  );
}

/** The request signature of Microsoft Learn, "Authorize with Shared Key", Blob and Data Lake services. */
function verifySharedKey(request: StorageRequest, credentials: string, account: Account, now: number): void {
  const colon = credentials.lastIndexOf(':');
  if (credentials.slice(0, colon) !== account.name) throw denied('The account name is not that of this server.');
  const date = request.headers.get('x-ms-date') ?? request.headers.get('date') ?? '';
  if (!(Math.abs(now - Date.parse(date)) <= maxSkew))
    throw denied('The date of the request is missing or more than 15 minutes from the time of the server.');
  const signature = credentials.slice(colon + 1);
  const weights = [byLetters, byName];
  if (!weights.some((weight) => isSignature(stringToSign(request, account.name, weight), signature, account.key)))
    throw denied('The signature does not match. Check the account key.');
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** By what a header's name is sorted. */
type Weight = (name: string) => string;
const byName: Weight = (name) => name;
/** The order that the service and the newer SDKs use: hyphens do not count, an underscore is lowest. */
const byLetters: Weight = (name) => `${name.replaceAll('-', '').replaceAll('_', '!')} ${name}`;

function stringToSign(request: StorageRequest, account: string, weight: Weight): string {
  const header = (name: string) => request.headers.get(name) ?? '';
  const length = header('content-length');
  const standard = [
    request.method,
    header('content-encoding'),
    header('content-language'),
    length === '0' ? '' : length,
    header('content-md5'),
    header('content-type'),
    request.headers.has('x-ms-date') ? '' : header('date'),
    header('if-modified-since'),
    header('if-match'),
    header('if-none-match'),
    header('if-unmodified-since'),
    header('range'),
  ];
  const extensions = [...request.headers]
    .filter(([name]) => name.startsWith('x-ms-'))
    .map(([name, value]) => ({ weight: weight(name), line: `${name}:${value.trim()}` }))
    .sort((a, b) => byCodeUnit(a.weight, b.weight))
    .map(({ line }) => line);
  const parameters = [...request.query]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, values]) => `${name}:${values.toSorted().join(',')}`);
  return [...standard, ...extensions, `/${account}${request.rawPath}`, ...parameters].join('\n');
}
