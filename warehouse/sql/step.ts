/** What a statement is for. */
export type Purpose =
  | 'pre-operation'
  | 'stage'
  | 'audit'
  | 'prepare'
  | 'statistics'
  | 'publish'
  | 'add columns'
  | 'merge'
  | 'clean up'
  | 'operation'
  | 'post-operation';

/** One batch of T-SQL that a run sends. */
export interface Step {
  readonly purpose: Purpose;
  readonly sql: string;
  /** True when it may be sent again after a transient error, whether or not it had taken effect. */
  readonly repeatable: boolean;
}

export function step(purpose: Purpose, sql: string, repeatable = false): Step {
  return { purpose, sql, repeatable };
}
