import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A door before the data lake that can be shut at a chosen request, as if the client had died there. */
export interface LakeProxy {
  port: number;
  /** What the clients asked for since `open`, such as `PUT /devstoreaccount1/gold/_export/lock`. */
  requests: string[];
  /** Lets all requests pass, and counts from 0 again. */
  open(): void;
  /** From the request with this index on none reaches the lake; `then` is called once, at the first. */
  shutAt(request: number, then?: () => void): void;
  stop(): Promise<void>;
}

export async function startLakeProxy(lakePort: number): Promise<LakeProxy> {
  let shut = Infinity;
  let onShut: (() => void) | undefined;
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (requests.length > shut) {
      onShut?.();
      onShut = undefined;
      // 403 is not retried: the client fails at once, and cannot tidy up either.
      request.resume();
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationFailure' }).end();
      return;
    }
    const { method, url, headers } = request;
    const onwards = http.request({ host: '127.0.0.1', port: lakePort, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    open() {
      shut = Infinity;
      requests.length = 0;
    },
    shutAt(request, then) {
      shut = request;
      onShut = then;
      requests.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
