import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { earliestEventPosition, EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { connectionString, hubName, key, take, useHubs } from '../support/event-hubs';
import { describeTargets } from '../support/targets';
import { until } from '../support/until';

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => 'no error',
    (error: { code?: string; name?: string; message: string }) => error.code ?? `${error.name}: ${error.message}`,
  );
}

describeTargets('Event Hubs: errors', (azure) => {
  const hubs = useHubs(azure);
  const open = { startPosition: earliestEventPosition };

  test('an event hub that is not there', async () => {
    expect(await codeOf(hubs.producer('nope').sendBatch([{ body: 1 }]))).toBe('MessagingEntityNotFoundError');
  });

  test('a partition that is not there', async () => {
    const sent = hubs.producer().sendBatch([{ body: 1 }], { partitionId: '9' });
    expect(await codeOf(sent)).toBe('ArgumentOutOfRangeError');
  });

  test('a consumer group that is not there', async () => {
    const received = take(hubs.consumer('nogroup'), '0', earliestEventPosition, 1);
    expect(await codeOf(received)).toBe('MessagingEntityNotFoundError');
  });

  test('an event over the size limit, after which the client goes on', async () => {
    const producer = hubs.producer();
    const big = { body: Buffer.alloc(1_100_000) };
    expect(await codeOf(producer.sendBatch([big], { partitionId: '0' }))).toBe('MessageTooLargeError');
    const batch = await producer.createBatch({ partitionId: '0' });
    expect(batch.tryAdd(big)).toBe(false);
    await producer.sendBatch([{ body: 'small' }], { partitionId: '0' });
  });

  test('a batch is full at its limit, and goes through', async () => {
    const producer = hubs.producer();
    const batch = await producer.createBatch({ partitionId: '2' });
    while (batch.tryAdd({ body: 'x'.repeat(10_000) }));
    expect(batch.sizeInBytes).toBeGreaterThan(900_000);
    const before = (await producer.getPartitionProperties('2')).lastEnqueuedSequenceNumber;
    await producer.sendBatch(batch);
    const after = (await producer.getPartitionProperties('2')).lastEnqueuedSequenceNumber;
    expect(after - before).toBe(batch.count);
  });

  test('owner levels: a higher one takes the partition, a lower one is turned away', async () => {
    const errors: Record<string, string | undefined> = {};
    const opened = new Set<string>();
    await hubs.producer().sendBatch([{ body: 1 }], { partitionId: '1' });
    const subscribe = (name: string, options: object) =>
      hubs.consumer('etl').subscribe(
        '1',
        {
          processEvents: async () => void opened.add(name),
          processError: async (error) => void (errors[name] = (error as { code?: string }).code),
        },
        { ...open, maxWaitTimeInSeconds: 1, ...options },
      );
    const first = subscribe('first', { ownerLevel: 1 });
    await until(() => opened.has('first'), 'the first owner');
    const second = subscribe('second', { ownerLevel: 2 });
    await until(() => !!errors['first'], 'the loss of the first owner');
    const shared = subscribe('shared', {});
    await until(() => !!errors['shared'], 'the refusal of a receiver without level');
    await until(() => opened.has('second'), 'the second owner');
    await Promise.all([first.close(), second.close(), shared.close()]);
    const stolen = 'ReceiverDisconnectedError';
    expect(errors).toEqual({ first: stolen, shared: stolen });
  });
});

// Azure's policies belong to whoever owns the namespace: these run on the stand-in only.
describe('Event Hubs: shared access (stand-in)', () => {
  const hubs = useHubs(undefined);
  const clients = (text: string, hub = hubName) => {
    const options = { retryOptions: { maxRetries: 0, timeoutInMs: 60_000 } };
    return {
      producer: new EventHubProducerClient(text, hub, options),
      consumer: new EventHubConsumerClient('$Default', text, hub, options),
    };
  };
  const outcome = async (text: string, hub = hubName) => {
    const { producer, consumer } = clients(text, hub);
    const sent = await codeOf(producer.sendBatch([{ body: 1 }], { partitionId: '0' }));
    const received = await codeOf(take(consumer, '0', { sequenceNumber: -1 }, 1));
    await producer.close();
    await consumer.close();
    return [sent, received];
  };
  const withToken = (resource: string, expiry: number, secret = key) => {
    const sr = encodeURIComponent(resource);
    const sig = encodeURIComponent(createHmac('sha256', secret).update(`${sr}\n${expiry}`).digest('base64'));
    const token = `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expiry}&skn=RootManageSharedAccessKey`;
    return `Endpoint=sb://127.0.0.1:${hubs.local!.server.port};SharedAccessSignature=${token};UseDevelopmentEmulator=true`;
  };
  const soon = () => Math.floor(Date.now() / 1000) + 60;
  const unauthorized = 'UnauthorizedError';

  test('a wrong key and an unknown policy are refused', async () => {
    const { port } = hubs.local!.server;
    expect(await outcome(connectionString(port, undefined, 'd3Jvbmc='))).toEqual([unauthorized, unauthorized]);
    expect(await outcome(connectionString(port, 'nobody'))).toEqual([unauthorized, unauthorized]);
  });

  test('a policy allows what it claims and no more', async () => {
    const { port } = hubs.local!.server;
    expect(await outcome(connectionString(port, 'send-only'))).toEqual(['no error', unauthorized]);
    expect(await outcome(connectionString(port, 'listen-only'))).toEqual([unauthorized, 'no error']);
  });

  test('a token of one hub is for that hub only, also when a name begins with its name', async () => {
    const hub = `sb://127.0.0.1/${hubName}`;
    expect(await outcome(withToken(hub, soon()))).toEqual(['no error', 'no error']);
    expect(await outcome(withToken(hub, soon()), 'encounters2')).toEqual([unauthorized, unauthorized]);
  });

  test('expired and forged tokens are refused', async () => {
    const hub = `sb://127.0.0.1/${hubName}`;
    expect((await outcome(withToken(hub, soon() - 120)))[0]).toBe(unauthorized);
    expect((await outcome(withToken(hub, soon()).replace(/se=\d+/, 'se=9999999999')))[0]).toBe(unauthorized);
  });
});
