import { lockRoot } from '../disk/root-lock';
import { Hub, type HubOptions } from './hub';
import { EventHubsServer } from './server';
import type { Policy } from './tokens';

export type { HubOptions } from './hub';
export type { Policy } from './tokens';

export interface EventHubsOptions {
  /** The folder of the logs: `<hub>/<partition>/<first sequence number>.log`. Created where it is missing. */
  root: string;
  /** TCP port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** A shared access policy with all claims. */
  keyName: string;
  key: string;
  /** More policies, such as one that may only send. */
  policies?: Policy[];
  hubs: HubOptions[];
  /** Only '127.0.0.1', which is also the default: the stand-in is for this machine. */
  host?: string;
}

export interface RunningEventHubs {
  port: number;
  /** Ends connections, finishes what is being written, releases the folder. */
  stop(): Promise<void>;
}

/**
 * Starts the local Event Hubs: AMQP 1.0 without TLS, as SDKs speak it with `UseDevelopmentEmulator=true`, over a folder of
 * durable logs. For development and tests; see docs/local-stack.md.
 * @throws Error when the host is not loopback, the folder cannot be used or is in use, a log is damaged, or the port is taken.
 */
export async function startEventHubs(options: EventHubsOptions): Promise<RunningEventHubs> {
  if ((options.host ?? '127.0.0.1') !== '127.0.0.1')
    throw new RangeError('The local Event Hubs listens on 127.0.0.1 only.');
  if (!options.key) throw new RangeError('The local Event Hubs needs a key.');
  checkHubs(options.hubs);
  const policies: Policy[] = [
    { name: options.keyName, key: options.key, claims: ['Send', 'Listen', 'Manage'] },
    ...(options.policies ?? []),
  ];
  const release = lockRoot(options.root, 'Event Hubs');
  const hubs = new Map<string, Hub>();
  const closeHubs = () => Promise.all([...hubs.values()].map((hub) => hub.close()));
  try {
    for (const hub of options.hubs) {
      const opened = new Hub(options.root, hub);
      hubs.set(hub.name.toLowerCase(), opened);
      await opened.enforceRetention();
    }
    const server = new EventHubsServer(hubs, policies);
    const port = await server.listen(options.port);
    return {
      port,
      async stop() {
        await server.close();
        await closeHubs();
        release();
      },
    };
  } catch (error) {
    await closeHubs();
    release();
    throw error;
  }
}

function checkHubs(hubs: readonly HubOptions[]): void {
  const names = new Set<string>();
  for (const { name, partitions } of hubs) {
    if (!/^[a-z0-9](?:[\w.-]{0,254}[a-z0-9])?$/i.test(name) || names.has(name.toLowerCase()))
      throw new RangeError(`Event Hubs: '${name}' is not a name for an event hub, or is given twice.`);
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > 1024)
      throw new RangeError(`Event Hubs: an event hub has 1 to 1024 partitions, not ${partitions}.`);
    names.add(name.toLowerCase());
  }
}
