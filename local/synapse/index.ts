import { startServer, type RunningServer, type ServerOptions } from './session/server';
import { createEngine, openCatalog } from './tsql';

export type SynapseOptions = ServerOptions;
export type LocalSynapse = RunningServer;

/**
 * Starts the local Synapse: a TDS server on 127.0.0.1 that answers as a dedicated SQL pool, over the DuckDB file
 * `<root>/warehouse.duckdb`. Throws when a port is taken or the file is open elsewhere.
 *
 * Long queries hold libuv's threads: a process should set UV_THREADPOOL_SIZE (16 or more) before it starts.
 */
export async function startSynapse(options: SynapseOptions): Promise<LocalSynapse> {
  return startServer(options, { openCatalog, createEngine });
}
