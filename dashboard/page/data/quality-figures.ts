import { groupBy } from './group';
import type { Row } from './marts';
import { byLargest, sum } from './units';

export interface RuleResult {
  dataset: string;
  /** Id and name. */
  rule: string;
  description: string;
  /** What happens to a row that breaks it: `stop`, `quarantine`, `repair` or `warn`. */
  action: string;
  checked: bigint;
  failed: bigint;
  /** Millionths; null when no row was checked. */
  score: bigint | null;
}

export interface Scorecard {
  runId: string;
  /** By dataset and rule. */
  rules: RuleResult[];
  /** Rules that rows break, the lowest score first. */
  broken: RuleResult[];
  datasets: { name: string; rules: number; broken: number }[];
  checked: bigint;
  failed: bigint;
  score: bigint | null;
}

type ScoreRow = Row<'data_quality_scorecard'>;

/** The newest run's results; undefined when no run has any. */
export function scorecard(rows: readonly ScoreRow[]): Scorecard | undefined {
  const runId = newestRun(rows);
  if (runId === undefined) return undefined;
  const results = rows.filter((row) => row.run_id === runId);
  const rules = results.map((row) => ({
    dataset: row.dataset,
    rule: row.rule,
    description: row.description,
    action: row.action,
    checked: row.rows_checked,
    failed: row.rows_failed,
    score: scoreOf([row]),
  }));
  rules.sort((one, other) => `${one.dataset} ${one.rule}`.localeCompare(`${other.dataset} ${other.rule}`));
  const isBroken = ({ failed }: RuleResult) => failed > 0n;
  return {
    runId,
    rules,
    broken: byLargest(rules.filter(isBroken), ({ score }) => -score!),
    datasets: [...groupBy(rules, ({ dataset }) => dataset)].map(([name, own]) => ({
      name,
      rules: own.length,
      broken: own.filter(isBroken).length,
    })),
    checked: sum(rules, ({ checked }) => checked),
    failed: sum(rules, ({ failed }) => failed),
    score: scoreOf(results),
  };
}

/** Of the rows measured last: run ids that the stock CLI writes do not sort by time. */
function newestRun(rows: readonly { run_id: string; measured_at: Date }[]): string | undefined {
  const [first, ...others] = rows;
  return others.reduce((newest, row) => (row.measured_at > newest!.measured_at ? row : newest), first)?.run_id;
}

function scoreOf(rows: readonly ScoreRow[]): bigint | null {
  const checked = sum(rows, (row) => row.rows_checked);
  const failed = sum(rows, (row) => row.rows_failed);
  return checked === 0n ? null : ((checked - failed) * 1_000_000n) / checked;
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
export function reconciliation(rows: readonly Row<'layer_reconciliation'>[]): {
  runId: string | undefined;
  hops: Hop[];
} {
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

/** Hops where rows did not simply go on come first, those with the most such rows before the others. */
export function eventfulHops(hops: readonly Hop[]): Hop[] {
  const size = (rows: bigint) => (rows < 0n ? -rows : rows);
  const left = ({ quarantined, superseded, difference }: Hop) => quarantined + superseded + size(difference);
  return byLargest(
    hops.filter((hop) => left(hop) > 0n),
    (hop) => (hop.difference === 0n ? left(hop) : left(hop) + 10n ** 18n),
  );
}
