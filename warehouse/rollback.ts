import type { Settings } from '../azure/settings';
import { ExitCode, MedStreamError } from '../common/errors';
import { Warehouse } from './connection/warehouse';
import { compileProject } from './graph/compile';
import { isModel, type Model } from './graph/model';
import { readRuns } from './results/run-file';
import { newRunId } from './results/run-id';
import { Catalog } from './run/catalog';
import { healModel } from './run/heal';
import { awaitOtherRuns, sessionName } from './run/other-runs';
import { selectActions, type Selection } from './select/select';
import { bracket, nextSuffix, previousSuffix, quoted, suffixed } from './sql/names';

export interface RollbackOptions extends Selection {
  projectDir: string;
  schemaSuffix?: string;
  /** Take back what this run published; default: whatever is selected. */
  run?: string;
  signal?: AbortSignal;
}

export interface RollbackSummary {
  /** Tables whose previous version is published again. The version taken back is kept as the previous one. */
  readonly restored: readonly string[];
  /** Tables without a previous version, and why. */
  readonly kept: readonly { readonly action: string; readonly reason: string }[];
}

/**
 * Publishes the previous version of tables again, by rename. A second rollback undoes the first.
 * @throws MedStreamError MS4008 when the run is not known, or there is nothing to take back.
 */
export async function rollbackProject(settings: Settings, options: RollbackOptions): Promise<RollbackSummary> {
  const { graph } = compileProject({ ...options, defaultDatabase: settings.synapse.database });
  const selected = new Set(selectActions(graph, options));
  const ofRun = options.run ? publishedBy(settings, options.run) : undefined;
  const models = [...graph.actions.values()].filter(
    (action): action is Model => isModel(action) && selected.has(action.id) && (!ofRun || ofRun.has(action.id)),
  );
  const runId = newRunId(new Date());
  const warehouse = await Warehouse.connect(settings, 2, options.signal, sessionName(runId));
  try {
    await awaitOtherRuns(warehouse, runId, options.signal);
    const catalog = await Catalog.read(warehouse, [...new Set(models.map(({ target }) => target.schema))], false);
    const restored: string[] = [];
    const kept: { action: string; reason: string }[] = [];
    for (const model of models) {
      await healModel(warehouse, catalog, model);
      const reason = whyNot(model, catalog);
      if (reason) kept.push({ action: model.id, reason });
      else {
        await warehouse.send(swapVersions(model));
        restored.push(model.id);
      }
    }
    if (!restored.length)
      throw nothing('Nothing can be rolled back.', kept.map(({ action, reason }) => `${action}: ${reason}`).join('; '));
    return { restored, kept };
  } finally {
    await warehouse.close();
  }
}

/** Published ↔ previous, in one batch. Died in the middle, `healModel` completes it to whole tables. */
export function swapVersions({ target }: Model): string {
  const next = suffixed(target, nextSuffix);
  const previous = suffixed(target, previousSuffix);
  return [
    `RENAME OBJECT ${quoted(target)} TO ${bracket(next.name)};`,
    `RENAME OBJECT ${quoted(previous)} TO ${bracket(target.name)};`,
    `RENAME OBJECT ${quoted(next)} TO ${bracket(previous.name)};`,
  ].join('\n');
}

function whyNot(model: Model, catalog: Catalog): string | undefined {
  if (model.kind === 'view') return 'a view holds no data: its definition is in the project';
  if (catalog.kindOf(model.target) !== 'table') return 'it is not in the warehouse';
  if (catalog.kindOf(suffixed(model.target, previousSuffix)) !== 'table')
    return model.kind === 'incremental'
      ? 'its last build added rows and kept no previous version: rebuild it with --full-refresh'
      : 'no previous version is kept';
  return undefined;
}

function publishedBy(settings: Settings, runId: string): Set<string> {
  const run = readRuns(settings.home).find((summary) => summary.runId === runId);
  if (!run) throw nothing(`No run ${runId} is known here.`, `Runs are in ${settings.home}/runs.`);
  return new Set(run.actions.filter(({ status }) => status === 'success').map(({ action }) => action));
}

function nothing(what: string, why: string): MedStreamError {
  return new MedStreamError({
    code: 'MS4008',
    what,
    why,
    next: 'medstream status shows the last runs.',
    exitCode: ExitCode.failed,
  });
}
