import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { atExit } from './disk/at-exit';
import { isAlive } from './process-alive';

/** One stack per home: a lock file with the holder's process id; a dead holder's lock is taken over. */
export function lockHome(home: string): () => void {
  const file = path.join(home, 'stack.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      claim(file);
      const release = () => {
        forget();
        rmSync(file, { force: true });
      };
      const forget = atExit(release);
      return release;
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (failure.code !== 'EEXIST' || attempt > 1) throw error;
      const holder = Number(readFileSync(file, 'utf8')) || undefined;
      if (holder && isAlive(holder)) throw Object.assign(new HomeInUseError(home, holder), { cause: error });
      rmSync(file, { force: true });
    }
  }
}

/** Writes the lock whole (link of a finished file): one without a holder's id, as a full disk or a kill would leave, locks for ever. */
function claim(file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, String(process.pid));
    linkSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The home is in use by another process that runs, or is about to run, a stack. */
export class HomeInUseError extends Error {
  readonly code = 'EHOMEINUSE';

  constructor(
    readonly home: string,
    readonly pid: number,
  ) {
    super(`The local stack of ${home} is in use by process ${pid}`);
    this.name = 'HomeInUseError';
  }
}
