/** The language half of the local Synapse: T-SQL batches on a DuckDB connection (see contract.ts). */
import { openStore } from '../catalog/store';
import type { CreateEngine, OpenCatalog } from '../contract';
import { Engine } from './run/engine';

export const openCatalog: OpenCatalog = (connection, options) => openStore(connection, options);
export const createEngine: CreateEngine = async (options) => {
  const engine = new Engine(options);
  await engine.state.applySettings();
  return engine;
};
