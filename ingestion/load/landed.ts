import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import type { SyntheaFile } from '../../common/synthea/header-families';
import { MedStreamError } from '../../common/errors';
import { listFiles, readText } from '../lake';
import { manifestName, tableFolder, type Manifest } from './manifest';

/** Manifests read per table: the lake's clock orders them to the second only, so the newest few are compared. */
const manifestsRead = 8;

/** The newest load of a table that is complete in the lake. */
export async function newestLoad(
  bronze: DataLakeFileSystemClient,
  table: SyntheaFile,
  signal?: AbortSignal,
): Promise<Manifest | undefined> {
  const found: { path: string; modified: number }[] = [];
  for await (const file of listFiles(bronze, tableFolder(table), signal))
    if (file.path.endsWith(`/${manifestName}`)) found.push({ path: file.path, modified: file.modified.getTime() });
  found.sort((a, b) => b.modified - a.modified);
  let newest: Manifest | undefined;
  for (const { path } of found.slice(0, manifestsRead)) {
    const manifest = await readManifest(bronze, path, signal);
    if (!newest || isNewer(manifest, newest)) newest = manifest;
  }
  return newest;
}

/** @throws MedStreamError MS3205 when the manifest is not what `load` writes */
export async function readManifest(
  bronze: DataLakeFileSystemClient,
  path: string,
  signal?: AbortSignal,
): Promise<Manifest> {
  const text = (await readText(bronze, path, signal)) ?? '';
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.load_id && manifest.table && Array.isArray(manifest.files)) return manifest;
  } catch {
    // falls through to the error
  }
  throw new MedStreamError({
    code: 'MS3205',
    what: 'A load manifest in the lake cannot be read.',
    where: `bronze/${path}`,
    why: 'Without it nothing is known of the files beside it, so they are not copied.',
    next: 'Move its folder out of the way and load the files again.',
  });
}

function isNewer(a: Manifest, b: Manifest): boolean {
  return a.finished_at === b.finished_at ? a.load_id > b.load_id : a.finished_at > b.finished_at;
}
