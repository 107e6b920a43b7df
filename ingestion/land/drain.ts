import { MedStreamError } from '../../common/errors';
import { deferred } from './deferred';
import { lakeTail } from './lake-tail';
import { hubError } from './incarnation';
import { noProgress, type LandWork } from '.';
import { subscribeWriters } from './subscription';

/** Partitions read at a time; with the writers' buffers this bounds the memory. */
const parallelPartitions = 4;
const patienceMilliseconds = 120_000;
/** So many failures of the lake without a file in between end the drain. */
const mostFailures = 3;

/** Lands everything that is in the hub now. @returns false: there is no more to do */
export async function drain(work: LandWork): Promise<false> {
  const open = await openPartitions(work);
  work.expect(open.reduce((sum, { last, tail }) => sum + last - tail, 0));
  const queue = [...open];
  const next = async (): Promise<void> => {
    for (let one = queue.shift(); one && !work.signal?.aborted; one = queue.shift()) await drainPartition(work, one);
  };
  await Promise.all(Array.from({ length: parallelPartitions }, next));
  return false;
}

interface OpenPartition {
  partition: string;
  /** Last sequence in the lake, and in the hub when the drain began. */
  tail: number;
  last: number;
}

async function openPartitions(work: LandWork): Promise<OpenPartition[]> {
  const all = await Promise.all(
    work.partitionIds.map(async (partition) => {
      const properties = await work.client
        .getPartitionProperties(partition, { abortSignal: work.signal })
        .catch((error: unknown) => {
          throw hubError(error, `read the properties of partition ${partition}`, work.signal);
        });
      const tail = (await lakeTail(work.bronze, work.incarnation, partition, work.signal))?.sequence;
      const last = properties.isEmpty ? -1 : properties.lastEnqueuedSequenceNumber;
      return { partition, tail: tail ?? properties.beginningSequenceNumber - 1, last };
    }),
  );
  return all.filter(({ tail, last }) => last > tail);
}

async function drainPartition(work: LandWork, { partition, last }: OpenPartition): Promise<void> {
  const { promise, resolve, reject } = deferred();
  let lastError: unknown;
  let failures = 0;
  const watch = setTimeout(
    () => reject(noProgress(partition, patienceMilliseconds / 1000, lastError)),
    patienceMilliseconds,
  );
  const stop = () => resolve();
  work.signal?.addEventListener('abort', stop, { once: true });
  const subscription = subscribeWriters(
    work,
    {
      landed(_partition, sequence) {
        // Unlike a new timer this does nothing once the watch is cleared: a claim can report after the end.
        watch.refresh();
        failures = 0;
        if (sequence >= last) resolve();
      },
      failed(error) {
        lastError = error;
        if (isHopeless(error) || (error instanceof MedStreamError && ++failures >= mostFailures)) reject(error);
      },
    },
    { partition, last },
  );
  try {
    await promise;
  } finally {
    clearTimeout(watch);
    work.signal?.removeEventListener('abort', stop);
    await subscription.close();
  }
}

/** A full lake, refused access and lost metadata do not pass by waiting. */
function isHopeless(error: unknown): boolean {
  return error instanceof MedStreamError && ['MS3202', 'MS3203', 'MS3206'].includes(error.code);
}
