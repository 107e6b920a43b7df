import { StorageError } from './errors';
import { param, type StorageRequest } from './request';

/** What an account or service SAS must allow for an operation: `sas` needs one of the letters (`any`) or all (`all`). */
interface Needs {
  /** Resource type of an account SAS: service, container or object. */
  type: 's' | 'c' | 'o';
  /** One of these letters is needed. An empty text: only an account SAS can allow it. */
  service: string;
  account: string;
}

const table = {
  'service.list': { type: 's', service: '', account: 'l' },
  'service.properties': { type: 's', service: '', account: 'r' },
  'container.create': { type: 'c', service: '', account: 'cw' },
  'container.delete': { type: 'c', service: '', account: 'd' },
  'container.read': { type: 'c', service: '', account: 'r' },
  'container.setMetadata': { type: 'c', service: '', account: 'w' },
  'container.lease': { type: 'c', service: '', account: 'wd' },
  'paths.list': { type: 'c', service: 'l', account: 'l' },
  'blobs.list': { type: 'c', service: 'l', account: 'l' },
  'path.create': { type: 'o', service: 'cw', account: 'cw' },
  'path.append': { type: 'o', service: 'aw', account: 'aw' },
  'path.flush': { type: 'o', service: 'aw', account: 'aw' },
  'path.rename': { type: 'o', service: 'cw', account: 'cw' },
  'path.read': { type: 'o', service: 'r', account: 'r' },
  'path.delete': { type: 'o', service: 'd', account: 'd' },
  'path.setMetadata': { type: 'o', service: 'w', account: 'w' },
  'path.setHeaders': { type: 'o', service: 'w', account: 'w' },
  'path.setAccess': { type: 'o', service: 'p', account: 'p' },
  'path.getAccess': { type: 'o', service: 'e', account: 'r' },
  'path.lease': { type: 'o', service: 'wd', account: 'wd' },
  'blob.put': { type: 'o', service: 'cw', account: 'cw' },
} as const satisfies Record<string, Needs>;

export type Operation = keyof typeof table;

/** What a SAS must allow for each operation (Microsoft Learn: "Create a service SAS", "Create an account SAS"). */
export const needs: Record<Operation, Needs> = table;

/**
 * Names the operation that a request asks for.
 * @throws StorageError 405 or 501 for what the local Data Lake does not do.
 */
export function operationOf(request: StorageRequest): Operation {
  const { resource } = request;
  const operation = !resource.container
    ? serviceOperation(request)
    : resource.path
      ? pathOperation(request)
      : containerOperation(request);
  if (!operation) throw unsupported(request);
  return operation;
}

function serviceOperation(request: StorageRequest): Operation | undefined {
  if (!isRead(request)) return undefined;
  const comp = param(request, 'comp');
  if (comp === 'list' || param(request, 'resource') === 'account') return 'service.list';
  return comp === 'properties' ? 'service.properties' : undefined;
}

function containerOperation(request: StorageRequest): Operation | undefined {
  const { method } = request;
  const comp = param(request, 'comp');
  const dfs = param(request, 'resource') === 'filesystem';
  if (!dfs && param(request, 'restype') !== 'container') return undefined;
  if (method === 'PUT' && !comp) return 'container.create';
  if (method === 'PUT' && comp === 'metadata') return 'container.setMetadata';
  if (method === 'PATCH' && dfs) return 'container.setMetadata';
  if (method === 'PUT' && comp === 'lease') return 'container.lease';
  if (method === 'DELETE' && !comp) return 'container.delete';
  if (method === 'GET' && dfs) return 'paths.list';
  if (method === 'GET' && comp === 'list') return 'blobs.list';
  return isRead(request) && (!comp || comp === 'metadata') ? 'container.read' : undefined;
}

function pathOperation(request: StorageRequest): Operation | undefined {
  const { method, headers } = request;
  const comp = param(request, 'comp');
  const action = param(request, 'action');
  switch (method) {
    case 'PUT':
      if (comp === 'metadata') return 'path.setMetadata';
      if (comp === 'properties') return 'path.setHeaders';
      if (comp === 'lease') return 'path.lease';
      if (comp) return undefined;
      if (headers.has('x-ms-rename-source')) return 'path.rename';
      if (/^(?:file|directory)$/.test(param(request, 'resource') ?? '')) return 'path.create';
      return headers.get('x-ms-blob-type') === 'BlockBlob' && !headers.has('x-ms-copy-source') ? 'blob.put' : undefined;
    case 'PATCH':
      if (action === 'append') return 'path.append';
      if (action === 'flush') return 'path.flush';
      if (action === 'setProperties') return 'path.setMetadata';
      return action === 'setAccessControl' ? 'path.setAccess' : undefined;
    case 'POST':
      return headers.has('x-ms-lease-action') ? 'path.lease' : undefined;
    case 'DELETE':
      return comp ? undefined : 'path.delete';
    case 'GET':
    case 'HEAD':
      if (action === 'getAccessControl') return 'path.getAccess';
      return !comp || comp === 'metadata' ? 'path.read' : undefined;
    default:
      return undefined;
  }
}

function isRead(request: StorageRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function unsupported(request: StorageRequest): StorageError {
  if (!/^(?:GET|HEAD|PUT|POST|PATCH|DELETE)$/.test(request.method))
    return new StorageError(405, 'UnsupportedHttpVerb', 'The resource does not support the HTTP verb.');
  const asked = ['comp', 'restype', 'resource', 'action']
    .filter((name) => request.query.has(name))
    .map((name) => `${name}=${param(request, name)}`)
    .join('&');
  const text = `The local Data Lake does not support ${request.method} ${asked || 'without parameters'} here.`;
  return new StorageError(501, 'NotImplemented', text);
}
