import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSettings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';
import { localNeeds } from '../../cli/services';
import { startLocalStack } from '../../local/stack';

export interface OpenHome {
  query<Row>(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** The local stack of a home that a command has left, opened to look into its warehouse. */
export async function openHome(folder: string): Promise<OpenHome> {
  const home = path.join(folder, '.medstream');
  const stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  const settings = parseSettings({ MEDSTREAM_HOME: home, ...stack.environment });
  const pool = await connectSynapse(settings, { poolSize: 2 });
  return {
    query: async <Row>(sql: string) => (await pool.request().query<Row>(sql)).recordset,
    async close() {
      await pool.close();
      await stack.stop();
    },
  };
}

export interface ExportManifest {
  tables: { name: string; rows: number; files: { path: string; rows: number; sha256: string }[] }[];
}

/** `gold/powerbi/_export.json` of a home. */
export function exportManifest(folder: string): ExportManifest {
  const file = path.join(folder, '.medstream', 'lake', 'gold', 'powerbi', '_export.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ExportManifest;
}
