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
  private text: string[] = [];
  private waiting = 0;
  private pending: Promise<void> = Promise.resolve();
  private failure?: unknown;
  private rows = 0;
  private bytes = 0;

  private constructor(
    readonly target: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(folder: string, name: string, header: string): Promise<CsvFile> {
    const target = path.join(folder, name);
    const file = new CsvFile(target, await open(`${target}.partial`, 'w'));
    file.text.push(`${header}\n`);
    return file;
  }

  /** Appends `rows` complete lines. */
  write(text: string, rows: number): void {
    if (rows === 0) return;
    this.text.push(text);
    this.waiting += text.length;
    this.rows += rows;
    if (this.waiting >= chunkBytes) this.flush();
  }

  /** Resolves when all but the newest chunk is on disk. */
  async drain(): Promise<void> {
    await this.pending;
    if (this.failure !== undefined) throw this.failure;
  }

  async close(): Promise<void> {
    this.flush();
    await this.drain();
    await this.handle.sync();
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
    const chunk = Buffer.from(this.text.join(''), 'utf8');
    this.text = [];
    this.waiting = 0;
    this.bytes += chunk.length;
    this.pending = this.pending
      .then(() => (this.failure === undefined ? writeAll(this.handle, chunk) : undefined))
      .catch((error: unknown) => {
        this.failure ??= error;
      });
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}
