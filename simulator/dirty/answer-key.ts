import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { MedStreamError } from '../../common/errors';
import { makeFolder } from '../../common/make-folder';
import type { Answer } from './index';

/** The answer key: one JSON line per event that was sent. */
export class AnswerKey {
  private failure?: unknown;
  private full = false;

  private constructor(
    private readonly file: string,
    private readonly stream: WriteStream,
  ) {
    stream.on('error', (error) => (this.failure ??= error));
  }

  static async create(file: string): Promise<AnswerKey> {
    try {
      makeFolder(path.dirname(path.resolve(file)));
    } catch (error) {
      throw cannotWrite(file, error);
    }
    return new AnswerKey(file, createWriteStream(file, { highWaterMark: 1 << 18 }));
  }

  write(line: Answer): void {
    this.full = !this.stream.write(`${JSON.stringify(line)}\n`);
  }

  /** Waits until the file has taken what was written. */
  async drain(): Promise<void> {
    if (this.failure !== undefined) throw cannotWrite(this.file, this.failure);
    if (!this.full) return;
    await once(this.stream, 'drain').catch((error: unknown) => {
      throw cannotWrite(this.file, error);
    });
    this.full = false;
  }

  async close(): Promise<void> {
    this.stream.end();
    await finished(this.stream).catch((error: unknown) => {
      throw cannotWrite(this.file, error);
    });
  }
}

function cannotWrite(file: string, cause: unknown): MedStreamError {
  return new MedStreamError({
    code: 'MS2106',
    what: `Cannot write the answer key: ${cause instanceof Error ? cause.message : 'unknown error'}`,
    where: file,
    why: 'Without it nobody can check what silver did with the faulty events.',
    next: 'Give another file: --answer-key FILE.',
    cause,
  });
}
