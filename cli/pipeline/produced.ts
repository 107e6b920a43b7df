import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { closeEventHubClient, eventHubConsumer } from '../../azure/event-hubs';
import type { Settings } from '../../azure/settings';
import { makeFolder } from '../../common/make-folder';
import { describeHub } from '../../ingestion/land/incarnation';
import { produce, produceFingerprint, type ProduceOptions, type ProduceSummary } from '../../simulator/produce';

/** What was sent to which hub: hub incarnation → fingerprints of whole data sets. */
type Produced = Record<string, string[]>;

/**
 * Sends a data set to the hub unless it was sent whole before; a data set that was cut off is sent again, and silver
 * recognises the repeated events.
 * @returns undefined when there was nothing to send
 */
export async function produceOnce(settings: Settings, options: ProduceOptions): Promise<ProduceSummary | undefined> {
  const consumer = eventHubConsumer(settings);
  const { incarnation } = await describeHub(consumer, options.signal).finally(() => closeEventHubClient(consumer));
  const hub = `${settings.eventHubs.namespace ?? 'local'}/${incarnation}`;
  const file = path.join(settings.home, 'produced.json');
  const produced = await readProduced(file);
  const fingerprint = await produceFingerprint(options);
  if (produced[hub]?.includes(fingerprint)) return undefined;
  const summary = await produce(settings, options);
  await writeWhole(file, { ...produced, [hub]: [...(produced[hub] ?? []), fingerprint] });
  return summary;
}

async function readProduced(file: string): Promise<Produced> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Produced;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

async function writeWhole(file: string, produced: Produced): Promise<void> {
  makeFolder(path.dirname(file));
  await writeFile(`${file}.unfinished`, JSON.stringify(produced, null, 2));
  await rename(`${file}.unfinished`, file);
}
