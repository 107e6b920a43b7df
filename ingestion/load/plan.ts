import { createHash } from 'node:crypto';
import type { SourceFile } from '../../common/synthea/data-folder';
import type { SyntheaFile } from '../../common/synthea/header-families';
import type { LoadKind, Manifest } from './manifest';
import type { RowFilter, Scan } from './scan';

export interface PlannedFile {
  source: SourceFile;
  scan: Scan;
}

/** The files of one table: they land together or not at all. */
export interface TablePlan {
  table: SyntheaFile;
  files: PlannedFile[];
  filter?: RowFilter;
  /** Greatest time of all loads before. */
  watermark: string | null;
  status: 'land' | 'unchanged' | 'refused';
  /** The newest load of the table in the lake. */
  newest?: Manifest;
}

/** A table whose files all have the content of its newest load has nothing new; one bad part refuses the table's parts. */
export function decide(
  files: readonly PlannedFile[],
  newest: Manifest | undefined,
  kind: LoadKind,
): TablePlan['status'] {
  if (files.some(({ scan }) => scan.refused)) return 'refused';
  if (kind === 'incremental' && newest && files.every(({ scan }) => scan.rows === 0)) return 'unchanged';
  if (!newest || (kind === 'full' && newest.load_kind !== 'full') || newest.files.length !== files.length)
    return 'land';
  const landed = new Set(newest.files.map((file) => `${file.file} ${file.source_sha256}`));
  return files.every(({ source, scan }) => landed.has(`${source.landedName} ${scan.sha256}`)) ? 'unchanged' : 'land';
}

/**
 * The id of a load: a function of the source's name, the content and what the lake held before, so that a load that was
 * cut off has the same id again, and the same content after other content has another one. A table that is landed already
 * counts as before it landed. Where nothing is new it is the id of the load that the lake holds.
 */
export function loadIdOf(source: string, kind: LoadKind, plans: readonly TablePlan[]): string {
  const landedBefore = new Set(
    plans.map(({ status, newest }) => (status === 'unchanged' ? newest?.load_id : undefined)),
  );
  const [only] = landedBefore;
  if (landedBefore.size === 1 && only) return only;
  const hash = createHash('sha256').update(JSON.stringify([source, kind]));
  for (const { table, files, newest, status } of plans) {
    const before = (status === 'unchanged' ? newest?.load_before : newest?.load_id) ?? null;
    for (const { source: file, scan } of files)
      hash.update(JSON.stringify([table, file.landedName, scan.sha256, before]));
  }
  return hash.digest('hex').slice(0, 24);
}
