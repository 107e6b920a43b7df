import { EventHubProducerClient } from '@azure/event-hubs';
import { closeEventHubClient } from '../../azure/event-hubs';
import { connectionString } from './credentials';

/** Sends one event to the hub at the port it is given, says so, and closes its client when told to: then it ends with 0. */
async function main(port: number): Promise<void> {
  const client = new EventHubProducerClient(connectionString(port), 'encounters');
  const batch = await client.createBatch();
  batch.tryAdd({ body: { id: 1 } });
  await client.sendBatch(batch);
  process.once('message', () => void closeEventHubClient(client).then(() => process.exit(0)));
  process.send!('connected');
}

void main(Number(process.argv[2]));
