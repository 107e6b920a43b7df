import {
  EventHubConsumerClient,
  EventHubProducerClient,
  RetryMode,
  type CheckpointStore,
  type EventHubClientOptions,
} from '@azure/event-hubs';
import { within } from '../common/within';
import { azureCredential } from './credentials';
import type { Settings } from './settings';

/**
 * Half a minute in all, for the SDK retries both the link and the send (four times four): long enough for a hub that
 * restarts or is busy, short enough for a person who waits. The SDK's own waits are three times 30 s.
 */
export const retryOptions = {
  mode: RetryMode.Exponential,
  maxRetries: 3,
  retryDelayInMs: 400,
  maxRetryDelayInMs: 4000,
  timeoutInMs: 15_000,
};

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

/** Why a call to Event Hubs failed, in a few words: of several tries the last; a refused connection has only a code. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length) return reasonOf(error.errors.at(-1));
  const { message, code, name } = (error ?? {}) as { message?: string; code?: string; name?: string };
  return (message || code || name || 'unknown error').replace(/\.$/, '');
}
