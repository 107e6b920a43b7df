import type pLimit from 'p-limit';
import { filesOf, parseManifest, type ExportedFile, type Manifest } from './manifest';
import { publishedFolder, workFolder, type ExportLake } from './lake';

type Limit = ReturnType<typeof pLimit>;

/** Manifests (and the file contents they need) that stay beside the current one. */
export const keptSnapshots = 5;

const manifestPath = `${publishedFolder}/_export.json`;
const journalName = '_publish.json';
/** Below `powerbi/`; no table has this name, so who reads a table's folder never meets it. */
const previousFolder = '_previous';

/** What turns the published state into the new one; written before the first visible change, so a crash can be finished. */
export interface Journal {
  manifest: Manifest;
  /** Paths below `powerbi/` to rename in from the staging folder. */
  staged: string[];
  /** Paths below `powerbi/` that the new manifest does not have. */
  obsolete: string[];
}

export function stagedPath(runId: string, path: string): string {
  return `${workFolder}/${runId}/${path}`;
}
function keptFile(sha256: string): string {
  return `${workFolder}/files/${sha256}.parquet`;
}
/** Where a content that is being replaced is meanwhile; below `powerbi/`, like every path of a manifest. */
function previousPath(sha256: string): string {
  return `${previousFolder}/${sha256}.parquet`;
}
function keptManifest(runId: string): string {
  return `${workFolder}/manifests/${runId}.json`;
}

/** The manifest that readers see now, if any. */
export async function currentManifest(lake: ExportLake): Promise<Manifest | undefined> {
  const text = await lake.read(manifestPath);
  return text && parseManifest(text.toString('utf8'));
}

/**
 * Publishes staged files: keeps the contents that will be replaced, writes the journal, points the old manifest to the
 * kept contents, renames file by file, removes what is obsolete, replaces `_export.json` last. A reader sees whole
 * files only, at any time; `_export.json` always names one whole export (docs/decisions/0072-publishing-exports.md).
 */
export async function publish(
  lake: ExportLake,
  journal: Journal,
  previous: Manifest | undefined,
  limit: Limit,
): Promise<void> {
  const { run_id: runId } = journal.manifest;
  const leaving = new Set([...journal.staged, ...journal.obsolete]);
  const replaced = new Map(filesOf(previous).flatMap((file) => (leaving.has(file.path) ? [[file.sha256, file]] : [])));
  const forEach = (work: (file: ExportedFile) => Promise<unknown>) =>
    Promise.all([...replaced.values()].map((file) => limit(() => work(file))));
  await forEach(({ path, sha256, bytes }) => lake.copy(`${publishedFolder}/${path}`, keptFile(sha256), bytes));
  if (previous) await lake.writeWhole(keptManifest(previous.run_id), JSON.stringify(previous));
  await lake.writeWhole(stagedPath(runId, journalName), JSON.stringify(journal));
  if (previous && replaced.size > 0) {
    await forEach(({ sha256 }) => lake.rename(keptFile(sha256), `${publishedFolder}/${previousPath(sha256)}`));
    await replaceManifest(lake, runId, pointedToPrevious(previous, leaving));
  }
  await applyJournal(lake, journal, limit);
}

/** Finishes an export that stopped after its journal was written. Applying a journal twice changes nothing more. */
export async function finishInterrupted(lake: ExportLake, limit: Limit): Promise<void> {
  const files = await lake.list(workFolder);
  for (const path of files.keys()) {
    if (!path.endsWith(`/${journalName}`)) continue;
    const text = await lake.read(path);
    if (text) await applyJournal(lake, JSON.parse(text.toString('utf8')) as Journal, limit);
  }
}

async function applyJournal(lake: ExportLake, journal: Journal, limit: Limit): Promise<void> {
  const { run_id: runId } = journal.manifest;
  const move = (path: string) => lake.rename(stagedPath(runId, path), `${publishedFolder}/${path}`);
  await Promise.all(journal.staged.map((path) => limit(() => move(path))));
  await Promise.all(journal.obsolete.map((path) => limit(() => lake.delete(`${publishedFolder}/${path}`))));
  await replaceManifest(lake, runId, journal.manifest);
  await putPreviousAway(lake, limit);
  await lake.deleteFolder(`${workFolder}/${runId}`);
}

async function replaceManifest(lake: ExportLake, runId: string, manifest: Manifest): Promise<void> {
  await lake.writeWhole(manifestPath, JSON.stringify(manifest, null, 1), stagedPath(runId, '_export.json'));
}

/** The manifest with the paths of files that are about to be replaced leading to their previous contents. */
function pointedToPrevious(manifest: Manifest, leaving: ReadonlySet<string>): Manifest {
  const pointed = (file: ExportedFile) =>
    leaving.has(file.path) ? { ...file, path: previousPath(file.sha256) } : file;
  return {
    ...manifest,
    tables: manifest.tables.map((table) => ({ ...table, files: table.files.map(pointed) })),
  };
}

/** Previous contents go back among the kept ones once no manifest that is read needs them. */
async function putPreviousAway(lake: ExportLake, limit: Limit): Promise<void> {
  const folder = `${publishedFolder}/${previousFolder}`;
  const files = [...(await lake.list(folder)).keys()];
  const move = (path: string) => lake.rename(path, keptFile(path.slice(folder.length + 1, -'.parquet'.length)));
  await Promise.all(files.map((path) => limit(() => move(path))));
  if (files.length > 0) await lake.deleteFolder(folder);
}

/** Removes all but the newest kept manifests, files that none of them needs, and staging folders of failed runs. */
export async function prune(lake: ExportLake, currentRun: string, limit: Limit): Promise<void> {
  const files = [...(await lake.list(workFolder)).keys()];
  const manifests = files.filter((path) => path.startsWith(`${workFolder}/manifests/`)).sort();
  const kept = manifests.filter((path) => path.endsWith('.json')).slice(-keptSnapshots);
  const needed = new Set<string>();
  for (const path of kept) {
    const text = await lake.read(path);
    if (text) for (const file of filesOf(parseManifest(text.toString('utf8')))) needed.add(keptFile(file.sha256));
  }
  const contents = files.filter((path) => path.startsWith(`${workFolder}/files/`));
  const unneeded = [
    ...manifests.filter((path) => !kept.includes(path)),
    ...contents.filter((path) => !needed.has(path)),
  ];
  await Promise.all(unneeded.map((path) => limit(() => lake.delete(path))));
  const staging = new Set(files.map((path) => path.split('/')[1]!).filter((name) => name !== currentRun));
  for (const name of staging)
    if (!['manifests', 'files', 'lock'].includes(name)) await lake.deleteFolder(`${workFolder}/${name}`);
}
