import { isWithin } from './paths';

/** What an operation changes: one path, or a path and everything below it. */
export interface Want {
  key: string;
  tree?: boolean;
}

interface Entry {
  wants: Want[];
  grant?: () => void;
}

/** Locks on paths and subtrees, granted in order of arrival, so that checks and the change they allow are one step. */
export class PathLocks {
  private readonly entries: Entry[] = [];

  /** Runs `work` once no earlier operation holds or awaits a path that overlaps. */
  async run<T>(wants: Want[], work: () => Promise<T>): Promise<T> {
    const entry: Entry = { wants };
    const blocked = this.isBlocked(entry, this.entries.length);
    this.entries.push(entry);
    if (blocked) await new Promise<void>((resolve) => (entry.grant = resolve));
    try {
      return await work();
    } finally {
      this.entries.splice(this.entries.indexOf(entry), 1);
      this.entries.forEach((waiting, index) => {
        if (!waiting.grant || this.isBlocked(waiting, index)) return;
        waiting.grant();
        delete waiting.grant;
      });
    }
  }

  private isBlocked(entry: Entry, before: number): boolean {
    for (let i = 0; i < before; i++)
      if (this.entries[i]!.wants.some((a) => entry.wants.some((b) => overlaps(a, b)))) return true;
    return false;
  }
}

function overlaps(a: Want, b: Want): boolean {
  return a.key === b.key || (!!a.tree && isWithin(b.key, a.key)) || (!!b.tree && isWithin(a.key, b.key));
}
