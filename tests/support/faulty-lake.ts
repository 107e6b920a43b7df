import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What to do with a request: pass it on (undefined), answer with a status, never answer, break the connection before it
 * gets through, or let it through and lose the answer.
 */
export type Fault = number | 'silence' | 'break' | 'lose-answer' | undefined;

export interface FaultyLake {
  port: number;
  /** Number of requests that got a fault. */
  faults: number;
  choose: (request: http.IncomingMessage) => Fault;
  stop(): Promise<void>;
}

/** A lake that fails as told, in front of one that does not. */
export async function startFaultyLake(lakePort: number): Promise<FaultyLake> {
  const server = http.createServer((request, response) => {
    const fault = lake.choose(request);
    if (fault !== undefined) lake.faults++;
    if (fault === 'silence') return;
    if (fault === 'break') return void request.socket.destroy();
    if (typeof fault === 'number') {
      request.resume();
      response.writeHead(fault, { 'x-ms-error-code': fault === 503 ? 'ServerBusy' : 'InternalError' });
      return void response.end();
    }
    const { method, url, headers } = request;
    const forward = http.request({ host: '127.0.0.1', port: lakePort, method, path: url, headers }, (answer) => {
      if (fault === 'lose-answer') {
        answer.resume().on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forward.on('error', () => request.socket.destroy());
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lake: FaultyLake = {
    port: (server.address() as AddressInfo).port,
    faults: 0,
    choose: () => undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return lake;
}
