import { afterAll, beforeAll } from '@jest/globals';
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventHubClientOptions,
  type EventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import { rmSync } from 'node:fs';
import { eventHubConsumer, eventHubProducer } from '../../azure/event-hubs';
import type { Settings } from '../../azure/settings';
import { startEventHubs, type EventHubsOptions, type RunningEventHubs } from '../../local/eventhubs';
import { connectionString, key, keyName } from './credentials';
import { temporaryFolder } from './data-lake';

export { connectionString, key, keyName };
export const hubName = 'encounters';

/** One try, so that an error is seen as it is. */
const oneTry: EventHubClientOptions = { retryOptions: { maxRetries: 0, timeoutInMs: 60_000 } };

export interface Hubs {
  local?: { root: string; server: RunningEventHubs };
  producer(hub?: string): EventHubProducerClient;
  consumer(group?: string): EventHubConsumerClient;
}

/** What the suites start: the hub with four partitions and a second consumer group. */
function localOptions(root: string): EventHubsOptions {
  const hubs = [
    { name: hubName, partitions: 4, consumerGroups: ['etl'] },
    { name: 'encounters2', partitions: 1 },
  ];
  const policies = [
    { name: 'send-only', key, claims: ['Send'] as const },
    { name: 'listen-only', key, claims: ['Listen'] as const },
  ];
  return { root, port: 0, keyName, key, hubs, policies };
}

/** Event hubs for a suite: the stand-in in a temporary folder, or Azure. Clients are closed after the suite. */
export function useHubs(azure: Settings | undefined): Hubs {
  const clients: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const settings = (change: Partial<Settings['eventHubs']>): Settings => ({
    ...azure!,
    eventHubs: { ...azure!.eventHubs, ...change },
  });
  const hubs: Hubs = {
    producer: (name = azure?.eventHubs.name ?? hubName) =>
      keep(
        azure
          ? eventHubProducer(settings({ name }), oneTry)
          : new EventHubProducerClient(connectionString(hubs.local!.server.port), name, oneTry),
      ),
    consumer: (consumerGroup = '$Default') =>
      keep(
        azure
          ? eventHubConsumer(settings({ consumerGroup }))
          : new EventHubConsumerClient(consumerGroup, connectionString(hubs.local!.server.port), hubName, oneTry),
      ),
  };
  beforeAll(async () => {
    if (azure) return;
    const root = temporaryFolder();
    hubs.local = { root, server: await startEventHubs(localOptions(root)) };
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await hubs.local?.server.stop();
    if (hubs.local) rmSync(hubs.local.root, { recursive: true, force: true });
  });
  return hubs;
}

/** Receives from one partition until `count` events have come; rejects with the first error, or after two minutes. */
export async function take(
  consumer: EventHubConsumerClient,
  partition: string,
  startPosition: EventPosition,
  count: number,
  options: SubscribeOptions = {},
): Promise<ReceivedEventData[]> {
  const got: ReceivedEventData[] = [];
  let subscription: { close(): Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`only ${got.length} of ${count} events came`)), 120_000);
      subscription = consumer.subscribe(
        partition,
        {
          processEvents: async (events) => {
            got.push(...events);
            if (got.length >= count) resolve();
          },
          processError: async (error) => reject(error),
        },
        { startPosition, maxBatchSize: 100, maxWaitTimeInSeconds: 1, ...options },
      );
    });
  } finally {
    clearTimeout(timer);
    await subscription?.close();
  }
  return got;
}
