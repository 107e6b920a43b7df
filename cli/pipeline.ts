import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Settings } from '../azure/settings';
import { projectRoot } from '../common/project-root';
import { throwIfStopped } from '../common/errors';
import { exportGold, type ExportSummary } from '../exports';
import { copy, type CopySummary } from '../ingestion/copy';
import { land, type LandSummary } from '../ingestion/land';
import { load, type LoadSummary } from '../ingestion/load';
import { generate, type GenerateSummary } from '../simulator/generate';
import { produce, type ProduceSummary } from '../simulator/produce';
import { runProject, type RunReport } from '../warehouse';
import type { VerbContext } from './frame';

export interface PipelineOptions {
  /** Folder of Synthea files; without it they are generated. */
  data?: string;
  patients: number;
  seed: number;
  /** Share of events that get a known fault. */
  dirty?: number;
}

export interface PipelineReport {
  data: string;
  generate?: GenerateSummary;
  load: LoadSummary;
  /** Undefined when these encounters had been sent before. */
  produce?: ProduceSummary;
  land: LandSummary;
  copy: CopySummary;
  run: RunReport;
  export?: ExportSummary;
  seconds: Record<string, number>;
}

/** The whole way of the data, step by step; each step can be repeated without changing what is there. */
export async function runPipeline(
  settings: Settings,
  context: VerbContext,
  options: PipelineOptions,
): Promise<PipelineReport> {
  const seconds: Record<string, number> = {};
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    throwIfStopped(context.signal);
    context.say(`${name}…`);
    const started = performance.now();
    const result = await work();
    seconds[name] = Math.round(performance.now() - started) / 1000;
    return result;
  };
  const made = options.data ? undefined : await step('generate', () => generateOnce(settings.home, context, options));
  const data = options.data ?? made!.folder;
  const loaded = await step('load', () => load(settings, { data, ...context }));
  const sent = await step('produce', () => produceOnce(settings, context, data, loaded.loadId, options));
  const landed = await step('land', () => land(settings, context));
  const copied = await step('copy', () => copy(settings, context));
  const run = await step('run', () => runProject(settings, { projectDir: projectRoot, ...context }));
  const exported = run.ok ? await step('export', () => exportGold(settings, { views: true, ...context })) : undefined;
  return {
    data,
    generate: made?.summary,
    load: loaded,
    produce: sent,
    land: landed,
    copy: copied,
    run,
    export: exported,
    seconds,
  };
}

/** Generates into `<home>/data/…` unless a finished set with the same parameters stands there. */
async function generateOnce(
  home: string,
  context: VerbContext,
  options: PipelineOptions,
): Promise<{ folder: string; summary?: GenerateSummary }> {
  const folder = path.join(home, 'data', `patients=${options.patients}-seed=${options.seed}`);
  if (existsSync(folder)) return { folder };
  const unfinished = `${folder}.unfinished`;
  const { patients, seed } = options;
  const summary = await generate({ patients, seed, family: 'C', out: unfinished, ...context });
  renameSync(unfinished, folder);
  return { folder, summary };
}

/** Sends the encounters once per hub, data set and faults: a note in `<home>/produced/` says that it was done. */
async function produceOnce(
  settings: Settings,
  context: VerbContext,
  data: string,
  loadId: string,
  options: PipelineOptions,
): Promise<ProduceSummary | undefined> {
  const { connectionString, namespace, name } = settings.eventHubs;
  const hub = namespace ?? 'local';
  const what = JSON.stringify([connectionString ? 'local' : hub, name, loadId, options.dirty ?? 0, options.seed]);
  const folder = path.join(settings.home, 'produced');
  const note = path.join(folder, `${createHash('sha256').update(what).digest('hex').slice(0, 16)}.json`);
  if (existsSync(note)) {
    context.say(`  these encounters were sent before (${String(JSON.parse(readFileSync(note, 'utf8')).sent)} events)`);
    return undefined;
  }
  const { dirty, seed } = options;
  mkdirSync(folder, { recursive: true });
  const answerKey = dirty ? path.join(folder, 'answer-key.jsonl') : undefined;
  const summary = await produce(settings, { data, rate: 'max', dirty, answerKey, seed, ...context });
  writeFileSync(note, JSON.stringify({ loadId, sent: summary.sent }));
  return summary;
}
