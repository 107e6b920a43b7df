import path from 'node:path';
import type { Settings } from '../../azure/settings';
import { throwIfStopped } from '../../common/errors';
import { projectRoot } from '../../common/project-root';
import { syntheaFiles, type SyntheaFile } from '../../common/synthea/header-families';
import { exportGold, type ExportSummary } from '../../exports';
import { copy, type CopySummary } from '../../ingestion/copy';
import { land, type LandSummary } from '../../ingestion/land';
import { load, type LoadSummary } from '../../ingestion/load';
import type { ProduceSummary } from '../../simulator/produce';
import { runProject, type RunSummary } from '../../warehouse';
import { seconds } from '../format';
import type { VerbContext } from '../frame';
import { produceOnce } from './produced';
import { generatedFolder } from './generated-folder';
import { readContent, type WarehouseContent } from './warehouse-content';

export interface PipelineOptions {
  /** A folder of Synthea files; without it, data are generated below the home. */
  data?: string;
  /** Of generated data. */
  patients: number;
  seed: number;
  /** Share of the events that get a known fault, 0 to 1. */
  dirty?: number;
}

/** What one pass of the pipeline did; `--json` prints it. */
export interface PipelineReport {
  source: string;
  home: string;
  /** Wall time by step, and `total`. */
  seconds: Record<string, number>;
  load: LoadSummary;
  /** Files of Synthea that the source does not have; what is made of them is empty. */
  missing: SyntheaFile[];
  /** Null when the hub had these events already. */
  produce: ProduceSummary | null;
  land: LandSummary;
  copy: CopySummary;
  run: RunSummary;
  /** Null when a model failed: the last export stays. */
  export: ExportSummary | null;
  warehouse: WarehouseContent;
  /** False when a file was refused or not copied, or when a model or an assertion failed. */
  ok: boolean;
}

/**
 * The main job: data → hub and lake → warehouse → Parquet. Each step is complete before the next begins, and each can be
 * repeated: a second pass over the same data lands nothing and changes no row of silver and gold.
 * @throws MedStreamError of the step that could not do its work
 */
export async function runPipeline(
  settings: Settings,
  options: PipelineOptions,
  context: VerbContext,
): Promise<PipelineReport> {
  const clock = new StepClock(context);
  const { progress, signal } = context;
  const work = { progress, signal };
  const source = options.data
    ? path.resolve(options.data)
    : await clock.step('generate', () => generatedFolder(settings.home, options, context));
  const loaded = await clock.step('load', () => load(settings, { data: source, ...work }));
  const produced = await clock.step('produce', () =>
    produceOnce(settings, { data: source, rate: 'max', dirty: options.dirty, seed: options.seed, ...work }),
  );
  const landed = await clock.step('land', () => land(settings, work));
  const copied = await clock.step('copy', () => copy(settings, work));
  const run = await clock.step('run', () => runProject(settings, { projectDir: projectRoot, ...work }));
  const exported = run.status === 'success' ? await clock.step('export', () => exportGold(settings, work)) : null;
  const warehouse = await clock.step('summary', () => readContent(settings));
  return {
    source,
    home: settings.home,
    seconds: clock.seconds(),
    load: loaded,
    missing: syntheaFiles.filter((table) => loaded.files.every((file) => file.table !== table)),
    produce: produced ?? null,
    land: landed,
    copy: copied,
    run,
    export: exported,
    warehouse,
    ok:
      run.status === 'success' && copied.failed.length === 0 && loaded.files.every((file) => file.status !== 'refused'),
  };
}

/** Times the steps and tells a person which one runs. */
class StepClock {
  private readonly started = performance.now();
  private readonly taken: Record<string, number> = {};

  constructor(private readonly context: VerbContext) {}

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    throwIfStopped(this.context.signal);
    const begun = performance.now();
    const result = await work();
    this.taken[name] = round(performance.now() - begun);
    this.context.say(`  ${name.padEnd(10)} ${seconds(this.taken[name]!).padStart(8)}`);
    return result;
  }

  seconds(): Record<string, number> {
    return { ...this.taken, total: round(performance.now() - this.started) };
  }
}

const round = (milliseconds: number) => Math.round(milliseconds) / 1000;
