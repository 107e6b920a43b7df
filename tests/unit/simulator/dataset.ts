import { readFileSync } from 'node:fs';
import path from 'node:path';
import { silentProgress } from '../../../common/progress';
import type { Family } from '../../../simulator/generate/families';
import { generate } from '../../../simulator/generate';

export type Row = Readonly<Record<string, string>>;

/** All rows of a generated CSV file by column name; such files hold no quotes (DICTIONARY: the exporter never quotes). */
export function rowsOf(folder: string, file: string): Row[] {
  const lines = readFileSync(path.join(folder, `${file}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  const header = lines[0]!.split(',');
  return lines.slice(1).map((line) => {
    const fields = line.split(',');
    if (fields.length !== header.length) throw new Error(`${file}: ${fields.length} fields, ${header.length} columns`);
    return Object.fromEntries(header.map((name, i) => [name, fields[i]!]));
  });
}

/** Cents of a money field; '' is 0. */
export function cents(text: string): number {
  return Math.round(Number(text) * 100);
}

export async function generateInto(out: string, family: Family, patients: number, seed = 7): Promise<void> {
  await generate({ patients, seed, family, out, progress: silentProgress });
}
