import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** Bytes that are collected before they are written: large enough for the disk, small enough for eleven files. */
const chunkBytes = 1 << 20;

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * A CSV file that grows row by row. It carries a `.partial` name until `close`, so a folder never holds half a file.
 * Writes run in the background; `drain` keeps memory bounded.
 */
export class CsvFile {
  private chunk: Buffer = Buffer.allocUnsafe(chunkBytes);
  private at = 0;
  /** Chunks that have been written and may be filled again. */
  private readonly free: Buffer[] = [];
  private pending: Promise<void> = Promise.resolve();
  private failure?: unknown;
  private rows = -1;
  private bytes = 0;

  private constructor(
    readonly target: string,
    private readonly handle: FileHandle,
    private readonly ascii: boolean,
  ) {}

  /** @param ascii true when no field of the file can hold anything but ASCII: it is written faster */
  static async create(folder: string, name: string, header: string, ascii: boolean): Promise<CsvFile> {
    const target = path.join(folder, name);
    const file = new CsvFile(target, await open(`${target}.partial`, 'w'), ascii);
    file.write(`${header}\n`);
    return file;
  }

  /**
   * Appends one complete line. Each line goes into the buffer at once: strings that live for one row only cost the
   * garbage collector next to nothing (joined later, they were a third of the run time).
   */
  write(line: string): void {
    if (this.at + line.length * 3 > chunkBytes) this.flush();
    this.at += this.chunk.write(line, this.at, this.ascii ? 'latin1' : 'utf8');
    this.rows++;
  }

  /** Resolves when all but the newest chunk is on disk. */
  async drain(): Promise<void> {
    await this.pending;
    if (this.failure !== undefined) throw this.failure;
  }

  async close(): Promise<void> {
    this.flush();
    await this.drain();
    await this.handle.close();
  }

  /** Gives the file its name; call after every file of the set is closed. */
  async publish(): Promise<WrittenFile> {
    await rename(`${this.target}.partial`, this.target);
    return { file: path.basename(this.target), rows: this.rows, bytes: this.bytes };
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await this.pending;
    await this.handle.close().catch(() => {});
    await rm(`${this.target}.partial`, { force: true });
  }

  private flush(): void {
    const chunk = this.chunk;
    const length = this.at;
    this.bytes += length;
    this.chunk = this.free.pop() ?? Buffer.allocUnsafe(chunkBytes);
    this.at = 0;
    this.pending = this.pending
      .then(async () => {
        if (this.failure === undefined) await writeAll(this.handle, chunk.subarray(0, length));
        this.free.push(chunk);
      })
      .catch((error: unknown) => {
        this.failure ??= error;
      });
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}
