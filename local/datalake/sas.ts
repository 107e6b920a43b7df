import type { Account } from './auth';
import { StorageError } from './errors';
import type { needs } from './operations';
import type { Resource } from './paths';
import { denied, isSignature } from './signature';

type Needs = (typeof needs)[keyof typeof needs];
type Query = ReadonlyMap<string, string[]>;

/**
 * Verifies a shared access signature made with the account key: service SAS for a container, directory or file, and
 * account SAS (Microsoft Learn: "Create a service SAS", "Create an account SAS"; versions from 2018-11-09).
 * Stored access policies and user delegation SAS need the real service and are refused.
 * @throws StorageError 403.
 */
export function verifySas(
  query: Query,
  resource: Resource,
  need: Needs,
  account: Account,
  now: number,
  peer?: string,
): void {
  const get = (name: string) => query.get(name)?.[0] ?? '';
  for (const [name, values] of query)
    if (values.length > 1) throw denied(`The parameter ${name} is given more than once.`);
  if (get('si') || get('skoid')) throw denied('Stored access policies and user delegation SAS need the real service.');
  if (get('sv') < '2018-11-09') throw denied('Signatures older than version 2018-11-09 are not taken.');
  const text = get('ss') ? accountText(get, account.name) : serviceText(get, resource, account.name);
  if (!isSignature(text, get('sig'), account.key)) throw denied('The signature of the SAS does not match.');
  checkTime(get('st'), get('se'), now);
  if (get('spr') && !get('spr').split(',').includes('http'))
    throw new StorageError(403, 'AuthorizationProtocolMismatch', 'The SAS allows https only.');
  if (get('sip') && !inRange(peer ?? '', get('sip')))
    throw new StorageError(403, 'AuthorizationSourceIPMismatch', 'The SAS does not allow this address.');
  if (get('ss')) {
    if (!get('ss').includes('b'))
      throw new StorageError(403, 'AuthorizationServiceMismatch', 'The SAS is not for this service.');
    if (!get('srt').includes(need.type))
      throw new StorageError(403, 'AuthorizationResourceTypeMismatch', 'The SAS is not for this kind of resource.');
  }
  const letters = get('ss') ? need.account : need.service;
  if (![...letters].some((letter) => get('sp').includes(letter)))
    throw new StorageError(403, 'AuthorizationPermissionMismatch', 'The SAS does not permit this operation.');
}

function serviceText(get: (name: string) => string, resource: Resource, account: string): string {
  const kind = get('sr');
  let name = `/blob/${account}/${resource.container}`;
  if (kind === 'b') name += `/${resource.path}`;
  else if (kind === 'd') {
    const depth = Number(get('sdd'));
    const segments = resource.path.split('/').filter((segment) => segment !== '');
    if (!Number.isInteger(depth) || depth < 0 || segments.length < depth)
      throw denied('The path is above the directory of the SAS.');
    if (depth > 0) name += `/${segments.slice(0, depth).join('/')}`;
  } else if (kind !== 'c') throw denied('The SAS is not for a container, directory or file.');
  const before = [get('sp'), get('st'), get('se'), name, get('si'), get('sip'), get('spr'), get('sv'), kind, ''];
  const scope = get('sv') >= '2020-12-06' ? [get('ses')] : [];
  return [...before, ...scope, get('rscc'), get('rscd'), get('rsce'), get('rscl'), get('rsct')].join('\n');
}

function accountText(get: (name: string) => string, account: string): string {
  const fields = ['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv'].map(get);
  const scope = get('sv') >= '2020-12-06' ? [get('ses')] : [];
  return [account, ...fields, ...scope, ''].join('\n');
}

function checkTime(start: string, end: string, now: number): void {
  if (!(Date.parse(end) > now)) throw denied('The SAS has expired.');
  if (start && !(Date.parse(start) <= now)) throw denied('The SAS is not valid yet.');
}

function inRange(peer: string, range: string): boolean {
  const [from, to = from] = range.split('-').map(addressNumber);
  const address = addressNumber(peer.replace(/^::ffff:/, ''));
  return address !== undefined && from !== undefined && to !== undefined && address >= from && address <= to;
}

function addressNumber(address: string): number | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return undefined;
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
