import net from 'node:net';
import type { AddressInfo } from 'node:net';
import type { CreateEngine, OpenCatalog, SessionInfo, Surface } from '../contract';
import { openWarehouse } from '../engine/warehouse';
import { serverCertificate } from './certificate';
import { Databases } from './databases';
import { systemProcedures } from './procedures';
import { Session, type SessionContext } from './session';

export interface ServerOptions {
  /** Folder of `warehouse.duckdb`, `certificate.pem` and `key.pem`. */
  readonly root: string;
  readonly lakeRoot: string;
  readonly lakeAccount: string;
  /** Plain TDS; 0 = any free port. */
  readonly port: number;
  /** TDS 7.x with TLS, and TDS 8; 0 = any free port; undefined = none. */
  readonly tlsPort?: number;
  readonly database: string;
  /** Passwords by login name. */
  readonly users: Readonly<Record<string, string>>;
  readonly acceptTokens?: boolean;
  readonly surface?: Surface;
  readonly loginTimeoutMs?: number;
  readonly failedLoginDelayMs?: number;
  /** Told of defects of the server and of bytes that are no TDS; texts may show statements, never values of rows. */
  readonly onFault?: (error: unknown) => void;
}

export interface Language {
  readonly openCatalog: OpenCatalog;
  readonly createEngine: CreateEngine;
}

export interface RunningServer {
  readonly port: number;
  readonly tlsPort?: number;
  readonly certificatePath: string;
  /** Connections that are open now, logged in or not. */
  sessionCount(): number;
  stop(): Promise<void>;
}

/** Sessions of a dedicated SQL pool. */
const mostSessions = 1024;
const firstSpid = 51;
const lastSpid = 32767;

/** Starts a TDS server on 127.0.0.1 over a warehouse file; `language` is what understands the statements. */
export async function startServer(options: ServerOptions, language: Language): Promise<RunningServer> {
  const warehouse = await openWarehouse(options.root, options.lakeRoot, options.database);
  try {
    return await serve(options, language, warehouse);
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

async function serve(
  options: ServerOptions,
  language: Language,
  warehouse: Awaited<ReturnType<typeof openWarehouse>>,
): Promise<RunningServer> {
  const { certificatePath, ...tls } = await serverCertificate(options.root);
  const sessions = new Map<number, Session>();
  const ready = (): Session[] => [...sessions.values()].filter((session) => session.isReady);
  const catalog = {
    instance: warehouse.instance,
    lakeRoot: options.lakeRoot,
    lakeAccount: options.lakeAccount,
    logins: Object.keys(options.users),
    systemProcedures,
    // Those whose client has gone stay listed until their last statement has ended.
    sessions: () => [...sessions.values()].flatMap((session): SessionInfo[] => (session.info ? [session.info] : [])),
    kill(spid: number): boolean {
      const session = sessions.get(spid);
      session?.kill();
      return session !== undefined;
    },
  };
  const databases = new Databases(
    warehouse,
    language.openCatalog,
    catalog,
    options.database,
    options.surface ?? 'dedicated',
  );
  await databases.catalog(options.database);
  const context: SessionContext = {
    warehouse,
    databases,
    createEngine: language.createEngine,
    rules: {
      users: options.users,
      acceptTokens: options.acceptTokens ?? false,
      hasDatabase: (name) => databases.has(name),
    },
    defaultDatabase: options.database,
    tls,
    loginTimeoutMs: options.loginTimeoutMs ?? 15_000,
    failedLoginDelayMs: options.failedLoginDelayMs ?? 1_000,
    onFault: options.onFault,
    isFull: () => ready().length >= mostSessions,
  };
  let nextSpid = firstSpid;
  const allDone: (() => void)[] = [];
  const accept = (socket: net.Socket, requireTls: boolean): void => {
    while (sessions.has(nextSpid)) nextSpid = nextSpid >= lastSpid ? firstSpid : nextSpid + 1;
    const spid = nextSpid;
    nextSpid = nextSpid >= lastSpid ? firstSpid : nextSpid + 1;
    const session = new Session(socket, spid, requireTls, context, () => {
      sessions.delete(spid);
      if (sessions.size === 0) for (const done of allDone.splice(0)) done();
    });
    sessions.set(spid, session);
  };
  const plain = await listen(options.port, (socket) => accept(socket, false));
  const secure =
    options.tlsPort === undefined ? undefined : await listen(options.tlsPort, (socket) => accept(socket, true));
  return {
    port: portOf(plain),
    tlsPort: secure && portOf(secure),
    certificatePath,
    sessionCount: () => sessions.size,
    async stop() {
      plain.close();
      secure?.close();
      for (const session of sessions.values()) session.kill();
      if (sessions.size > 0) await new Promise<void>((resolve) => allDone.push(resolve));
      await warehouse.close();
    },
  };
}

const portOf = (server: net.Server): number => (server.address() as AddressInfo).port;

async function listen(port: number, accept: (socket: net.Socket) => void): Promise<net.Server> {
  const server = net.createServer(accept);
  // More sockets than sessions: logins in flight; beyond spid numbers nothing can be served.
  server.maxConnections = 16_384;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, backlog: 2048 }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return server;
}
