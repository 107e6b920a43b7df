import { stoppedError } from '../../common/errors';
import type { Progress } from '../../common/progress';
import type { Settings } from '../../azure/settings';
import { safeMessage } from '../connection/errors';
import { statesTable } from '../changed/build-states';
import type { Changes } from '../changed/changes';
import { leftAsItWas, noteChanges, openChanges } from '../changed/open-changes';
import { Warehouse } from '../connection/warehouse';
import { compileProject } from '../graph/compile';
import { isModel, targetId, type Action, type Graph, type Target } from '../graph/model';
import { fingerprint } from '../plan/fingerprint';
import { dependenciesIn, runNodes } from '../plan/order';
import { resultsTable, saveResults } from '../results/results-table';
import type { ActionResult, ActionStatus, RunSummary } from '../results/model';
import { noteBuilds, readLastBuilds, runFile, writeRunFile } from '../results/run-file';
import { newRunId } from '../results/run-id';
import { selectActions, type Selection } from '../select/select';
import { labelOf } from '../sql/label';
import { build } from './build';
import { Catalog } from './catalog';
import type { FailingRows, RunContext } from './context';
import { AuditFailure, SchemaChange, StepFailure } from './failure';
import { healGraph } from './heal';
import { awaitOtherRuns, sessionName } from './other-runs';
import { runInOrder } from './scheduler';

export interface RunOptions extends Selection {
  /** Folder of `dataform.json`. */
  projectDir: string;
  vars?: Record<string, string>;
  schemaSuffix?: string;
  /** Build incremental tables anew (`protected` ones are left as they are). */
  fullRefresh?: boolean;
  /** Build only what would differ from what is in the warehouse; the rest is reported as `unchanged`. */
  changed?: boolean;
  /** Actions at a time; default `concurrentQueryLimit` of dataform.json, else 4. */
  concurrency?: number;
  progress: Progress;
  signal?: AbortSignal;
  /** Called with the first failing rows of each assertion that fails. They may hold health data: show, never log. */
  showRows?: (rows: FailingRows) => void;
  /** Called when an action has ended. */
  onAction?: (result: ActionResult) => void;
}

const defaultConcurrency = 4;

/**
 * Builds the selected actions: each after what it depends on, at most `concurrency` at a time. A table is replaced only after
 * its own assertions hold on the new version. Work that fails ends its branch of the graph; the rest is built.
 * @returns the results, which are also in `$MEDSTREAM_HOME/runs/<run id>.json` and in `quality.run_results`.
 * @throws MedStreamError when nothing could be run (compilation MS4001, selection MS4002, connection MS4003) or on abort.
 */
export async function runProject(settings: Settings, options: RunOptions): Promise<RunSummary> {
  const startedAt = new Date();
  const started = performance.now();
  const runId = newRunId(startedAt);
  const { graph } = compileProject({
    projectDir: options.projectDir,
    schemaSuffix: options.schemaSuffix,
    vars: { ...options.vars, run_id: runId },
    defaultDatabase: settings.synapse.database,
  });
  const selected = selectActions(graph, options);
  const nodes = runNodes(graph, selected);
  const concurrency = Math.max(1, options.concurrency ?? graph.concurrency ?? defaultConcurrency);
  const warehouse = await Warehouse.connect(settings, concurrency, options.signal, sessionName(runId));
  try {
    await awaitOtherRuns(warehouse, runId, options.signal);
    const catalog = await Catalog.read(warehouse, schemasOf(graph, nodes), true);
    const healed = await healGraph(warehouse, catalog, graph);
    const builds = readLastBuilds(settings.home, settings.synapse.server, settings.synapse.database);
    const context: RunContext = {
      runId,
      graph,
      warehouse,
      catalog,
      fullRefresh: options.fullRefresh ?? false,
      isUnchanged: (action) => builds[action.id]?.fingerprint === fingerprint(graph, action, runId),
      showRows: options.showRows,
    };
    const { fullRefresh } = context;
    const changed = options.changed ?? false;
    const changes = await openChanges(warehouse, catalog, { graph, runId, nodes, fullRefresh, changed });
    // An action that took long the last time is begun early.
    const secondsOf = (id: string): number => builds[id]?.seconds ?? 1;
    const actions = await runNodesInOrder(context, nodes, { ...options, concurrency, secondsOf }, changes);
    const finishedAt = new Date();
    const summary: RunSummary = {
      runId,
      status: options.signal?.aborted
        ? 'stopped'
        : actions.some(({ status }) => status === 'failed')
          ? 'failed'
          : 'success',
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      seconds: (performance.now() - started) / 1000,
      statementSeconds: warehouse.statementMilliseconds / 1000,
      statements: warehouse.statements,
      server: settings.synapse.server,
      database: settings.synapse.database,
      fullRefresh: context.fullRefresh,
      counts: countsOf(actions),
      healed,
      warnings: [],
      actions,
      file: runFile(settings.home, runId),
    };
    writeRunFile(settings.home, summary);
    noteBuilds(settings.home, summary);
    if (options.signal?.aborted) throw stoppedError();
    // The tables are built, and the run file tells of them: what cannot be written beside them does not change the outcome.
    const warnings: string[] = [];
    const attempt = (table: Target, work: Promise<void>): Promise<void> =>
      work.catch((error: unknown) => {
        warnings.push(`${targetId(table)} could not be written: ${safeMessage(error)}`);
      });
    await attempt(resultsTable, saveResults(warehouse, summary));
    if (changes) await attempt(statesTable, noteChanges(warehouse, changes, graph, actions));
    return { ...summary, warnings };
  } finally {
    await warehouse.close();
  }
}

/** Schemas of the graph that the run may touch, and that of its results. */
function schemasOf(graph: Graph, nodes: readonly string[]): string[] {
  const schemas = new Set<string>([resultsTable.schema, graph.assertionSchema]);
  for (const id of nodes) schemas.add(graph.actions.get(id)!.target.schema);
  for (const action of graph.actions.values()) if (isModel(action)) schemas.add(action.target.schema);
  return [...schemas];
}

async function runNodesInOrder(
  context: RunContext,
  nodes: readonly string[],
  options: RunOptions & { concurrency: number; secondsOf: (id: string) => number },
  changes?: Changes,
): Promise<ActionResult[]> {
  const { graph } = context;
  const set = new Set(nodes);
  const before = new Map(nodes.map((id) => [id, dependenciesIn(graph, set, id)]));
  const done = new Map<string, ActionResult>();
  const task = options.progress.start('Models', 'actions', nodes.length);
  const work = async (id: string): Promise<ActionResult> => {
    const action = graph.actions.get(id)!;
    const result = await runAction(context, action, before.get(id)!, done, options.signal, changes);
    done.set(id, result);
    task.advance(1);
    options.onAction?.(result);
    return result;
  };
  try {
    const results = await runInOrder(nodes, (id) => before.get(id)!, options.concurrency, work, options.secondsOf);
    return [...results.values()];
  } finally {
    task.done();
  }
}

async function runAction(
  context: RunContext,
  action: Action,
  before: readonly string[],
  done: ReadonlyMap<string, ActionResult>,
  signal?: AbortSignal,
  changes?: Changes,
): Promise<ActionResult> {
  const base = {
    action: action.id,
    kind: action.kind,
    file: action.file,
    inputs: action.dependencies,
    assertions: [],
    seconds: 0,
  };
  if (action.disabled) return { ...base, status: 'disabled', verdict: 'disabled' };
  if (signal?.aborted) return { ...base, status: 'skipped', verdict: 'skipped: the run was stopped' };
  const cause = before.find((id) => ['failed', 'skipped'].includes(done.get(id)?.status ?? ''));
  if (cause) {
    const why = done.get(cause)!.status === 'failed' ? `${cause} failed` : `${cause} was skipped`;
    return { ...base, status: 'skipped', verdict: `skipped: ${why}` };
  }
  const reason = changes?.reasonNow(action);
  if (changes && !reason) return { ...base, status: 'unchanged', verdict: 'unchanged' };
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const ran = { ...base, startedAt, reason, label: labelOf(context.runId, action.id) };
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const { verdict, rows, assertions } = await build(context, action);
    changes?.note(action, !(await leftAsItWas(context.warehouse, action, verdict, changes.markOf(action))));
    const print = fingerprint(context.graph, action, context.runId);
    return { ...ran, status: 'success', verdict, rows, assertions, seconds: seconds(), fingerprint: print };
  } catch (error) {
    if (signal?.aborted) return { ...ran, status: 'skipped', verdict: 'stopped', seconds: seconds() };
    return { ...ran, ...failureOf(context, action, error), seconds: seconds() };
  }
}

function failureOf(
  { catalog }: RunContext,
  action: Action,
  error: unknown,
): Pick<ActionResult, 'status' | 'verdict' | 'error' | 'assertions' | 'rows'> {
  const kept = isModel(action) && catalog.kindOf(action.target) ? 'previous version kept: ' : '';
  if (error instanceof AuditFailure) {
    const failed = error.results.filter(({ status }) => status !== 'passed').length;
    const what = `${failed} ${failed === 1 ? 'assertion' : 'assertions'} failed`;
    const message = `${what}: ${error.message}`;
    return {
      status: 'failed',
      verdict: `${kept}${what}`,
      assertions: error.results,
      rows: error.rows,
      error: { message, file: action.file },
    };
  }
  if (error instanceof StepFailure) {
    const verdict =
      error.step.purpose === 'post-operation'
        ? 'published, but a post-operation failed'
        : `${kept}${error.step.purpose} failed`;
    return { status: 'failed', verdict, assertions: [], error: error.toActionError(action.file) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const verdict = error instanceof SchemaChange ? `${kept}its columns changed` : `${kept}failed`;
  return { status: 'failed', verdict, assertions: [], error: { message, file: action.file } };
}

function countsOf(actions: readonly ActionResult[]): RunSummary['counts'] {
  const count = (status: ActionStatus): number => actions.filter((action) => action.status === status).length;
  const assertions = actions.flatMap((action) => action.assertions);
  const passed = assertions.filter(({ status }) => status === 'passed').length;
  return {
    success: count('success'),
    failed: count('failed'),
    skipped: count('skipped'),
    unchanged: count('unchanged'),
    disabled: count('disabled'),
    assertionsPassed: passed,
    assertionsFailed: assertions.length - passed,
  };
}
