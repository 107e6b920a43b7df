import { deferred } from './deferred';
import { noProgress, type LandWork } from '.';
import { subscribeWriters } from './subscription';

/** With errors and no file for this long, landing gives up and says why. */
const patienceMilliseconds = 120_000;

/** Lands what comes until the signal; shares the partitions with other instances of the same consumer group. */
export async function follow(work: LandWork): Promise<void> {
  const { promise, resolve, reject } = deferred();
  let failingSince: number | undefined;
  const stop = () => resolve();
  work.signal?.addEventListener('abort', stop, { once: true });
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
  } finally {
    work.signal?.removeEventListener('abort', stop);
    await subscription.close();
  }
}
