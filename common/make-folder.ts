import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Creates a folder and its missing parents. Node's own way (`mkdirSync` with `recursive`, Node 20 to 24) never comes back where the
 * system has the parent and yet says that it has not, as below /proc.
 * @throws a system error: EACCES where no folder can be made, ENOTDIR, EROFS, ENOSPC
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    // The parent is there: this is a place where nothing can be made.
    throw code === 'ENOENT' ? Object.assign(error as Error, { code: 'EACCES' }) : error;
  }
}
