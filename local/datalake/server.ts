import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorize, type Account } from './auth';
import * as changes from './changes';
import * as containers from './containers';
import { contextOf, type Handler } from './context';
import * as files from './files';
import * as lists from './lists';
import { operationOf, type Operation } from './operations';
import * as reads from './reads';
import { replyError, startReply } from './reply';
import { parseRequest, type StorageRequest } from './request';
import type { Store } from './store';

const handlers: Record<Operation, Handler> = {
  'service.list': containers.listContainers,
  'service.properties': containers.serviceProperties,
  'container.create': containers.createContainer,
  'container.delete': containers.deleteContainer,
  'container.read': containers.readContainer,
  'container.setMetadata': containers.setContainerMetadata,
  'container.lease': containers.leaseContainer,
  'paths.list': lists.listPaths,
  'blobs.list': lists.listBlobs,
  'path.create': files.createPath,
  'path.append': files.appendToFile,
  'path.flush': files.flushFile,
  'path.rename': changes.renamePath,
  'path.read': reads.readPath,
  'path.delete': changes.deletePath,
  'path.setMetadata': changes.setMetadata,
  'path.setHeaders': changes.setHeaders,
  'path.setAccess': changes.setAccess,
  'path.getAccess': reads.getAccess,
  'path.lease': changes.leasePath,
  'blob.put': files.putBlob,
};

/** The HTTP side of the local Data Lake, on 127.0.0.1. */
export class DataLakeServer {
  private readonly server: http.Server;
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly store: Store,
    private readonly account: Account,
  ) {
    this.server = http.createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
      const work = this.serve(incoming, response).finally(() => this.running.delete(work));
      this.running.add(work);
    });
  }

  /** @returns the port that is listened on. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends all connections and waits for requests that are being served. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    await Promise.all(this.running);
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let request: StorageRequest | undefined;
    incoming.on('error', () => undefined); // a client that leaves: the handler sees a body that is not complete
    response.on('error', () => undefined);
    try {
      startReply(response, (name) => incoming.headers[name]?.toString());
      request = parseRequest(incoming, this.account.name);
      const operation = operationOf(request);
      authorize(request, operation, this.account);
      await handlers[operation](contextOf(request, response, this.store, this.account));
    } catch (error) {
      replyError(response, request, error);
    }
    if (!incoming.readableEnded) incoming.resume();
  }
}
