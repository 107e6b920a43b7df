import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { sendExportFile } from './export-reply';
import type { ExportReader } from './export-reader';
import { readPageFiles } from './page-files';
import { refuse, secure, sendPageFile } from './replies';

export interface DashboardOptions {
  /** 0 = any free one. */
  port: number;
  /** Where the exported files come from. */
  openFile: ExportReader;
}

export interface Dashboard {
  /** Such as `http://127.0.0.1:7480/`. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** The built page; `dashboard/build.ts` writes it beside the compiled code. */
const pageFolder = path.join(__dirname, '..', 'page');
const exportPrefix = '/export/';

/**
 * Serves the page at `/` and, read-only, the export at `/export/…`, on loopback alone.
 * @throws an error with code EADDRINUSE when the port is taken.
 */
export async function startDashboard({ port, openFile }: DashboardOptions): Promise<Dashboard> {
  const page = readPageFiles(pageFolder);
  const server = http.createServer((request, response) => {
    secure(response);
    const route = async () => {
      if (!isLoopbackHost(request.headers.host))
        return refuse(response, 403, 'The dashboard answers to localhost only.');
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return refuse(response, 405, 'The dashboard is read-only.');
      const pathname = new URL(request.url ?? '/', 'http://localhost').pathname;
      const file = page.get(pathname);
      if (file) return sendPageFile(request, response, file);
      if (!pathname.startsWith(exportPrefix)) return refuse(response, 404, 'There is no such page.');
      return sendExportFile(request, response, pathname.slice(exportPrefix.length), openFile);
    };
    route().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/`,
    port: bound,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page elsewhere whose name was made to resolve to 127.0.0.1 (DNS rebinding) still sends its own name. */
function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '');
}
