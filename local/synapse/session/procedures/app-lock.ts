import type { ProcedureArgument, SystemProcedure } from '../../contract';
import { required } from './text';

/** Identity of a session: the engine that asks. */
type Owner = object;
type Mode = 'shared' | 'exclusive';
interface Held {
  readonly mode: Mode;
  readonly count: number;
}

/** Who holds each lock. Names are lower case, since the server's collation is. */
const locks = new Map<string, Map<Owner, Held>>();

/** Return codes of sp_getapplock. */
const Code = { atOnce: 0, afterWait: 1, timedOut: -1, wrongArgument: -999 } as const;

const pollMs = 20;
/** A wait without end would hold the session even when its client has gone. */
const longestWaitMs = 60_000;

function modeOf(text: ProcedureArgument | undefined): Mode | undefined {
  const word = (text ?? '').toLowerCase();
  if (word === 'shared' || word === 'intentshared') return 'shared';
  return ['exclusive', 'update', 'intentexclusive'].includes(word) ? 'exclusive' : undefined;
}

function take(name: string, owner: Owner, mode: Mode): boolean {
  const holders = locks.get(name) ?? new Map<Owner, Held>();
  for (const [holder, held] of holders) {
    if (holder !== owner && (mode === 'exclusive' || held.mode === 'exclusive')) return false;
  }
  const own = holders.get(owner);
  holders.set(owner, { mode: own?.mode === 'exclusive' ? 'exclusive' : mode, count: (own?.count ?? 0) + 1 });
  locks.set(name, holders);
  return true;
}

function giveBack(name: string, owner: Owner): boolean {
  const holders = locks.get(name);
  const own = holders?.get(owner);
  if (!holders || !own) return false;
  if (own.count > 1) holders.set(owner, { ...own, count: own.count - 1 });
  else holders.delete(owner);
  if (holders.size === 0) locks.delete(name);
  return true;
}

/** Frees what a session holds, when it ends or is reset. */
export function releaseAppLocks(owner: Owner): void {
  for (const [name, holders] of locks) {
    holders.delete(owner);
    if (holders.size === 0) locks.delete(name);
  }
}

/** sp_getapplock: a named lock of the session. A lock of a transaction is kept until the session frees it or ends. */
export const spGetAppLock: SystemProcedure = {
  parameters: ['@Resource', '@LockMode', '@LockOwner', '@LockTimeout', '@DbPrincipal'],
  async batch(given, engine) {
    const name = required(given, '@resource', 'sp_getapplock').toLowerCase();
    const mode = modeOf(given['@lockmode']);
    if (!mode) return `RETURN ${Code.wrongArgument}`;
    if (take(name, engine, mode)) return `RETURN ${Code.atOnce}`;
    const asked = Number(given['@locktimeout'] ?? -1);
    const end = performance.now() + (asked >= 0 ? Math.min(asked, longestWaitMs) : longestWaitMs);
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      if (take(name, engine, mode)) return `RETURN ${Code.afterWait}`;
    }
    return `RETURN ${Code.timedOut}`;
  },
};

/** sp_releaseapplock. */
export const spReleaseAppLock: SystemProcedure = {
  parameters: ['@Resource', '@LockOwner', '@DbPrincipal'],
  batch(given, engine) {
    const name = required(given, '@resource', 'sp_releaseapplock').toLowerCase();
    return `RETURN ${giveBack(name, engine) ? Code.atOnce : Code.wrongArgument}`;
  },
};
