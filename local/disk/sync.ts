import fs from 'node:fs';
import path from 'node:path';

interface DirectorySync {
  running: Promise<void>;
  next?: Promise<void>;
}

const directories = new Map<string, DirectorySync>();

/**
 * Makes the names in a folder durable (fsync of the folder). Calls that arrive while one is under way share the next one,
 * so a hundred parallel writers cost two syncs.
 */
export function syncDirectory(directory: string): Promise<void> {
  const state = directories.get(directory);
  if (!state) return begin(directory);
  state.next ??= state.running.catch(() => undefined).then(() => begin(directory));
  return state.next;
}

function begin(directory: string): Promise<void> {
  const running = fsyncFolder(directory).finally(() => {
    const state = directories.get(directory);
    if (state?.running === running && !state.next) directories.delete(directory);
  });
  directories.set(directory, { running });
  return running;
}

async function fsyncFolder(directory: string): Promise<void> {
  let fd: number;
  try {
    // At once, as opening for reading waits for no disk: each way through the thread pool would cost more than it.
    fd = fs.openSync(directory, 'r');
  } catch (error) {
    // Removed or renamed meanwhile: whoever did that syncs the parent.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    await fsync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Creates a folder and its missing parents, durably. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = fs.mkdirSync(directory, { recursive: true });
  if (first === undefined) return;
  let parent = path.dirname(first);
  const synced = [syncDirectory(parent)];
  const below = path.relative(parent, directory).split(path.sep).slice(0, -1);
  for (const name of below) synced.push(syncDirectory((parent = path.join(parent, name))));
  await Promise.all(synced);
}

/** `fs.fsync` as a promise, for a descriptor that the caller owns. */
export function fsync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fs.fsync(fd, (error) => (error ? reject(error) : resolve())));
}

/** `fs.fdatasync` as a promise, for a descriptor that the caller owns. */
export function fdatasync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fs.fdatasync(fd, (error) => (error ? reject(error) : resolve())));
}

/** Writes all buffers at `position` (null: at the end), also when the system takes them in parts. */
export async function writeAll(fd: number, buffers: Buffer[], position: number | null): Promise<void> {
  let rest = buffers.filter((buffer) => buffer.length > 0);
  let at = position;
  while (rest.length) {
    const part = rest.slice(0, 512); // IOV_MAX is 1024
    const wanted = part.reduce((sum, buffer) => sum + buffer.length, 0);
    const written = await new Promise<number>((resolve, reject) =>
      fs.writev(fd, part, at, (error, bytes) => (error ? reject(error) : resolve(bytes))),
    );
    if (at !== null) at += written;
    if (written === wanted) rest = rest.slice(part.length);
    else rest = skipBytes(rest, written);
  }
}

function skipBytes(buffers: Buffer[], count: number): Buffer[] {
  let left = count;
  const rest: Buffer[] = [];
  for (const buffer of buffers) {
    if (left >= buffer.length) left -= buffer.length;
    else {
      rest.push(left ? buffer.subarray(left) : buffer);
      left = 0;
    }
  }
  return rest;
}
