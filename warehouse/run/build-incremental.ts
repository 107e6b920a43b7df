import type { Model } from '../graph/model';
import { addColumns, dropAuditView, dropDelta, merge, stageDelta, type Column } from '../sql/incremental';
import { labelOf } from '../sql/label';
import { auditSuffix, nextSuffix, previousSuffix, suffixed } from '../sql/names';
import { dropTable, updateStatistics } from '../sql/table';
import { auditIncremental } from './audit-incremental';
import { operations, sendSteps, type Built } from './build';
import type { RunContext } from './context';
import { SchemaChange } from './failure';

/** Stages the rows of this run, audits the table as it would be with them, then merges. */
export async function addToIncremental(context: RunContext, model: Model): Promise<Built> {
  const { catalog, runId } = context;
  const label = labelOf(runId, model.id);
  const delta = suffixed(model.target, nextSuffix);
  await sendSteps(context, operations('pre-operation', model.incrementalPreOps));
  await sendSteps(context, [stageDelta(model, label)]);
  catalog.set(delta, 'table');
  try {
    return await auditAndMerge(context, model, label);
  } finally {
    await context.warehouse
      .send(`${dropDelta(model).sql}\n${dropAuditView(model).sql}`, { repeatable: true })
      .catch(() => {});
    catalog.set(delta, undefined);
    catalog.set(suffixed(model.target, auditSuffix), undefined);
  }
}

async function auditAndMerge(context: RunContext, model: Model, label: string): Promise<Built> {
  const { catalog, warehouse } = context;
  const delta = suffixed(model.target, nextSuffix);
  const [existing, staged] = await Promise.all([catalog.columnsOf(model.target), catalog.columnsOf(delta)]);
  const added = columnChange(model, existing, staged);
  const columns = staged.map(({ name }) => name);
  const { results, newRows } = await auditIncremental(context, model, { columns, existing, label });
  const isNothing = newRows === 0 && !added.length;
  const rows = isNothing
    ? 0
    : await sendSteps(context, [addColumns(model.target, added), merge(model, columns, label)]);
  const previous = suffixed(model.target, previousSuffix);
  if (catalog.kindOf(previous)) {
    // An older full build: going back to it would lose every merge since.
    await warehouse.send(dropTable(previous), { repeatable: true });
    catalog.set(previous, undefined);
  }
  if (!isNothing) await sendSteps(context, [updateStatistics(model.target)]);
  await sendSteps(context, operations('post-operation', model.incrementalPostOps));
  const verdict = isNothing ? 'nothing new' : model.uniqueKey.length ? 'merged' : 'appended';
  return { verdict, rows, assertions: results };
}

/** Columns to add. @throws SchemaChange for a column that was removed or has another type. */
export function columnChange(model: Model, existing: readonly Column[], staged: readonly Column[]): Column[] {
  const before = new Map(existing.map((column) => [column.name.toLowerCase(), column]));
  const after = new Map(staged.map((column) => [column.name.toLowerCase(), column]));
  const problems: string[] = [];
  for (const { name } of existing)
    if (!after.has(name.toLowerCase())) problems.push(`column ${name} is in the table, but no longer in the query`);
  for (const { name, type } of staged) {
    const old = before.get(name.toLowerCase());
    if (old && old.type !== type && !isWider(old.type, type))
      problems.push(`column ${name} was ${old.type} and is now ${type}`);
  }
  if (problems.length)
    throw new SchemaChange(
      `${problems.join('; ')}. Rebuild the table: medstream run --select ${model.id} --full-refresh (or bring the column back).`,
    );
  return staged.filter(({ name }) => !before.has(name.toLowerCase()));
}

/** True when every value of type `given` fits `held`: the engine converts it on insert. */
function isWider(held: string, given: string): boolean {
  const a = /^(n?varchar|n?char|varbinary)\((max|\d+)\)$/.exec(held);
  const b = /^(n?varchar|n?char|varbinary)\((max|\d+)\)$/.exec(given);
  if (a && b) return a[1] === b[1] && (a[2] === 'max' || Number(a[2]) >= Number(b[2] === 'max' ? Infinity : b[2]));
  const integers = ['tinyint', 'smallint', 'int', 'bigint'];
  if (integers.includes(held) && integers.includes(given)) return integers.indexOf(held) >= integers.indexOf(given);
  const c = /^decimal\((\d+),(\d+)\)$/.exec(held);
  const d = /^decimal\((\d+),(\d+)\)$/.exec(given);
  if (c && d) return Number(c[2]) >= Number(d[2]) && Number(c[1]) - Number(c[2]) >= Number(d[1]) - Number(d[2]);
  return false;
}
