import { EventHubProducerClient } from '@azure/event-hubs';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataLakeContainer } from '../../azure/data-lake';
import { closeEventHubClient } from '../../azure/event-hubs';
import { parseSettings, type Settings } from '../../azure/settings';
import { silentProgress } from '../../common/progress';
import { within } from '../../common/within';
import { land } from '../../ingestion/land';
import { parseEventFilePath } from '../../ingestion/land/event-file';
import { account, accountKey, connectionString, key, keyName, standInEnvironment } from '../support/credentials';
import { Killable } from '../support/killable';
import { randomFrom } from '../support/random';
import { until } from '../support/until';

export interface CrashOptions {
  events: number;
  /** `kill -9`s at least, of consumers, event hub and lake in random order. */
  kills: number;
  seed: number;
  say?(line: string): void;
}

export interface CrashResult {
  acknowledged: number;
  kills: Record<string, number>;
  files: number;
  rows: number;
  /** Rows that the consumers had landed when the last of them was killed. */
  landedAmidKills: number;
  /** Sequence numbers that stand twice in bronze, or are missing in it. */
  duplicates: number;
  gaps: number;
  /** Acknowledged events that are not in bronze. */
  lost: number;
  /** Files whose rows or sha256 differ from their metadata. */
  badFiles: number;
  /** Events of the hub that are not in bronze, by the hub's own count. */
  behind: number;
  seconds: number;
}

const partitions = 4;
const hub = 'encounters';
const batchEvents = 100;
/** Milliseconds between two kills: long enough that work is under way at most of them. */
const meanPause = 1500;

/**
 * Sends events while two consumers land them, and kills consumers, event hub and lake without warning all the while. Then
 * everything is started once more, what is left is landed, and bronze is compared with what the hub acknowledged.
 */
export async function crashLanding({ events, kills, seed, say = () => {} }: CrashOptions): Promise<CrashResult> {
  const started = performance.now();
  const home = mkdtempSync(path.join(tmpdir(), 'medstream-crash-'));
  const random = randomFrom(seed);
  const lake = standIn('lake', 'datalake', { root: path.join(home, 'lake'), account, key: accountKey });
  const hubs = [{ name: hub, partitions }];
  const hubServer = standIn('hub', 'eventhubs', { root: path.join(home, 'eventhubs'), keyName, key, hubs });
  await Promise.all([lake.start(), hubServer.start()]);
  const environment = standInEnvironment(home, lake.port, hubServer.port);
  const settings = parseSettings(environment);
  const consumers = [0, 1].map(
    (n) =>
      new Killable(
        `consumer ${n}`,
        'run-land',
        () => [],
        () => ({ ...process.env, ...environment }),
        false,
      ),
  );
  const everyone = [...consumers, hubServer, lake];
  try {
    for (const consumer of consumers) await consumer.start();
    const acknowledged = new Set<string>();
    let sending = true;
    const pause = (kills * meanPause) / (events / batchEvents / partitions);
    const sent = sendAll(hubServer.port, events, pause, acknowledged).finally(() => (sending = false));
    const killed: Record<string, number> = {};
    await firstFile(path.join(home, 'lake', 'bronze', 'encounters_raw'));
    // On a slow machine sending could go on for ever under kills: twice as many as asked, and it goes on in peace.
    for (let count = 0; count < kills || (sending && count < 2 * kills); count++) {
      await sleep(random() * 2 * meanPause);
      const victim = everyone[Math.floor(random() * everyone.length)]!;
      await victim.crash(random() * 300);
      killed[victim.name] = (killed[victim.name] ?? 0) + 1;
      say(`killed ${victim.name}; ${acknowledged.size} of ${events} events acknowledged`);
      // A consumer that gave up is not what is tested here: it would be started again by whoever runs it.
      for (const consumer of consumers) if (!consumer.alive) await consumer.start();
    }
    await sent;
    await Promise.all(consumers.map((consumer) => consumer.kill('SIGKILL')));
    const folder = path.join(home, 'lake', 'bronze');
    const landedAmidKills = (await readBronze(settings, folder)).rows;
    await land(settings, { progress: silentProgress });
    const bronze = await readBronze(settings, folder);
    return {
      acknowledged: acknowledged.size,
      kills: killed,
      landedAmidKills,
      ...summarize(bronze, acknowledged),
      behind: await behindOf(settings, bronze),
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    await Promise.all(everyone.map((one) => one.kill()));
    rmSync(home, { recursive: true, force: true });
  }
}

/** Waits until the consumers have landed something: before, there is little to kill. */
function firstFile(folder: string): Promise<void> {
  const holds = () =>
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.ndjson'));
  return until(holds, 'the first file in bronze');
}

function standIn(name: string, service: 'datalake' | 'eventhubs', options: object): Killable {
  return new Killable(name, 'run-stand-in', (port) => [JSON.stringify({ service, options: { ...options, port } })]);
}

/** On a connection that has just died the SDK may wait for ever. */
const sendSeconds = 30;

/** Sends events of about 400 bytes, again until each batch is acknowledged: retries may double an event, never lose it. */
async function sendAll(port: number, events: number, pause: number, acknowledged: Set<string>): Promise<void> {
  const filler = 'x'.repeat(340);
  const lane = async (partition: number): Promise<void> => {
    let client: EventHubProducerClient | undefined;
    for (let from = partition * batchEvents; from < events; from += partitions * batchEvents) {
      const ids = Array.from({ length: Math.min(batchEvents, events - from) }, (_, i) => `event-${from + i}`);
      for (let done = false; !done; ) {
        client ??= producer(port);
        try {
          const batch = await within(sendSeconds, client.createBatch({ partitionId: String(partition) }));
          for (const id of ids) batch.tryAdd({ body: { id, filler } });
          await within(sendSeconds, client.sendBatch(batch));
          for (const id of ids) acknowledged.add(id);
          done = true;
        } catch {
          if (client) await closeEventHubClient(client);
          client = undefined;
          await sleep(100);
        }
      }
      await sleep(pause);
    }
    if (client) await closeEventHubClient(client);
  };
  await Promise.all(Array.from({ length: partitions }, (_, partition) => lane(partition)));
}

function producer(port: number): EventHubProducerClient {
  const retryOptions = { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 5000 };
  return new EventHubProducerClient(connectionString(port), hub, { retryOptions });
}

interface Bronze {
  files: number;
  badFiles: number;
  rows: number;
  duplicates: number;
  /** Sequence numbers by partition. */
  sequences: Map<number, Set<number>>;
  ids: Set<string>;
}

/** Reads bronze as plain files, and each file's metadata through the SDK. */
async function readBronze(settings: Settings, folder: string): Promise<Bronze> {
  const bronze: Bronze = { files: 0, badFiles: 0, rows: 0, duplicates: 0, sequences: new Map(), ids: new Set() };
  const client = dataLakeContainer(settings, 'bronze');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = parseEventFilePath(name);
    if (!file) continue;
    bronze.files++;
    const bytes = readFileSync(path.join(folder, name));
    const { metadata = {} } = await client.getFileClient(name).getProperties();
    const lines = bytes.toString().trimEnd().split('\n');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (metadata['sha256'] !== sha256 || metadata['rows'] !== String(lines.length)) bronze.badFiles++;
    for (const text of lines) {
      const line = JSON.parse(text) as { partition: number; sequence: number; body: string };
      const seen = bronze.sequences.get(line.partition) ?? new Set<number>();
      bronze.sequences.set(line.partition, seen);
      if (seen.has(line.sequence) || line.partition !== file.partition) bronze.duplicates++;
      seen.add(line.sequence);
      bronze.rows++;
      bronze.ids.add((JSON.parse(line.body) as { id: string }).id);
    }
  }
  return bronze;
}

function summarize({ files, badFiles, rows, duplicates, sequences, ids }: Bronze, acknowledged: ReadonlySet<string>) {
  const gaps = [...sequences.values()].reduce((sum, seen) => sum + greatest(seen) + 1 - seen.size, 0);
  const lost = [...acknowledged].filter((id) => !ids.has(id)).length;
  return { files, badFiles, rows, duplicates, gaps, lost };
}

function greatest(numbers: ReadonlySet<number>): number {
  let most = -1;
  for (const number of numbers) most = Math.max(most, number);
  return most;
}

async function behindOf(settings: Settings, { rows }: Bronze): Promise<number> {
  const client = new EventHubProducerClient(settings.eventHubs.connectionString!, hub);
  let held = 0;
  for (let id = 0; id < partitions; id++) {
    const properties = await client.getPartitionProperties(String(id));
    held += properties.lastEnqueuedSequenceNumber + 1;
  }
  await closeEventHubClient(client);
  return held - rows;
}

/** The long form: `node dist/tests/crash/landing.js [events] [kills] [seed]`, one JSON line; exits 1 on any loss. */
if (require.main === module) {
  const [events = 120_000, kills = 24, seed = 1] = process.argv.slice(2).map(Number);
  crashLanding({ events, kills, seed, say: (line) => void process.stderr.write(`${line}\n`) }).then(
    (result) => {
      process.stdout.write(`${JSON.stringify(result)}\n`);
      const { duplicates, gaps, lost, badFiles, behind } = result;
      process.exit(duplicates + gaps + lost + badFiles + behind === 0 ? 0 : 1);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
}
