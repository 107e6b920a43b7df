import type { Model, Target } from '../graph/model';
import { labelled } from './label';
import { bracket, literal, nextSuffix, previousSuffix, quoted, suffixed } from './names';
import { step, type Step } from './step';

/** What the catalog says a name is. */
export type ObjectKind = 'table' | 'view';

/** `DROP TABLE` where it exists. */
export function dropTable(target: Target): string {
  return `IF OBJECT_ID(${literal(quoted(target))}, 'U') IS NOT NULL DROP TABLE ${quoted(target)};`;
}

/** `DROP VIEW` where it exists. */
export function dropView(target: Target): string {
  return `IF OBJECT_ID(${literal(quoted(target))}, 'V') IS NOT NULL DROP VIEW ${quoted(target)};`;
}

/**
 * Builds the next version beside the published one. CTAS: parallel, minimally logged, and types come from the query
 * (learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-develop-ctas).
 */
export function stageTable(model: Model, label: string): Step {
  const next = suffixed(model.target, nextSuffix);
  const create = `CREATE TABLE ${quoted(next)}\nWITH (DISTRIBUTION = ${model.distribution})\nAS\n${model.query.trim()}`;
  return step('stage', `${dropTable(next)}\n${labelled(create, label)};`, true);
}

/**
 * The new version takes the name. RENAME OBJECT changes the catalog only; both stand in one batch, because a dedicated pool
 * takes no DDL in a transaction (…/sql-data-warehouse-develop-transactions). The old version stays as `__prev`.
 */
export function publishTable(target: Target, existing: ObjectKind | undefined): Step {
  const next = suffixed(target, nextSuffix);
  const previous = suffixed(target, previousSuffix);
  const lines: string[] = [];
  if (existing === 'table')
    lines.push(dropTable(previous), `RENAME OBJECT ${quoted(target)} TO ${bracket(previous.name)};`);
  if (existing === 'view') lines.push(dropView(target));
  lines.push(`RENAME OBJECT ${quoted(next)} TO ${bracket(target.name)};`);
  return step('publish', lines.join('\n'));
}

/** Columns that joins, filters and GROUP BY most likely use: the distribution columns, and those proven unique. */
export function statisticsColumns(model: Model, uniqueColumns: readonly (readonly string[])[]): string[] {
  const hash = /^HASH\s*\(([^)]*)\)/i.exec(model.distribution)?.[1];
  const distribution = hash?.split(',').map((column) => column.trim().replace(/^["[]|["\]]$/g, '')) ?? [];
  return [...new Set([...distribution, ...uniqueColumns.flat()])];
}

/** Statistics of a new version. They belong to the table and stay with it through the rename. */
function createStatistics(target: Target, columns: readonly string[]): string[] {
  return columns.map(
    (column) => `CREATE STATISTICS ${bracket(`st_${column}`)} ON ${quoted(target)} (${bracket(column)});`,
  );
}

export function updateStatistics(target: Target): Step {
  return step('statistics', `UPDATE STATISTICS ${quoted(target)};`, true);
}

/**
 * Declares keys that have just been proven. Only NOT ENFORCED keys exist, and over duplicates they make the optimizer return
 * wrong results (…/sql-data-warehouse-table-constraints), so they are never declared on trust. `build` keeps the names of two
 * versions apart.
 */
function declareKeys(target: Target, uniqueColumns: readonly (readonly string[])[], build: string): string[] {
  return uniqueColumns.map((columns, index) => {
    const name = bracket(`uq_${target.name.slice(0, 90)}_${index}_${build}`);
    return `ALTER TABLE ${quoted(target)} ADD CONSTRAINT ${name} UNIQUE (${columns.map(bracket).join(', ')}) NOT ENFORCED;`;
  });
}

/** A permission on the published object, as sys.database_permissions has it. */
export interface Grant {
  readonly state: 'GRANT' | 'DENY' | 'GRANT_WITH_GRANT_OPTION';
  readonly permission: string;
  readonly principal: string;
  /** Set for a permission on one column. */
  readonly column?: string;
}

/** Keys, statistics and permissions of an audited version, in one batch. */
export function prepareVersion(
  next: Target,
  of: {
    unique: readonly (readonly string[])[];
    statistics: readonly string[];
    grants: readonly Grant[];
    build: string;
  },
): Step | undefined {
  const parts = [
    ...declareKeys(next, of.unique, of.build),
    ...createStatistics(next, of.statistics),
    ...carryGrants(next, of.grants),
  ];
  return parts.length ? step('prepare', parts.join('\n')) : undefined;
}

/** The permissions of the published object on its next version: RENAME OBJECT leaves them with the old one. */
function carryGrants(target: Target, grants: readonly Grant[]): string[] {
  return grants.map(({ state, permission, principal, column }) => {
    const what = column ? `${permission} (${bracket(column)})` : permission;
    const verb = state === 'DENY' ? 'DENY' : 'GRANT';
    const option = state === 'GRANT_WITH_GRANT_OPTION' ? ' WITH GRANT OPTION' : '';
    return `${verb} ${what} ON OBJECT::${quoted(target)} TO ${bracket(principal)}${option};`;
  });
}
