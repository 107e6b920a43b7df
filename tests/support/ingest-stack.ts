import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSettings, type Settings } from '../../azure/settings';
import { startDataLake } from '../../local/datalake';
import { startEventHubs, type HubOptions } from '../../local/eventhubs';
import { account, accountKey, key, keyName, standInEnvironment } from './credentials';

/** The stand-ins that ingestion talks to, in a temporary home. */
export interface IngestStack {
  home: string;
  settings: Settings;
  lakePort: number;
  hubPort: number;
  /** Settings that reach the lake by another port, such as that of a proxy. */
  settingsVia(lakePort: number, change?: Record<string, string>): Settings;
  /** Files of bronze, sorted, with forward slashes; staging left out. */
  bronzeFiles(): string[];
  bronzePath(name: string): string;
  restartHub(hub?: Partial<HubOptions>): Promise<void>;
  stop(): Promise<void>;
}

const defaultHub: HubOptions = { name: 'encounters', partitions: 4 };

export async function startIngestStack(hub: Partial<HubOptions> = {}): Promise<IngestStack> {
  const home = mkdtempSync(path.join(tmpdir(), 'medstream-ingest-'));
  const bronze = path.join(home, 'lake', 'bronze');
  const startHub = (port: number, change: Partial<HubOptions>) =>
    startEventHubs({ root: path.join(home, 'eventhubs'), port, keyName, key, hubs: [{ ...defaultHub, ...change }] });
  const lake = await startDataLake({ root: path.join(home, 'lake'), port: 0, account, key: accountKey });
  let hubs = await startHub(0, hub);
  const hubPort = hubs.port;
  const settingsVia = (lakePort: number, change: Record<string, string> = {}) =>
    parseSettings({ ...standInEnvironment(home, lakePort, hubPort), ...change });
  return {
    home,
    settings: settingsVia(lake.port),
    lakePort: lake.port,
    hubPort,
    settingsVia,
    bronzePath: (name) => path.join(bronze, name),
    bronzeFiles() {
      const entries = readdirSync(bronze, { recursive: true, withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
      return names
        .map((name) => path.relative(bronze, name).split(path.sep).join('/'))
        .filter((name) => !name.startsWith('_staging/'))
        .sort();
    },
    async restartHub(change = hub) {
      await hubs.stop();
      hubs = await startHub(hubPort, change);
    },
    async stop() {
      await hubs.stop();
      await lake.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
