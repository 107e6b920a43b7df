import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFile } from './page-files';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every reply: nothing from elsewhere is loaded, nothing elsewhere may read or embed it. */
export function secure(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', contentSecurityPolicy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-cache');
}

/** Ends a request with a sentence for a person. */
export function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (status === 405) response.setHeader('Allow', 'GET, HEAD');
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/** True, and the request is ended, when the reader already has this version. */
export function endIfUnchanged(request: IncomingMessage, response: ServerResponse, etag: string): boolean {
  response.setHeader('ETag', etag);
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known?.includes(etag)) return false;
  response.writeHead(304).end();
  return true;
}

export function sendPageFile(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
  response.setHeader('Vary', 'Accept-Encoding');
  if (endIfUnchanged(request, response, file.etag)) return;
  const compressed = file.gzipped && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const content = compressed ? file.gzipped! : file.content;
  response.setHeader('Content-Type', file.contentType);
  response.setHeader('Content-Length', content.length);
  if (compressed) response.setHeader('Content-Encoding', 'gzip');
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : content);
}
