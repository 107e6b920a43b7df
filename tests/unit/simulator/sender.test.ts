import { describe, expect, test } from '@jest/globals';
import type { EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import { hashOfKey, partitionOfKey } from '../../../azure/partition-key';
import { EventSender } from '../../../simulator/produce/sender';

/** A hub that keeps bodies per partition and refuses what it is told to. */
class FakeHub {
  readonly partitions = new Map<string, string[]>();
  sends = 0;
  failAtSend = 0;

  producer(): Pick<EventHubProducerClient, 'createBatch' | 'sendBatch'> {
    return {
      createBatch: async (options?: { partitionId?: string }) => {
        const bodies: string[] = [];
        const batch = {
          partitionId: options?.partitionId,
          bodies,
          get count() {
            return bodies.length;
          },
          tryAdd({ body }: { body: Buffer }) {
            if (body.length > 1000) return false;
            bodies.push(body.toString());
            return true;
          },
        };
        return batch as unknown as EventDataBatch;
      },
      sendBatch: async (sent: unknown) => {
        if (++this.sends === this.failAtSend) throw new Error('the hub is gone');
        const batch = sent as { partitionId: string; bodies: string[] };
        const list = this.partitions.get(batch.partitionId) ?? [];
        this.partitions.set(batch.partitionId, [...list, ...batch.bodies]);
      },
    };
  }
}

describe('EventSender', () => {
  test('sends every event to the partition of its key, in order', async () => {
    const hub = new FakeHub();
    const sender = new EventSender(hub.producer(), ['0', '1', '2', '3'], undefined, () => {});
    for (let i = 0; i < 5000; i++) await sender.add(hashOfKey(`key-${i % 37}`), Buffer.from(`${i % 37}:${i}`));
    await sender.flush();
    expect(sender.sent).toBe(5000);
    const seen = new Map<string, number>();
    for (const [partition, bodies] of hub.partitions)
      for (const body of bodies) {
        const [key, number] = body.split(':') as [string, string];
        expect(partitionOfKey(`key-${key}`, 4)).toBe(Number(partition));
        expect(Number(number)).toBeGreaterThan(seen.get(key) ?? -1);
        seen.set(key, Number(number));
      }
    expect(hub.sends).toBeLessThan(20);
  });

  test('says which event is too large and sends the others', async () => {
    const hub = new FakeHub();
    const sender = new EventSender(hub.producer(), ['0'], undefined, () => {});
    expect(await sender.add(hashOfKey('a'), Buffer.from('x'))).toBe(true);
    expect(await sender.add(hashOfKey('a'), Buffer.alloc(2000))).toBe(false);
    expect(await sender.add(hashOfKey('a'), Buffer.from('y'))).toBe(true);
    await sender.flush();
    expect(hub.partitions.get('0')).toEqual(['x', 'y']);
  });

  test('stops with a plain error when the hub vanishes, and counts only what was acknowledged', async () => {
    const hub = new FakeHub();
    hub.failAtSend = 3;
    const sender = new EventSender(hub.producer(), ['0'], undefined, () => {});
    const sendAll = async () => {
      for (let i = 0; i < 5000; i++) await sender.add(hashOfKey('a'), Buffer.from('x'));
      await sender.flush();
    };
    await expect(sendAll()).rejects.toMatchObject({ code: 'MS3101', exitCode: 3 });
    await sender.settle();
    expect(sender.sent).toBe(2000);
  });

  test('stops when it is told to', async () => {
    const abort = new AbortController();
    const sender = new EventSender(new FakeHub().producer(), ['0'], abort.signal, () => {});
    await sender.add(hashOfKey('a'), Buffer.from('x'));
    abort.abort();
    await expect(sender.flush()).rejects.toMatchObject({ code: 'MS1004', exitCode: 4 });
  });
});

test('partitionOfKey agrees with the hash of Azure Event Hubs', () => {
  // Values of the SDK's own mapper (@azure/event-hubs, impl/partitionKeyToIdMapper) for 4, 8 and 32 partitions.
  const known: [string, number, number, number][] = [
    ['', 0, 0, 0],
    ['a', 0, 4, 28],
    ['abcdefghijkl', 1, 5, 5],
    ['abcdefghijklm', 3, 7, 15],
    ['57f2562b-445c-f11c-ba40-edc55af3c84f', 2, 6, 22],
    ['0622440b-ab3a-87bf-b0d7-f8145ac11cc5', 3, 7, 15],
    ['Zürich', 1, 1, 1],
    ['encounter-1234567', 0, 0, 24],
  ];
  for (const [key, four, eight, thirtyTwo] of known)
    expect([key, partitionOfKey(key, 4), partitionOfKey(key, 8), partitionOfKey(key, 32)]).toEqual([
      key,
      four,
      eight,
      thirtyTwo,
    ]);
});
