import { ClockWatch } from './clock-watch';
import { deferred } from './deferred';
import { noProgress, type LandWork } from '.';
import { subscribeWriters } from './subscription';

/** With errors and no file for this long, landing gives up and says why. */
const patienceMilliseconds = 120_000;

/** The SDK's waits and tokens go by the wall clock: set back by a day, it would take no partition for a day. */
const clockCheckMilliseconds = 2000;
const largestJumpMilliseconds = 30_000;

/**
 * Lands what comes until the signal; shares the partitions with other instances of the same consumer group.
 * @returns true when somebody has set the clock: call it again, with a new client
 */
export async function follow(work: LandWork): Promise<boolean> {
  const { promise, resolve, reject } = deferred();
  let failingSince: number | undefined;
  const stop = () => resolve();
  work.signal?.addEventListener('abort', stop, { once: true });
  const clock = new ClockWatch();
  let clockSet = false;
  const clockTimer = setInterval(() => {
    clockSet ||= Math.abs(clock.jump()) > largestJumpMilliseconds;
    if (clockSet) resolve();
  }, clockCheckMilliseconds);
  const subscription = subscribeWriters(work, {
    landed: () => void (failingSince = undefined),
    failed(error, partition) {
      failingSince ??= performance.now();
      if (performance.now() - failingSince > patienceMilliseconds)
        reject(noProgress(partition, patienceMilliseconds / 1000, error));
    },
  });
  try {
    await promise;
    return clockSet;
  } finally {
    clearInterval(clockTimer);
    work.signal?.removeEventListener('abort', stop);
    await subscription.close();
  }
}
