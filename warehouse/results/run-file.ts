import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../common/make-folder';
import type { RunSummary } from './model';

/** When and from what an action was last built on a warehouse. */
export interface LastBuild {
  readonly fingerprint: string;
  readonly runId: string;
  readonly finishedAt: string;
  /** How long it took; older files have none. */
  readonly seconds?: number;
}

/** `$MEDSTREAM_HOME/runs`. */
export function runsFolder(home: string): string {
  return path.join(home, 'runs');
}

/** Path of the file of one run. */
export function runFile(home: string, runId: string): string {
  return path.join(runsFolder(home), `${runId}.json`);
}

/** Writes the results of a run: whole or not at all. */
export function writeRunFile(home: string, summary: RunSummary): void {
  makeFolder(runsFolder(home));
  writeWhole(summary.file, `${JSON.stringify(summary, null, 2)}\n`);
}

/** Runs that have a file, newest first. Files that cannot be read are passed over. */
export function readRuns(home: string, limit = 200): RunSummary[] {
  if (!existsSync(runsFolder(home))) return [];
  const names = readdirSync(runsFolder(home))
    .filter((name) => /^\d{8}T\d{6}Z-[0-9a-f]+\.json$/.test(name))
    .sort()
    .reverse()
    .slice(0, limit);
  return names.flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(path.join(runsFolder(home), name), 'utf8')) as RunSummary];
    } catch {
      return [];
    }
  });
}

/** What was last built on this database, by action. Kept beside the run files, one file for each warehouse. */
export function readLastBuilds(home: string, server: string, database: string): Record<string, LastBuild> {
  try {
    return JSON.parse(readFileSync(lastBuildsFile(home, server, database), 'utf8')) as Record<string, LastBuild>;
  } catch {
    return {};
  }
}

/** Notes what this run built. */
export function noteBuilds(home: string, summary: RunSummary): void {
  const builds = readLastBuilds(home, summary.server, summary.database);
  for (const { action, status, fingerprint, seconds } of summary.actions)
    if (status === 'success' && fingerprint)
      builds[action] = { fingerprint, runId: summary.runId, finishedAt: summary.finishedAt, seconds };
  writeWhole(lastBuildsFile(home, summary.server, summary.database), `${JSON.stringify(builds, null, 2)}\n`);
}

function lastBuildsFile(home: string, server: string, database: string): string {
  const name = `${server}-${database}`.replace(/[^\w.-]/g, '_');
  return path.join(runsFolder(home), `last-builds.${name}.json`);
}

function writeWhole(file: string, text: string): void {
  makeFolder(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
