import { setTimeout as sleep } from 'node:timers/promises';
import { stoppedError } from '../common/errors';

export interface RetryOptions {
  /** Tries in all; default 4. */
  tries?: number;
  /** Longest wait before the second try; it doubles for each further try, up to `capMilliseconds`. */
  baseMilliseconds?: number;
  capMilliseconds?: number;
  signal?: AbortSignal;
  /** False for an error that trying again cannot mend. */
  retryable?(error: unknown): boolean;
  random?(): number;
}

/**
 * Runs an idempotent piece of work, again after a passing failure, with full jitter between the tries ("Exponential
 * Backoff And Jitter", AWS Architecture Blog): many clients that failed together do not come back together.
 */
export async function withRetry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { tries = 4, baseMilliseconds = 200, capMilliseconds = 10_000, signal, random = Math.random } = options;
  const retryable = options.retryable ?? isTransient;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (signal?.aborted) throw stoppedError();
      if (attempt >= tries || !retryable(error)) throw error;
      const longest = Math.min(capMilliseconds, baseMilliseconds * 2 ** (attempt - 1));
      await sleep(random() * longest, undefined, { signal }).catch(() => {
        throw stoppedError();
      });
    }
  }
}

const passingCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'REQUEST_SEND_ERROR',
  'PARSE_ERROR',
]);

/** True for a request that was given up because no answer came (ingestion/lake.ts). */
export function isNoAnswer(error: unknown): boolean {
  const { name } = error as { name?: string };
  return name === 'AbortError' || name === 'TimeoutError';
}

/** True for an HTTP 408, 429 or 5xx answer (but not a full disk), for a connection that broke, and for no answer. */
export function isTransient(error: unknown): boolean {
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode === 507) return false;
  if (statusCode) return statusCode === 408 || statusCode === 429 || statusCode >= 500;
  return isNoAnswer(error) || (code !== undefined && passingCodes.has(code));
}
