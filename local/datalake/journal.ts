import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { fdatasync, syncDirectory, writeAll } from '../disk/sync';

interface Waiting {
  line: Buffer;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * An append-only file of JSON lines, each with its checksum. Lines that are appended while one sync runs share the next
 * sync (group commit). A torn tail, which a crash leaves, is cut when the file is opened.
 */
export class Journal<T> {
  private fd = -1;
  private end = 0;
  private queue: Waiting[] = [];
  private draining?: Promise<void>;
  private closed = false;

  /**
   * @param live gives the lines that say all that still holds; the file is rewritten from them when it has grown large.
   */
  constructor(
    readonly file: string,
    private readonly live: () => Iterable<T>,
    private readonly rewriteAbove = 64 << 20,
  ) {}

  /** Opens the file, hands each whole line to `replay`, and cuts what a crash left behind them. */
  open(replay: (line: T) => void): void {
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    this.fd = fs.openSync(this.file, fs.constants.O_RDWR | fs.constants.O_CREAT);
    const bytes = fs.readFileSync(this.file);
    let at = 0;
    for (;;) {
      const newline = bytes.indexOf(10, at);
      const line = newline < 0 ? undefined : decode<T>(bytes.subarray(at, newline));
      if (line === undefined) break;
      replay(line);
      at = newline + 1;
    }
    if (at < bytes.length) fs.ftruncateSync(this.fd, at);
    this.end = at;
  }

  /** Resolves once the line is on disk. */
  append(line: T): Promise<void> {
    if (this.closed) return Promise.reject(new Error('the journal is closed'));
    return new Promise((resolve, reject) => {
      this.queue.push({ line: encode(line), resolve, reject });
      this.draining ??= this.drain().finally(() => (this.draining = undefined));
    });
  }

  private async drain(): Promise<void> {
    while (this.queue.length) {
      const batch = this.queue;
      this.queue = [];
      const buffers = batch.map((waiting) => waiting.line);
      try {
        if (this.end > this.rewriteAbove) await this.rewrite();
        await writeAll(this.fd, buffers, this.end);
        await fdatasync(this.fd);
        this.end += buffers.reduce((sum, line) => sum + line.length, 0);
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        this.cut();
        for (const waiting of batch) waiting.reject(error);
      }
    }
  }

  private cut(): void {
    try {
      fs.ftruncateSync(this.fd, this.end);
    } catch {
      // The next write goes to the same position, and a torn line does not pass its checksum.
    }
  }

  /** Replaces the file by one that holds only what is live. */
  async rewrite(): Promise<void> {
    const draft = `${this.file}.new`;
    const fd = fs.openSync(draft, 'w+');
    let end = 0;
    try {
      const lines: Buffer[] = [];
      for (const line of this.live()) lines.push(encode(line));
      await writeAll(fd, lines, 0);
      end = lines.reduce((sum, line) => sum + line.length, 0);
      await fdatasync(fd);
      fs.renameSync(draft, this.file);
    } catch (error) {
      fs.closeSync(fd);
      fs.rmSync(draft, { force: true });
      throw error;
    }
    fs.closeSync(this.fd);
    this.fd = fd;
    this.end = end;
    await syncDirectory(path.dirname(this.file));
  }

  /** Waits for lines under way, then closes the file. */
  async close(): Promise<void> {
    this.closed = true;
    await this.draining;
    fs.closeSync(this.fd);
  }
}

function encode(line: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(line));
  const sum = crc32(json).toString(16).padStart(8, '0');
  return Buffer.concat([Buffer.from(`${sum} `), json, Buffer.from('\n')]);
}

function decode<T>(bytes: Buffer): T | undefined {
  const json = bytes.subarray(9);
  if (bytes.length < 10 || parseInt(bytes.toString('latin1', 0, 8), 16) !== crc32(json)) return undefined;
  return JSON.parse(json.toString()) as T;
}
