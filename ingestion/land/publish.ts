import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { createHash, randomUUID } from 'node:crypto';
import { inTime, lakeError, propertiesOf, stagingFolder, statusOf } from '../lake';
import { withRetry } from '../retry';
import { noMetadata } from './lake-tail';
import type { EventFileMetadata } from './event-file';

export interface EventFile {
  path: string;
  /** The lines, and how many they are. */
  body: Buffer;
  rows: number;
  firstSequence: number;
  lastSequence: number;
  lastOffset: string;
}

export interface Published {
  /** Last sequence of the file that stands at the path: another run may have published it, longer or shorter. */
  lastSequence: number;
  /** True where this call put it there. */
  ours: boolean;
}

/**
 * Puts a file of events into the lake, whole or not at all: stage, then rename to its name where nothing stands there
 * yet. Whatever goes wrong with the rename (a lost answer, a writer that was thought dead), the file that stands at the
 * name decides.
 * @throws MedStreamError MS32xx
 */
export async function publishEvents(bronze: DataLakeFileSystemClient, file: EventFile): Promise<Published> {
  const { path, body, rows, firstSequence, lastSequence, lastOffset } = file;
  const metadata: EventFileMetadata = {
    firstseq: String(firstSequence),
    lastseq: String(lastSequence),
    lastoffset: lastOffset,
    rows: String(rows),
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  const staged = bronze.getFileClient(`${stagingFolder}/land-${randomUUID()}`);
  try {
    const pathHttpHeaders = { contentType: 'application/x-ndjson' };
    await withRetry(() => staged.upload(body, { metadata, pathHttpHeaders, abortSignal: inTime() }), { tries: 2 });
    const folder = bronze.getDirectoryClient(path.slice(0, path.lastIndexOf('/')));
    await folder.createIfNotExists({ abortSignal: inTime() });
  } catch (error) {
    throw lakeError(error, 'stage events', path);
  }
  try {
    await staged.move(path, { destinationConditions: { ifNoneMatch: '*' }, abortSignal: inTime() });
    return { lastSequence, ours: true };
  } catch (error) {
    const there = await propertiesOf(bronze, path);
    if (!there) throw lakeError(error, 'publish events', path);
    const standing = there.metadata;
    if (!standing?.['lastseq']) throw noMetadata(path);
    const lostAnswer = statusOf(error) === 404 || !(await exists(bronze, staged.name, path));
    if (!lostAnswer) await staged.deleteIfExists(false, { abortSignal: inTime() }).catch(() => undefined);
    return { lastSequence: Number(standing['lastseq']), ours: lostAnswer && standing['sha256'] === metadata.sha256 };
  }
}

async function exists(bronze: DataLakeFileSystemClient, name: string, path: string): Promise<boolean> {
  try {
    return (await propertiesOf(bronze, `${stagingFolder}/${name}`)) !== undefined;
  } catch (error) {
    throw lakeError(error, 'publish events', path);
  }
}
