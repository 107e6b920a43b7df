import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type CheckpointStore,
  type EventHubClientOptions,
} from '@azure/event-hubs';
import { within } from '../common/within';
import { azureCredential } from './credentials';
import type { Settings } from './settings';

export function eventHubProducer(settings: Settings, options: EventHubClientOptions = {}): EventHubProducerClient {
  const { connectionString, namespace, name } = settings.eventHubs;
  return connectionString
    ? new EventHubProducerClient(connectionString, name, options)
    : new EventHubProducerClient(namespace!, name, azureCredential(), options);
}

export function eventHubConsumer(
  settings: Settings,
  checkpoints?: CheckpointStore,
  options: EventHubClientOptions & { loadBalancingOptions?: object } = {},
): EventHubConsumerClient {
  const { connectionString, namespace, name, consumerGroup } = settings.eventHubs;
  if (connectionString) {
    return checkpoints
      ? new EventHubConsumerClient(consumerGroup, connectionString, name, checkpoints, options)
      : new EventHubConsumerClient(consumerGroup, connectionString, name, options);
  }
  return checkpoints
    ? new EventHubConsumerClient(consumerGroup, namespace!, name, azureCredential(), checkpoints, options)
    : new EventHubConsumerClient(consumerGroup, namespace!, name, azureCredential(), options);
}

const closeSeconds = 5;

/** Closes a client, whatever became of its connection: the SDK waits for ever for one that has just died. */
export async function closeEventHubClient(client: EventHubProducerClient | EventHubConsumerClient): Promise<void> {
  await within(closeSeconds, client.close()).catch(() => undefined);
}
