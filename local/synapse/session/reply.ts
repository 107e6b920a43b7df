import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { TSqlError, type Command, type InfoMessage, type ResultColumn, type Sink } from '../contract';
import { columnType } from '../engine/column-type';
import { encodeValue } from '../engine/encode-value';
import { sentValue } from '../ticks';
import { RowEncoder } from '../engine/row-encoder';
import type { PacketWriter } from '../wire/packet-writer';
import { commandCode } from '../wire/command-code';
import { DoneStatus, hasNullBitmap, Token, type DoneToken } from '../wire/protocol';
import { EnvChange, type SentColumn, type TokenWriter } from '../wire/tokens';
import { hasFixedForm } from '../wire/type-info';

/** Rows are sent when this many bytes are waiting. */
const sendAt = 32 * 1024;

/** A result set in memory; every column has a type. */
export interface RecordedSet {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** DuckDB's errors that a row's values cause: the statement itself was understood, and is not tried again. */
const isAboutValues = (error: unknown): boolean =>
  /^(Conversion|Out of Range|Invalid Input) Error/.test((error as Error).message);

/** Gets what the reply needs to know of its session. */
export interface ReplyContext {
  readonly connection: () => DuckDBConnection;
  readonly inTransaction: () => boolean;
  readonly transactionDescriptor: (event: 'begin' | 'commit' | 'rollback') => bigint;
  readonly setDatabase: (name: string) => string;
}

/**
 * The session's sink: turns what the engine tells into tokens, in order.
 * The last DONE is held back until it is known whether something follows it (DONE_MORE).
 */
export class Reply implements Sink {
  private held: { status: number; command: number; rows: number; token?: DoneToken } | undefined;
  /** Procedures that are running inside a batch. */
  private depth = 0;
  private isBatch = true;
  private doneToken: DoneToken = Token.done;
  private abort = new AbortController();
  /** Result sets that are kept from the client while the server asks something for itself. */
  private recorded: RecordedSet[] | undefined;

  constructor(
    private readonly packets: PacketWriter,
    private readonly tokens: TokenWriter,
    private readonly context: ReplyContext,
  ) {}

  /** Starts the answer to a request of a message: a batch ends its statements with DONE, a call with DONEINPROC. */
  start(kind: 'batch' | 'call'): void {
    this.held = undefined;
    this.depth = 0;
    this.isBatch = kind === 'batch';
    this.doneToken = this.isBatch ? Token.done : Token.doneInProc;
  }

  /** A new message of the client: whatever was cancelled before is forgotten. */
  renew(): void {
    if (this.abort.signal.aborted) this.abort = new AbortController();
  }

  /** The client cancels the current request, or has gone. */
  cancel(): void {
    this.abort.abort();
  }

  cancelled(): boolean {
    return this.abort.signal.aborted;
  }

  signal(): AbortSignal {
    return this.abort.signal;
  }

  /**
   * Runs `work` on the engine without an answer to the client, and returns the result sets it gave (an error that the batch would
   * survive ends it). Transactions are still told.
   */
  async record(work: () => Promise<unknown>): Promise<RecordedSet[]> {
    const sets: RecordedSet[] = [];
    this.recorded = sets;
    try {
      await work();
      return sets;
    } finally {
      this.recorded = undefined;
    }
  }

  async rows(
    sql: string,
    columns?: readonly ResultColumn[],
    counted = true,
    sortedBy: readonly number[] = [],
  ): Promise<number> {
    if (this.recorded) {
      const reader = await this.context.connection().runAndReadAll(sql);
      const types = reader.columnTypes();
      const named = columns ?? reader.columnNames().map((name): ResultColumn => ({ name }));
      const typed = named.map((column, index) => ({ ...column, type: column.type ?? columnType(types[index]!) }));
      this.recorded.push({ columns: typed, rows: reader.getRows() });
      return reader.currentRowCount;
    }
    const result = await this.context
      .connection()
      .stream(sql)
      .catch((error: unknown) => {
        // A statement that fails while it runs has told its columns before, as SQL Server does.
        const known = columns?.map((column) => column.type && this.tokens.column(column, column.type));
        if (known?.every((column) => column !== undefined) && isAboutValues(error)) this.heading(known);
        throw error;
      });
    const sources = result.columnTypes();
    const names = result.columnNames();
    if (columns && columns.length !== sources.length) {
      throw new TypeError(`The result has ${sources.length} columns where ${columns.length} were declared.`);
    }
    const sent = sources.map((source, index) => {
      const column = columns?.[index] ?? { name: names[index]! };
      return this.tokens.column(column, column.type ?? columnType(source));
    });
    this.heading(sent);
    this.tokens.order(sortedBy);
    const encoder = new RowEncoder(
      this.packets,
      sent.map((column) => column.type),
      sources,
      hasNullBitmap(this.tokens.version),
      columns?.map((column, index) => column.type ?? sent[index]!.type),
    );
    // The next chunk is fetched while this one is encoded.
    const fetch = (): ReturnType<typeof result.fetchChunk> => {
      const chunk = result.fetchChunk();
      // A failure is seen where the chunk is awaited, which may be after a wait for the socket.
      chunk.catch(() => undefined);
      return chunk;
    };
    let next = fetch();
    try {
      for (;;) {
        const chunk = await next;
        if (!chunk || chunk.rowCount === 0 || this.cancelled()) break;
        next = fetch();
        encoder.encode(chunk);
        if (this.packets.position > sendAt) await this.packets.flushed(false);
      }
    } finally {
      // Nothing may touch the connection while a fetch is under way; its own error was thrown above or does not matter any more.
      await next.catch(() => undefined);
    }
    this.held = {
      status: counted ? DoneStatus.count : 0,
      command: commandCode.select,
      rows: counted ? encoder.rows : 0,
    };
    return encoder.rows;
  }

  async table(
    columns: readonly ResultColumn[],
    rows: readonly (readonly DuckDBValue[])[],
    counted = true,
  ): Promise<number> {
    if (this.recorded) {
      this.recorded.push({ columns, rows });
      return rows.length;
    }
    const sent = columns.map((column, index) => {
      const told = this.tokens.column(column, column.type ?? { name: 'nvarchar', length: -1 });
      const isFixed = column.nullable === false && hasFixedForm(told.type) && rows.every((row) => row[index] !== null);
      return { ...told, isFixed };
    });
    this.heading(sent);
    for (const row of rows) {
      if (this.cancelled()) break;
      const start = this.packets.position;
      try {
        this.packets.u8(Token.row);
        sent.forEach((column, index) =>
          this.cell(sentValue(row[index] ?? null, columns[index]!.type ?? column.type, column.type), column),
        );
      } catch (error) {
        this.packets.position = start;
        throw error;
      }
      if (this.packets.position > sendAt) await this.packets.flushed(false);
    }
    this.held = {
      status: counted ? DoneStatus.count : 0,
      command: commandCode.select,
      rows: counted ? rows.length : 0,
    };
    return rows.length;
  }

  private cell(value: DuckDBValue, { type, isFixed }: SentColumn): void {
    const { packets } = this;
    const start = packets.position;
    encodeValue(packets, value, type);
    if (!isFixed) return;
    // The same bytes without their length.
    packets.buffer.copyWithin(start, start + 1, packets.position);
    packets.position--;
  }

  private heading(columns: readonly SentColumn[]): void {
    this.release(true);
    this.tokens.columns(columns);
  }

  done(command: Command, rows?: number): void {
    if (this.recorded) return;
    this.release(true);
    this.held = { status: rows === undefined ? 0 : DoneStatus.count, command: commandCode[command], rows: rows ?? 0 };
  }

  info(message: InfoMessage): void {
    if (this.recorded) return;
    this.release(true);
    this.tokens.message(Token.info, message);
  }

  error(error: TSqlError): void {
    if (this.recorded) throw error;
    this.release(true);
    this.tokens.message(Token.error, error);
    this.held = { status: DoneStatus.error, command: commandCode.other, rows: 0 };
  }

  procedureStart(): void {
    if (this.recorded || !this.isBatch) return;
    if (this.depth++ > 0) return;
    this.release(true);
    this.doneToken = Token.doneInProc;
  }

  procedureEnd(status: number): void {
    if (this.recorded || !this.isBatch || this.depth === 0 || --this.depth > 0) return;
    this.release(true);
    this.doneToken = Token.done;
    this.tokens.returnStatus(status);
    this.held = { status: 0, command: commandCode.execute, rows: 0, token: Token.doneProc };
  }

  transaction(event: 'begin' | 'commit' | 'rollback'): void {
    this.release(true);
    const type = {
      begin: EnvChange.beginTransaction,
      commit: EnvChange.commitTransaction,
      rollback: EnvChange.rollbackTransaction,
    }[event];
    this.tokens.envTransaction(type, this.context.transactionDescriptor(event));
  }

  database(name: string): void {
    this.release(true);
    const old = this.context.setDatabase(name);
    this.tokens.envText(EnvChange.database, name, old);
    this.tokens.message(Token.info, {
      number: 5701,
      state: 1,
      class: 0,
      line: 1,
      message: `Changed database context to '${name}'.`,
    });
  }

  /** Sends the held DONE; `more` = something follows it. */
  release(more: boolean): void {
    const held = this.held;
    if (!held) return;
    this.held = undefined;
    this.writeDone(held.token ?? this.doneToken, held.status | (more ? DoneStatus.more : 0), held.command, held.rows);
  }

  /** Ends the answer to a batch: the held DONE, or a bare one when no statement had an answer. */
  endBatch(): void {
    if (this.held) this.release(false);
    else this.writeDone(Token.done, 0, commandCode.other, 0);
  }

  /** Ends the answer to a call. */
  endCall(more: boolean, failed: boolean): void {
    this.release(true);
    this.writeDone(
      Token.doneProc,
      (more ? DoneStatus.more : 0) | (failed ? DoneStatus.error : 0),
      commandCode.execute,
      0,
    );
  }

  /** The error that ended a batch or a message, and its DONE. */
  fail(error: TSqlError, token: DoneToken, more: boolean): void {
    this.release(true);
    this.tokens.message(Token.error, error);
    this.writeDone(token, DoneStatus.error | (more ? DoneStatus.more : 0), commandCode.other, 0);
  }

  /** The error of a call; its DONEPROC follows by `endCall`. */
  failCall(error: TSqlError): void {
    this.release(true);
    this.tokens.message(Token.error, error);
  }

  private writeDone(token: DoneToken, status: number, command: number, rows: number): void {
    this.tokens.done(token, status | (this.context.inTransaction() ? DoneStatus.inTransaction : 0), command, rows);
  }
}
