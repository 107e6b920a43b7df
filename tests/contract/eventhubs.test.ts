import { expect, test } from '@jest/globals';
import {
  earliestEventPosition,
  EventHubBufferedProducerClient,
  latestEventPosition,
  type EventHubConsumerClient,
} from '@azure/event-hubs';
import { partitionOfKey } from '../../local/eventhubs/partition-key';
import { connectionString, hubName, take, useHubs } from '../support/event-hubs';
import { describeTargets } from '../support/targets';
import { until } from '../support/until';

describeTargets('Event Hubs', (azure) => {
  const hubs = useHubs(azure);
  /** Sends bodies to a partition and gives the sequence number of the first. */
  const send = async (partitionId: string, bodies: unknown[]) => {
    const producer = hubs.producer();
    const before = (await producer.getPartitionProperties(partitionId)).lastEnqueuedSequenceNumber;
    await producer.sendBatch(
      bodies.map((body) => ({ body })),
      { partitionId },
    );
    return before + 1;
  };
  const at = (sequenceNumber: number) => ({ sequenceNumber, isInclusive: true });
  const bodies = (events: { body: unknown }[]) => events.map((event) => event.body);

  test('properties of the hub and of a partition', async () => {
    const producer = hubs.producer();
    const hub = await producer.getEventHubProperties();
    expect(hub.partitionIds).toEqual(['0', '1', '2', '3']);
    expect(hub.createdOn.getTime()).toBeLessThanOrEqual(Date.now());
    const first = await send('1', [1, 2, 3]);
    const partition = await producer.getPartitionProperties('1');
    expect(partition.lastEnqueuedSequenceNumber).toBe(first + 2);
    expect(partition.isEmpty).toBe(false);
    expect(Math.abs(partition.lastEnqueuedOnUtc.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('events arrive in order, with properties and annotations', async () => {
    const producer = hubs.producer();
    const first = await send('1', ['before']);
    const batch = await producer.createBatch({ partitionId: '1' });
    const event = { properties: { k: 'v' }, contentType: 'application/json', messageId: 'm', correlationId: 'c' };
    for (let n = 0; n < 50; n++) expect(batch.tryAdd({ ...event, body: { n } })).toBe(true);
    await producer.sendBatch(batch);
    const events = await take(hubs.consumer(), '1', at(first + 1), 50);
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
      Array.from({ length: 50 }, (_, i) => first + 1 + i),
    );
    expect(events.map(({ body }) => (body as { n: number }).n)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(events[0]).toMatchObject(event);
    expect(Math.abs(events[0]!.enqueuedTimeUtc.getTime() - Date.now())).toBeLessThan(60_000);
    expect(Number(events[1]!.offset)).toBeGreaterThan(Number(events[0]!.offset));
  });

  test('bodies of every type come back as they were', async () => {
    const sent = ['s', Buffer.from([1, 2, 3]), { a: 'é€😀' }, null, 42, [1, 'x'], '', 'x'.repeat(70_000)];
    const first = await send('3', sent);
    const events = await take(hubs.consumer(), '3', at(first), sent.length);
    const plain = (body: unknown) => (Buffer.isBuffer(body) ? [...body] : body);
    expect(bodies(events).map(plain)).toEqual(sent.map(plain));
  });

  test('a single event without a batch', async () => {
    const producer = hubs.producer();
    await producer.sendBatch([{ body: 'alone', properties: { n: 1 } }], { partitionId: '2' });
    const { lastEnqueuedSequenceNumber } = await producer.getPartitionProperties('2');
    const [event] = await take(hubs.consumer(), '2', at(lastEnqueuedSequenceNumber), 1);
    expect([event!.body, event!.properties]).toEqual(['alone', { n: 1 }]);
  });

  test('start positions: sequence number, offset, time; inclusive and not', async () => {
    const first = await send('0', ['a', 'b', 'c', 'd']);
    const consumer = hubs.consumer('etl');
    const all = await take(consumer, '0', at(first), 4);
    const startsWith = async (position: object, body: string) =>
      expect(bodies(await take(consumer, '0', position, 1))[0]).toBe(body);
    await startsWith({ sequenceNumber: first + 1 }, 'c');
    await startsWith({ sequenceNumber: first + 1, isInclusive: true }, 'b');
    await startsWith({ offset: all[1]!.offset }, 'c');
    await startsWith({ offset: all[1]!.offset, isInclusive: true }, 'b');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = new Date();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await send('0', ['late']);
    await startsWith({ enqueuedOn: now }, 'late');
    const earliest = await take(consumer, '0', earliestEventPosition, 1);
    const { beginningSequenceNumber } = await hubs.producer().getPartitionProperties('0');
    expect(earliest[0]!.sequenceNumber).toBe(beginningSequenceNumber);
  });

  test('latest: only what is sent from now on', async () => {
    await send('3', ['old']);
    const received = take(hubs.consumer(), '3', latestEventPosition, 1);
    let open = true;
    void received.finally(() => (open = false)).catch(() => undefined);
    for (let n = 0; open; n++) {
      await send('3', [`new ${n}`]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(bodies(await received)[0]).toMatch(/^new/);
  });

  test('a keyed event goes to the partition of its key', async () => {
    const producer = hubs.producer();
    const partition = String(partitionOfKey('MRN-1', 4));
    const before = (await producer.getPartitionProperties(partition)).lastEnqueuedSequenceNumber;
    await producer.sendBatch([{ body: 'keyed' }], { partitionKey: 'MRN-1' });
    const [event] = await take(hubs.consumer(), partition, at(before + 1), 1);
    expect([event!.body, event!.partitionKey]).toEqual(['keyed', 'MRN-1']);
  });

  test('the buffered producer sends every event, keyed', async () => {
    let sent = 0;
    const options = {
      onSendEventsSuccessHandler: async ({ events }: { events: unknown[] }) => void (sent += events.length),
      onSendEventsErrorHandler: async ({ error }: { error: Error }) => {
        throw error;
      },
      maxWaitTimeInMs: 50,
    };
    // On Azure the settings may hold a namespace only; the buffered producer then differs in nothing but its sign-in.
    const text = azure?.eventHubs.connectionString ?? connectionString(hubs.local?.server.port ?? 0);
    const producer = new EventHubBufferedProducerClient(text, azure?.eventHubs.name ?? hubName, options);
    for (let i = 0; i < 1000; i++) await producer.enqueueEvent({ body: { i } }, { partitionKey: `p${i % 37}` });
    await producer.flush();
    await producer.close();
    expect(sent).toBe(1000);
  });

  test('all partitions are received, balanced in memory', async () => {
    for (const id of ['0', '1', '2', '3']) await send(id, ['x']);
    const partitions = new Set<string>();
    const handlers = {
      processEvents: async (events: unknown[], { partitionId }: { partitionId: string }) => {
        if (events.length) partitions.add(partitionId);
      },
      processError: async () => undefined,
    };
    const subscription = hubs
      .consumer('etl')
      .subscribe(handlers, { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 });
    await until(() => partitions.size === 4, 'four partitions').finally(() => subscription.close());
    expect([...partitions].sort()).toEqual(['0', '1', '2', '3']);
  });

  test('consumer groups read each for themselves', async () => {
    const first = await send('2', ['shared']);
    const [a, b] = await Promise.all([
      take(hubs.consumer('$Default'), '2', at(first), 1),
      take(hubs.consumer('etl'), '2', at(first), 1),
    ]);
    expect(bodies([...a, ...b])).toEqual(['shared', 'shared']);
  });

  test('a receiver can follow the end of the partition', async () => {
    const first = await send('1', ['x', 'y']);
    let last: number | undefined;
    const consumer: EventHubConsumerClient = hubs.consumer();
    const subscription = consumer.subscribe(
      '1',
      {
        processEvents: async (events, { lastEnqueuedEventProperties }) => {
          if (events.length) last = lastEnqueuedEventProperties?.sequenceNumber;
        },
        processError: async () => undefined,
      },
      { startPosition: at(first), trackLastEnqueuedEventProperties: true },
    );
    await until(() => last !== undefined, 'the last enqueued event').finally(() => subscription.close());
    expect(last).toBe(first + 1);
  });

  test('an event of 900 KB', async () => {
    const first = await send('2', [Buffer.alloc(900_000, 65)]);
    const [event] = await take(hubs.consumer(), '2', at(first), 1);
    expect((event!.body as Buffer).equals(Buffer.alloc(900_000, 65))).toBe(true);
  });
});
