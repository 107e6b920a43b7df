import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseSettings, type Settings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';
import { localNeeds } from '../../cli/services';
import { silentProgress } from '../../common/progress';
import { projectRoot } from '../../common/project-root';
import { copy } from '../../ingestion/copy';
import { land } from '../../ingestion/land';
import { load } from '../../ingestion/load';
import { startLocalStack } from '../../local/stack';
import { produce } from '../../simulator/produce';
import { runProject, type RunSummary } from '../../warehouse';

export interface LoadedStack {
  readonly settings: Settings;
  query<Row>(sql: string): Promise<Row[]>;
  /** Builds the models of this project, or those that the selectors name. */
  run(...select: string[]): Promise<RunSummary>;
  /** Loads a folder and streams its encounters, up to bronze. */
  feed(data: string, dirty?: number): Promise<void>;
  stop(): Promise<void>;
}

/** The local stack in a temporary home, with the data of a folder in bronze. */
export async function startLoadedStack(data: string, dirty?: number): Promise<LoadedStack> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'medstream-loaded-'));
  const stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  const settings = parseSettings({ MEDSTREAM_HOME: home, ...stack.environment });
  const pool = await connectSynapse(settings, { poolSize: 2 });
  const progress = silentProgress;
  const feed = async (folder: string, share?: number): Promise<void> => {
    await load(settings, { data: folder, progress });
    await produce(settings, { data: folder, rate: 'max', dirty: share, seed: 1, progress });
    await land(settings, { progress });
    await copy(settings, { progress });
  };
  await feed(data, dirty);
  return {
    settings,
    feed,
    query: async <Row>(sql: string) => ((await pool.request().batch(sql)).recordset ?? []) as unknown as Row[],
    run: (...select) => runProject(settings, { projectDir: projectRoot, select, progress }),
    async stop() {
      await pool.close();
      await stack.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** What went wrong in a run, as one text each; empty when all is well. */
export function failuresOf(summary: RunSummary): string[] {
  return summary.actions
    .filter(({ status }) => status === 'failed')
    .map(({ action, error }) => `${action}: ${error?.message}`);
}
