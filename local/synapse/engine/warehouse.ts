import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { registerFunctions } from './functions';

/** Threads that share one statement, that of its session among them (docs/decisions/0026-threads.md). */
const threadsOfStatement = Math.max(1, Math.floor(availableParallelism() / 2));

/**
 * Size of the write-ahead log at which a commit writes it into the file. Others wait meanwhile, a second or more for the default of 16 MB;
 * a log of this size is read back in two seconds after a crash (docs/decisions/0027-checkpoints.md).
 */
const checkpointThreshold = '256MB';

/** The warehouse file. Two instances on one file in one process would diverge silently, so a second one is refused. */
const open = new Set<string>();

export interface Warehouse {
  readonly instance: DuckDBInstance;
  /** A new connection whose default schema is `dbo` of the warehouse's database, or of another that is attached. */
  connect(database?: string): Promise<DuckDBConnection>;
  /** Attaches an empty database that is kept in memory. */
  attachInMemory(database: string): Promise<void>;
  /** Ends a database that is kept in memory. */
  detach(database: string): Promise<void>;
  /** Writes a checkpoint and closes the file. */
  close(): Promise<void>;
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/**
 * Opens `<root>/warehouse.duckdb` as database `database`. DuckDB may touch files below `root` and `lakeRoot` only,
 * and never loads an extension from the network.
 */
export async function openWarehouse(root: string, lakeRoot: string, database: string): Promise<Warehouse> {
  const file = path.resolve(root, 'warehouse.duckdb');
  if (open.has(file)) throw new Error(`The warehouse ${file} is already open in this process.`);
  mkdirSync(root, { recursive: true });
  mkdirSync(lakeRoot, { recursive: true });
  open.add(file);
  try {
    return await attach(file, [path.resolve(root), path.resolve(lakeRoot)], database);
  } catch (error) {
    open.delete(file);
    throw error;
  }
}

async function attach(file: string, directories: readonly string[], database: string): Promise<Warehouse> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    threads: String(threadsOfStatement),
    checkpoint_threshold: checkpointThreshold,
    temp_directory: path.join(directories[0]!, 'spill'),
  });
  const first = await instance.connect();
  registerFunctions(first);
  // STORAGE_VERSION: macros with typed parameters need the format of DuckDB 1.4.
  await first.run(`ATTACH ${text(file)} AS ${identifier(database)} (STORAGE_VERSION 'v1.4.0')`);
  await first.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(database)}.dbo`);
  const allowed = directories.map((directory) => text(`${directory}/`)).join(', ');
  await first.run(`SET allowed_directories = [${allowed}]`);
  await first.run('SET enable_external_access = false');
  return {
    instance,
    async connect(other = database) {
      const connection = await instance.connect();
      await connection.run(`USE ${identifier(other)}.dbo`);
      return connection;
    },
    async attachInMemory(other) {
      await first.run(`ATTACH ':memory:' AS ${identifier(other)}`);
      await first.run(`CREATE SCHEMA ${identifier(other)}.dbo`);
    },
    async detach(other) {
      await first.run(`DETACH ${identifier(other)}`);
    },
    async close() {
      try {
        await first.run(`CHECKPOINT ${identifier(database)}`);
      } finally {
        first.closeSync();
        instance.closeSync();
        open.delete(file);
      }
    },
  };
}
