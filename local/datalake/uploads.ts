import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isWithin } from './paths';

/** Appended data that is not flushed yet. Positions are positions in the future file. */
export interface Upload {
  file: string;
  /** Received ranges, sorted, merged, half open. */
  ranges: [number, number][];
  /** Requests that are writing to the file now. */
  writers: number;
}

/** Uncommitted data per path, in files outside the containers. No descriptor stays open between requests. */
export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(private readonly folder: string) {}

  newFile(): string {
    return path.join(this.folder, randomUUID());
  }

  get(key: string): Upload | undefined {
    return this.uploads.get(key);
  }

  /** The upload of a path, begun where there is none. */
  begin(key: string): Upload {
    let upload = this.uploads.get(key);
    if (!upload) this.uploads.set(key, (upload = { file: this.newFile(), ranges: [], writers: 0 }));
    return upload;
  }

  /** Records that bytes `from` to `to` have arrived. */
  received(upload: Upload, from: number, to: number): void {
    if (to <= from) return;
    const merged: [number, number][] = [];
    let [start, end] = [from, to];
    for (const range of upload.ranges) {
      if (range[1] < start || range[0] > end) merged.push(range);
      else [start, end] = [Math.min(start, range[0]), Math.max(end, range[1])];
    }
    merged.push([start, end]);
    upload.ranges = merged.sort((a, b) => a[0] - b[0]);
  }

  /** How far the file would reach without a gap, from its committed length on. */
  contiguousEnd(upload: Upload | undefined, committed: number): number {
    let end = committed;
    for (const range of upload?.ranges ?? []) if (range[0] <= end) end = Math.max(end, range[1]);
    return end;
  }

  /** Forgets an upload whose file has become the content of its path. */
  taken(key: string): void {
    this.uploads.delete(key);
  }

  /** Drops the uncommitted data of a path and of everything below it. */
  drop(parent: string): void {
    for (const [key, upload] of this.uploads)
      if (isWithin(key, parent)) {
        this.uploads.delete(key);
        fs.rmSync(upload.file, { force: true });
      }
  }

  /** Drops all uncommitted data. */
  clear(): void {
    this.uploads.clear();
    fs.rmSync(this.folder, { recursive: true, force: true });
    fs.mkdirSync(this.folder, { recursive: true });
  }
}
