import path from 'node:path';
import { Journal } from './journal';
import { isWithin } from './paths';

/** What a path has beside its bytes. Metadata names are lower case. */
export interface PathRecord {
  metadata?: Record<string, string>;
  /** Stored response headers, such as `content-type`. */
  headers?: Record<string, string>;
  acl?: string;
  permissions?: string;
  owner?: string;
  group?: string;
  /** Directories only: when the record was last set, as a version stamp (files have the stamp as modification time). */
  stamp?: number;
}

export interface StoredLease {
  id: string;
  /** Length in ms, or -1 for a lease without end. */
  duration: number;
  /** Wall clock time of its end in ms, or -1. */
  until: number;
}

/** A record and the version of the file that it was written for. */
interface Versioned {
  version: string;
  record: PathRecord;
}

type Line =
  | { op: 'set'; key: string; version: string; record: PathRecord }
  | { op: 'move'; from: string; to: string; tree: boolean }
  | { op: 'drop'; key: string; tree: boolean }
  | { op: 'lease'; key: string; lease: StoredLease | null }
  | { op: 'clock'; at: number };

/**
 * Metadata of all paths, in memory and in a journal outside the containers.
 *
 * A line is durable before the change of the lake that it describes, and a record counts only for the version of the file
 * that it names. So a crash between the two leaves the old version with its old record, or the new one with its new one.
 * Files that other tools write or replace simply have no record.
 */
export class Records {
  /** Newest first. More than one only between a line and its change, or after a crash in between. */
  private readonly entries = new Map<string, Versioned[]>();
  private readonly storedLeases = new Map<string, StoredLease>();
  private readonly journal: Journal<Line>;
  /** The highest version stamp ever given out, so that stamps rise across restarts even when the clock falls back. */
  clock = 0;

  /** @param currentVersion the version of the file at a key now, undefined where there is none. */
  constructor(
    folder: string,
    private readonly currentVersion: (key: string) => string | undefined,
  ) {
    this.journal = new Journal<Line>(path.join(folder, 'records.log'), () => this.live());
  }

  /** Reads the journal and settles what a crash left open. */
  async open(): Promise<void> {
    let lines = 0;
    const doubtful = new Set<string>();
    this.journal.open((line) => {
      lines++;
      this.replay(line, doubtful);
    });
    for (const key of doubtful) {
      const current = this.currentVersion(key);
      const holds = this.entries.get(key)?.find((entry) => entry.version === current);
      if (holds) this.entries.set(key, [holds]);
      else this.entries.delete(key);
      if (current === undefined) this.storedLeases.delete(key);
    }
    if (lines > 2 * this.entries.size + 1000) await this.journal.rewrite();
  }

  get(key: string, version: string): PathRecord {
    return this.entries.get(key)?.find((entry) => entry.version === version)?.record ?? {};
  }

  /** Durably announces the record of a version that is about to appear; `settle` follows once it has. */
  async announce(key: string, version: string, record: PathRecord): Promise<void> {
    const before = this.entries.get(key) ?? [];
    if (isEmpty(record) && !before.length) return;
    await this.journal.append({ op: 'set', key, version, record });
    this.entries.set(key, [{ version, record }, ...before]);
  }

  /** The version is in place: older records of the path are forgotten. */
  settle(key: string, version: string): void {
    const entry = this.entries.get(key)?.find((candidate) => candidate.version === version);
    if (entry && !isEmpty(entry.record)) this.entries.set(key, [entry]);
    else this.entries.delete(key);
  }

  /** Durably announces that `from` (with `tree`, also everything below it) is about to move to `to`. */
  async announceMove(from: string, to: string, tree: boolean): Promise<void> {
    const concerned = this.at(from, tree).length || this.at(to, tree).length || this.leaseKeys(from, tree).length;
    if (concerned) await this.journal.append({ op: 'move', from, to, tree });
  }

  /** The move is done. */
  settleMove(from: string, to: string, tree: boolean): void {
    this.forget(to, tree);
    for (const [key, value] of this.at(from, tree)) {
      this.entries.delete(key);
      this.entries.set(to + key.slice(from.length), value);
    }
    this.forget(from, tree);
  }

  /** The path (with `tree`, also all below it) is gone. The line only keeps the journal small: no one waits for it. */
  drop(key: string, tree: boolean): void {
    if (!this.forget(key, tree)) return;
    this.journal.append({ op: 'drop', key, tree }).catch(() => undefined);
  }

  leases(): ReadonlyMap<string, StoredLease> {
    return this.storedLeases;
  }

  async putLease(key: string, lease: StoredLease | null): Promise<void> {
    await this.journal.append({ op: 'lease', key, lease });
    if (lease) this.storedLeases.set(key, lease);
    else this.storedLeases.delete(key);
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private replay(line: Line, doubtful: Set<string>): void {
    switch (line.op) {
      case 'set': {
        const before = this.entries.get(line.key) ?? [];
        if (before.length) doubtful.add(line.key);
        this.entries.set(line.key, [{ version: line.version, record: line.record }, ...before]);
        this.clock = Math.max(this.clock, Number(line.version) || 0, line.record.stamp ?? 0);
        break;
      }
      case 'move':
        for (const [key, value] of this.at(line.from, line.tree)) {
          const target = line.to + key.slice(line.from.length);
          this.entries.set(target, [...value, ...(this.entries.get(target) ?? [])]);
          doubtful.add(key).add(target);
        }
        for (const key of [line.from, line.to]) {
          for (const [inside] of this.at(key, line.tree)) doubtful.add(inside);
          for (const inside of this.leaseKeys(key, line.tree)) doubtful.add(inside);
        }
        break;
      case 'drop':
        for (const [key] of this.at(line.key, line.tree)) doubtful.add(key);
        for (const key of this.leaseKeys(line.key, line.tree)) doubtful.add(key);
        break;
      case 'lease':
        if (line.lease) this.storedLeases.set(line.key, line.lease);
        else this.storedLeases.delete(line.key);
        break;
      case 'clock':
        this.clock = Math.max(this.clock, line.at);
    }
  }

  private *live(): Iterable<Line> {
    yield { op: 'clock', at: this.clock };
    for (const [key, versions] of this.entries)
      for (const { version, record } of versions.toReversed()) yield { op: 'set', key, version, record };
    for (const [key, lease] of this.storedLeases) yield { op: 'lease', key, lease };
  }

  private at(key: string, tree: boolean): [string, Versioned[]][] {
    const exact = this.entries.get(key);
    const found: [string, Versioned[]][] = exact ? [[key, exact]] : [];
    if (tree) for (const entry of this.entries) if (entry[0] !== key && isWithin(entry[0], key)) found.push(entry);
    return found;
  }

  private leaseKeys(key: string, tree: boolean): string[] {
    if (!tree) return this.storedLeases.has(key) ? [key] : [];
    return [...this.storedLeases.keys()].filter((leased) => isWithin(leased, key));
  }

  private forget(key: string, tree: boolean): boolean {
    const keys = this.at(key, tree).map(([found]) => found);
    const leases = this.leaseKeys(key, tree);
    for (const found of keys) this.entries.delete(found);
    for (const leased of leases) this.storedLeases.delete(leased);
    return keys.length + leases.length > 0;
  }
}

function isEmpty(record: PathRecord): boolean {
  return Object.values(record).every((value) => value === undefined);
}
