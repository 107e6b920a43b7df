import type { Settings } from '../../azure/settings';
import { ExitCode, MedStreamError, stoppedError } from '../../common/errors';
import type { Progress } from '../../common/progress';
import { safeMessage } from '../connection/errors';
import { Warehouse, type Table } from '../connection/warehouse';
import { compileProject } from '../graph/compile';
import type { UnitTest } from '../graph/model';
import { nearestNames } from '../graph/nearest';
import { runInOrder } from '../run/scheduler';
import { diffTables, diffText, normalize, type RowDiff } from './diff';

export interface TestOptions {
  projectDir: string;
  vars?: Record<string, string>;
  schemaSuffix?: string;
  /** Names of tests, `*` for any text; default all. */
  names?: readonly string[];
  progress: Progress;
  signal?: AbortSignal;
}

export interface TestResult {
  readonly test: string;
  readonly file: string;
  readonly status: 'passed' | 'failed' | 'error';
  readonly seconds: number;
  readonly diff?: RowDiff;
  /** The difference or the error, as a person reads it. */
  readonly message?: string;
}

export interface TestSummary {
  readonly status: 'success' | 'failed';
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly tests: readonly TestResult[];
}

/**
 * Runs the project's unit tests: each model's query over the invented rows of the test, compared as a set with the rows that the
 * test expects. Nothing is created in the warehouse.
 */
export async function testProject(settings: Settings, options: TestOptions): Promise<TestSummary> {
  const started = performance.now();
  const { graph } = compileProject({ ...options, defaultDatabase: settings.synapse.database });
  const tests = chosen(graph.tests, options.names);
  const connections = 4;
  const warehouse = await Warehouse.connect(settings, connections, options.signal);
  const task = options.progress.start('Tests', 'tests', tests.length);
  try {
    const byName = new Map(tests.map((test) => [test.name, test]));
    const results = await runInOrder(
      [...byName.keys()],
      () => [],
      connections,
      async (name) => {
        const result = await runTest(warehouse, byName.get(name)!, options.signal);
        task.advance(1);
        return result;
      },
    );
    if (options.signal?.aborted) throw stoppedError();
    const list = [...byName.keys()].map((name) => results.get(name)!);
    const passed = list.filter(({ status }) => status === 'passed').length;
    return {
      status: passed === list.length ? 'success' : 'failed',
      passed,
      failed: list.length - passed,
      seconds: (performance.now() - started) / 1000,
      tests: list,
    };
  } finally {
    task.done();
    await warehouse.close();
  }
}

async function runTest(warehouse: Warehouse, test: UnitTest, signal?: AbortSignal): Promise<TestResult> {
  const started = performance.now();
  const base = { test: test.name, file: test.file };
  try {
    const [actual, expected, existing] = await Promise.all([
      warehouse.read(test.testQuery),
      warehouse.read(test.expectedQuery),
      test.existingQuery ? warehouse.read(test.existingQuery) : undefined,
    ]);
    const diff = diffTables(expected, existing ? merged(existing, actual, test.uniqueKey ?? []) : actual);
    const seconds = (performance.now() - started) / 1000;
    return diff
      ? { ...base, status: 'failed', seconds, diff, message: diffText(diff) }
      : { ...base, status: 'passed', seconds };
  } catch (error) {
    if (signal?.aborted) throw stoppedError();
    return { ...base, status: 'error', seconds: (performance.now() - started) / 1000, message: safeMessage(error) };
  }
}

/** What the merge of an incremental table leaves: the rows that were there, but for replaced keys, and the new ones. */
export function merged(existing: Table, added: Table, uniqueKey: readonly string[]): Table {
  const position = (table: Table, name: string): number =>
    table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  const keyOf = (table: Table, row: readonly unknown[]): string =>
    JSON.stringify(uniqueKey.map((name) => normalize(row[position(table, name)])));
  const replaced = new Set(uniqueKey.length ? added.rows.map((row) => keyOf(added, row)) : []);
  const kept = existing.rows.filter((row) => !uniqueKey.length || !replaced.has(keyOf(existing, row)));
  const aligned = kept.map((row) => added.columns.map(({ name }) => row[position(existing, name)] ?? null));
  return { columns: added.columns, rows: [...aligned, ...added.rows] };
}

function chosen(tests: readonly UnitTest[], names: readonly string[] = []): UnitTest[] {
  if (!names.length) return [...tests];
  const found = new Set<UnitTest>();
  for (const name of names) {
    const pattern = new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
    const matched = tests.filter((test) => pattern.test(test.name));
    if (!matched.length) {
      const near = nearestNames(
        name,
        tests.map((test) => test.name),
      );
      throw new MedStreamError({
        code: 'MS4002',
        what: `No unit test is named "${name}".`,
        next: near.length
          ? `Did you mean ${near.join(' or ')}?`
          : 'Tests stand in definitions/; `medstream test` runs all of them, by name.',
        exitCode: ExitCode.usage,
      });
    }
    for (const test of matched) found.add(test);
  }
  return tests.filter((test) => found.has(test));
}
