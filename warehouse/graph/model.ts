/** Where an action writes: a table or view of the warehouse. */
export interface Target {
  readonly database?: string;
  readonly schema: string;
  readonly name: string;
}

export type ActionKind = 'table' | 'view' | 'incremental' | 'operations' | 'assertion';

interface ActionBase {
  /** `schema.name`, unique in the graph. */
  readonly id: string;
  readonly target: Target;
  /** Path of the definition, relative to the project. */
  readonly file: string;
  readonly tags: readonly string[];
  readonly disabled: boolean;
  readonly description?: string;
  /** Ids of actions and declarations that come first. */
  readonly dependencies: readonly string[];
}

/** A table, view or incremental table. */
export interface Model extends ActionBase {
  readonly kind: 'table' | 'view' | 'incremental';
  readonly query: string;
  /** The query of a run that adds to the existing table (incremental only). */
  readonly incrementalQuery: string;
  readonly preOps: readonly string[];
  readonly postOps: readonly string[];
  readonly incrementalPreOps: readonly string[];
  readonly incrementalPostOps: readonly string[];
  /** Columns whose values identify a row of an incremental table; empty = append. */
  readonly uniqueKey: readonly string[];
  /** True when `--full-refresh` may not rebuild it. */
  readonly protected: boolean;
  /** Text inside `WITH (DISTRIBUTION = …)`, such as `HASH([encounter_key]), HEAP`. */
  readonly distribution: string;
  /** Ids of the assertions of its config block. */
  readonly assertions: readonly string[];
}

export interface Operation extends ActionBase {
  readonly kind: 'operations';
  readonly queries: readonly string[];
  readonly hasOutput: boolean;
}

export interface Assertion extends ActionBase {
  readonly kind: 'assertion';
  /** Selects the rows that break the rule: none = passed. */
  readonly query: string;
  /** Id of the model in whose config block it stands. */
  readonly parent?: string;
  /** Columns that it proves unique (a `uniqueKey` of a config block). */
  readonly uniqueColumns?: readonly string[];
  /** True for `rowConditions` and `nonNull` of a config block, which judge each row by itself. */
  readonly rowByRow: boolean;
}

export type Action = Model | Operation | Assertion;

export interface Declaration {
  readonly id: string;
  readonly target: Target;
  readonly file: string;
}

export interface UnitTest {
  readonly name: string;
  readonly file: string;
  readonly testQuery: string;
  readonly expectedQuery: string;
  /** Rows of the incremental table before the run; the test then expects the table after the merge. */
  readonly existingQuery?: string;
  readonly uniqueKey?: readonly string[];
}

/** The compiled project as the runner uses it; every list is in the order of compilation. */
export interface Graph {
  readonly actions: ReadonlyMap<string, Action>;
  readonly declarations: ReadonlyMap<string, Declaration>;
  readonly tests: readonly UnitTest[];
  readonly assertionSchema: string;
  readonly concurrency?: number;
}

export function isModel(action: Action | undefined): action is Model {
  return action?.kind === 'table' || action?.kind === 'view' || action?.kind === 'incremental';
}

/** `schema.name` of a target. */
export function targetId(target: Target): string {
  return `${target.schema}.${target.name}`;
}
