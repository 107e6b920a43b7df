import path from 'node:path';
import { runMedstream } from './child';
import { type Bench, growthExponent, round, withFolder } from './support';

/**
 * The whole of `npm start -- --patients N --seed 1 --once` at growing sizes: seconds per step, peak memory, and the
 * exponent of growth between the two largest. Sizes may be given: `pipeline 100 1000`.
 */
export const pipelineBench: Bench = async (report, args) => {
  const sizes = args.length ? args.map(Number) : [100, 1000, 10_000];
  let previous: { n: number; seconds: number } | undefined;
  for (const patients of sizes) {
    await withFolder(async (folder) => {
      const flags = ['start', '--patients', String(patients), '--seed', '1', '--once', '--port-base', '0'];
      const run = await runMedstream(path.join(folder, 'home'), flags);
      const current = { n: patients, seconds: run.seconds };
      report({
        bench: `pipeline-${patients}`,
        unit: 's',
        value: round(run.seconds),
        baseline: previous
          ? {
              what: `the same with ${previous.n} patients, scaled to ${patients}`,
              value: round((previous.seconds * patients) / previous.n),
            }
          : null,
        ratio: previous ? round((run.seconds * previous.n) / (previous.seconds * patients)) : null,
        better: 'lower',
        details: {
          exponent: previous ? round(growthExponent(previous, current), 3) : null,
          peakMiB: run.peakMiB,
          steps: run.document['seconds'] ?? null,
        },
      });
      previous = current;
    });
  }
};

/** `npm start -- --once` on the small built-in size: wall time and memory of a first run and of a second one. */
export const startupBench: Bench = async (report, args) => {
  const patients = args[0] ?? '100';
  await withFolder(async (folder) => {
    const home = path.join(folder, 'home');
    const flags = ['start', '--patients', patients, '--seed', '1', '--once', '--port-base', '0'];
    const first = await runMedstream(home, flags);
    const second = await runMedstream(home, flags);
    report({
      bench: 'startup',
      unit: 's',
      value: round(second.seconds),
      baseline: { what: 'the first run in an empty home', value: round(first.seconds) },
      ratio: round(second.seconds / first.seconds),
      better: 'lower',
      details: { patients: Number(patients), peakMiB: first.peakMiB, peakMiBSecond: second.peakMiB },
    });
  });
};
