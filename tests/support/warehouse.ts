import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConnectionPool } from 'mssql';
import type { Settings } from '../../azure/settings';
import { synapseConfig } from '../../azure/synapse';
import { projectRoot } from '../../common/project-root';
import { startPool } from './pool';

export const sampleProject = path.join(projectRoot, 'tests', 'fixtures', 'dataform-sample');

export interface TestWarehouse {
  readonly settings: Settings;
  readonly folder: string;
  readonly port: number;
  query<Row>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/** A fresh local Synapse with a home of its own. */
export async function startWarehouse(): Promise<TestWarehouse> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-warehouse-'));
  mkdirSync(path.join(folder, 'lake'));
  const lakeRoot = path.join(folder, 'lake');
  const server = await startPool(path.join(folder, 'synapse'), { tester: 'A-test-only-1' }, { lakeRoot });
  const settings: Settings = {
    home: folder,
    eventHubs: { name: 'encounters', consumerGroup: '$Default' },
    dataLake: { account: 'devstoreaccount1' },
    synapse: {
      server: '127.0.0.1',
      port: server.port,
      database: 'medstream',
      user: 'tester',
      password: 'A-test-only-1',
      connectTimeoutSeconds: 10,
      requestTimeoutSeconds: 60,
    },
  };
  const pool = await new ConnectionPool(synapseConfig(settings, { poolSize: 2 })).connect();
  return {
    settings,
    folder,
    port: server.port,
    query: async <Row>(sql: string) => ((await pool.request().batch(sql)).recordset ?? []) as unknown as Row[],
    async stop() {
      await pool.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of the sample project, with some files written over it (`undefined` removes one). */
export function sampleWith(files: Record<string, string | undefined>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'medstream-project-'));
  cpSync(sampleProject, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  return folder;
}
