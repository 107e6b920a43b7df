import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ExitCode, MedStreamError } from '../errors';
import { isSyntheaFile, type SyntheaFile } from './header-families';

export interface SourceFile {
  /** The table: `encounters` for `encounters-2.csv.gz`. */
  table: SyntheaFile;
  /** Absolute path. */
  path: string;
  /** Path below the data folder, with forward slashes. */
  name: string;
  /** The name it has in the lake: without folder and `.gz`, such as `encounters-2.csv`. */
  landedName: string;
}

export interface DataFolder {
  /** The known files, by table, then by run folder and number of the part. */
  files: SourceFile[];
  /** Other CSV files, which are not loaded. */
  ignored: string[];
}

const filePattern = /^([a-z_]+?)(?:-(\d+))?\.csv(\.gz)?$/i;
/** Synthea's folder per run (`exporter.csv.folder_per_run`): `2025_12_21T01_54_58Z`. */
const runPattern = /^\d{4}_\d{2}_\d{2}T\d{2}_\d{2}_\d{2}Z$/;

/**
 * The CSV files of a Synthea export: a plain folder, or a folder of run folders, of which each adds its rows. Split
 * files (`encounters-1.csv`, …) and `.csv.gz` count as their table; a file that is there plain and gzipped counts once.
 * @throws MedStreamError MS2101 when the folder cannot be read
 */
export async function listDataFolder(folder: string): Promise<DataFolder> {
  const entries = await readEntries(folder);
  const runs = entries
    .filter((entry) => entry.isDirectory() && runPattern.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const files: (SourceFile & { part: number; run: string })[] = [];
  const ignored: string[] = [];
  for (const run of ['', ...runs]) {
    const names = run ? await readEntries(path.join(folder, run)) : entries;
    const present = new Set(names.map((entry) => entry.name));
    for (const { name } of names.filter((entry) => !entry.isDirectory())) {
      const match = filePattern.exec(name);
      const relative = run ? `${run}/${name}` : name;
      if (!match) continue;
      const table = match[1]!.toLowerCase();
      if (match[3] && present.has(name.slice(0, -3))) continue;
      if (!isSyntheaFile(table)) ignored.push(relative);
      else {
        const plain = `${table}${match[2] ? `-${match[2]}` : ''}.csv`;
        const landedName = run ? `${run}-${plain}` : plain;
        files.push({
          table,
          path: path.join(folder, relative),
          name: relative,
          landedName,
          part: +(match[2] ?? 0),
          run,
        });
      }
    }
  }
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  files.sort((a, b) => order(a.table, b.table) || order(a.run, b.run) || a.part - b.part || order(a.name, b.name));
  return {
    files: files.map(({ table, path: at, name, landedName }) => ({ table, path: at, name, landedName })),
    ignored,
  };
}

async function readEntries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new MedStreamError({
      code: 'MS2101',
      what: 'Cannot read the data folder.',
      where: folder,
      next: 'Give a folder with Synthea CSV files: --data DIR.',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}
