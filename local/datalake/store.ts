import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fsync, makeDirectory, syncDirectory } from '../disk/sync';
import { Leases } from './leases';
import { PathLocks } from './locks';
import { diskPath, hiddenFolder } from './paths';
import { Records, type PathRecord } from './records';
import { Uploads } from './uploads';

/** A file or directory as it is now. */
export interface Entry {
  directory: boolean;
  size: number;
  /** With quotes. */
  etag: string;
  /** Names this version of the path in its record. */
  version: string;
  modified: Date;
  created: Date;
  record: PathRecord;
}

/**
 * The lake on disk: containers are folders, files are plain files, and a change is durable and whole before it is answered.
 * New content is written aside and renamed into place, so no reader and no crash ever sees half of it.
 */
export class Store {
  readonly locks = new PathLocks();
  readonly records: Records;
  readonly leases: Leases;
  readonly uploads: Uploads;
  private readonly hidden: string;
  private readonly trash: string;

  private constructor(readonly root: string) {
    this.hidden = path.join(root, hiddenFolder);
    this.trash = path.join(this.hidden, 'trash');
    this.records = new Records(this.hidden, (key) => this.statOf(key)?.version);
    this.leases = new Leases(this.records);
    this.uploads = new Uploads(path.join(this.hidden, 'uploads'));
  }

  /** Opens the lake. Uncommitted uploads of an earlier run are dropped, as they were never part of it. */
  static async open(root: string): Promise<Store> {
    const store = new Store(path.resolve(root));
    fs.mkdirSync(store.hidden, { recursive: true });
    fs.accessSync(store.root, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    fs.rmSync(store.trash, { recursive: true, force: true });
    fs.mkdirSync(store.trash);
    store.uploads.clear();
    await store.records.open();
    store.leases.restore();
    return store;
  }

  async close(): Promise<void> {
    await this.records.close();
    this.uploads.clear();
  }

  disk(key: string): string {
    return diskPath(this.root, key);
  }

  /** The path as it is now, or undefined where there is none. */
  stat(key: string): Entry | undefined {
    const found = this.statOf(key);
    return found && this.entry(key, found.stat, found.version);
  }

  /** As `stat`, for what is already known of the disk. */
  entry(key: string, stat: fs.BigIntStats, version = versionOf(stat)): Entry {
    const record = this.records.get(key, version);
    const directory = stat.isDirectory();
    const stamp = directory ? (record.stamp ?? Number(stat.birthtimeNs / 1000n)) : Number(version);
    return {
      directory,
      size: directory ? 0 : Number(stat.size),
      etag: `"0x${stamp.toString(16).toUpperCase()}"`,
      version,
      modified: new Date(Math.floor(stamp / 1000)),
      created: stat.birthtime,
      record,
    };
  }

  /** A fresh descriptor and file name for content that is not committed yet. */
  draft(): { file: string; fd: number } {
    const file = this.uploads.newFile();
    return { file, fd: fs.openSync(file, 'wx+') };
  }

  /**
   * Makes a written draft the content of `key`: durable, then visible at once. The caller holds the lock of `key`.
   * The descriptor stays open.
   */
  async publish(key: string, draft: { file: string; fd: number }, record: PathRecord): Promise<Entry> {
    const version = this.stampFile(draft.fd);
    const target = this.disk(key);
    // Content and record belong together only once the rename makes the version current: they get durable side by side.
    await allDone([fsync(draft.fd), this.records.announce(key, version, record), makeDirectory(path.dirname(target))]);
    // Not `renameSync`: it waits for the journal of the file system, and every other request would wait with it.
    await fs.promises.rename(draft.file, target);
    this.records.settle(key, version);
    await syncDirectory(path.dirname(target));
    return this.entry(key, fs.fstatSync(draft.fd, { bigint: true }));
  }

  /** Creates an empty file that does not exist yet; cheaper than a draft. The caller holds the lock of `key`. */
  async createEmpty(key: string, record: PathRecord): Promise<Entry> {
    const target = this.disk(key);
    await makeDirectory(path.dirname(target));
    const stamp = this.nextStamp();
    await this.records.announce(key, String(stamp), record);
    const fd = fs.openSync(target, 'wx');
    try {
      fs.futimesSync(fd, seconds(stamp), seconds(stamp));
      this.records.settle(key, String(stamp));
      await syncDirectory(path.dirname(target));
      return this.entry(key, fs.fstatSync(fd, { bigint: true }));
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Gives an existing path a new record and so a new ETag. The caller holds the lock of `key`. */
  async setRecord(key: string, entry: Entry, record: PathRecord): Promise<Entry> {
    const stamp = this.nextStamp();
    const version = entry.directory ? entry.version : String(stamp);
    await this.records.announce(key, version, entry.directory ? { ...record, stamp } : record);
    if (!entry.directory) fs.utimesSync(this.disk(key), seconds(stamp), seconds(stamp));
    this.records.settle(key, version);
    return this.stat(key)!;
  }

  /** Creates a directory with its parents. The caller holds the lock of `key`. */
  async createDirectory(key: string, record: PathRecord): Promise<Entry> {
    await makeDirectory(this.disk(key));
    return this.setRecord(key, this.stat(key)!, record);
  }

  /** Moves a file or a whole tree in one step. The caller holds both subtrees. */
  async move(from: string, to: string, entry: Entry): Promise<Entry> {
    const [source, target] = [this.disk(from), this.disk(to)];
    if (from !== to) {
      await this.records.announceMove(from, to, entry.directory);
      fs.renameSync(source, target);
      this.records.settleMove(from, to, entry.directory);
      this.uploads.drop(from);
      this.uploads.drop(to);
      await Promise.all([syncDirectory(path.dirname(source)), syncDirectory(path.dirname(target))]);
    }
    return this.stat(to)!;
  }

  /** Removes a file or a whole tree in one step. The caller holds the subtree. */
  async remove(key: string, entry: Entry): Promise<void> {
    const target = this.disk(key);
    const aside = path.join(this.trash, randomUUID());
    fs.renameSync(target, aside); // gone for readers at once, however large the tree is
    this.records.drop(key, entry.directory);
    this.uploads.drop(key);
    await syncDirectory(path.dirname(target));
    if (entry.directory) await fs.promises.rm(aside, { recursive: true, force: true });
    else fs.rmSync(aside, { force: true });
  }

  /** A version stamp: microseconds, higher than every one before, whatever the clock does. */
  private nextStamp(): number {
    return (this.records.clock = Math.max(this.records.clock + 1, Date.now() * 1000));
  }

  private stampFile(fd: number): string {
    const stamp = this.nextStamp();
    fs.futimesSync(fd, seconds(stamp), seconds(stamp));
    return String(stamp);
  }

  private statOf(key: string): { stat: fs.BigIntStats; version: string } | undefined {
    try {
      const stat = fs.statSync(this.disk(key), { bigint: true, throwIfNoEntry: false });
      return stat && { stat, version: versionOf(stat) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
      throw error;
    }
  }
}

/** Waits for all, also where one fails: the caller closes the descriptor afterwards. */
async function allDone(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** A file's version is its modification time in microseconds, which is also its ETag; a directory's is its birth. */
function versionOf(stat: fs.BigIntStats): string {
  return stat.isDirectory() ? `d${stat.birthtimeNs / 1000n}` : String(stat.mtimeNs / 1000n);
}

/** A stamp as the seconds that `utimes` takes; half a microsecond more, as a double of today rounds by a quarter. */
function seconds(stamp: number): number {
  return (stamp + 0.5) / 1e6;
}
