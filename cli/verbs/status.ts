import type { Command } from 'commander';
import { readRuns, type RunSummary } from '../../warehouse';
import { count, seconds, table } from '../format';
import { defineVerb, runsAs } from '../frame';
import { readWarehouseStatus, type WarehouseStatus } from '../pipeline/warehouse-status';
import { withServices } from '../services';

interface Status extends WarehouseStatus {
  /** The newest five, newest first. */
  runs: Pick<RunSummary, 'runId' | 'status' | 'finishedAt' | 'seconds' | 'counts' | 'file'>[];
}

export function register(program: Command): void {
  const command = defineVerb(
    program,
    'status',
    'last runs, alerts, freshness, scorecard and reconciliation',
    'medstream status\nmedstream status --json',
  );
  runsAs(command, (context) =>
    withServices(context, ['synapse'], async ({ settings }) => {
      const runs = readRuns(settings.home, 5).map(({ runId, status, finishedAt, seconds: taken, counts, file }) => ({
        runId,
        status,
        finishedAt,
        seconds: taken,
        counts,
        file,
      }));
      const status: Status = { runs, ...(await readWarehouseStatus(settings)) };
      return { json: status, text: statusText(status) };
    }),
  );
}

const notBuilt = 'not built yet: medstream run builds it';

function statusText({ runs, alerts, freshness, scorecard, reconciliation }: Status): string {
  return [
    'Last runs',
    runs.length ? runsText(runs) : 'none yet: medstream run',
    '\nAlerts (where somebody should look)',
    alerts ? alertsText(alerts) : notBuilt,
    '\nFreshness',
    freshness ? freshnessText(freshness) : notBuilt,
    '\nScorecard (rules with failing rows)',
    scorecard ? scorecardText(scorecard) : notBuilt,
    '\nReconciliation (read = accepted + quarantined + superseded)',
    reconciliation ? reconciliationText(reconciliation) : notBuilt,
  ].join('\n');
}

function alertsText(alerts: NonNullable<Status['alerts']>): string {
  if (alerts.length === 0) return 'none';
  return table(
    ['alert', 'severity', 'dataset', 'what it means'],
    alerts.map(({ alert, severity, dataset, message }) => [alert, severity, dataset, message]),
  );
}

function runsText(runs: Status['runs']): string {
  return table(
    ['run', 'status', 'finished', 'time', 'built', 'failed', 'assertions'],
    runs.map((run) => [
      run.runId,
      run.status,
      run.finishedAt,
      seconds(run.seconds),
      count(run.counts.success),
      count(run.counts.failed),
      `${count(run.counts.assertionsPassed)} hold, ${count(run.counts.assertionsFailed)} do not`,
    ]),
    [3, 4, 5],
  );
}

function freshnessText(freshness: NonNullable<Status['freshness']>): string {
  return table(
    ['dataset', 'newest event', 'newest load'],
    freshness.map((row) => [row.dataset, row.newestEventAt ?? '-', row.newestLoadAt ?? '-']),
  );
}

function scorecardText(scorecard: NonNullable<Status['scorecard']>): string {
  const failing = scorecard.filter((row) => row.rowsFailed > 0);
  if (failing.length === 0) return `all ${count(scorecard.length)} rules hold for every row`;
  return table(
    ['dataset', 'rule', 'checked', 'failing', 'score'],
    failing.map((row) => [
      row.dataset,
      row.rule,
      count(row.rowsChecked),
      count(row.rowsFailed),
      row.score === null ? '-' : `${(row.score * 100).toFixed(2)} %`,
    ]),
    [2, 3, 4],
  );
}

function reconciliationText(hops: NonNullable<Status['reconciliation']>): string {
  return table(
    ['hop', 'read', 'accepted', 'quarantined', 'superseded', 'difference'],
    hops.map((hop) => [
      hop.hop,
      ...[hop.rowsRead, hop.accepted, hop.quarantined, hop.superseded, hop.difference].map(count),
    ]),
    [1, 2, 3, 4, 5],
  );
}
