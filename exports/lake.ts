import { randomUUID } from 'node:crypto';
import { clearInterval, setInterval } from 'node:timers';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { RestError } from '@azure/storage-blob';
import type { DataLakeFileClient, DataLakeFileSystemClient, DataLakeLeaseClient } from '@azure/storage-file-datalake';
import { MedStreamError } from '../common/errors';

/** What readers see; `gold/powerbi/`. */
export const publishedFolder = 'powerbi';
/** Staging, journals, old manifests and the files they need; `gold/_export/`. */
export const workFolder = '_export';

/** The shortest lease that Azure gives; renewed while the export lives. */
const leaseSeconds = 15;
const copyChunk = 4 * 1024 * 1024;

/** The few things an export does with the `gold` container. Paths are relative to it. */
export class ExportLake {
  private readonly folders = new Set<string>();

  constructor(private readonly container: DataLakeFileSystemClient) {}

  async ensureContainer(): Promise<void> {
    await this.container.createIfNotExists();
  }

  /** Bytes of every file below a folder; empty where there is no such folder. */
  async list(folder: string): Promise<Map<string, number>> {
    const files = new Map<string, number>();
    try {
      for await (const item of this.container.listPaths({ path: folder, recursive: true }))
        if (item.isDirectory) this.folders.add(item.name!);
        else files.set(item.name!, item.contentLength ?? 0);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return files;
  }

  async write(path: string, content: Uint8Array | string): Promise<void> {
    const bytes =
      typeof content === 'string'
        ? Buffer.from(content)
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const file = this.container.getFileClient(path);
    if (bytes.length === 0) await file.create();
    else await file.upload(bytes);
  }

  /** Writes a file that readers find whole or not at all: a crash leaves `temporary` behind at most. */
  async writeWhole(path: string, content: string, temporary = `${path}.part`): Promise<void> {
    await this.write(temporary, content);
    await this.rename(temporary, path);
  }

  /** The file's content, or undefined where there is none. `range` is a part of it. */
  async read(path: string, range?: { offset: number; count: number }): Promise<Buffer | undefined> {
    const client = this.container.getFileClient(path);
    try {
      const response = await client.read(range?.offset ?? 0, range?.count);
      const chunks: Buffer[] = [];
      for await (const chunk of response.readableStreamBody!) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Copies a file of that size, in bounded memory. Copies nothing where it is missing or of another size. */
  async copy(from: string, to: string, bytes: number): Promise<void> {
    try {
      const response = await this.container.getFileClient(from).read();
      const body = response.readableStreamBody as Readable;
      if (response.contentLength === bytes)
        await this.container.getFileClient(to).uploadStream(body, { chunkSize: copyChunk, maxConcurrency: 2 });
      else body.destroy();
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Renames a file, replacing what is there: one atomic step for readers. Returns false when there is no source. */
  async rename(from: string, to: string): Promise<boolean> {
    await this.ensureFolder(to.slice(0, to.lastIndexOf('/')));
    try {
      await this.container.getFileClient(from).move(to);
      return true;
    } catch (error) {
      if (isNotFound(error) && error.code !== 'RenameDestinationParentPathNotFound') return false;
      throw error;
    }
  }

  async delete(path: string): Promise<void> {
    await this.container.getFileClient(path).deleteIfExists();
  }

  async deleteFolder(path: string): Promise<void> {
    await this.container.getDirectoryClient(path).deleteIfExists(true);
    for (const known of this.folders) if (`${known}/`.startsWith(`${path}/`)) this.folders.delete(known);
  }

  private async ensureFolder(path: string): Promise<void> {
    if (!path || this.folders.has(path)) return;
    await this.container.getDirectoryClient(path).createIfNotExists();
    this.folders.add(path);
  }

  /**
   * Runs `work` while holding the lake's export lease, so two exports never publish at once. Waits for the lease of a
   * crashed export to end. `work` gets a check that the lease is still held.
   * @throws MS5005 when another export holds it.
   */
  async exclusively<T>(work: (assertHeld: () => Promise<void>) => Promise<T>): Promise<T> {
    const lock = this.container.getFileClient(`${workFolder}/lock`);
    const lease = lock.getDataLakeLeaseClient(randomUUID());
    const deadline = performance.now() + (leaseSeconds + 5) * 1000;
    while (!(await acquired(lock, lease))) {
      if (performance.now() > deadline) throw busyError();
      await setTimeout(1000);
    }
    const renewal = setInterval(() => void lease.renewLease().catch(() => {}), (leaseSeconds / 3) * 1000);
    const assertHeld = async () => {
      await lease.renewLease().catch((error: unknown) => {
        throw isConflict(error) ? busyError() : error;
      });
    };
    try {
      return await work(assertHeld);
    } finally {
      clearInterval(renewal);
      await lease.releaseLease().catch(() => {});
    }
  }
}

/** False while another holds the lease. The file is made when it is missing only: one that is leased must not be written. */
async function acquired(lock: DataLakeFileClient, lease: DataLakeLeaseClient): Promise<boolean> {
  try {
    await lease.acquireLease(leaseSeconds);
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    if (!isNotFound(error)) throw error;
    await lock.createIfNotExists();
    return acquired(lock, lease);
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 409;
}

function isNotFound(error: unknown): error is RestError {
  return error instanceof RestError && error.statusCode === 404;
}

function busyError(): MedStreamError {
  return new MedStreamError({
    code: 'MS5005',
    what: 'Another export is running on this lake.',
    where: `gold/${workFolder}/lock`,
    why: 'Two exports at once could mix their files.',
    next: 'Wait until it ends, then run medstream export again.',
  });
}
