import type { DataLakeFileSystemClient, PathGetPropertiesResponse } from '@azure/storage-file-datalake';
import { dataLakeContainer } from '../azure/data-lake';
import type { Settings } from '../azure/settings';
import { ExitCode, MedStreamError, stoppedError } from '../common/errors';
import { redact } from '../common/redact';
import { within } from '../common/within';
import { isNoAnswer } from './retry';

/** Where unfinished files of `land` and `load` stand, out of every reader's way. */
export const stagingFolder = '_staging';

export interface LakePath {
  /** Relative to the container. */
  path: string;
  bytes: number;
  modified: Date;
}

/** A request that the lake does not answer for so long is given up: the SDK by itself waits for ever. Tests lower it. */
export const patience = { seconds: 30 };

/** The abort signal of one request: the caller's stop, or the end of patience. */
export function inTime(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(patience.seconds * 1000);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Ends a transfer of any length once it has not moved for the length of patience; time in between transfers does not count. */
export function stallWatch(signal?: AbortSignal) {
  const stalled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    abortSignal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    /** The transfer has moved. */
    moved: () => void timer?.refresh(),
    async during<T>(transfer: Promise<T>): Promise<T> {
      timer = setTimeout(() => stalled.abort(), patience.seconds * 1000);
      try {
        return await transfer;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The bronze container, created where it is missing. */
export async function openBronze(settings: Settings, signal?: AbortSignal): Promise<DataLakeFileSystemClient> {
  const bronze = dataLakeContainer(settings, 'bronze');
  await bronze.createIfNotExists({ abortSignal: inTime(signal) }).catch((error: unknown) => {
    throw lakeError(error, 'open the container bronze', 'bronze', signal);
  });
  return bronze;
}

/** Every file below a folder; nothing where the folder is not there. */
export async function* listFiles(
  bronze: DataLakeFileSystemClient,
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<LakePath> {
  for await (const entry of listEntries(bronze, folder, true, signal))
    if (!entry.isDirectory)
      yield { path: entry.name!, bytes: entry.contentLength ?? 0, modified: entry.lastModified ?? new Date(0) };
}

/** Names of the folders directly in a folder, relative to the container. */
export async function listFolders(
  bronze: DataLakeFileSystemClient,
  folder: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of listEntries(bronze, folder, false, signal)) if (entry.isDirectory) names.push(entry.name!);
  return names;
}

async function* listEntries(
  bronze: DataLakeFileSystemClient,
  folder: string,
  recursive: boolean,
  signal?: AbortSignal,
) {
  try {
    const pages = bronze.listPaths({ path: folder, recursive, abortSignal: signal }).byPage();
    for (;;) {
      const page = await within(patience.seconds, pages.next()); // it has no abort signal of its own
      if (page.done) return;
      yield* page.value.pathItems ?? [];
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw lakeError(error, 'list files', folder, signal);
  }
}

/** The properties of a file, or undefined where there is none. */
export async function propertiesOf(
  bronze: DataLakeFileSystemClient,
  path: string,
  signal?: AbortSignal,
): Promise<PathGetPropertiesResponse | undefined> {
  try {
    return await bronze.getFileClient(path).getProperties({ abortSignal: inTime(signal) });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw lakeError(error, 'read the properties of a file', path, signal);
  }
}

/** A small file as text, or undefined where there is none. */
export async function readText(
  bronze: DataLakeFileSystemClient,
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const bytes = await bronze.getFileClient(path).readToBuffer(undefined, undefined, { abortSignal: inTime(signal) });
    return bytes.toString('utf8');
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw lakeError(error, 'read a file', path, signal);
  }
}

/**
 * Moves a file or folder to where nothing stands yet. The SDK tries a rename again when its answer is lost, and then finds
 * no source, or a target that is its own work: what the lake holds afterwards says what happened.
 */
export async function moveNew(
  bronze: DataLakeFileSystemClient,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    // Files and folders are renamed alike.
    const destinationConditions = { ifNoneMatch: '*' };
    await bronze.getFileClient(from).move(to, { destinationConditions, abortSignal: inTime(signal) });
  } catch (error) {
    if (await propertiesOf(bronze, from, signal)) throw error;
    if (!(await propertiesOf(bronze, to, signal))) throw error;
  }
}

export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** Says what an error of the Data Lake means to the person who runs the verb. */
export function lakeError(error: unknown, doing: string, path: string, signal?: AbortSignal): MedStreamError {
  if (error instanceof MedStreamError) return error;
  if (signal?.aborted) return stoppedError();
  const status = statusOf(error);
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const full = status === 507 || code === 'ENOSPC' || /ENOSPC|InsufficientStorage|no space left/i.test(message);
  const silent = isNoAnswer(error) ? `nothing for ${patience.seconds} seconds` : '';
  const answer = status ? `HTTP ${status}${code ? ` ${code}` : ''}` : silent || code || redact(message).slice(0, 200);
  const parts = { where: `bronze/${path}`, why: `The Data Lake answered: ${answer}.`, cause: error };
  if (full)
    return new MedStreamError({
      ...parts,
      code: 'MS3202',
      what: `The Data Lake is full: could not ${doing}.`,
      next: 'Free space and run the same command again: it goes on where it stopped.',
    });
  if (status === 401 || status === 403)
    return new MedStreamError({
      ...parts,
      code: 'MS3203',
      what: `The Data Lake refused access: could not ${doing}.`,
      next: 'Check AZURE_STORAGE_*; the identity needs the role Storage Blob Data Contributor.',
      exitCode: ExitCode.unreachable,
    });
  return new MedStreamError({
    ...parts,
    code: 'MS3201',
    what: `Could not ${doing} in the Data Lake.`,
    next: 'Check that the account is reachable, then run the same command again: it goes on where it stopped.',
    exitCode: ExitCode.unreachable,
  });
}
