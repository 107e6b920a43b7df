import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { inTime, stagingFolder } from './lake';

/** What stands in staging longer than this was left by a killed process. */
const abandonedAfter = 24 * 3_600_000;

/**
 * Deletes what killed runs of `land` and `load` left in the staging folder, at the start of a run. It is a courtesy: its
 * own failure stops nothing. Returns how many entries it deleted.
 */
export async function sweepStaging(
  bronze: DataLakeFileSystemClient,
  now: number = Date.now(),
  olderThan: number = abandonedAfter,
): Promise<number> {
  let deleted = 0;
  try {
    for await (const entry of bronze.listPaths({ path: stagingFolder })) {
      if (!entry.lastModified || now - entry.lastModified.getTime() < olderThan) continue;
      if (entry.isDirectory)
        await bronze.getDirectoryClient(entry.name!).deleteIfExists(true, { abortSignal: inTime() });
      else await bronze.getFileClient(entry.name!).deleteIfExists(false, { abortSignal: inTime() });
      deleted++;
    }
  } catch {
    return deleted;
  }
  return deleted;
}
