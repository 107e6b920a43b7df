import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import mssql from 'mssql';
import { startServer } from '../../local/synapse/session/server';
import { createEngine, openCatalog } from '../../local/synapse/tsql';

/** A value as text that shows its T-SQL type's precision: `1.50` for decimal(9,2), `2024-01-05` for date, `0xAB` for binary. */
export type Cell = string | number | null;
export interface ResultSet {
  /** `name type` of each column, such as `n decimal(38,2)`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
export interface Outcome {
  readonly sets: readonly ResultSet[];
  /** Rows affected, one for each statement that counts. */
  readonly affected: readonly number[];
  readonly messages: readonly string[];
  readonly error?: { readonly number: number; readonly message: string; readonly line: number };
}
export interface TSqlServer {
  readonly folder: string;
  readonly lake: string;
  readonly port: number;
  /** DuckDB beneath, for checks that do not pass through T-SQL. */
  readonly duck: DuckDBInstance;
  /** Runs a script, split at GO lines as sqlcmd does, on the one session of the server's own client. */
  run(script: string): Promise<Outcome>;
  /** Closes everything and removes the folder; `before` may copy it once the files are complete. */
  stop(before?: (folder: string) => void): Promise<void>;
}

/** The local Synapse with an empty database `mydb` (or a copy of `template`'s) and lake account `acct`, and a client of its own. */
export async function startTSql(template?: string, requestTimeout = 120_000): Promise<TSqlServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsql-'));
  if (template) cpSync(template, folder, { recursive: true });
  const root = path.join(folder, 'synapse');
  const lake = path.join(folder, 'lake');
  mkdirSync(lake, { recursive: true });
  let duck: DuckDBInstance | undefined;
  const server = await startServer(
    { root, lakeRoot: lake, lakeAccount: 'acct', port: 0, database: 'mydb', users: { medstream: 'secret' } },
    {
      createEngine,
      openCatalog: (connection, options) => {
        duck = options.instance;
        return openCatalog(connection, options);
      },
    },
  );
  const pool = await new mssql.ConnectionPool({
    server: '127.0.0.1',
    port: server.port,
    user: 'medstream',
    password: 'secret',
    database: 'mydb',
    requestTimeout,
    arrayRowMode: true,
    pool: { min: 1, max: 1 },
    options: { encrypt: false, trustServerCertificate: true },
  }).connect();
  return {
    folder,
    lake,
    port: server.port,
    duck: duck!,
    run: (script) => runScript(pool, script),
    async stop(before) {
      await pool.close();
      await server.stop();
      before?.(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runScript(pool: mssql.ConnectionPool, script: string): Promise<Outcome> {
  const sets: ResultSet[] = [];
  const affected: number[] = [];
  const messages: string[] = [];
  for (const batch of script.split(/^\s*GO\s*$/im).filter((text) => text.trim() !== '')) {
    const request = pool.request();
    request.on('info', (info: { message: string }) => messages.push(info.message));
    try {
      const result = await request.batch(batch);
      affected.push(...result.rowsAffected);
      sets.push(...(result.recordsets as unknown as RawSet[]).map(readSet));
    } catch (failure) {
      if (!(failure instanceof mssql.RequestError)) throw failure;
      const { number = 0, message, lineNumber: line = 0 } = failure;
      return { sets, affected, messages, error: { number, message, line } };
    }
  }
  return { sets, affected, messages };
}

interface RawColumn {
  readonly name: string;
  readonly type: { readonly declaration: string };
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
}
interface RawSet extends Array<unknown[]> {
  readonly columns: readonly RawColumn[];
}

function readSet(set: RawSet): ResultSet {
  return {
    columns: set.columns.map((column) => `${column.name} ${typeText(column)}`.trim()),
    // mssql gives the text of FOR JSON as an object even in array mode.
    rows: set.map((row) => Object.values(row).map((value, index) => cell(value, set.columns[index]!))),
  };
}

function typeText({ type, length, precision, scale }: RawColumn): string {
  const name = type.declaration;
  if (/^(decimal|numeric)$/.test(name)) return `${name}(${precision},${scale})`;
  if (/^(time|datetime2|datetimeoffset)$/.test(name)) return `${name}(${scale})`;
  if (!/^(n?(var)?char|(var)?binary)$/.test(name)) return name;
  if (length === undefined || length >= 65_535) return `${name}(max)`;
  return `${name}(${name.startsWith('n') ? length / 2 : length})`;
}

function cell(value: unknown, { type, scale }: RawColumn): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex').toUpperCase()}`;
  if (value instanceof Date) return moment(value, type.declaration, scale ?? 7);
  if (typeof value === 'number') {
    if (/^(decimal|numeric)$/.test(type.declaration)) return value.toFixed(scale);
    if (/money/.test(type.declaration)) return value.toFixed(4);
    return value;
  }
  return type.declaration === 'bigint' ? Number(value) : String(value);
}

/** tedious keeps what a Date cannot hold in `nanosecondsDelta` (seconds). */
function moment(value: Date, type: string, scale: number): string {
  const [day, clock] = value.toISOString().slice(0, -1).split('T') as [string, string];
  if (type === 'date') return day;
  const below = (value as Date & { nanosecondsDelta?: number }).nanosecondsDelta ?? 0;
  const digits = type === 'datetime' ? 3 : type === 'smalldatetime' ? 0 : scale;
  const fraction = `${clock.slice(9)}${String(Math.round(below * 1e7)).padStart(4, '0')}`.slice(0, digits);
  const text = `${clock.slice(0, 8)}${digits > 0 ? `.${fraction}` : ''}`;
  return type === 'time' ? text : `${day} ${text}`;
}
