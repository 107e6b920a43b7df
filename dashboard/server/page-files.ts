import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the built page, held in memory: the whole page is small. */
export interface PageFile {
  contentType: string;
  content: Buffer;
  gzipped?: Buffer;
  etag: string;
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Reads the built page: by URL path, `/` being `index.html`. @throws Error when the page has not been built. */
export function readPageFiles(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder)) {
    const contentType = contentTypes[path.extname(name)];
    if (!contentType) continue;
    const content = readFileSync(path.join(folder, name));
    files.set(name === 'index.html' ? '/' : `/${name}`, {
      contentType,
      content,
      gzipped: contentType === 'font/woff2' ? undefined : gzipSync(content),
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    });
  }
  return files;
}
