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
import { load, type LoadOptions } from '../../ingestion/load';
import { startLocalStack } from '../../local/stack';
import { produce, type ProduceOptions } from '../../simulator/produce';
import { runProject } from '../../warehouse';

type Without<Options> = Omit<Options, 'progress' | 'signal' | 'data'>;

/** An empty local stack in a temporary home, and each step of the pipeline on it. */
export interface Lakehouse {
  readonly settings: Settings;
  load(data: string, options?: Without<LoadOptions>): Promise<void>;
  produce(data: string, options?: Partial<Without<ProduceOptions>>): Promise<void>;
  /** Event Hubs and loaded files → bronze tables. */
  toBronze(): Promise<void>;
  /** Builds silver, or the models selected. @throws when a model or an assertion fails */
  build(options?: { fullRefresh?: boolean; select?: string }): Promise<void>;
  query<Row>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function startLakehouse(): Promise<Lakehouse> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'medstream-lakehouse-'));
  const stack = await startLocalStack({ home, portBase: 0, ...localNeeds });
  const settings = parseSettings({ MEDSTREAM_HOME: home, ...stack.environment });
  const pool = await connectSynapse(settings, { poolSize: 2 });
  const progress = silentProgress;
  return {
    settings,
    async load(data, options = {}) {
      await load(settings, { data, progress, ...options });
    },
    async produce(data, options = {}) {
      await produce(settings, { data, rate: 'max', progress, ...options });
    },
    async toBronze() {
      await land(settings, { progress });
      const { failed } = await copy(settings, { progress });
      if (failed.length)
        throw new Error(`not copied: ${failed.map(({ file, reason }) => `${file}: ${reason}`).join('; ')}`);
    },
    async build({ fullRefresh, select = 'schema:silver' } = {}) {
      const summary = await runProject(settings, { projectDir: projectRoot, select: [select], fullRefresh, progress });
      if (summary.status === 'success') return;
      const failures = summary.actions.filter(({ status }) => status === 'failed');
      throw new Error(failures.map(({ action, error }) => `${action}: ${error?.message}`).join('\n'));
    },
    query: async <Row>(sql: string) => ((await pool.request().batch(sql)).recordset ?? []) as unknown as Row[],
    async stop() {
      await pool.close();
      await stack.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Columns that tell when and by which event, load or run a row came to be what it is. */
const provenance = new Set(['run_id', 'event_key', 'valid_from', 'valid_to']);

/** All rows of a silver table or view as sorted texts; without lineage (`_…`) and provenance unless `whole`. */
export async function contentOf(lakehouse: Lakehouse, table: string, whole = false): Promise<string[]> {
  const columns = await lakehouse.query<{ name: string; type: string }>(
    `SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM INFORMATION_SCHEMA.COLUMNS
     WHERE TABLE_SCHEMA = 'silver' AND TABLE_NAME = '${table}' ORDER BY ORDINAL_POSITION`,
  );
  const content = columns.filter(({ name }) => whole || (!name.startsWith('_') && !provenance.has(name)));
  const texts = content.map(
    ({ name, type }) => `CONVERT(varchar(max), [${name}]${/date/.test(type) ? ', 126' : ''}) AS [${name}]`,
  );
  return (await lakehouse.query<object>(`SELECT ${texts.join(', ')} FROM silver.[${table}]`))
    .map((row) => JSON.stringify(Object.values(row)))
    .sort();
}
