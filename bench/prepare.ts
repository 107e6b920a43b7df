import path from 'node:path';
import type { Settings } from '../azure/settings';
import { silentProgress } from '../common/progress';
import { copy } from '../ingestion/copy';
import { land } from '../ingestion/land';
import { load } from '../ingestion/load';
import { generate } from '../simulator/generate';
import { produce } from '../simulator/produce';

/** Further patients come with their whole life: no row of theirs is too old for an incremental load. */
const wholeLifeDays = 150 * 366;

/** Brings generated patients into the bronze tables by the same steps as `medstream start`. */
export async function fillBronze(
  settings: Settings,
  folder: string,
  options: { patients: number; seed: number; incremental?: boolean },
): Promise<void> {
  const work = { progress: silentProgress };
  const data = path.join(folder, `data-${options.seed}`);
  await generate({ patients: options.patients, seed: options.seed, family: 'C', out: data, ...work });
  await load(settings, { data, incremental: options.incremental, overlapDays: wholeLifeDays, ...work });
  await produce(settings, { data, rate: 'max', ...work });
  await land(settings, work);
  const copied = await copy(settings, work);
  if (copied.failed.length) throw new Error(`copy failed: ${JSON.stringify(copied.failed[0])}`);
}
