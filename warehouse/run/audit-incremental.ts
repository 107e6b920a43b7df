import type { Assertion, Model } from '../graph/model';
import type { AssertionResult } from '../results/model';
import { auditView, duplicateKeys, type Column } from '../sql/incremental';
import { auditSuffix, nextSuffix, suffixed } from '../sql/names';
import { audit } from './audit';
import { ownAssertions, sendSteps } from './build';
import type { RunContext } from './context';
import { AuditFailure } from './failure';

/**
 * Which assertions of an incremental table need the new rows only, and which the whole table as it would be. A rule that judges each
 * row by itself holds for the whole when it holds for the new rows, and so does uniqueness of the key that the merge replaces
 * rows by: as long as the last build was audited by the same rules (`isUnchanged`).
 */
export function splitAssertions(
  model: Model,
  assertions: readonly Assertion[],
  isUnchanged: boolean,
): { ofNewRows: Assertion[]; ofWhole: Assertion[] } {
  const needsNewRowsOnly = (assertion: Assertion): boolean =>
    isUnchanged && (assertion.rowByRow || isMergeKey(model, assertion));
  return {
    ofNewRows: assertions.filter(needsNewRowsOnly),
    ofWhole: assertions.filter((assertion) => !needsNewRowsOnly(assertion)),
  };
}

/** Audits the staged rows of an incremental table. @throws AuditFailure when they may not be merged. */
export async function auditIncremental(
  context: RunContext,
  model: Model,
  on: { columns: readonly string[]; existing: readonly Column[]; label: string },
): Promise<{ results: AssertionResult[]; newRows?: number }> {
  const delta = suffixed(model.target, nextSuffix);
  const { ofNewRows, ofWhole } = splitAssertions(model, ownAssertions(context, model), context.isUnchanged(model));
  if (model.uniqueKey.length && !ofNewRows.some((assertion) => isMergeKey(model, assertion)))
    await refuseDuplicates(context, model);
  const { label } = on;
  const ofDelta = await audit(context, ofNewRows, { from: model.target, to: delta, countOf: delta, label });
  const results = [...ofDelta.results];
  if (ofWhole.length && (ofDelta.rows !== 0 || !context.isUnchanged(model))) {
    const known = new Set(on.existing.map(({ name }) => name.toLowerCase()));
    await sendSteps(context, auditView(model, on.columns, known));
    const view = suffixed(model.target, auditSuffix);
    context.catalog.set(view, 'view');
    results.push(...(await audit(context, ofWhole, { from: model.target, to: view, label })).results);
  }
  if (results.some(({ status }) => status !== 'passed')) throw new AuditFailure(results);
  return { results, newRows: ofDelta.rows };
}

async function refuseDuplicates({ warehouse }: RunContext, model: Model): Promise<void> {
  const [row] = await warehouse.query<{ failing_rows: string | number }>(duplicateKeys(model));
  const failingRows = Number(row?.failing_rows ?? 0);
  if (failingRows)
    throw new AuditFailure([{ assertion: `${model.id}.uniqueKey of the new rows`, status: 'failed', failingRows }]);
}

function isMergeKey({ uniqueKey }: Model, { uniqueColumns = [] }: Assertion): boolean {
  const normal = (columns: readonly string[]): string =>
    columns
      .map((name) => name.toLowerCase())
      .sort()
      .join();
  return uniqueKey.length > 0 && normal(uniqueColumns) === normal(uniqueKey);
}
