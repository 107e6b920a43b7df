import { Request, type ConnectionPool, type Table as BulkTable } from 'mssql';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSynapse } from '../../azure/synapse';
import type { Settings } from '../../azure/settings';
import { stoppedError, throwIfStopped } from '../../common/errors';
import { connectionFailure } from './connection-failure';
import { driverError, isTransient } from './errors';

export interface SendOptions {
  /** True when the statement may be sent again after a transient error. */
  repeatable?: boolean;
}

export interface Answer {
  /** Rows of each result set, by column name. */
  readonly rows: readonly Record<string, unknown>[][];
  /** Counts of the statements that report one, in order. */
  readonly rowsAffected: readonly number[];
}

/** Rows with the names and types of their columns, in order; two columns may have one name. */
export interface Table {
  readonly columns: readonly { name: string; type: string }[];
  readonly rows: readonly unknown[][];
}

/** Kept open for a whole run, so that its sessions tell that it goes on. Azure's gateway closes idle ones after 30 minutes. */
const idleTimeoutSeconds = 1800;

/** Waits before the second, third and fourth attempt, in milliseconds. */
const retryDelays = [250, 1000, 4000];

/** A bounded pool of connections that sends plain batches (no `sp_executesql`), cancels on abort, and measures. */
export class Warehouse {
  /** Time that statements took, in milliseconds, summed over all connections. */
  statementMilliseconds = 0;
  statements = 0;
  private readonly requests = new Set<Request>();

  private constructor(
    private readonly pool: ConnectionPool,
    private readonly signal?: AbortSignal,
  ) {
    // A connection that breaks while it is idle is replaced by the pool; without a listener the event would end the process.
    pool.on('error', () => {});
    signal?.addEventListener('abort', this.cancelAll, { once: true });
  }

  /**
   * `applicationName` is what the server's list of sessions shows.
   * @throws MedStreamError MS4003 (exit 3) that says in words why there is no connection.
   */
  static async connect(
    settings: Settings,
    connections: number,
    signal?: AbortSignal,
    applicationName = 'MedStream warehouse',
  ): Promise<Warehouse> {
    throwIfStopped(signal);
    for (let attempt = 0; ; attempt++) {
      try {
        const pool = await connectSynapse(settings, { poolSize: connections, applicationName, idleTimeoutSeconds });
        (pool as unknown as { config: { validateConnection: string } }).config.validateConnection = 'socket';
        return new Warehouse(pool, signal);
      } catch (error) {
        const delay = retryDelays[attempt];
        const refused = ['ECONNREFUSED', 'ENOTFOUND'].includes(driverError(error).code ?? '');
        if (delay === undefined || refused || !isTransient(error)) throw connectionFailure(error, settings);
        await wait(delay, signal);
      }
    }
  }

  /** Sends one batch. Driver errors pass through (see `driverError`); on abort the statement is cancelled on the server. */
  async send(sql: string, options: SendOptions = {}): Promise<Answer> {
    const result = await this.attempt(sql, options, false);
    return {
      rows: result.recordsets as unknown as Record<string, unknown>[][],
      rowsAffected: result.rowsAffected,
    };
  }

  /** The first result set of a query, with its columns as the server types them. */
  async read(sql: string): Promise<Table> {
    const { recordsets } = await this.attempt(sql, { repeatable: true }, true);
    const rows = (recordsets as unknown as unknown[][][])[0] ?? [];
    const { columns = [] } = rows as unknown as { columns?: ColumnDescription[] };
    return { columns: columns.map((column) => ({ name: column.name, type: typeName(column) })), rows };
  }

  /** Rows of one query. */
  async query<Row>(sql: string): Promise<Row[]> {
    return ((await this.send(sql, { repeatable: true })).rows[0] ?? []) as Row[];
  }

  /** Adds rows to a table that exists, by the bulk load of TDS. Not repeated: nobody knows how many rows of a broken load are in. */
  async bulk(table: BulkTable): Promise<void> {
    throwIfStopped(this.signal);
    await this.timed((request) => request.bulk(table));
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.cancelAll);
    await this.pool.close();
  }

  private async attempt(sql: string, options: SendOptions, asArrays: boolean) {
    for (let attempt = 0; ; attempt++) {
      throwIfStopped(this.signal);
      try {
        return await this.timed((request) => {
          request.arrayRowMode = asArrays;
          return request.batch(sql);
        });
      } catch (error) {
        if (this.signal?.aborted) throw stoppedError();
        const delay = retryDelays[attempt];
        if (!options.repeatable || delay === undefined || !isTransient(error)) throw error;
        await wait(delay, this.signal);
      }
    }
  }

  private async timed<T>(work: (request: Request) => Promise<T>): Promise<T> {
    const started = performance.now();
    const request = new Request(this.pool);
    this.requests.add(request);
    try {
      return await work(request);
    } finally {
      this.requests.delete(request);
      this.statements++;
      this.statementMilliseconds += performance.now() - started;
    }
  }

  /** ATTENTION for each statement that runs: the server stops it and rolls it back. */
  private readonly cancelAll = (): void => {
    for (const request of this.requests) request.cancel();
  };
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {
    throw stoppedError();
  });
}

interface ColumnDescription {
  name: string;
  type: unknown;
  length?: number;
  precision?: number;
  scale?: number;
}

/** The type as a column definition writes it. Lengths come in bytes, 65,535 for max. */
function typeName(column: ColumnDescription): string {
  const name = typeof column.type === 'function' ? column.type.name.toLowerCase() : 'unknown';
  if (name === 'decimal' || name === 'numeric') return `decimal(${column.precision},${column.scale})`;
  if (/^n?(var)?char$|^(var)?binary$/.test(name) && column.length) {
    if (column.length >= 65_535) return `${name}(max)`;
    return `${name}(${name.startsWith('n') ? column.length / 2 : column.length})`;
  }
  if (/^(datetime2|datetimeoffset|time)$/.test(name)) return `${name}(${column.scale ?? 7})`;
  return name;
}
