import type { Row } from './marts';
import { byLargest, sum } from './units';

export interface RuleResult {
  dataset: string;
  rule: string;
  checked: bigint;
  failed: bigint;
  /** Millionths; null when no row was checked. */
  score: bigint | null;
}

export interface Scorecard {
  runId: string;
  /** Rules that rows break first, then by dataset and rule. */
  rules: RuleResult[];
  failing: number;
  checked: bigint;
  failed: bigint;
  score: bigint | null;
}

/** The newest run's results; undefined when no run has any. Run ids begin with their UTC time, so they sort by it. */
export function scorecard(rows: readonly Row<'data_quality_scorecard'>[]): Scorecard | undefined {
  if (rows.length === 0) return undefined;
  const runId = newestRun(rows);
  const results = rows.filter((row) => row.run_id === runId);
  const rules = results.map((row) => ({
    dataset: row.dataset,
    rule: row.rule,
    checked: row.rows_checked,
    failed: row.rows_failed,
    score: scoreOf([row]),
  }));
  rules.sort((one, other) => `${one.dataset} ${one.rule}`.localeCompare(`${other.dataset} ${other.rule}`));
  return {
    runId,
    rules: byLargest(rules, (rule) => (rule.failed > 0n ? 1_000_000n - (rule.score ?? 0n) + 1n : 0n)),
    failing: rules.filter(({ failed }) => failed > 0n).length,
    checked: sum(rules, ({ checked }) => checked),
    failed: sum(rules, ({ failed }) => failed),
    score: scoreOf(results),
  };
}

function newestRun(rows: readonly { run_id: string }[]): string {
  return rows.reduce((newest, row) => (row.run_id > newest ? row.run_id : newest), '');
}

function scoreOf(rows: readonly Row<'data_quality_scorecard'>[]): bigint | null {
  const checked = sum(rows, (row) => row.rows_checked);
  const failed = sum(rows, (row) => row.rows_failed);
  if (checked === 0n) return null;
  return failed === 0n ? 1_000_000n : ((checked - failed) * 1_000_000n) / checked;
}

export interface Hop {
  name: string;
  read: bigint;
  accepted: bigint;
  quarantined: bigint;
  superseded: bigint;
  /** Rows read that are nowhere; 0 when all is well. */
  difference: bigint;
}

/** The newest run's hops, in the order of the export. */
export function reconciliation(rows: readonly Row<'layer_reconciliation'>[]): { runId: string; hops: Hop[] } {
  const runId = newestRun(rows);
  const hops = rows
    .filter((row) => row.run_id === runId)
    .map((row) => ({
      name: row.hop,
      read: row.rows_read,
      accepted: row.accepted,
      quarantined: row.quarantined,
      superseded: row.superseded,
      difference: row.difference,
    }));
  return { runId, hops };
}

/** Events in quarantine by reason, the most frequent first. */
export function quarantineReasons(rows: readonly Row<'quarantine_summary'>[]): Row<'quarantine_summary'>[] {
  return byLargest(rows, (row) => row.events);
}

/** The dataset whose newest data is oldest against its load. */
export function largestLag(rows: readonly Row<'pipeline_freshness'>[]): Row<'pipeline_freshness'> | undefined {
  return byLargest(
    rows.filter((row) => row.lag_seconds !== null),
    (row) => row.lag_seconds!,
  )[0];
}
