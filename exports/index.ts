import pLimit from 'p-limit';
import { dataLakeContainer } from '../azure/data-lake';
import type { Settings } from '../azure/settings';
import { connectSynapse } from '../azure/synapse';
import { readContracts } from './contract';
import { ExportRun } from './export-run';
import { ExportLake } from './lake';
import { finishInterrupted } from './publish';
import { selectContracts } from './select';
import type { ExportOptions, ExportSummary } from './summary';
import { assertServerless, createViews } from './views';

export type { ExportOptions, ExportSummary, TableSummary } from './summary';

/** Small files uploaded and renamed side by side. */
const concurrency = 8;

/**
 * Exports gold marts and `fact_encounter` as Parquet to `gold/powerbi/` and replaces `_export.json` last. Files whose
 * content is unchanged are carried forward; a failure at any point leaves the last export as it was.
 * @throws MedStreamError MS5001 to MS5009; MS1004 when stopped.
 */
export async function exportGold(settings: Settings, options: ExportOptions): Promise<ExportSummary> {
  const started = performance.now();
  const contracts = selectContracts(options.contracts ?? readContracts(), options.select);
  if (options.views) assertServerless(settings);
  const lake = new ExportLake(dataLakeContainer(settings, 'gold'));
  await lake.ensureContainer();
  const limit = pLimit(concurrency);
  const summary = await lake.exclusively(async (assertHeld) => {
    await finishInterrupted(lake, limit);
    const pool = await connectSynapse(settings, { poolSize: 2, applicationName: 'MedStream export' });
    try {
      return await new ExportRun(lake, pool, limit, assertHeld, options).run(contracts);
    } finally {
      await pool.close();
    }
  });
  const exported = new Set(summary.tables.map(({ table }) => table));
  const views = options.views
    ? await createViews(
        settings,
        contracts.filter(({ table }) => exported.has(table)),
      )
    : [];
  return { ...summary, views, seconds: Math.round(performance.now() - started) / 1000 };
}
