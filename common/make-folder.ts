import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Creates a folder and its missing parents. Node's own way (`mkdirSync` with `recursive`, Node 20 to 24) never comes back where the
 * system has the parent and yet says that it has not, as below /proc.
 * @throws a system error: EACCES where no folder can be made, ENOTDIR, EROFS, ENOSPC
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    if (isFolder(folder)) return;
    // A file stands there; or the parent is there, and yet nothing can be made in it.
    throw Object.assign(error as Error, { code: code === 'EEXIST' ? 'ENOTDIR' : 'EACCES' });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
