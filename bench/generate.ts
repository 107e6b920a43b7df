import path from 'node:path';
import { silentProgress } from '../common/progress';
import { generate } from '../simulator/generate';
import { type Bench, copyFileByStream, peakMemoryMiB, round, timed, withFolder } from './support';

/** Rows per second of the generator, against copying the same files (the floor that the disk sets). */
export const generateBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 2000);
  await withFolder(async (folder) => {
    for (const family of ['A', 'C'] as const) {
      const out = path.join(folder, family);
      const made = await generate({ patients, seed: 1, family, out, progress: silentProgress });
      const copied = await timed(async () => {
        for (const { file } of made.files) await copyFileByStream(path.join(out, file), path.join(folder, 'copy'));
      });
      report({
        bench: `generate-${family}`,
        unit: 'rows/s',
        value: round(made.rows / made.seconds, 0),
        baseline: { what: 'copying the same files, rows/s', value: round(made.rows / copied.seconds, 0) },
        ratio: round(copied.seconds / made.seconds),
        better: 'higher',
        details: {
          patients,
          rows: made.rows,
          transactions: made.files.find((file) => file.file === 'claims_transactions.csv')?.rows,
          megabytes: round(made.bytes / 1e6, 0),
          seconds: made.seconds,
          peakMiB: peakMemoryMiB('self'),
        },
      });
    }
  });
};
