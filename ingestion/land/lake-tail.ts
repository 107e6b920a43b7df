import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { MedStreamError } from '../../common/errors';
import { listFiles, listFolders, propertiesOf } from '../lake';
import { parseEventFilePath, partitionFolder } from './event-file';

/** The last event of a partition that is in the lake. */
export interface LakeTail {
  sequence: number;
  offset: string;
}

/** Up to so many days are listed whole; beyond, only the last ones, unless their order shows that a clock jumped. */
const daysListed = 31;

/**
 * What the lake holds of a partition: the lake, and no checkpoint beside it, says where landing goes on.
 * Undefined where nothing has landed.
 * @throws MedStreamError MS3206 when its newest file has no metadata
 */
export async function lakeTail(
  bronze: DataLakeFileSystemClient,
  hub: string,
  partition: string,
  signal?: AbortSignal,
): Promise<LakeTail | undefined> {
  const days = (await listFolders(bronze, partitionFolder(hub, partition), signal)).sort().reverse();
  let last: { first: number; path: string } | undefined;
  for (const [i, day] of days.entries()) {
    const newest = await lastFile(bronze, day, signal);
    const older = last && newest && newest.first < last.first;
    if (newest && (!last || newest.first > last.first)) last = newest;
    if (i >= daysListed && older) break;
  }
  if (!last) return undefined;
  const metadata = (await propertiesOf(bronze, last.path, signal))?.metadata;
  if (!metadata?.['lastseq']) throw noMetadata(last.path);
  return { sequence: Number(metadata['lastseq']), offset: metadata['lastoffset'] ?? '' };
}

/** An event file without what `land` wrote beside it: landing on from a guess could double or lose events. */
export function noMetadata(path: string): MedStreamError {
  return new MedStreamError({
    code: 'MS3206',
    what: 'An event file has lost its metadata.',
    where: `bronze/${path}`,
    why: 'It says with which event landing goes on; without it events could be landed twice.',
    next: 'Was the lake copied? Copy it again with metadata (a local one with its file times: cp -a). Or bring the file back from a backup.',
  });
}

async function lastFile(bronze: DataLakeFileSystemClient, day: string, signal?: AbortSignal) {
  let last: { first: number; path: string } | undefined;
  for await (const { path } of listFiles(bronze, day, signal)) {
    const first = parseEventFilePath(path)?.first;
    if (first !== undefined && (!last || first > last.first)) last = { first, path };
  }
  return last;
}
