import { committing } from '../engine/committing';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Socket } from 'node:net';
import { TSqlError, type CreateEngine, type SessionInfo, type TSqlEngine } from '../contract';
import type { Warehouse } from '../engine/warehouse';
import { ByteReader } from '../wire/byte-reader';
import { skipHeaders } from '../wire/headers';
import type { Channel } from '../wire/multiplexer';
import { largestMessage, type Message } from '../wire/packet-reader';
import { DoneStatus, hasKatmaiTypes, PacketStatus, PacketType, ProtocolError, Token } from '../wire/protocol';
import { PacketWriter } from '../wire/packet-writer';
import { TokenWriter } from '../wire/tokens';
import { parseRpc } from '../wire/rpc';
import { parseTransactionRequest } from '../wire/transaction-request';
import { Calls } from './calls';
import type { Databases } from './databases';
import { Greeting, type Admission, type GreetingContext } from './greeting';
import { Link, type LinkOptions } from './link';
import { releaseAppLocks } from './procedures/app-lock';
import { Reply } from './reply';
import { Turns, type Turn } from './turns';

/** What all sessions of a server share. */
export interface SessionContext extends GreetingContext {
  readonly warehouse: Warehouse;
  readonly databases: Databases;
  readonly createEngine: CreateEngine;
  readonly defaultDatabase: string;
  readonly tls: LinkOptions;
  /** Milliseconds a client has for its login. */
  readonly loginTimeoutMs: number;
  /** Told of errors that were not the client's: a defect of the server, or bytes that are no TDS. For logs and tests. */
  onFault?(error: unknown): void;
}

const smallestPacket = 512;
const largestPacket = 32767;
/** A cancelled statement is interrupted this often until it has ended. */
const interruptEveryMs = 40;

type Stage = 'greeting' | 'ready' | 'closed';

/** One client: login, then one message after the other; owns a DuckDB connection and an engine. */
export class Session {
  info: SessionInfo | undefined;
  private readonly link: Link;
  private readonly tokens: TokenWriter;
  private readonly reply: Reply;
  private readonly greeting: Greeting;
  private calls: Calls | undefined;
  private engine: TSqlEngine | undefined;
  private connection: DuckDBConnection | undefined;
  private stage: Stage = 'greeting';
  private databaseName = '';
  private transaction = 0n;
  private transactionCount = 0n;
  private readonly turns: Turns;
  private interrupting: NodeJS.Timeout | undefined;
  private readonly loginTimer: NodeJS.Timeout;

  constructor(
    socket: Socket,
    readonly spid: number,
    /** TLS is required (the TLS port), or refused (the plain port; strict TLS is taken on both). */
    requireTls: boolean,
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
    this.turns = new Turns(this.link);
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
    this.greeting = new Greeting(this.link, this.tokens, this.reply, requireTls, context);
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
    if (this.turns.isBusy) this.interrupt();
    else void this.release();
  }

  private async release(): Promise<void> {
    const { engine, connection } = this;
    this.engine = undefined;
    this.connection = undefined;
    clearInterval(this.interrupting);
    try {
      if (engine) releaseAppLocks(engine);
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
    const stop = (): void => {
      if (this.connection && !committing.has(this.connection)) this.connection.interrupt();
    };
    stop();
    this.interrupting ??= setInterval(stop, interruptEveryMs);
  }

  private received(message: Message, channel?: Channel): void {
    if (message.type === PacketType.attention) return this.attention(channel);
    this.turns.add(message, channel);
    void this.work();
  }

  private attention(channel: Channel | undefined): void {
    if (this.stage !== 'ready') return this.link.destroy();
    if (this.turns.isAtWork(channel)) return this.cancel();
    // A request of another channel that has not begun is forgotten.
    this.turns.forget(channel);
    const packets = new PacketWriter(channel ?? this.link.packets.sink, this.link.packets.packetSize, this.spid);
    const tokens = new TokenWriter(packets);
    tokens.version = this.tokens.version;
    tokens.done(Token.done, DoneStatus.attention, 0, 0);
    packets.flush(true);
  }

  /** The client has ended a channel (MARS), and wants no more of it. */
  private channelClosed(channel: Channel): void {
    this.turns.forget(channel);
    if (this.turns.isAtWork(channel)) this.cancel();
  }

  private cancel(): void {
    this.reply.cancel();
    this.interrupt();
  }

  /** Works off the messages that wait, one at a time. */
  private async work(): Promise<void> {
    const { turns } = this;
    if (turns.isBusy) return;
    turns.isBusy = true;
    try {
      for (let turn = turns.next(); turn && !this.isClosed; turn = turns.next()) {
        await this.handle(turn);
      }
    } catch (error) {
      // Bytes that are no TDS, or a socket that has gone: there is nobody to answer.
      this.context.onFault?.(error);
      this.link.destroy();
    } finally {
      turns.isBusy = false;
      if (this.isClosed) await this.release();
    }
  }

  private get isClosed(): boolean {
    return this.stage === 'closed';
  }

  private async handle({ message, overlaps }: Turn): Promise<void> {
    if (this.stage === 'ready') return this.request(message, overlaps);
    const admission = await this.greeting.take(message);
    if (admission && !this.isClosed) await this.open(admission);
  }

  private async open({ login, principal, multiplexed }: Admission): Promise<void> {
    const { context, tokens } = this;
    const packetSize = Math.max(smallestPacket, Math.min(login.packetSize || 4096, largestPacket));
    const { databases } = context;
    this.databaseName = databases.properName(login.database) ?? context.defaultDatabase;
    const info: SessionInfo = {
      spid: this.spid,
      login: principal,
      host: login.host,
      application: login.application,
      clientLibrary: login.library,
      language: 'us_english',
      startedAt: new Date(),
      legacyTypes: !hasKatmaiTypes(tokens.version),
      tdsVersion: tokens.version,
      packetSize,
      encrypted: this.link.encrypted,
      namesDatabase: login.database !== '',
      odbc: login.odbc,
    };
    // Listed from the moment of its login time on: who lists the sessions sees every earlier one.
    this.info = info;
    const shared = (await databases.catalog(this.databaseName))!;
    this.connection = await context.warehouse.connect(this.databaseName);
    this.engine = await context.createEngine({
      connection: this.connection,
      shared,
      sink: this.reply,
      session: info,
      database: this.databaseName,
    });
    this.calls = new Calls(this.engine, this.reply, tokens, this.connection, multiplexed);
    if (this.isClosed) return;
    clearTimeout(this.loginTimer);
    await this.greeting.welcome(login, this.databaseName, packetSize);
    this.link.loggedIn(packetSize, largestMessage);
    if (multiplexed) {
      this.link.multiplex({
        message: (message, channel) => this.received(message, channel),
        closed: (channel) => this.channelClosed(channel),
      });
    }
    this.stage = 'ready';
  }

  /** One request of a logged-in client, with its answer. */
  private async request(message: Message, overlaps: boolean): Promise<void> {
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
        if (overlaps && this.context.databases.surfaceOf(this.databaseName) === 'dedicated') {
          throw new TSqlError(40517, 'Multiple active result sets (MARS) are not supported in a dedicated SQL pool.');
        }
        await this.answer(message);
      }
    } catch (error) {
      if (!this.engine) throw error;
      if (error instanceof ProtocolError) return this.refuseStream(error);
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

  /** Bytes that are no TDS after the login: told, as SQL Server does, and the connection is closed. */
  private async refuseStream(error: ProtocolError): Promise<void> {
    this.context.onFault?.(error);
    const told = new TSqlError(
      4002,
      `The incoming tabular data stream (TDS) protocol stream is incorrect. ${error.message}`,
      1,
      20,
    );
    this.reply.fail(told, Token.done, false);
    await this.link.packets.flushed(true);
    this.link.end();
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
        return this.calls!.bulkData(message.stream!);
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
    releaseAppLocks(this.engine!);
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
