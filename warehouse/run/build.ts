import { isConnectionLost } from '../connection/errors';
import type { Action, Assertion, Model, Operation } from '../graph/model';
import type { AssertionResult } from '../results/model';
import { labelOf } from '../sql/label';
import { nextSuffix, previousSuffix, suffixed } from '../sql/names';
import { step, type Step } from '../sql/step';
import { dropTable, prepareVersion, publishTable, stageTable, statisticsColumns } from '../sql/table';
import { publishView, stageView } from '../sql/view';
import { audit } from './audit';
import { buildName, type RunContext } from './context';
import { AuditFailure, StepFailure } from './failure';
import { healModel } from './heal';
import { addToIncremental } from './build-incremental';

/** What a successful build gives. */
export interface Built {
  readonly verdict: string;
  readonly rows?: number;
  readonly assertions: readonly AssertionResult[];
}

/** Builds one action. @throws StepFailure, AuditFailure or SchemaChange when it fails. */
export function build(context: RunContext, action: Action): Promise<Built> {
  if (action.kind === 'operations') return runOperation(context, action);
  if (action.kind === 'assertion') return runAssertion(context, action);
  if (action.kind === 'view') return buildView(context, action);
  return addsToTable(context, action) ? addToIncremental(context, action) : buildTable(context, action);
}

/** True when an incremental table adds to what is there, instead of being built anew. */
export function addsToTable(
  { catalog, fullRefresh }: Pick<RunContext, 'catalog' | 'fullRefresh'>,
  action: Action,
): boolean {
  if (action.kind !== 'incremental' || catalog.kindOf(action.target) !== 'table') return false;
  return !fullRefresh || action.protected;
}

/** Sends the steps in order. @returns the rows that a merge inserted. */
export async function sendSteps(
  context: RunContext,
  steps: readonly (Step | undefined)[],
): Promise<number | undefined> {
  let rows: number | undefined;
  for (const item of steps) {
    if (!item) continue;
    try {
      const answer = await context.warehouse.send(item.sql, { repeatable: item.repeatable });
      if (item.purpose === 'merge') rows = answer.rowsAffected.at(-1) ?? rows;
    } catch (error) {
      throw new StepFailure(item, error);
    }
  }
  return rows;
}

/** The assertions of a model's config block. */
export function ownAssertions({ graph }: Pick<RunContext, 'graph'>, model: Model): Assertion[] {
  return model.assertions
    .map((id) => graph.actions.get(id))
    .filter((action): action is Assertion => action?.kind === 'assertion' && !action.disabled);
}

async function buildTable(context: RunContext, model: Model): Promise<Built> {
  const { catalog, runId } = context;
  const label = labelOf(runId, model.id);
  const next = suffixed(model.target, nextSuffix);
  await sendSteps(context, operations('pre-operation', model.preOps));
  await sendSteps(context, [stageTable(model, label)]);
  catalog.set(next, 'table');
  const assertions = ownAssertions(context, model);
  const { results, rows } = await audit(context, assertions, { from: model.target, to: next, countOf: next, label });
  if (results.some(({ status }) => status !== 'passed')) {
    await context.warehouse.send(dropTable(next), { repeatable: true });
    catalog.set(next, undefined);
    throw new AuditFailure(results, rows);
  }
  const unique = assertions.flatMap(({ uniqueColumns }) => (uniqueColumns ? [uniqueColumns] : []));
  await sendSteps(context, [
    prepareVersion(next, {
      unique,
      statistics: statisticsColumns(model, unique),
      grants: catalog.grantsOn(model.target),
      build: buildName(runId),
    }),
  ]);
  await publish(context, model);
  await sendSteps(context, operations('post-operation', model.postOps));
  return { verdict: 'published', rows, assertions: results };
}

/** The renames. When the connection breaks on the way, what the catalog then shows is completed. */
async function publish(context: RunContext, model: Model): Promise<void> {
  const { catalog, warehouse } = context;
  const existing = catalog.kindOf(model.target);
  try {
    await sendSteps(context, [publishTable(model.target, existing)]);
  } catch (error) {
    if (!(error instanceof StepFailure) || !isConnectionLost(error.cause)) throw error;
    const fresh = await context.catalog.reread(warehouse, [model.target.schema]);
    const isDone = !fresh.kindOf(suffixed(model.target, nextSuffix)) && fresh.kindOf(model.target) === 'table';
    if (!isDone) {
      const wasUntouched = fresh.kindOf(model.target) === existing;
      if (wasUntouched) await sendSteps(context, [publishTable(model.target, existing)]);
      else await healModel(warehouse, fresh, model);
    }
  }
  catalog.set(suffixed(model.target, nextSuffix), undefined);
  catalog.set(model.target, 'table');
  if (existing === 'table') catalog.set(suffixed(model.target, previousSuffix), 'table');
}

async function buildView(context: RunContext, model: Model): Promise<Built> {
  const { catalog, runId } = context;
  const label = labelOf(runId, model.id);
  await sendSteps(context, operations('pre-operation', model.preOps));
  const assertions = ownAssertions(context, model);
  const next = suffixed(model.target, nextSuffix);
  let results: readonly AssertionResult[] = [];
  if (assertions.length) {
    await sendSteps(context, stageView(model));
    catalog.set(next, 'view');
    ({ results } = await audit(context, assertions, { from: model.target, to: next, label }));
    if (results.some(({ status }) => status !== 'passed')) {
      await sendSteps(context, [stageView(model)[0]]);
      catalog.set(next, undefined);
      throw new AuditFailure(results);
    }
  }
  await sendSteps(context, publishView(model, catalog.kindOf(model.target), assertions.length > 0));
  catalog.set(next, undefined);
  catalog.set(model.target, 'view');
  await sendSteps(context, operations('post-operation', model.postOps));
  return { verdict: 'published', assertions: results };
}

async function runOperation(context: RunContext, operation: Operation): Promise<Built> {
  await sendSteps(context, operations('operation', operation.queries));
  if (operation.hasOutput) context.catalog.set(operation.target, 'table');
  return { verdict: 'done', assertions: [] };
}

async function runAssertion(context: RunContext, assertion: Assertion): Promise<Built> {
  const label = labelOf(context.runId, assertion.id);
  const { results } = await audit(context, [assertion], { label });
  if (results[0]?.status !== 'passed') throw new AuditFailure(results);
  return { verdict: 'passed', assertions: results };
}

/** Statements that the project itself wrote: sent as they are, never twice. */
export function operations(
  purpose: 'pre-operation' | 'post-operation' | 'operation',
  queries: readonly string[],
): Step[] {
  return queries.filter((sql) => sql.trim()).map((sql) => step(purpose, sql.trim()));
}
