import type { DuckDBConnection } from '@duckdb/node-api';
import type { Socket } from 'node:net';
import { TSqlError, type CreateEngine, type SessionInfo, type SharedCatalog, type TSqlEngine } from '../contract';
import type { Warehouse } from '../engine/warehouse';
import { ByteReader } from '../wire/byte-reader';
import { skipHeaders } from '../wire/headers';
import { Feature, parseFederatedToken, parseLogin7, type Login7 } from '../wire/login7';
import { largestMessage, type Message } from '../wire/packet-reader';
import { buildPrelogin, Encryption, parsePrelogin } from '../wire/prelogin';
import {
  DoneStatus,
  hasKatmaiTypes,
  negotiateVersion,
  PacketStatus,
  PacketType,
  ProtocolError,
  Token,
} from '../wire/protocol';
import { EnvChange, TokenWriter } from '../wire/tokens';
import { parseRpc } from '../wire/rpc';
import { parseTransactionRequest } from '../wire/transaction-request';
import { Calls } from './calls';
import { Link, type LinkOptions } from './link';
import { checkDatabase, checkPassword, checkToken, type LoginRules } from './login';
import { Reply } from './reply';

/** What all sessions of a server share. */
export interface SessionContext {
  readonly warehouse: Warehouse;
  readonly shared: SharedCatalog;
  readonly createEngine: CreateEngine;
  readonly rules: LoginRules;
  readonly defaultDatabase: string;
  readonly tls: LinkOptions;
  /** Milliseconds a client has for its login, and how long a failed one is kept waiting. */
  readonly loginTimeoutMs: number;
  readonly failedLoginDelayMs: number;
  /** Told of errors that were not the client's: a defect of the server, or bytes that are no TDS. For logs and tests. */
  onFault?(error: unknown): void;
  /** True when the server has no room for one more logged-in session. */
  isFull(): boolean;
}

const smallestPacket = 512;
const largestPacket = 32767;
/** Messages that may wait behind the one at work before the socket is no longer read. */
const mostWaiting = 32;
/** A cancelled statement is interrupted this often until it has ended. */
const interruptEveryMs = 20;

type Stage = 'prelogin' | 'login' | 'token' | 'ready' | 'closed';

/** One client: login, then one message after the other; owns a DuckDB connection and an engine. */
export class Session {
  info: SessionInfo | undefined;
  private readonly link: Link;
  private readonly tokens: TokenWriter;
  private readonly reply: Reply;
  private calls: Calls | undefined;
  private engine: TSqlEngine | undefined;
  private connection: DuckDBConnection | undefined;
  private stage: Stage = 'prelogin';
  private login: Login7 | undefined;
  private databaseName = '';
  private transaction = 0n;
  private transactionCount = 0n;
  private readonly waiting: Message[] = [];
  private isBusy = false;
  private interrupting: NodeJS.Timeout | undefined;
  private readonly loginTimer: NodeJS.Timeout;

  constructor(
    socket: Socket,
    readonly spid: number,
    /** TLS is required (the TLS port), or refused (the plain port; strict TLS is taken on both). */
    private readonly requireTls: boolean,
    private readonly context: SessionContext,
    private readonly onClosed: () => void,
  ) {
    this.link = new Link(
      socket,
      context.tls,
      spid,
      (message) => this.received(message),
      () => this.closed(),
    );
    this.tokens = new TokenWriter(this.link.packets);
    this.reply = new Reply(this.link.packets, this.tokens, {
      connection: () => this.connection!,
      inTransaction: () => (this.engine?.transactionCount ?? 0) > 0,
      transactionDescriptor: (event) => {
        if (event === 'begin') this.transaction = (BigInt(this.spid) << 32n) | ++this.transactionCount;
        return this.transaction;
      },
      setDatabase: (name) => {
        const old = this.databaseName;
        this.databaseName = name;
        return old;
      },
    });
    this.loginTimer = setTimeout(() => this.link.destroy(), context.loginTimeoutMs);
  }

  get isReady(): boolean {
    return this.stage === 'ready';
  }

  /** Ends the session from outside (KILL, server stop). */
  kill(): void {
    this.link.destroy();
  }

  private closed(): void {
    clearTimeout(this.loginTimer);
    this.stage = 'closed';
    this.reply.cancel();
    if (this.isBusy) this.interrupt();
    else void this.release();
  }

  private async release(): Promise<void> {
    const { engine, connection } = this;
    this.engine = undefined;
    this.connection = undefined;
    clearInterval(this.interrupting);
    try {
      await engine?.close();
    } catch {
      // A connection that breaks while it is closed has nothing left to lose.
    } finally {
      connection?.closeSync();
      this.onClosed();
    }
  }

  /** Interrupts DuckDB now and again until the request at work has ended. */
  private interrupt(): void {
    const stop = (): void => this.connection?.interrupt();
    stop();
    this.interrupting ??= setInterval(stop, interruptEveryMs);
  }

  private received(message: Message): void {
    if (message.type === PacketType.attention) return this.attention();
    this.waiting.push(message);
    if (this.waiting.length >= mostWaiting) this.link.pause();
    void this.work();
  }

  private attention(): void {
    if (this.stage !== 'ready') return this.link.destroy();
    if (!this.isBusy) {
      this.tokens.done(Token.done, DoneStatus.attention, 0, 0);
      this.link.packets.flush(true);
      return;
    }
    this.reply.cancel();
    this.interrupt();
  }

  /** Works off the messages that wait, one at a time. */
  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (;;) {
        const message = this.waiting.shift();
        if (!message || this.isClosed) break;
        if (this.waiting.length === mostWaiting - 1) this.link.resume();
        await this.handle(message);
      }
    } catch (error) {
      // Bytes that are no TDS, or a socket that has gone: there is nobody to answer.
      this.context.onFault?.(error);
      this.link.destroy();
    } finally {
      this.isBusy = false;
      if (this.isClosed) await this.release();
    }
  }

  private get isClosed(): boolean {
    return this.stage === 'closed';
  }

  private async handle(message: Message): Promise<void> {
    switch (this.stage) {
      case 'prelogin':
        if (message.type === PacketType.prelogin) return this.prelogin(message);
        if (message.type === PacketType.login7 && !this.requireTls) return this.logIn(message);
        break;
      case 'login':
        if (message.type === PacketType.login7) return this.logIn(message);
        break;
      case 'token':
        if (message.type === PacketType.federatedToken) return this.logInByToken(parseFederatedToken(message.payload));
        break;
      case 'ready':
        return this.request(message);
    }
    throw new ProtocolError(`A message of type ${message.type} cannot come now.`);
  }

  private async prelogin(message: Message): Promise<void> {
    const asked = parsePrelogin(message.payload);
    const encryptInside = this.requireTls && !this.link.isStrict;
    const answer = !encryptInside
      ? Encryption.notSupported
      : asked.encryption === Encryption.on
        ? Encryption.on
        : Encryption.required;
    this.link.packets.bytes(buildPrelogin(answer, asked.federatedRequired));
    await this.link.packets.flushed(true);
    this.stage = 'login';
    if (encryptInside) this.link.startTls();
  }

  private async logIn(message: Message): Promise<void> {
    const login = parseLogin7(message.payload);
    this.login = login;
    this.tokens.version = negotiateVersion(login.tdsVersion);
    if (login.federated?.library === 'adal') {
      this.tokens.federatedInfo('https://login.microsoftonline.com/common', 'https://database.windows.net/');
      await this.link.packets.flushed(true);
      this.stage = 'token';
      return;
    }
    if (login.federated) return this.logInByToken(login.federated.token ?? '');
    await this.admit(login, () => checkPassword(login, this.context.rules));
  }

  private async logInByToken(token: string): Promise<void> {
    await this.admit(this.login!, () => checkToken(token, this.context.rules));
  }

  /** Lets a client in, or tells it why not (a wrong password after a while) and closes. */
  private async admit(login: Login7, principal: () => string): Promise<void> {
    const { context } = this;
    try {
      const name = principal();
      checkDatabase(login.database, context.rules);
      if (context.isFull()) {
        throw new TSqlError(
          10928,
          'Resource ID : 2. The session limit for the database is 1024 and has been reached.',
          1,
          16,
        );
      }
      await this.open(login, name);
    } catch (error) {
      if (!(error instanceof TSqlError)) throw error;
      if (error.number === 18456) await new Promise((resolve) => setTimeout(resolve, context.failedLoginDelayMs));
      if (this.isClosed) return;
      this.reply.fail(error, Token.done, false);
      await this.link.packets.flushed(true);
      this.link.end();
    }
  }

  private async open(login: Login7, principal: string): Promise<void> {
    const { context, tokens } = this;
    const packetSize = Math.max(smallestPacket, Math.min(login.packetSize || 4096, largestPacket));
    this.databaseName = login.database || context.defaultDatabase;
    const info: SessionInfo = {
      spid: this.spid,
      login: principal,
      host: login.host,
      application: login.application,
      clientLibrary: login.library,
      language: 'us_english',
      startedAt: new Date(),
      legacyTypes: !hasKatmaiTypes(tokens.version),
      packetSize,
      encrypted: this.link.encrypted,
    };
    this.connection = await context.warehouse.connect();
    this.engine = await context.createEngine({
      connection: this.connection,
      shared: context.shared,
      sink: this.reply,
      session: info,
      database: this.databaseName,
    });
    this.calls = new Calls(this.engine, this.reply, tokens, this.connection);
    this.info = info;
    if (this.isClosed) return;
    clearTimeout(this.loginTimer);
    tokens.envText(EnvChange.database, this.databaseName, 'master');
    tokens.message(Token.info, {
      number: 5701,
      state: 2,
      class: 0,
      line: 1,
      message: `Changed database context to '${this.databaseName}'.`,
    });
    tokens.envCollation();
    tokens.envText(EnvChange.language, 'us_english', '');
    tokens.message(Token.info, {
      number: 5703,
      state: 1,
      class: 0,
      line: 1,
      message: 'Changed language setting to us_english.',
    });
    tokens.loginAck();
    tokens.envText(EnvChange.packetSize, String(packetSize), '4096');
    const acknowledged = new Map<number, Buffer>();
    if (login.federated) acknowledged.set(Feature.federated, Buffer.alloc(0));
    if (login.features.has(Feature.utf8)) acknowledged.set(Feature.utf8, Buffer.from([1]));
    tokens.featureAck(acknowledged);
    tokens.done(Token.done, 0, 0, 0);
    await this.link.packets.flushed(true);
    this.link.loggedIn(packetSize, largestMessage);
    this.stage = 'ready';
  }

  /** One request of a logged-in client, with its answer. */
  private async request(message: Message): Promise<void> {
    const { reply } = this;
    reply.renew();
    const isCall = message.type === PacketType.rpc;
    try {
      if (message.status & PacketStatus.ignore) {
        this.tokens.done(isCall ? Token.doneProc : Token.done, DoneStatus.error, 0, 0);
      } else {
        if (message.status & (PacketStatus.reset | PacketStatus.resetKeepTransaction)) {
          await this.reset((message.status & PacketStatus.resetKeepTransaction) !== 0);
        }
        await this.answer(message);
      }
    } catch (error) {
      if (error instanceof ProtocolError || !this.engine) throw error;
      if (!(error instanceof TSqlError) && !reply.cancelled()) this.context.onFault?.(error);
      if (!reply.cancelled()) reply.fail(asTSqlError(error), isCall ? Token.doneProc : Token.done, false);
    }
    clearInterval(this.interrupting);
    this.interrupting = undefined;
    if (this.isClosed) return;
    if (!reply.cancelled()) return this.link.packets.flushed(true);
    // One reply message per client message: the cancelled answer is ended, then the attention is acknowledged in its own message.
    this.tokens.done(isCall ? Token.doneProc : Token.done, DoneStatus.error, 0, 0);
    await this.link.packets.flushed(true);
    this.tokens.done(Token.done, DoneStatus.attention, 0, 0);
    await this.link.packets.flushed(true);
  }

  private async answer(message: Message): Promise<void> {
    const version = this.tokens.version;
    switch (message.type) {
      case PacketType.sqlBatch: {
        const reader = new ByteReader(message.payload);
        skipHeaders(reader, version);
        return this.calls!.batch(message.payload.toString('ucs2', reader.position));
      }
      case PacketType.bulkLoad:
        return this.calls!.bulkData(message.payload);
      case PacketType.rpc:
        return this.calls!.rpc(parseRpc(message.payload, version));
      case PacketType.transactionManager:
        return this.calls!.transaction(parseTransactionRequest(message.payload, version));
    }
    throw new ProtocolError(`Messages of type ${message.type} are not known.`);
  }

  private async reset(keepTransaction: boolean): Promise<void> {
    this.reply.start('batch');
    this.calls!.forget();
    await this.engine!.reset(keepTransaction);
    this.reply.release(true);
    this.tokens.envReset();
  }
}

/** An error that the engine did not map: told without its text, which could show translated SQL. */
function asTSqlError(error: unknown): TSqlError {
  if (error instanceof TSqlError) return error;
  return new TSqlError(40197, 'The local Synapse met an internal error while it processed the request.', 1, 17);
}
