import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { lockHome } from './home-lock';
import { isAlive } from './process-alive';

export interface StackOptions {
  /** Folder of all state: `lake/`, `eventhubs/`, `synapse/`, `keys.json`, `stack.json`. */
  home: string;
  /** First of four ports (Event Hubs, Data Lake, Synapse, Synapse over TLS); 0 = any free ones. */
  portBase: number;
  hub: { name: string; partitions: number };
  containers: readonly string[];
  database: string;
}

export interface StackPorts {
  eventHubs: number;
  dataLake: number;
  synapse: number;
  synapseTls: number;
}

/** A stack that runs, in this process or another, and the settings that lead to it. */
export interface RunningStack {
  pid: number;
  ports: StackPorts;
  /** Connection settings as environment variables; they hold the secrets of this home. */
  environment: Record<string, string>;
  /** For `dataform` and other SQL clients. */
  login: { server: string; port: number; username: string; password: string; database: string };
}

export interface LocalStack extends RunningStack {
  certificatePath: string;
  /** Takes it out of sight: no other process finds it from now on. Those that use it can go on. */
  hide(): void;
  stop(): Promise<void>;
}

interface Keys {
  eventHubs: string;
  dataLake: string;
  synapsePassword: string;
}

const account = 'devstoreaccount1';
const keyName = 'RootManageSharedAccessKey';
const user = 'medstream';

/**
 * Starts Event Hubs, Data Lake and Synapse in this process, on loopback.
 * @throws an error with code EADDRINUSE when a port is taken, EHOMEINUSE when another process runs a stack on this home.
 */
export async function startLocalStack(options: StackOptions): Promise<LocalStack> {
  const { home, portBase, hub, containers, database } = options;
  // Loaded here: a command that meets a running stack, or Azure, needs none of them.
  const [{ startDataLake }, { startEventHubs }, { startSynapse }] = await Promise.all([
    import('./datalake/index.js'),
    import('./eventhubs/index.js'),
    import('./synapse/index.js'),
  ]);
  mkdirSync(home, { recursive: true });
  const unlock = lockHome(home);
  const stops: (() => Promise<void>)[] = [];
  const hide = () => rmSync(stateFile(home), { force: true });
  const stop = async () => {
    hide();
    for (const one of stops.reverse()) await one();
    unlock();
  };
  try {
    const keys = readOrMakeKeys(home);
    const lake = path.join(home, 'lake');
    for (const container of containers) mkdirSync(path.join(lake, container), { recursive: true });
    const port = (offset: number) => (portBase === 0 ? 0 : portBase + offset);
    const eventHubs = await startEventHubs({
      root: path.join(home, 'eventhubs'),
      port: port(0),
      keyName,
      key: keys.eventHubs,
      hubs: [hub],
    });
    stops.push(() => eventHubs.stop());
    const dataLake = await startDataLake({ root: lake, port: port(1), account, key: keys.dataLake });
    stops.push(() => dataLake.stop());
    const synapse = await startSynapse({
      root: path.join(home, 'synapse'),
      lakeRoot: lake,
      lakeAccount: account,
      port: port(2),
      tlsPort: port(3),
      database,
      users: { [user]: keys.synapsePassword },
    });
    stops.push(() => synapse.stop());
    const ports = {
      eventHubs: eventHubs.port,
      dataLake: dataLake.port,
      synapse: synapse.port,
      synapseTls: synapse.tlsPort ?? 0,
    };
    writeFileSync(stateFile(home), JSON.stringify({ pid: process.pid, ports, hub: hub.name, database }), {
      mode: 0o600,
    });
    return {
      ...describeStack(process.pid, ports, hub.name, database, keys),
      certificatePath: synapse.certificatePath,
      hide,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The stack that another process runs on this home, if it is alive. */
export async function runningStack(home: string): Promise<RunningStack | undefined> {
  const state = readJson<{ pid: number; ports: StackPorts; hub: string; database: string }>(stateFile(home));
  const keys = readJson<Keys>(path.join(home, 'keys.json'));
  if (!state || !keys || !isAlive(state.pid) || !(await answers(state.ports.synapse))) return undefined;
  return describeStack(state.pid, state.ports, state.hub, state.database, keys);
}

/** Removes all local state of a home that no stack uses. */
export async function resetLocalStack(home: string): Promise<void> {
  const unlock = lockHome(home);
  for (const folder of ['lake', 'eventhubs', 'synapse'])
    rmSync(path.join(home, folder), { recursive: true, force: true });
  rmSync(stateFile(home), { force: true });
  unlock();
}

function describeStack(pid: number, ports: StackPorts, hub: string, database: string, keys: Keys): RunningStack {
  return {
    pid,
    ports,
    environment: {
      EVENTHUB_CONNECTION_STRING: `Endpoint=sb://127.0.0.1:${ports.eventHubs};SharedAccessKeyName=${keyName};SharedAccessKey=${keys.eventHubs};UseDevelopmentEmulator=true`,
      EVENTHUB_NAME: hub,
      AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${keys.dataLake};BlobEndpoint=http://127.0.0.1:${ports.dataLake}/${account};`,
      SYNAPSE_SERVER: '127.0.0.1',
      SYNAPSE_PORT: String(ports.synapse),
      SYNAPSE_DATABASE: database,
      SYNAPSE_USER: user,
      SYNAPSE_PASSWORD: keys.synapsePassword,
    },
    login: { server: '127.0.0.1', port: ports.synapse, username: user, password: keys.synapsePassword, database },
  };
}

function readOrMakeKeys(home: string): Keys {
  const file = path.join(home, 'keys.json');
  const known = readJson<Keys>(file);
  if (known) return known;
  const keys: Keys = {
    eventHubs: randomBytes(32).toString('base64'),
    dataLake: randomBytes(64).toString('base64'),
    synapsePassword: `Ms1-${randomBytes(18).toString('base64url')}`,
  };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

const stateFile = (home: string) => path.join(home, 'stack.json');

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', timeout: 1000 });
    const finish = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
