import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { atExit } from './disk/at-exit';
import { isAlive } from './process-alive';

const folderOf = (home: string) => path.join(home, 'users');

/**
 * Notes that this process uses the stack that another process runs on this home: `users/<process id>`. Note it before you look for the stack:
 * its owner takes the stack out of sight before it looks for users, so one of the two sees the other.
 * @returns ends the note; so does the end of the process
 */
export function noteUser(home: string): () => void {
  const file = path.join(folderOf(home), String(process.pid));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  const end = () => {
    forget();
    rmSync(file, { force: true });
  };
  const forget = atExit(end);
  return end;
}

/** Resolves when no other process uses the stack of this home any more, or when stopped. */
export async function usersAreGone(home: string, onWait: (pid: number) => void, signal: AbortSignal): Promise<void> {
  for (let told = 0; !signal.aborted; ) {
    const [pid] = usersOf(home);
    if (pid === undefined) return;
    if (pid !== told) onWait((told = pid));
    await wait(100);
  }
}

function usersOf(home: string): number[] {
  try {
    return readdirSync(folderOf(home)).map(Number).filter(isAlive);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
