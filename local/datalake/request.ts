import type { IncomingMessage } from 'node:http';
import { badRequest } from './errors';
import { parseResource, type Resource } from './paths';

/** A request, parsed once. */
export interface StorageRequest {
  method: string;
  /** As sent, percent-encoded: signatures are made over it. */
  rawPath: string;
  /** Parameter names are lower case; values are decoded. */
  query: Map<string, string[]>;
  /** Header names are lower case. */
  headers: Map<string, string>;
  resource: Resource;
  body: IncomingMessage;
}

/** @throws StorageError 400 for a URL that is not valid. */
export function parseRequest(incoming: IncomingMessage, account: string): StorageRequest {
  const url = incoming.url ?? '';
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  if (!rawPath.startsWith('/')) throw badRequest('InvalidUri', 'The request target must be a path.');
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return {
    method: incoming.method ?? '',
    rawPath,
    query: parseQuery(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    resource: parseResource(rawPath, account),
    body: incoming,
  };
}

/** Splits a query string. A plus sign stays a plus sign, as the storage service reads it. */
export function parseQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const part of text.split('&')) {
    if (!part) continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? '' : decode(part.slice(equals + 1));
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
}

/** The first value of a query parameter. */
export function param(request: Pick<StorageRequest, 'query'>, name: string): string | undefined {
  return request.query.get(name)?.[0];
}

/** A query parameter that is a whole number of at least 0. */
export function numberParam(request: Pick<StorageRequest, 'query'>, name: string): number | undefined {
  const text = param(request, name);
  return text === undefined ? undefined : wholeNumber(text, name, 'InvalidQueryParameterValue');
}

/** A header that is a whole number; -1 where `negative` allows it. */
export function numberHeader(request: StorageRequest, name: string): number | undefined {
  const text = request.headers.get(name);
  if (text === '-1') return -1;
  return text === undefined ? undefined : wholeNumber(text, name, 'InvalidHeaderValue');
}

function wholeNumber(text: string, name: string, code: string): number {
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value))
    throw badRequest(code, `${name} must be a whole number.`);
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('InvalidQueryParameterValue', 'The query string is not valid percent-encoding.');
  }
}
