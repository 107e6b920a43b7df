import type { Settings } from '../../azure/settings';
import { statesTable } from '../changed/build-states';
import type { Changes } from '../changed/changes';
import { findChanges } from '../changed/open-changes';
import { Warehouse } from '../connection/warehouse';
import { compileProject } from '../graph/compile';
import { isModel, type Action, type ActionKind, type Graph } from '../graph/model';
import { readLastBuilds, type LastBuild } from '../results/run-file';
import { addsToTable } from '../run/build';
import { Catalog } from '../run/catalog';
import { selectActions, type Selection } from '../select/select';
import type { Step } from '../sql/step';
import { fingerprint } from './fingerprint';
import { dependenciesIn, inOrder, runNodes } from './order';
import { planSteps } from './steps';

export interface PlanOptions extends Selection {
  projectDir: string;
  vars?: Record<string, string>;
  schemaSuffix?: string;
  fullRefresh?: boolean;
  /** Plan a run with `--changed`: with its reasons, and `unchanged` for what it would not build. */
  changed?: boolean;
  /** Plan without a connection, from the project and the notes of earlier runs. */
  offline?: boolean;
  signal?: AbortSignal;
}

export type Reason =
  | 'new'
  | 'changed'
  | 'full refresh'
  | 'upstream changed'
  | 'selected'
  | 'disabled'
  | 'never built from here';

export interface PlannedAction {
  readonly action: string;
  readonly kind: ActionKind;
  readonly file: string;
  readonly tags: readonly string[];
  /** Why its result will differ; `selected` when nothing is known to have changed. A run builds it in any case. */
  readonly reason: string;
  readonly after: readonly string[];
  readonly steps: readonly Step[];
}

export interface PlanSummary {
  readonly offline: boolean;
  readonly actions: readonly PlannedAction[];
}

/** Stands for the run id in a plan, so that two plans of the same project are equal. No other text in SQL looks like it. */
const planRunId = '00000000T000000Z-000000';

/** What a run with these options would do, in order, with the reason and the exact SQL of each action. Changes nothing. */
export async function planProject(settings: Settings, options: PlanOptions): Promise<PlanSummary> {
  const { graph } = compileProject({
    projectDir: options.projectDir,
    schemaSuffix: options.schemaSuffix,
    vars: { ...options.vars, run_id: planRunId },
    defaultDatabase: settings.synapse.database,
  });
  const nodes = inOrder(graph, runNodes(graph, selectActions(graph, options)));
  const builds = readLastBuilds(settings.home, settings.synapse.server, settings.synapse.database);
  if (options.offline) return { offline: true, actions: await describe(graph, nodes, builds, options) };
  const warehouse = await Warehouse.connect(settings, 2, options.signal);
  try {
    const targets = [...graph.actions.values()].map(({ target }) => target);
    const schemas = [...new Set([statesTable, ...targets].map(({ schema }) => schema))];
    const catalog = await Catalog.read(warehouse, schemas, false);
    const { changed, fullRefresh = false } = options;
    const changes = changed
      ? await findChanges(warehouse, catalog, { graph, runId: planRunId, nodes, fullRefresh })
      : undefined;
    return { offline: false, actions: await describe(graph, nodes, builds, options, catalog, changes) };
  } finally {
    await warehouse.close();
  }
}

async function describe(
  graph: Graph,
  nodes: readonly string[],
  builds: Record<string, LastBuild>,
  options: PlanOptions,
  catalog?: Catalog,
  changes?: Changes,
): Promise<PlannedAction[]> {
  const set = new Set(nodes);
  const changed = new Set<string>();
  const planned: PlannedAction[] = [];
  for (const id of nodes) {
    const action = graph.actions.get(id)!;
    const after = dependenciesIn(graph, set, id);
    const reason =
      changes && !action.disabled
        ? (changes.candidates.get(id) ?? 'unchanged')
        : reasonFor(graph, action, builds[id], options, after, changed, catalog);
    const isSent = !action.disabled && reason !== 'unchanged';
    if (!['selected', 'disabled'].includes(reason)) changed.add(id);
    planned.push({
      action: id,
      kind: action.kind,
      file: action.file,
      tags: action.tags,
      reason,
      after,
      steps: isSent ? await stepsFor(graph, action, builds[id], options, catalog) : [],
    });
  }
  return planned;
}

function reasonFor(
  graph: Graph,
  action: Action,
  last: LastBuild | undefined,
  options: PlanOptions,
  after: readonly string[],
  changed: ReadonlySet<string>,
  catalog?: Catalog,
): Reason {
  if (action.disabled) return 'disabled';
  if (options.fullRefresh && action.kind === 'incremental' && !action.protected) return 'full refresh';
  if (catalog && isModel(action) && !catalog.kindOf(action.target)) return 'new';
  if (!last) return catalog ? 'never built from here' : 'new';
  if (last.fingerprint !== fingerprint(graph, action, planRunId)) return 'changed';
  return after.some((id) => changed.has(id)) ? 'upstream changed' : 'selected';
}

async function stepsFor(
  graph: Graph,
  action: Action,
  last: LastBuild | undefined,
  options: PlanOptions,
  catalog?: Catalog,
): Promise<Step[]> {
  if (!isModel(action)) return planSteps(graph, action, { runId: planRunId, adds: false, grants: [] });
  if (!catalog) {
    const existing = last ? (action.kind === 'view' ? 'view' : 'table') : undefined;
    const adds = action.kind === 'incremental' && Boolean(last) && (!options.fullRefresh || action.protected);
    return planSteps(graph, action, { runId: planRunId, existing, adds, grants: [], columns: ['…'] });
  }
  const adds = addsToTable({ catalog, fullRefresh: options.fullRefresh ?? false }, action);
  return planSteps(graph, action, {
    runId: planRunId,
    isUnchanged: last?.fingerprint === fingerprint(graph, action, planRunId),
    existing: catalog.kindOf(action.target),
    adds,
    grants: catalog.grantsOn(action.target),
    columns: adds ? (await catalog.columnsOf(action.target)).map(({ name }) => name) : undefined,
  });
}
