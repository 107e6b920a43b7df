import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { generate } from '../../simulator/generate';
import type { VerbContext } from '../frame';

export interface SourceOptions {
  /** A folder of Synthea files; without it, data are generated below the home. */
  data?: string;
  patients: number;
  seed: number;
}

/**
 * The folder that the pipeline reads. Generated data are kept in `<home>/data/` and made once: the same number of
 * patients and seed give the same bytes.
 */
export async function sourceFolder(home: string, options: SourceOptions, context: VerbContext): Promise<string> {
  if (options.data) return path.resolve(options.data);
  const { patients, seed } = options;
  const folder = path.join(home, 'data', `patients-${patients}-seed-${seed}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await generate({ patients, seed, family: 'C', out: unfinished, ...context });
  await rename(unfinished, folder);
  return folder;
}
