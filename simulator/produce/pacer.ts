import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps a stream of events at a rate: a slice of events is let through, then the caller waits until it is due. */
export interface Pacer {
  /** Counts one event. True when the slice is full: flush, then call `wait`. */
  count(): boolean;
  wait(signal?: AbortSignal): Promise<void>;
}

/** The time by which a pacer goes; tests have their own. */
export interface PacerClock {
  /** Milliseconds, rising. */
  now(): number;
  /** Rejects when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

const systemClock: PacerClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/** @param rate events per second, or 'max' for no limit */
export function createPacer(rate: number | 'max', clock: PacerClock = systemClock): Pacer {
  if (rate === 'max') return { count: () => false, wait: async () => {} };
  // Twenty slices a second: smooth enough to watch, large enough to keep batches.
  const slice = Math.max(1, Math.floor(rate / 20));
  const started = clock.now();
  let events = 0;
  return {
    count: () => ++events % slice === 0,
    async wait(signal) {
      const due = started + (events / rate) * 1000 - clock.now();
      if (due > 1) await clock.sleep(due, signal).catch(() => {});
    },
  };
}
