import type { EventHubConsumerClient } from '@azure/event-hubs';
import { reasonOf } from '../../azure/event-hubs';
import { ExitCode, MedStreamError, stoppedError } from '../../common/errors';
import { redact } from '../../common/redact';

export interface Hub {
  /** `<name>-<created>`: a hub that was deleted and made again counts from 0 again, so its files stand apart. */
  incarnation: string;
  partitionIds: string[];
}

/** @throws MedStreamError MS3101 when the hub cannot be reached, MS1004 stopped */
export async function describeHub(client: EventHubConsumerClient, signal?: AbortSignal): Promise<Hub> {
  try {
    const { name, createdOn, partitionIds } = await client.getEventHubProperties({ abortSignal: signal });
    const created = createdOn.toISOString().replace(/[-:.]/g, '');
    return { incarnation: `${name}-${created}`, partitionIds };
  } catch (error) {
    throw hubError(error, 'read the properties of the event hub', signal);
  }
}

/** Says what an error of Event Hubs means to the person who runs the verb. */
export function hubError(error: unknown, doing: string, signal?: AbortSignal): MedStreamError {
  if (error instanceof MedStreamError) return error;
  if (signal?.aborted) return stoppedError();
  return new MedStreamError({
    code: 'MS3101',
    what: `Could not ${doing}.`,
    where: 'Event Hubs',
    why: `Event Hubs answered: ${redact(reasonOf(error)).slice(0, 300)}.`,
    next: 'Check EVENTHUB_*; then run the same command again: it goes on where it stopped.',
    exitCode: ExitCode.unreachable,
    cause: error,
  });
}
