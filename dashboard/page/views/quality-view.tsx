import { Badge } from '../components/badge';
import { Card, Cards, noFigure } from '../components/card';
import { Needs } from '../components/needs';
import type { Marts } from '../data/export-store';
import { reconciliation, scorecard } from '../data/quality-figures';
import { formatCount, formatScore, sum } from '../data/units';
import { AlertsPanel } from './alerts-panel';
import { FreshnessPanel } from './freshness-panel';
import { QuarantinePanel } from './quarantine-panel';
import { ReconciliationPanel } from './reconciliation-panel';
import { ScorecardPanel } from './scorecard-panel';
import { VolumePanel } from './volume-panel';

/** Whether the numbers can be trusted: rules, row counts from layer to layer, age of the data, and what was set aside. */
export function QualityView({ marts }: { marts: Marts }) {
  return (
    <>
      <QualityCards marts={marts} />
      <Needs mart="quality_alerts" marts={marts}>
        {(rows) => <AlertsPanel alerts={rows} />}
      </Needs>
      <Needs mart="data_quality_scorecard" marts={marts}>
        {(rows) => <ScorecardPanel card={scorecard(rows)!} />}
      </Needs>
      <Needs mart="layer_reconciliation" marts={marts}>
        {(rows) => <ReconciliationPanel {...reconciliation(rows)} />}
      </Needs>
      <Needs mart="quarantine_summary" marts={marts} whenEmpty={<NothingInQuarantine />}>
        {(rows) => <QuarantinePanel rows={rows} />}
      </Needs>
      <Needs mart="pipeline_freshness" marts={marts}>
        {(rows) => <FreshnessPanel rows={rows} />}
      </Needs>
      <Needs mart="volume_anomaly" marts={marts}>
        {(rows) => <VolumePanel rows={rows} />}
      </Needs>
    </>
  );
}

function rowsOf<Item>(mart: { rows: Item[] } | { problem: string } | undefined): Item[] | undefined {
  return mart && 'rows' in mart ? mart.rows : undefined;
}

function QualityCards({ marts }: { marts: Marts }) {
  const alerts = rowsOf(marts.quality_alerts);
  const firing = alerts?.filter((alert) => alert.is_firing);
  const card = scorecard(rowsOf(marts.data_quality_scorecard) ?? []);
  const hops = reconciliation(rowsOf(marts.layer_reconciliation) ?? []).hops;
  const lost = hops.filter(({ difference }) => difference !== 0n);
  const reasons = rowsOf(marts.quarantine_summary);
  const faults = reasons && sum(reasons, ({ events }) => events);
  return (
    <Cards>
      <Card
        label="Alerts"
        value={firing ? (firing.length ? formatCount(BigInt(firing.length)) : 'None') : noFigure}
        tone={firing && (firing.length ? 'bad' : 'good')}
        note={alerts && `of ${formatCount(BigInt(alerts.length))} checks of the newest run`}
      />
      <Card
        label="Quality score"
        value={formatScore(card?.score ?? null)}
        tone={card && (card.broken.length ? 'warn' : 'good')}
        note={card && `${formatCount(card.checked - card.failed)} of ${formatCount(card.checked)} row checks hold`}
      />
      <Card
        label="Rows accounted for"
        value={hops.length ? (lost.length ? 'Not all' : 'All') : noFigure}
        tone={hops.length ? (lost.length ? 'bad' : 'good') : undefined}
        note={hops.length ? `${hops.length - lost.length} of ${hops.length} hops add up` : undefined}
      />
      <Card
        label="Faults in quarantine"
        value={faults === undefined ? noFigure : formatCount(faults)}
        tone={faults === undefined ? undefined : faults > 0n ? 'warn' : 'good'}
        note={reasons && `for ${reasons.length} ${reasons.length === 1 ? 'reason' : 'reasons'}`}
      />
    </Cards>
  );
}

function NothingInQuarantine() {
  return (
    <section class="panel" aria-labelledby="quarantine">
      <header class="panel-head">
        <h2 id="quarantine">Quarantine reasons</h2>
      </header>
      <p>
        <Badge tone="good">No event is in quarantine</Badge>
      </p>
    </section>
  );
}
