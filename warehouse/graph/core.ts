/** The parts of `@dataform/core` 2.9.0 that the compiler uses, typed. Its own types describe a bundle of 250 kB. */
import * as untypedCore from '@dataform/core';
import type { Target } from './model';

/** `dataform.json`, with the overrides of a run. */
export interface ProjectConfig {
  warehouse: string;
  defaultDatabase?: string;
  defaultSchema?: string;
  assertionSchema?: string;
  schemaSuffix?: string;
  databaseSuffix?: string;
  tablePrefix?: string;
  concurrentQueryLimit?: number;
  vars?: Record<string, string>;
  gcloudProjectId?: string;
}

export interface CoreTarget {
  database?: string;
  schema?: string;
  name: string;
}

interface CoreAction {
  target: CoreTarget;
  canonicalTarget?: CoreTarget;
  dependencyTargets?: CoreTarget[];
  disabled?: boolean;
  tags?: string[];
  fileName?: string;
  actionDescriptor?: { description?: string; columns?: { path?: string[]; description?: string }[] };
}

export interface CoreTable extends CoreAction {
  enumType: 'TABLE' | 'INCREMENTAL' | 'VIEW' | 'INLINE' | 'UNKNOWN_TYPE';
  type?: string;
  query?: string;
  incrementalQuery?: string;
  where?: string;
  uniqueKey?: string[];
  protected?: boolean;
  preOps?: string[];
  postOps?: string[];
  incrementalPreOps?: string[];
  incrementalPostOps?: string[];
  sqlDataWarehouse?: { distribution?: string };
}

export interface CoreOperation extends CoreAction {
  queries?: string[];
  hasOutput?: boolean;
}

export interface CoreAssertion extends CoreAction {
  query?: string;
  parentAction?: CoreTarget;
}

export interface CoreTest {
  name: string;
  testQuery?: string;
  expectedOutputQuery?: string;
  fileName?: string;
}

export interface CoreError {
  fileName?: string;
  message?: string;
  stack?: string;
  actionName?: string;
  actionTarget?: CoreTarget;
}

/** The document that `dataform compile --json` prints. */
export interface CompiledGraph {
  projectConfig?: ProjectConfig;
  tables?: CoreTable[];
  operations?: CoreOperation[];
  assertions?: CoreAssertion[];
  declarations?: CoreAction[];
  tests?: CoreTest[];
  graphErrors?: { compilationErrors?: CoreError[] };
  dataformCoreVersion?: string;
  targets?: Target[];
}

/** A test as core holds it before it is compiled. */
export interface SessionTest {
  proto: CoreTest;
  datasetToTest?: unknown;
}

export interface Session {
  init(directory: string, config: ProjectConfig, original: ProjectConfig, sqlFiles: boolean): void;
  compile(): unknown;
  compileError(error: unknown, file?: string): void;
  publish: unknown;
  operate: unknown;
  assert: unknown;
  declare: unknown;
  test: unknown;
  tests: Record<string, SessionTest>;
}

interface Core {
  session: Session;
  compiler(source: string, path: string): string;
  version: string;
}

export const core = untypedCore as unknown as Core;

/** A session of its own for each compilation, so that nothing of one project leaks into the next. */
export function newSession(directory: string, config: ProjectConfig, original: ProjectConfig): Session {
  const SessionClass = core.session.constructor as new (
    directory: string,
    config: ProjectConfig,
    original: ProjectConfig,
    sqlFiles: boolean,
  ) => Session;
  return new SessionClass(directory, config, original, false);
}
