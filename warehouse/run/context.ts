import type { Warehouse } from '../connection/warehouse';
import type { Action, Graph } from '../graph/model';
import type { Catalog } from './catalog';

/** The first rows that broke an assertion, for a person at a terminal. They never enter results or logs. */
export interface FailingRows {
  readonly assertion: string;
  readonly columns: readonly string[];
  readonly rows: readonly unknown[][];
}

/** What the builders of one run share. */
export interface RunContext {
  readonly runId: string;
  readonly graph: Graph;
  readonly warehouse: Warehouse;
  readonly catalog: Catalog;
  readonly fullRefresh: boolean;
  /** True when the last build of the action on this warehouse had the same queries and the same assertions. */
  readonly isUnchanged: (action: Action) => boolean;
  /** Set when the caller wants to see failing rows. */
  readonly showRows?: (rows: FailingRows) => void;
}

/** Short and unique name of this build, for constraint names. */
export function buildName(runId: string): string {
  return runId.replace(/[^0-9a-z]/gi, '').slice(-12);
}
