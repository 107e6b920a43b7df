import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { atExit } from './at-exit';

const held = new Set<string>();

interface Owner {
  pid: number;
  /** When the process started, in clock ticks since boot: tells a reused process id from the owner's. Linux only. */
  started?: string;
  token: string;
}

/**
 * Claims a stand-in's folder for this process, so that two servers never write to one folder.
 * The claim is the file `<root>/.lock`; a claim whose process is gone (crash, `kill -9`) is stale and is taken over.
 * @returns release, which removes the claim.
 * @throws Error when a living process, or another server of this process, holds the folder.
 */
export function lockRoot(root: string, service: string): () => void {
  fs.mkdirSync(root, { recursive: true });
  const real = fs.realpathSync(root);
  const file = path.join(real, '.lock');
  const inUse = (by: string) =>
    new Error(`${service}: the folder ${root} is in use by ${by}. Stop that one first, or choose another folder.`);
  if (held.has(real)) throw inUse('another server in this process');
  const mine: Owner = { pid: process.pid, started: processStart(process.pid), token: randomUUID() };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (writeClaim(file, mine)) {
      held.add(real);
      const release = () => {
        forget();
        held.delete(real);
        if (readOwner(file)?.token === mine.token) fs.rmSync(file, { force: true });
      };
      const forget = atExit(release);
      return release;
    }
    const owner = readOwner(file);
    if (owner && isAlive(owner)) throw inUse(`process ${owner.pid}`);
    removeStale(file, owner);
  }
  throw inUse('a server that is starting now');
}

/** Writes the claim whole (link of a finished file), so that no one ever reads half of it. */
function writeClaim(file: string, owner: Owner): boolean {
  const draft = `${file}.${owner.token}`;
  fs.writeFileSync(draft, JSON.stringify(owner));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Moves the stale claim away; when it was replaced by a living one meanwhile, that one is put back. */
function removeStale(file: string, stale: Owner | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  if (moved && moved.token !== stale?.token) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third process claimed the folder in this moment: its claim stands.
    }
  }
  fs.rmSync(aside, { force: true });
}

function readOwner(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof owner.pid === 'number' && typeof owner.token === 'string' ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) return false; // not in `held`: left by an earlier process with this id
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return owner.started === undefined || owner.started === processStart(owner.pid);
}

/** Field 22 of /proc/<pid>/stat, or undefined where there is no /proc. */
function processStart(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
