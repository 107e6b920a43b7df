import path from 'node:path';
import { silentProgress } from '../common/progress';
import { generate } from '../simulator/generate';
import { runMedstream } from './child';
import { withStackProcess } from './with-stack-process';
import { type Bench, withFolder } from './support';

const limitMiB = 400;

/** Peak memory of `produce` and `land`, each a process of its own, with a backlog of about 130 events a patient. */
export const backlogBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 15_200);
  await withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    await generate({ patients, seed: 1, family: 'C', out: data, progress: silentProgress });
    const home = path.join(folder, 'home');
    await withStackProcess(home, async () => {
      const steps = { produce: ['produce', '--data', data, '--lifecycle'], land: ['land'] };
      for (const [name, verb] of Object.entries(steps)) {
        const { peakMiB, seconds, document } = await runMedstream(home, verb);
        report({
          bench: `backlog-${name}`,
          unit: 'MiB at the peak',
          value: peakMiB,
          baseline: { what: 'the bar of issue 4', value: limitMiB },
          ratio: Math.round((peakMiB / limitMiB) * 100) / 100,
          better: 'lower',
          details: { events: document['sent'] ?? document['events'], seconds: Math.round(seconds), patients },
        });
      }
    });
  });
};
