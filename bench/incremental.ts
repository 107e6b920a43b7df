import path from 'node:path';
import type { Settings } from '../azure/settings';
import { projectRoot } from '../common/project-root';
import { silentProgress } from '../common/progress';
import { runProject } from '../warehouse';
import { fillBronze } from './prepare';
import { type Bench, round, timed, withFolder, withStack } from './support';

/** Seconds of a run after 1 % new patients, against a full refresh of the same data; and of runs without anything new. */
export const incrementalBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 1000);
  await withFolder(async (folder) => {
    await withStack(path.join(folder, 'home'), async (settings) => {
      await fillBronze(settings, folder, { patients, seed: 1 });
      const first = await timed(() => runAll(settings, false));
      await fillBronze(settings, folder, { patients: Math.ceil(patients / 100), seed: 2, incremental: true });
      const more = await timed(() => runAll(settings, false));
      const nothing = await timed(() => runAll(settings, false));
      const full = await timed(() => runAll(settings, true));
      await runAll(settings, false, true);
      const unchanged = await timed(() => runAll(settings, false, true));
      report({
        bench: 'incremental',
        unit: 's, run after 1 % new data',
        value: round(more.seconds),
        baseline: { what: 'full refresh, s', value: round(full.seconds) },
        ratio: round(more.seconds / full.seconds),
        better: 'lower',
        details: {
          patients,
          firstRun: round(first.seconds),
          withoutNewData: round(nothing.seconds),
          withoutNewDataChanged: round(unchanged.seconds),
        },
      });
    });
  });
};

/** @throws when an action fails: a benchmark of a failing run means nothing */
export async function runAll(settings: Settings, fullRefresh: boolean, changed = false) {
  const work = { projectDir: projectRoot, progress: silentProgress };
  const summary = await runProject(settings, { ...work, fullRefresh, changed });
  const failed = summary.actions.filter((action) => action.status === 'failed');
  if (failed.length)
    throw new Error(`${failed.length} actions failed, first ${failed[0]!.action}: ${failed[0]!.verdict}`);
  return summary;
}
