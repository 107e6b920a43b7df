/**
 * The outcome of `work`, or a `TimeoutError` when it has none after `seconds`: for calls that may never be answered.
 * `work` goes on all the same; it cannot be ended from outside.
 */
export async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException(`no answer within ${seconds} s`, 'TimeoutError')), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
