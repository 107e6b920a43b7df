import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { generate } from '../../simulator/generate';
import type { VerbContext } from '../frame';

/** A folder of generated data in `<home>/data/`, made once: the same number of patients and seed give the same bytes. */
export async function generatedFolder(
  home: string,
  { patients, seed }: { patients: number; seed: number },
  context: VerbContext,
): Promise<string> {
  const folder = path.join(home, 'data', `patients-${patients}-seed-${seed}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await generate({ patients, seed, family: 'C', out: unfinished, ...context });
  await rename(unfinished, folder);
  return folder;
}
