import type { ActionKind } from '../graph/model';

export type ActionStatus = 'success' | 'failed' | 'skipped' | 'unchanged' | 'disabled';

/** What happened to one assertion. Row values are never part of a result: they are in `rowsKeptIn`. */
export interface AssertionResult {
  readonly assertion: string;
  readonly status: 'passed' | 'failed' | 'error';
  readonly failingRows: number;
  /** Table with the rows that broke the rule. */
  readonly rowsKeptIn?: string;
  readonly error?: string;
}

export interface ActionError {
  readonly message: string;
  /** Number of the server's error. */
  readonly number?: number;
  /** What the statement was for (`stage`, `publish`, …). */
  readonly step?: string;
  /** The statement that failed. */
  readonly statement?: string;
  /** Definition, relative to the project. */
  readonly file: string;
}

export interface ActionResult {
  readonly action: string;
  readonly kind: ActionKind;
  readonly file: string;
  readonly status: ActionStatus;
  /** For a person: "published", "previous version kept: …", "skipped: silver.x failed". */
  readonly verdict: string;
  /** Why a run with `--changed` built it. */
  readonly reason?: string;
  readonly startedAt?: string;
  readonly seconds: number;
  readonly rows?: number;
  readonly label?: string;
  readonly assertions: readonly AssertionResult[];
  readonly error?: ActionError;
  /** Names of objects it reads, for lineage. */
  readonly inputs: readonly string[];
  /** Hash of what was built, without the run id. */
  readonly fingerprint?: string;
}

export interface RunSummary {
  readonly runId: string;
  readonly status: 'success' | 'failed' | 'stopped';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  /** Sum of the times of all statements, on all connections. */
  readonly statementSeconds: number;
  readonly statements: number;
  readonly server: string;
  readonly database: string;
  readonly fullRefresh: boolean;
  readonly counts: Readonly<Record<ActionStatus, number>> & {
    readonly assertionsPassed: number;
    readonly assertionsFailed: number;
  };
  /** Left-overs of an earlier run that were cleaned or completed first. */
  readonly healed: readonly string[];
  /** What went wrong beside the actions. */
  readonly warnings: readonly string[];
  readonly actions: readonly ActionResult[];
  /** Path of the run file. */
  readonly file: string;
}
