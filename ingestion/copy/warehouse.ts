import type { ConnectionPool } from 'mssql';
import { connectSynapse } from '../../azure/synapse';
import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, stoppedError } from '../../common/errors';
import { redact } from '../../common/redact';

/** A connected pool that runs plain SQL batches and stops with the signal. */
export interface Warehouse {
  /** Rows of the last result set. */
  query<Row>(sql: string): Promise<Row[]>;
  /** Runs the statements in one transaction on one connection. No DDL: a dedicated pool has none in a transaction. */
  transaction(statements: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** @throws MedStreamError MS3301 when the warehouse cannot be reached */
export async function openWarehouse(settings: Settings, parallel: number, signal?: AbortSignal): Promise<Warehouse> {
  const pool = await connect(settings, parallel);
  const query = async <Row>(sql: string): Promise<Row[]> => {
    if (signal?.aborted) throw stoppedError();
    const request = pool.request();
    const stop = () => request.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const result = await request.batch<Row>(sql);
      return result.recordset ?? [];
    } catch (error) {
      throw signal?.aborted ? stoppedError() : error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  };
  return {
    query,
    async transaction(statements) {
      if (signal?.aborted) throw stoppedError();
      const transaction = pool.transaction();
      await transaction.begin();
      try {
        for (const statement of statements) await transaction.request().batch(statement);
        await transaction.commit();
      } catch (error) {
        await transaction.rollback().catch(() => undefined);
        throw error;
      }
    },
    close: () => pool.close(),
  };
}

async function connect(settings: Settings, parallel: number): Promise<ConnectionPool> {
  try {
    return await connectSynapse(settings, { poolSize: parallel, applicationName: 'medstream copy' });
  } catch (cause) {
    if (cause instanceof MedStreamError) throw cause;
    throw new MedStreamError({
      code: 'MS3301',
      what: 'Could not connect to Synapse.',
      where: `${settings.synapse.server}:${settings.synapse.port}, database ${settings.synapse.database}`,
      why: messageOf(cause),
      next: 'Check SYNAPSE_*; a paused pool must be resumed first.',
      exitCode: ExitCode.unreachable,
      cause,
    });
  }
}

/** True where the connection is gone, so that going on with other files is useless. */
export function isConnectionLost(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return ['ESOCKET', 'ECONNCLOSED', 'ECONNRESET', 'ENOTOPEN', 'ETIMEOUT', 'ELOGIN', 'EINSTLOOKUP'].includes(code);
}

/** An error of the server in one line, without values of rows and without secrets. */
export function messageOf(error: unknown): string {
  const { message = String(error), number } = error as { message?: string; number?: number };
  const line = redact(message).replace(/\s+/g, ' ').trim().slice(0, 1000);
  return number ? `Msg ${number}: ${line}` : line;
}
