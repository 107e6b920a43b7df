import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorParts, MedStreamError } from '../../common/errors';
import { within } from '../../common/within';
import type { EventChunk, EventWork } from './event-chunks';

/** What the thread says. */
export type FromThread = { chunk: EventChunk } | { end: true } | { failure: ErrorParts } | { broken: string };

/** Chunks that are made before they are wanted, a quarter of a MiB each. */
const ahead = 4;
/** The thread gets so long to finish what it writes. */
const stopSeconds = 10;

/**
 * `eventChunks` in a thread of its own, from now on: reading and encoding takes half as long as sending, and goes on
 * meanwhile.
 */
export class ReadAhead implements AsyncIterable<EventChunk> {
  private readonly thread: Worker;
  private readonly ended: Promise<unknown>;
  private readonly arrived: FromThread[] = [];
  private wake = () => {};

  constructor(work: EventWork) {
    this.thread = new Worker(path.join(__dirname, 'event-thread.js'), { workerData: work });
    this.thread.on('message', (message: FromThread) => this.take(message));
    this.thread.on('error', (error) => this.take({ broken: error.message }));
    this.ended = once(this.thread, 'exit').catch(() => undefined);
    for (let i = 0; i < ahead; i++) this.thread.postMessage('next');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EventChunk> {
    for (;;) {
      while (!this.arrived.length) await new Promise<void>((resolve) => (this.wake = resolve));
      const message = this.arrived.shift()!;
      if ('failure' in message) throw new MedStreamError(message.failure);
      if ('broken' in message) throw new Error(`The thread that reads the data has failed: ${message.broken}`);
      if ('end' in message) return;
      this.thread.postMessage('next');
      yield message.chunk;
    }
  }

  /** Ends the thread, also before its end of data. */
  async close(): Promise<void> {
    this.thread.postMessage('stop');
    await within(stopSeconds, this.ended).catch(() => this.thread.terminate());
  }

  private take(message: FromThread): void {
    this.arrived.push(message);
    this.wake();
  }
}
