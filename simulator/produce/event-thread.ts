import { parentPort, workerData } from 'node:worker_threads';
import { MedStreamError } from '../../common/errors';
import { eventChunks, type EventWork } from './event-chunks';
import type { FromThread } from './read-ahead';

/** The thread of `ReadAhead`: makes a chunk for every message that asks for one; told to stop, it ends early. */
async function main(): Promise<void> {
  const port = parentPort!;
  const post = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  let asked = 0;
  let stopped = false;
  let wake = () => {};
  port.on('message', (message: 'next' | 'stop') => {
    if (message === 'next') asked++;
    else stopped = true;
    wake();
  });
  try {
    for await (const chunk of eventChunks(workerData as EventWork)) {
      while (asked === 0 && !stopped) await new Promise<void>((resolve) => (wake = resolve));
      if (stopped) break;
      asked--;
      post({ chunk }, [chunk.bytes.buffer as ArrayBuffer]);
    }
    post({ end: true });
  } catch (error) {
    post(
      error instanceof MedStreamError ? { failure: { ...error.parts, cause: undefined } } : { broken: String(error) },
    );
  } finally {
    port.close();
  }
}

void main();
