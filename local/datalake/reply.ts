import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { toStorageError } from './errors';
import type { StorageRequest } from './request';
import type { Entry } from './store';

/** The headers that every answer has. */
export function startReply(response: ServerResponse, header: (name: string) => string | undefined): void {
  response.setHeader('x-ms-request-id', randomUUID());
  response.setHeader('x-ms-version', header('x-ms-version') ?? '2024-11-04');
  const clientId = header('x-ms-client-request-id');
  if (clientId !== undefined) response.setHeader('x-ms-client-request-id', clientId);
}

/** Sets ETag and Last-Modified. */
export function setVersion(response: ServerResponse, entry: Entry): void {
  response.setHeader('ETag', entry.etag);
  response.setHeader('Last-Modified', entry.modified.toUTCString());
}

/** Answers without a body. */
export function replyEmpty(response: ServerResponse, status: number, entry?: Entry): void {
  if (entry) setVersion(response, entry);
  response.statusCode = status;
  response.setHeader('Content-Length', '0');
  response.end();
}

export function replyJson(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json;charset=utf-8');
  response.end(JSON.stringify(body));
}

export function replyXml(response: ServerResponse, body: string): void {
  response.setHeader('Content-Type', 'application/xml');
  response.end(`<?xml version="1.0" encoding="utf-8"?>${body}`);
}

/** Answers with an error: JSON for Data Lake requests, XML for Blob requests, nothing but headers for HEAD and 304. */
export function replyError(response: ServerResponse, request: StorageRequest | undefined, error: unknown): void {
  const failure = toStorageError(error);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) if (!name.startsWith('x-ms-')) response.removeHeader(name);
  response.statusCode = failure.status;
  response.setHeader('x-ms-error-code', failure.code);
  if (request?.method === 'HEAD' || failure.status === 304) {
    response.end();
    return;
  }
  const { code, message } = failure;
  if (isBlobRequest(request))
    replyXml(response, `<Error><Code>${code}</Code><Message>${xmlText(message)}</Message></Error>`);
  else replyJson(response, { error: { code, message } });
}

function isBlobRequest(request: StorageRequest | undefined): boolean {
  return (
    !!request && (request.query.has('comp') || request.query.has('restype') || request.headers.has('x-ms-blob-type'))
  );
}

/** Text for XML; what XML cannot hold is replaced. */
export function xmlText(text: string): string {
  return text
    .replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
