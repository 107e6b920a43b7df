import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type CheckpointStore,
  type EventHubClientOptions,
} from '@azure/event-hubs';
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
