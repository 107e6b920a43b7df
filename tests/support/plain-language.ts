import type { DuckDBConnection } from '@duckdb/node-api';
import {
  TSqlError,
  type EngineOptions,
  type RequestParameter,
  type RequestResult,
  type ResultColumn,
  type SqlType,
  type TSqlEngine,
} from '../../local/synapse/contract';
import type { Language } from '../../local/synapse/session/server';

/**
 * A language for tests of the protocol alone: statements go to DuckDB as they stand (parameters by name are spliced), separated
 * by ";;". Some words have a meaning: "wait N" waits N ms, "print X", "soft" (an error that does not end the batch), "hard".
 */
class PlainEngine implements TSqlEngine {
  transactionCount = 0;
  database: string;
  constructor(private readonly options: EngineOptions) {
    this.database = options.database;
  }

  private get connection(): DuckDBConnection {
    return this.options.connection;
  }

  async request(sql: string, parameters: readonly RequestParameter[] = []): Promise<RequestResult> {
    const { sink } = this.options;
    for (const part of sql.split(';;')) {
      if (sink.cancelled()) break;
      const statement = parameters
        .reduce((text, parameter) => text.replaceAll(parameter.name, parameter.sql), part)
        .trim();
      const wait = /^wait (\d+)$/.exec(statement);
      if (wait) await this.wait(Number(wait[1]));
      else if (statement.startsWith('print '))
        sink.info({ number: 0, state: 1, class: 0, line: 1, message: statement.slice(6) });
      else if (statement === 'soft') sink.error(new TSqlError(8134, 'Divide by zero error encountered.'));
      else if (statement === 'hard') throw new TSqlError(208, "Invalid object name 'x'.");
      else if (/^(select|from|values|with)\b/i.test(statement)) await sink.rows(statement);
      else if (statement !== '') {
        const result = await this.connection.run(statement);
        sink.done(
          /^insert/i.test(statement) ? 'insert' : 'ddl',
          /^insert/i.test(statement) ? result.rowsChanged : undefined,
        );
      }
    }
    return {
      returnStatus: 0,
      outputs: parameters.filter((one) => one.output).map((one) => ({ name: one.name, type: one.type, value: null })),
    };
  }

  private async wait(ms: number): Promise<void> {
    const signal = this.options.sink.signal();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async call(procedure: string, parameters: readonly RequestParameter[]): Promise<RequestResult> {
    if (procedure !== 'echo') throw new TSqlError(2812, `Could not find stored procedure '${procedure}'.`, 62);
    return {
      returnStatus: 7,
      outputs: parameters.filter((one) => one.output).map((one) => ({ name: one.name, type: one.type, value: null })),
    };
  }

  async describe(): Promise<readonly ResultColumn[] | undefined> {
    return [{ name: 'a', type: { name: 'int' } }];
  }

  async undeclaredParameters(): Promise<readonly { name: string; type: SqlType }[]> {
    return [{ name: '@p', type: { name: 'int' } }];
  }

  defaults(): ReadonlyMap<string, string> {
    return new Map();
  }

  async begin(): Promise<void> {
    if (this.transactionCount++ > 0) return;
    await this.connection.run('BEGIN');
    this.options.sink.transaction('begin');
  }

  async commit(): Promise<void> {
    if (this.transactionCount === 0)
      throw new TSqlError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    if (--this.transactionCount > 0) return;
    await this.connection.run('COMMIT');
    this.options.sink.transaction('commit');
  }

  async rollback(): Promise<void> {
    if (this.transactionCount === 0) return;
    this.transactionCount = 0;
    await this.connection.run('ROLLBACK');
    this.options.sink.transaction('rollback');
  }

  async reset(keepTransaction: boolean): Promise<void> {
    if (!keepTransaction) await this.rollback();
  }

  async close(): Promise<void> {
    if (this.transactionCount > 0) await this.connection.run('ROLLBACK');
  }
}

export const plainLanguage: Language = {
  openCatalog: async () => ({ version: 1 }),
  createEngine: async (options) => new PlainEngine(options),
};
