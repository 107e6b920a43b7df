import { expect, test } from '@jest/globals';
import { createPacer } from '../../../simulator/produce/pacer';

/** A clock that stands still but while a pacer sleeps, and as long as each send takes. */
function testClock() {
  const clock = {
    time: 0,
    sleeps: [] as number[],
    now: () => clock.time,
    sleep: async (milliseconds: number) => {
      clock.sleeps.push(milliseconds);
      clock.time += milliseconds;
    },
  };
  return clock;
}

/** Lets `events` through a pacer; each flush takes so many milliseconds. Returns the time at which each slice was sent. */
async function send(rate: number, events: number, flushMilliseconds: number): Promise<number[]> {
  const clock = testClock();
  const pacer = createPacer(rate, clock);
  const sent: number[] = [];
  for (let n = 0; n < events; n++)
    if (pacer.count()) {
      sent.push(clock.time);
      clock.time += flushMilliseconds;
      await pacer.wait();
    }
  return sent;
}

test.each([
  [100, 5],
  [1000, 50],
  [7, 1],
  [0.5, 1],
])('%d events a second: a slice is %d events, each at its time', async (rate, slice) => {
  const sent = await send(rate, slice * 20, 0);
  expect(sent.map((time) => Math.round(time))).toEqual(
    Array.from({ length: 20 }, (_, n) => Math.round((n * slice * 1000) / rate)),
  );
});

test('the time that sends take is made up, so that the rate holds on average', async () => {
  // 50 ms are due for each slice; a send takes 30 of them.
  expect(await send(100, 500, 30)).toEqual(Array.from({ length: 100 }, (_, n) => n * 50));
});

test('a hub slower than the rate is not waited for besides', async () => {
  expect(await send(100, 50, 80)).toEqual(Array.from({ length: 10 }, (_, n) => n * 80));
});

test('without a limit nothing is ever waited for', async () => {
  const clock = testClock();
  const pacer = createPacer('max', clock);
  for (let n = 0; n < 1000; n++) expect(pacer.count()).toBe(false);
  await pacer.wait();
  expect(clock.sleeps).toEqual([]);
});

test('a stop ends the wait', async () => {
  const stop = new AbortController();
  const pacer = createPacer(0.001);
  expect(pacer.count()).toBe(true);
  // A thousand seconds are due.
  const waiting = pacer.wait(stop.signal);
  stop.abort();
  await waiting;
});
