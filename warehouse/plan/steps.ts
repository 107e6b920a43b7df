import type { Action, Assertion, Graph, Model, Target } from '../graph/model';
import { assertionQuery, countFailures } from '../sql/assertion';
import { addColumns, auditView, dropAuditView, dropDelta, merge, stageDelta } from '../sql/incremental';
import { labelOf } from '../sql/label';
import { auditSuffix, nextSuffix, suffixed } from '../sql/names';
import { step, type Step } from '../sql/step';
import {
  prepareVersion,
  publishTable,
  stageTable,
  statisticsColumns,
  updateStatistics,
  type Grant,
  type ObjectKind,
} from '../sql/table';
import { publishView, stageView } from '../sql/view';
import { splitAssertions } from '../run/audit-incremental';
import { operations, ownAssertions } from '../run/build';
import { buildName } from '../run/context';

/** What a plan knows of the warehouse. Offline: nothing exists. */
export interface PlanState {
  readonly runId: string;
  readonly existing?: ObjectKind;
  /** True when an incremental table adds to what is there. */
  readonly adds: boolean;
  /** True when its last build was audited by the same rules. */
  readonly isUnchanged?: boolean;
  readonly grants: readonly Grant[];
  /** Columns of the table, where they are known. The staged rows may bring others. */
  readonly columns?: readonly string[];
}

/** The T-SQL that a run sends for one action, in order, when every assertion holds. */
export function planSteps(graph: Graph, action: Action, state: PlanState): Step[] {
  if (action.kind === 'operations') return operations('operation', action.queries);
  const label = labelOf(state.runId, action.id);
  if (action.kind === 'assertion')
    return [step('audit', countFailures([{ id: action.id, query: assertionQuery(action) }], undefined, label))];
  if (action.kind === 'view') return viewSteps(graph, action, state, label);
  return state.adds ? incrementalSteps(graph, action, state, label) : tableSteps(graph, action, state, label);
}

function tableSteps(graph: Graph, model: Model, state: PlanState, label: string): Step[] {
  const next = suffixed(model.target, nextSuffix);
  const assertions = ownAssertions({ graph }, model);
  const unique = assertions.flatMap(({ uniqueColumns }) => (uniqueColumns ? [uniqueColumns] : []));
  return present([
    ...operations('pre-operation', model.preOps),
    stageTable(model, label),
    auditStep(assertions, model, nextSuffix, label, next),
    prepareVersion(next, {
      unique,
      statistics: statisticsColumns(model, unique),
      grants: state.grants,
      build: buildName(state.runId),
    }),
    publishTable(model.target, state.existing),
    ...operations('post-operation', model.postOps),
  ]);
}

function viewSteps(graph: Graph, model: Model, state: PlanState, label: string): Step[] {
  const assertions = ownAssertions({ graph }, model);
  const isAudited = assertions.length > 0;
  return present([
    ...operations('pre-operation', model.preOps),
    ...(isAudited ? stageView(model) : []),
    auditStep(assertions, model, nextSuffix, label),
    ...publishView(model, state.existing, isAudited),
    ...operations('post-operation', model.postOps),
  ]);
}

function incrementalSteps(graph: Graph, model: Model, state: PlanState, label: string): Step[] {
  const columns = state.columns ?? [];
  const { ofNewRows, ofWhole } = splitAssertions(model, ownAssertions({ graph }, model), state.isUnchanged ?? false);
  const known = new Set(columns.map((name) => name.toLowerCase()));
  return present([
    ...operations('pre-operation', model.incrementalPreOps),
    stageDelta(model, label),
    auditStep(ofNewRows, model, nextSuffix, label, suffixed(model.target, nextSuffix)),
    ...(ofWhole.length ? auditView(model, columns, known) : []),
    auditStep(ofWhole, model, auditSuffix, label),
    addColumns(model.target, []),
    merge(model, columns, label),
    updateStatistics(model.target),
    ...operations('post-operation', model.incrementalPostOps),
    dropDelta(model),
    dropAuditView(model),
  ]);
}

function auditStep(
  assertions: readonly Assertion[],
  model: Model,
  suffix: string,
  label: string,
  countOf?: Target,
): Step | undefined {
  const rules = assertions.map((assertion) => ({
    id: assertion.id,
    query: assertionQuery(assertion, model.target, suffixed(model.target, suffix)),
  }));
  return rules.length || countOf ? step('audit', countFailures(rules, countOf, label), true) : undefined;
}

function present(steps: readonly (Step | undefined)[]): Step[] {
  return steps.filter((item): item is Step => item !== undefined);
}
