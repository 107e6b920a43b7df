// @ts-nocheck
/** The language half of the local Synapse: T-SQL batches on a DuckDB connection (see contract.ts). */
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  TSqlError,
  type CatalogOptions,
  type CreateEngine,
  type EngineOptions,
  type OpenCatalog,
  type OutputValue,
  type RequestParameter,
  type RequestResult,
  type ResultColumn,
  type SharedCatalog,
  type SqlType,
  type TSqlEngine,
} from '../contract';
import { Engine, mapError } from './spike/engine';

interface Shared extends SharedCatalog {
  ver: number;
  options: CatalogOptions;
}

export const openCatalog: OpenCatalog = async (connection: DuckDBConnection, options: CatalogOptions) => {
  const shared = Object.assign(Engine.newShared(), { options, version: 1 }) as unknown as Shared;
  await new Engine(connection, { lake: options.lakeRoot, shared }).init();
  return shared;
};

class SpikeEngine implements TSqlEngine {
  private readonly engine: InstanceType<typeof Engine>;
  database: string;

  constructor(private readonly o: EngineOptions) {
    this.database = o.database;
    const sink = {
      rows: (sql: string) => o.sink.rows(sql),
      done: (kind: string, n: number) => (kind === 'dml' ? o.sink.done('other', n) : o.sink.done('ddl')),
      info: (number: number, message: string) => o.sink.info({ number, state: 1, class: 0, line: 1, message }),
      cancelled: () => o.sink.cancelled(),
      tx: (k: 'begin' | 'commit' | 'rollback') => o.sink.transaction(k),
    };
    this.engine = new Engine(o.connection, {
      lake: (o.shared as Shared).options.lakeRoot,
      shared: o.shared,
      sink,
      sys: {
        spid: o.session.spid,
        '@@LANGUAGE': "'us_english'",
        '@@MAX_PRECISION': '38',
        '@@TEXTSIZE': '2147483647',
        '@@OPTIONS': '5496',
        '@@DATEFIRST': '7',
        '@@LOCK_TIMEOUT': '-1',
        '@@NESTLEVEL': '0',
        '@@MICROSOFTVERSION': '201328592',
      },
    });
  }
  async open(): Promise<this> {
    await this.engine.settings();
    return this;
  }
  async request(sql: string, parameters: readonly RequestParameter[] = []): Promise<RequestResult> {
    const use = /^\s*use\s+\[?"?([^"\]\s;]+)"?\]?\s*;?\s*$/i.exec(sql);
    if (use) {
      this.database = use[1]!;
      this.o.sink.database(this.database);
      return { outputs: [], returnStatus: 0 };
    }
    try {
      const values = (await this.engine.request(
        sql,
        parameters.map((p) => ({ name: p.name, type: p.typeText, sql: p.sql, out: p.output })),
      )) as Record<string, string | null>;
      const outputs: OutputValue[] = [];
      for (const p of parameters) {
        if (p.output)
          outputs.push({ name: p.name, type: { name: 'nvarchar', length: -1 }, value: values[p.name] ?? null });
      }
      return { outputs, returnStatus: 0 };
    } catch (error) {
      throw mapError(error);
    } finally {
      if (this.engine.doomed) await this.engine.rollback();
    }
  }
  async call(procedure: string, parameters: readonly RequestParameter[]): Promise<RequestResult> {
    const system = (this.o.shared as Shared).options.systemProcedures.get(
      procedure.replace(/^.*\./, '').replace(/[[\]]/g, '').toLowerCase(),
    );
    if (system) {
      const values: Record<string, string | null> = {};
      for (const [i, p] of parameters.entries()) {
        const name = (p.name || system.parameters[i] || '').toLowerCase();
        values[name] = (await this.engine.scalar(`CAST(${p.sql} AS VARCHAR)`)) as string | null;
      }
      return this.request(await system.batch(values, this));
    }
    const list = parameters.map((p, i) => (p.name ? `${p.name} = @__p${i}` : `@__p${i}`)).join(', ');
    return this.request(
      `EXEC ${procedure} ${list}`,
      parameters.map((p, i) => ({ ...p, name: `@__p${i}` })),
    );
  }
  async describe(): Promise<readonly ResultColumn[] | undefined> {
    return undefined;
  }
  async undeclaredParameters(): Promise<readonly { name: string; type: SqlType }[]> {
    throw new TSqlError(40517, 'sp_describe_undeclared_parameters is not supported by the local Synapse.');
  }
  get transactionCount(): number {
    return this.engine.tran as number;
  }
  async begin(): Promise<void> {
    await this.engine.begin();
  }
  async commit(): Promise<void> {
    await this.engine.commit();
  }
  async rollback(): Promise<void> {
    if (this.engine.tran) await this.engine.rollback();
  }
  async reset(keepTransaction: boolean): Promise<void> {
    if (!keepTransaction) await this.rollback();
  }
  async close(): Promise<void> {
    await this.rollback();
  }
}

export const createEngine: CreateEngine = (options) => new SpikeEngine(options).open();
