import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps a stream of events at a rate: a slice of events is let through, then the caller waits until it is due. */
export interface Pacer {
  /** Counts one event. True when the slice is full: flush, then call `wait`. */
  count(): boolean;
  wait(signal?: AbortSignal): Promise<void>;
}

/**
 * @param rate events per second, or 'max' for no limit
 * @param now milliseconds on a monotonic clock
 */
export function createPacer(rate: number | 'max', now: () => number = () => performance.now()): Pacer {
  if (rate === 'max') return { count: () => false, wait: async () => {} };
  // Twenty slices a second: smooth enough to watch, large enough to keep batches.
  const slice = Math.max(1, Math.floor(rate / 20));
  const started = now();
  let events = 0;
  return {
    count: () => ++events % slice === 0,
    async wait(signal) {
      const due = started + (events / rate) * 1000 - now();
      if (due > 1) await sleep(due, undefined, { signal }).catch(() => {});
    },
  };
}
