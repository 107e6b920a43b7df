import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { TSqlError, type RequestResult, type ResultColumn, type TSqlEngine } from '../contract';
import { encodeValue } from '../engine/encode-value';
import type { MessageStream } from '../wire/message-stream';
import { DoneStatus, Token } from '../wire/protocol';
import type { RpcCall, RpcParameter } from '../wire/rpc';
import type { TokenWriter } from '../wire/tokens';
import type { TransactionRequest } from '../wire/transaction-request';
import { BulkLoad, isBulkInsert } from './bulk';
import { Cursors } from './cursors';
import { bindDeclared, requestParameter } from './parameters';
import type { Reply } from './reply';

interface Prepared {
  readonly sql: string;
  readonly declaration: string;
}

/** Value that a call hands back in a RETURNVALUE token, for the argument at a position. */
interface Returned {
  readonly ordinal: number;
  readonly name: string;
  readonly type: { readonly name: 'int' };
  readonly value: number;
}

/** Answers batches, calls (RPC) and transaction requests of one session. */
export class Calls {
  private readonly prepared = new Map<number, Prepared>();
  private nextHandle = 1;
  private readonly bulk: BulkLoad;
  private readonly cursors: Cursors;
  private readonly savepoints = new Set<string>();

  constructor(
    private readonly engine: TSqlEngine,
    private readonly reply: Reply,
    private readonly tokens: TokenWriter,
    connection: DuckDBConnection,
    /** Several requests are open at a time (MARS): a transaction that a batch begins must end in it. */
    private readonly multiplexed: boolean,
  ) {
    this.bulk = new BulkLoad(engine, reply, connection);
    this.cursors = new Cursors(engine, reply, tokens);
  }

  /** Session reset: prepared statements and cursors are gone. */
  forget(): void {
    this.prepared.clear();
    this.bulk.forget();
    this.cursors.forget();
    this.savepoints.clear();
  }

  /** Data of the INSERT BULK statement before. */
  async bulkData(stream: MessageStream): Promise<void> {
    this.reply.start('batch');
    await this.bulk.load(stream, this.tokens.version);
    if (!this.reply.cancelled()) this.reply.endBatch();
  }

  async batch(sql: string): Promise<void> {
    this.reply.start('batch');
    const { transactionCount } = this.engine;
    if (!isBulkInsert(sql)) await this.engine.request(sql);
    else if (!(await this.bulk.prepare(sql))) return this.tokens.done(Token.done, DoneStatus.error, 0, 0);
    if (this.multiplexed && transactionCount === 0 && this.engine.transactionCount > 0) {
      await this.engine.rollback();
      const text =
        'A transaction that was started in a MARS batch is still active at the end of the batch. The transaction is rolled back.';
      throw new TSqlError(3997, text);
    }
    if (!this.reply.cancelled()) this.reply.endBatch();
  }

  async transaction(request: TransactionRequest): Promise<void> {
    this.reply.start('batch');
    switch (request.kind) {
      case 'begin':
        await this.engine.begin(request.isolation);
        break;
      case 'commit':
        await this.engine.commit();
        if (request.thenBegin) await this.engine.begin();
        break;
      case 'rollback':
        if (request.name !== '' && this.savepoints.delete(request.name)) {
          throw new TSqlError(
            40517,
            'Rolling back to a savepoint is not supported by the local Synapse; the transaction is still open.',
          );
        }
        await this.engine.rollback();
        if (request.thenBegin) await this.engine.begin();
        break;
      case 'save':
        // Taken, since drivers set one for each nested transaction; only going back to it is impossible in DuckDB.
        this.savepoints.add(request.name);
        break;
      case 'unsupported':
        throw new TSqlError(8525, `Transaction manager request ${request.code} is not supported by the local Synapse.`);
    }
    this.reply.endBatch();
  }

  /** The calls of one message, in order. A failed one does not keep the next from running. */
  async rpc(calls: readonly RpcCall[]): Promise<void> {
    for (const [index, call] of calls.entries()) {
      if (this.reply.cancelled()) return;
      await this.one(call, index < calls.length - 1);
    }
  }

  private async one(call: RpcCall, more: boolean): Promise<void> {
    this.reply.start('call');
    let failed = false;
    try {
      if (call.refused) throw new TSqlError(40517, `${call.refused} are not supported by the local Synapse.`);
      await this.dispatch(call);
    } catch (error) {
      if (this.reply.cancelled()) return;
      if (!(error instanceof TSqlError)) throw error;
      failed = true;
      this.reply.failCall(error);
      this.tokens.returnStatus(error.number);
    }
    if (!this.reply.cancelled()) this.reply.endCall(more, failed);
  }

  private async dispatch(call: RpcCall): Promise<void> {
    const name = call.procedure.replace(/^.*\./, '').replaceAll(/[[\]]/g, '').toLowerCase();
    const values = call.parameters;
    switch (name) {
      case 'sp_executesql':
        return this.run({ sql: text(values[0], name), declaration: optionalText(values[1]) }, values.slice(2), 2, []);
      case 'sp_prepare': {
        const statement = { declaration: optionalText(values[1]), sql: text(values[2], name) };
        const columns = await this.engine.describe(statement.sql, statement.declaration);
        if (columns) this.describeColumns(columns);
        this.reply.release(true);
        this.tokens.returnStatus(0);
        this.returned(this.handleOf(this.prepare(statement), values[0]));
        return;
      }
      case 'sp_prepexec': {
        const statement = { declaration: optionalText(values[1]), sql: text(values[2], name) };
        const handle = this.handleOf(this.prepare(statement), values[0]);
        return this.run(statement, values.slice(3), 3, [handle]);
      }
      case 'sp_execute': {
        const handle = Number(values[0]?.value ?? 0);
        const statement = this.prepared.get(handle);
        if (!statement) throw new TSqlError(8179, `Could not find prepared statement with handle ${handle}.`, 2);
        return this.run(statement, values.slice(1), 1, []);
      }
      case 'sp_unprepare': {
        const handle = Number(values[0]?.value ?? 0);
        if (!this.prepared.delete(handle))
          throw new TSqlError(8179, `Could not find prepared statement with handle ${handle}.`, 2);
        this.tokens.returnStatus(0);
        return;
      }
      case 'sp_reset_connection':
        this.forget();
        await this.engine.reset(false);
        this.reply.release(true);
        this.tokens.returnStatus(0);
        return;
    }
    if (this.cursors.knows(name)) return this.cursors.call(name, values);
    if (name === 'sp_prepexecrpc') throw new TSqlError(40517, 'sp_prepexecrpc is not supported by the local Synapse.');
    const result = await this.engine.call(
      call.procedure,
      values.map((value) => requestParameter(value)),
    );
    this.finish(result, values, 0, []);
  }

  private prepare(statement: Prepared): number {
    const handle = this.nextHandle++;
    this.prepared.set(handle, statement);
    return handle;
  }

  private handleOf(handle: number, parameter: RpcParameter | undefined): Returned {
    return { ordinal: 0, name: parameter?.name ?? '', type: { name: 'int' }, value: handle };
  }

  private async run(
    statement: Prepared,
    values: readonly RpcParameter[],
    offset: number,
    first: readonly Returned[],
  ): Promise<void> {
    const { parameters } = bindDeclared(statement.declaration, values);
    const result = await this.engine.request(statement.sql, parameters);
    this.finish(result, values, offset, first);
  }

  /** Return status and output values; `offset` = position of the first of `values` among the call's arguments. */
  private finish(
    result: RequestResult,
    values: readonly RpcParameter[],
    offset: number,
    first: readonly Returned[],
  ): void {
    if (this.reply.cancelled()) return;
    this.reply.release(true);
    this.tokens.returnStatus(result.returnStatus);
    for (const value of first) this.returned(value);
    let next = 0;
    values.forEach((value, index) => {
      if (!value.output) return;
      const byName =
        value.name && result.outputs.find((output) => output.name.toLowerCase() === value.name.toLowerCase());
      const output = byName || result.outputs[next];
      next++;
      if (output) this.tokens.returnValue(index + offset, value.name, output.type, output.value, encodeValue);
    });
  }

  private returned(value: Returned): void {
    this.tokens.returnValue(value.ordinal, value.name, value.type, value.value as DuckDBValue, encodeValue);
  }

  private describeColumns(columns: readonly ResultColumn[]): void {
    this.reply.release(true);
    this.tokens.columns(
      columns.map((column) => this.tokens.column(column, column.type ?? { name: 'nvarchar', length: -1 })),
    );
    this.tokens.done(Token.doneInProc, DoneStatus.more, 0xc1, 0);
  }
}

function text(parameter: RpcParameter | undefined, procedure: string): string {
  if (!parameter || typeof parameter.value !== 'string') {
    throw new TSqlError(214, `Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar' (${procedure}).`);
  }
  return parameter.value;
}

const optionalText = (parameter: RpcParameter | undefined): string =>
  typeof parameter?.value === 'string' ? parameter.value : '';
