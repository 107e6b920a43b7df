import { parseManifest, type Manifest, type ManifestFile, type ManifestTable } from './manifest';
import { martNames, type MartName, type Row } from './marts';
import { readMart } from './read-mart';

export type Mart<Name extends MartName> = { rows: Row<Name>[] } | { problem: string };
export type Marts = { [Name in MartName]?: Mart<Name> };

/** What the page shows. `marts` are all of one export; one that is absent is still being read. */
export interface ExportState {
  phase: 'loading' | 'empty' | 'broken' | 'ready';
  /** Why `broken`. */
  problem?: string;
  manifest?: Manifest;
  marts: Marts;
  /** False while the server or the lake does not answer; what was read before stays. */
  reachable: boolean;
}

const folder = 'export/';

/** Reads the export and, every few seconds, looks whether there is a new one. */
export class ExportStore {
  private state: ExportState = { phase: 'loading', marts: {}, reachable: true };
  private shownText = '';

  constructor(private readonly onChange: (state: ExportState) => void) {}

  /** Looks every `milliseconds` while the page is visible; the returned function ends it. */
  follow(milliseconds: number): () => void {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (!document.hidden || this.state.phase === 'loading') await this.refresh();
      if (!ended) timer = setTimeout(next, milliseconds);
    };
    void next();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  private async refresh(): Promise<void> {
    const text = await fetchManifest();
    if (text === 'unreachable') return this.set({ reachable: false });
    if (text === 'none') return this.set({ phase: 'empty', marts: {}, manifest: undefined, reachable: true });
    if (text === this.shownText && !hasProblem(this.state)) return this.set({ reachable: true });
    let manifest: Manifest;
    try {
      manifest = parseManifest(text);
    } catch (error) {
      return this.set({ ...nothing, phase: 'broken', problem: (error as Error).message });
    }
    const marts = await this.readAll(manifest);
    const replacedMeanwhile = Object.values(marts).some(isProblem) && (await fetchManifest()) !== text;
    if (replacedMeanwhile) return this.refresh();
    this.shownText = text;
    this.set({ ...nothing, phase: 'ready', manifest, marts });
  }

  /**
   * The first export appears mart by mart, the largest last, as decoding it holds up the page; a later one at once, so that
   * no two numbers are of different exports.
   */
  private async readAll(manifest: Manifest): Promise<Marts> {
    const isFirst = this.state.phase !== 'ready';
    const marts: Marts = {};
    const readOne = async <Name extends MartName>(name: Name) => {
      const mart = await this.readOne(name, manifest);
      Object.assign(marts, { [name]: mart });
      if (isFirst && !isProblem(mart)) this.set({ ...nothing, phase: 'ready', manifest, marts: { ...marts } });
    };
    const bySize = martNames.toSorted((one, other) => rowsOf(one, manifest) - rowsOf(other, manifest));
    await Promise.all(bySize.slice(0, -1).map(readOne));
    await readOne(bySize.at(-1)!);
    return marts;
  }

  private async readOne<Name extends MartName>(name: Name, manifest: Manifest): Promise<Mart<Name>> {
    const table = tableOf(name, manifest);
    if (!table) return { problem: `This export has no table ${name}.` };
    const shown = this.state.marts[name];
    const shownTable = this.state.manifest && tableOf(name, this.state.manifest);
    if (shown && !isProblem(shown) && JSON.stringify(table) === JSON.stringify(shownTable)) return shown as Mart<Name>;
    try {
      return { rows: await readMart(name, table, fetchFile) };
    } catch (error) {
      return { problem: (error as Error).message };
    }
  }

  private set(change: Partial<ExportState>): void {
    this.state = { ...this.state, ...change };
    this.onChange(this.state);
  }
}

/** The state before anything is known of an export that the server has. */
const nothing = { problem: undefined, manifest: undefined, marts: {}, reachable: true } as const;

function tableOf(name: MartName, manifest: Manifest): ManifestTable | undefined {
  return manifest.tables.find((table) => table.name === name);
}

function rowsOf(name: MartName, manifest: Manifest): number {
  return tableOf(name, manifest)?.rows ?? 0;
}

function isProblem(mart: object): boolean {
  return 'problem' in mart;
}

function hasProblem({ phase, marts }: ExportState): boolean {
  return phase !== 'ready' || Object.values(marts).some(isProblem);
}

async function fetchManifest(): Promise<string> {
  const reply = await fetch(`${folder}_export.json`, { cache: 'no-cache' }).catch(() => undefined);
  if (reply?.status === 404) return 'none';
  if (!reply?.ok) return 'unreachable';
  return reply.text().catch(() => 'unreachable');
}

async function fetchFile({ path }: ManifestFile): Promise<ArrayBuffer> {
  const reply = await fetch(folder + path, { cache: 'no-cache' }).catch(() => undefined);
  if (reply?.status === 404) throw new Error(`${path} is named in _export.json but is not there.`);
  if (!reply?.ok) throw new Error(`${path} could not be fetched.`);
  return reply.arrayBuffer();
}
