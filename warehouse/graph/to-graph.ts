import type { CompiledGraph, CoreAssertion, CoreTable, CoreTarget } from './core';
import type { Action, Assertion, Declaration, Graph, Model, Target, UnitTest } from './model';
import { targetId } from './model';

/** The runner's view of a compiled graph: ids instead of targets, and each model with its own assertions. */
export function toGraph(compiled: CompiledGraph, incrementalTests: readonly UnitTest[]): Graph {
  const actions = new Map<string, Action>();
  const own = ownAssertions(compiled.assertions ?? []);
  for (const table of compiled.tables ?? []) {
    if (table.enumType === 'INLINE' || table.enumType === 'UNKNOWN_TYPE') continue;
    const action = toModel(table, own.get(idOf(table.target)) ?? []);
    actions.set(action.id, action);
  }
  for (const operation of compiled.operations ?? []) {
    const base = baseOf(operation);
    actions.set(base.id, {
      ...base,
      kind: 'operations',
      queries: operation.queries ?? [],
      hasOutput: operation.hasOutput ?? false,
    });
  }
  for (const assertion of compiled.assertions ?? []) {
    const action = toAssertion(assertion);
    actions.set(action.id, action);
  }
  const declarations = new Map<string, Declaration>();
  for (const { target, fileName } of compiled.declarations ?? [])
    declarations.set(idOf(target), { id: idOf(target), target: toTarget(target), file: fileName ?? '' });
  const tests = (compiled.tests ?? [])
    .filter((test) => test.testQuery && test.expectedOutputQuery)
    .map((test) => ({
      name: test.name,
      file: test.fileName ?? '',
      testQuery: test.testQuery!,
      expectedQuery: test.expectedOutputQuery!,
    }));
  return {
    actions,
    declarations,
    tests: [...tests, ...incrementalTests],
    assertionSchema: assertionSchemaOf(compiled),
    concurrency: compiled.projectConfig?.concurrentQueryLimit,
  };
}

function assertionSchemaOf({ projectConfig }: CompiledGraph): string {
  const schema = projectConfig?.assertionSchema || 'dataform_assertions';
  return projectConfig?.schemaSuffix ? `${schema}_${projectConfig.schemaSuffix}` : schema;
}

function ownAssertions(assertions: readonly CoreAssertion[]): Map<string, string[]> {
  const own = new Map<string, string[]>();
  for (const { parentAction, target, disabled } of assertions) {
    if (!parentAction || disabled) continue;
    const parent = idOf(parentAction);
    own.set(parent, [...(own.get(parent) ?? []), idOf(target)]);
  }
  return own;
}

type CoreBase = Pick<CoreTable, 'target' | 'dependencyTargets' | 'disabled' | 'tags' | 'fileName' | 'actionDescriptor'>;

function baseOf(action: CoreBase) {
  return {
    id: idOf(action.target),
    target: toTarget(action.target),
    file: action.fileName ?? '',
    tags: action.tags ?? [],
    disabled: action.disabled ?? false,
    description: action.actionDescriptor?.description,
    dependencies: [...new Set((action.dependencyTargets ?? []).map(idOf))],
  };
}

/** What includes/synapse.js adds for the stock CLI, which cannot merge: this runner can. */
const stockOnly = /^\s*-- stock CLI only/;

function toModel(table: CoreTable, assertions: string[]): Model {
  const kinds = { TABLE: 'table', VIEW: 'view', INCREMENTAL: 'incremental' } as const;
  const query = table.query ?? '';
  return {
    ...baseOf(table),
    kind: kinds[table.enumType as keyof typeof kinds],
    query,
    incrementalQuery: withWhere(table.incrementalQuery || query, table.where),
    preOps: table.preOps ?? [],
    postOps: table.postOps ?? [],
    incrementalPreOps: (table.incrementalPreOps ?? []).filter((sql) => !stockOnly.test(sql)),
    incrementalPostOps: table.incrementalPostOps ?? [],
    uniqueKey: table.uniqueKey ?? [],
    protected: table.protected ?? false,
    // The include that carries index choices past core's check appends a comment; it is no part of the design.
    distribution: (table.sqlDataWarehouse?.distribution ?? 'ROUND_ROBIN').replace(/\/\*.*?\*\//gs, '').trim(),
    assertions,
  };
}

/** `incremental_where`, as the stock CLI applies it. */
function withWhere(query: string, where: string | undefined): string {
  return where ? `SELECT * FROM (\n${query}\n) AS filtered\nWHERE ${where}` : query;
}

function toAssertion(assertion: CoreAssertion): Assertion {
  const query = assertion.query ?? '';
  return {
    ...baseOf(assertion),
    kind: 'assertion',
    query,
    parent: assertion.parentAction && idOf(assertion.parentAction),
    uniqueColumns: assertion.parentAction ? uniqueColumnsOf(assertion.target.name, query) : undefined,
    rowByRow: Boolean(assertion.parentAction) && assertion.target.name.endsWith('_assertions_rowConditions'),
  };
}

/** The columns in the GROUP BY of core's index assertion. */
function uniqueColumnsOf(name: string, query: string): string[] | undefined {
  if (!/_assertions_uniqueKey_\d+$/.test(name)) return undefined;
  const columns = /GROUP BY\s+([\s\S]+?)\s*\)\s*AS\s+data/i.exec(query)?.[1];
  return columns?.split(',').map((column) => column.trim().replace(/^["[]|["\]]$/g, ''));
}

function toTarget(target: CoreTarget): Target {
  return { database: target.database || undefined, schema: target.schema ?? '', name: target.name };
}

function idOf(target: CoreTarget): string {
  return targetId(toTarget(target));
}
