import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
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
  return metadata?.['lastseq']
    ? { sequence: Number(metadata['lastseq']), offset: metadata['lastoffset'] ?? '' }
    : undefined;
}

async function lastFile(bronze: DataLakeFileSystemClient, day: string, signal?: AbortSignal) {
  let last: { first: number; path: string } | undefined;
  for await (const { path } of listFiles(bronze, day, signal)) {
    const first = parseEventFilePath(path)?.first;
    if (first !== undefined && (!last || first > last.first)) last = { first, path };
  }
  return last;
}
