import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { MedStreamError, throwIfStopped } from '../../common/errors';
import { readBytes } from '../../common/synthea/csv';
import type { SourceFile } from '../../common/synthea/data-folder';
import { lakeError, stallWatch } from '../lake';
import { withRetry } from '../retry';
import type { PlannedFile } from './plan';
import { scanFile, type RowFilter } from './scan';

export interface UploadWork {
  signal?: AbortSignal;
  onBytes?(count: number): void;
}

export interface Uploaded {
  bytes: number;
  sha256: string;
  /** True where bad lines were written to `_rejected-<name>`. */
  rejected: boolean;
}

const chunkSize = 4 << 20;
const parallelChunks = 2;

/** Where the bad lines of a file go; the underscore hides it from COPY INTO. */
export function rejectedName(landedName: string): string {
  return `_rejected-${landedName}`;
}

/**
 * Uploads the good rows of a file, byte for byte, into a staging folder, and its bad lines beside it; then reads the file
 * back and compares. Tried again as a whole when the lake fails in passing: nothing in the staging folder is visible.
 * @throws MedStreamError MS3204 when what the lake gives back differs, MS2106 when the source changed meanwhile
 */
export async function uploadFile(
  bronze: DataLakeFileSystemClient,
  folder: string,
  { source, scan }: PlannedFile,
  filter: RowFilter | undefined,
  work: UploadWork,
): Promise<Uploaded> {
  const { signal } = work;
  const path = `${folder}/${source.landedName}`;
  try {
    return await withRetry(() => uploadOnce(bronze, folder, { source, scan }, filter, work), { signal, tries: 2 });
  } catch (error) {
    throw lakeError(error, `upload ${source.name}`, path, signal);
  }
}

async function uploadOnce(
  bronze: DataLakeFileSystemClient,
  folder: string,
  { source, scan }: PlannedFile,
  filter: RowFilter | undefined,
  work: UploadWork,
): Promise<Uploaded> {
  const good = openUpload(bronze, `${folder}/${source.landedName}`, work.signal);
  const hasBad = Object.keys(scan.skipped).some((reason) => reason !== 'before_watermark' && reason !== 'blank_line');
  const bad = hasBad ? openUpload(bronze, `${folder}/${rejectedName(source.landedName)}`, work.signal) : undefined;
  try {
    const sink = {
      write: (bytes: Buffer, verdict: string) =>
        verdict === 'keep' ? good.write(bytes) : verdict === 'reject' ? bad?.write(bytes) : undefined,
    };
    const whole = Object.keys(scan.skipped).length === 0;
    if (whole) await sendWhole(source, good, work);
    else if ((await scanFile(source, filter, sink, work)).sha256 !== scan.sha256) throw changed(source.name);
    const uploaded = await good.end();
    if (whole && uploaded.sha256 !== scan.sha256) throw changed(source.name);
    await bad?.end();
    return { ...uploaded, rejected: hasBad };
  } catch (error) {
    await Promise.all([good.cancel(), bad?.cancel()]);
    throw error;
  }
}

/** A file of which every row is kept goes up as it is, without another look at its rows; its hash tells if it changed. */
async function sendWhole(source: SourceFile, target: ReturnType<typeof openUpload>, work: UploadWork): Promise<void> {
  for await (const chunk of readBytes(source.path)) {
    throwIfStopped(work.signal);
    work.onBytes?.(chunk.length);
    await target.write(chunk);
  }
}

/** A file being uploaded in chunks: `write` waits while too much is under way. */
function openUpload(bronze: DataLakeFileSystemClient, path: string, signal?: AbortSignal) {
  const file = bronze.getFileClient(path);
  const stream = new PassThrough({ highWaterMark: chunkSize });
  const hash = createHash('sha256');
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let bytes = 0;
  let failed: unknown;
  const watch = stallWatch(signal);
  const { abortSignal } = watch;
  const uploading = file
    .uploadStream(stream, { chunkSize, maxConcurrency: parallelChunks, abortSignal, onProgress: () => watch.moved() })
    .catch((error: unknown) => {
      failed = error;
      stream.destroy();
    });
  const flush = async () => {
    if (failed) throw failed;
    const block = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    hash.update(block);
    bytes += block.length;
    if (block.length && !stream.write(block)) await watch.during(Promise.race([once(stream, 'drain'), uploading]));
    if (failed) throw failed;
  };
  return {
    write(record: Buffer): Promise<void> | undefined {
      pending.push(record);
      pendingBytes += record.length;
      return pendingBytes >= 1 << 18 ? flush() : undefined;
    },
    async end(): Promise<{ bytes: number; sha256: string }> {
      await flush();
      stream.end();
      await watch.during(uploading);
      if (failed) throw failed;
      const sha256 = hash.digest('hex');
      await verify(bronze, path, bytes, sha256, signal);
      return { bytes, sha256 };
    },
    async cancel(): Promise<void> {
      stream.destroy();
      await uploading;
    },
  };
}

async function verify(
  bronze: DataLakeFileSystemClient,
  path: string,
  bytes: number,
  sha256: string,
  signal?: AbortSignal,
): Promise<void> {
  const watch = stallWatch(signal);
  const hash = createHash('sha256');
  let length = 0;
  const readBack = async () => {
    const answer = await bronze.getFileClient(path).read(0, undefined, { abortSignal: watch.abortSignal });
    for await (const chunk of answer.readableStreamBody as AsyncIterable<Buffer>) {
      watch.moved();
      hash.update(chunk);
      length += chunk.length;
    }
  };
  await watch.during(readBack());
  if (length === bytes && hash.digest('hex') === sha256) return;
  throw new MedStreamError({
    code: 'MS3204',
    what: 'The Data Lake gave back other bytes than were uploaded.',
    where: `bronze/${path}`,
    why: `Sent ${bytes} bytes, got ${length}; the sha256 differs or the length does. Nothing was published.`,
    next: 'Run the same command again.',
  });
}

function changed(name: string): MedStreamError {
  return new MedStreamError({
    code: 'MS2106',
    what: 'The file changed while it was loaded.',
    where: name,
    why: 'What was checked is not what would have been uploaded. Nothing of its table was published.',
    next: 'Wait until the export is complete and load again.',
  });
}
