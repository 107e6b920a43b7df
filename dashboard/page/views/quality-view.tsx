import { Badge } from '../components/badge';
import { BarList } from '../components/bar-list';
import { Card, Cards } from '../components/card';
import { DataTable } from '../components/data-table';
import { Needs } from '../components/needs';
import { Panel } from '../components/panel';
import type { Marts } from '../data/export-store';
import type { Row } from '../data/marts';
import { largestLag, quarantineReasons, reconciliation, scorecard, type Scorecard } from '../data/quality-figures';
import { formatDuration, formatMinute } from '../data/times';
import { formatCount, formatScore, formatShare, share, sum } from '../data/units';
import { ReconciliationPanel } from './reconciliation-panel';

/** Whether the numbers can be trusted: rules, row counts from layer to layer, age of the data, and what was set aside. */
export function QualityView({ marts }: { marts: Marts }) {
  return (
    <>
      <QualityCards marts={marts} />
      <Needs mart="data_quality_scorecard" marts={marts}>
        {(rows) => <ScorecardPanel card={scorecard(rows)!} />}
      </Needs>
      <Needs mart="layer_reconciliation" marts={marts}>
        {(rows) => <ReconciliationPanel {...reconciliation(rows)} />}
      </Needs>
      <Needs mart="pipeline_freshness" marts={marts}>
        {(rows) => <FreshnessPanel rows={rows} />}
      </Needs>
      <Needs mart="quarantine_summary" marts={marts} whenEmpty={<NothingInQuarantine />}>
        {(rows) => <QuarantinePanel rows={quarantineReasons(rows)} />}
      </Needs>
    </>
  );
}

function rowsOf<Item>(mart: { rows: Item[] } | { problem: string } | undefined): Item[] | undefined {
  return mart && 'rows' in mart ? mart.rows : undefined;
}

function QualityCards({ marts }: { marts: Marts }) {
  const card = scorecard(rowsOf(marts.data_quality_scorecard) ?? []);
  const hops = reconciliation(rowsOf(marts.layer_reconciliation) ?? []).hops;
  const lost = hops.filter(({ difference }) => difference !== 0n);
  const lag = largestLag(rowsOf(marts.pipeline_freshness) ?? []);
  const reasons = rowsOf(marts.quarantine_summary);
  const quarantined = reasons && sum(reasons, ({ events }) => events);
  return (
    <Cards>
      <Card
        label="Quality score"
        value={formatScore(card?.score ?? null)}
        tone={card && (card.failing ? 'warn' : 'good')}
        note={card && `${formatCount(card.checked - card.failed)} of ${formatCount(card.checked)} row checks hold`}
      />
      <Card
        label="Rows accounted for"
        value={hops.length ? (lost.length ? 'Not all' : 'All') : '–'}
        tone={hops.length ? (lost.length ? 'bad' : 'good') : undefined}
        note={hops.length ? `${hops.length - lost.length} of ${hops.length} hops add up` : undefined}
      />
      <Card
        label="In quarantine"
        value={quarantined === undefined ? '–' : formatCount(quarantined)}
        tone={quarantined === undefined ? undefined : quarantined > 0n ? 'warn' : 'good'}
        note={reasons && `events, for ${reasons.length} ${reasons.length === 1 ? 'reason' : 'reasons'}`}
      />
      <Card
        label="Largest lag"
        value={lag ? formatDuration(lag.lag_seconds!) : '–'}
        note={lag && `${lag.dataset}: from newest event to load`}
      />
    </Cards>
  );
}

function ScorecardPanel({ card }: { card: Scorecard }) {
  const passing = card.rules.length - card.failing;
  return (
    <section class="panel wide" aria-labelledby="scorecard">
      <header class="panel-head">
        <div>
          <h2 id="scorecard">Scorecard</h2>
          <p class="note">
            {passing} of {card.rules.length} rules hold for every row. Run <code>{card.runId}</code>
          </p>
        </div>
      </header>
      <DataTable
        caption="Rules of the newest run, broken ones first"
        items={card.rules}
        keyOf={({ dataset, rule }) => `${dataset} ${rule}`}
        columns={[
          { title: 'Rule', cell: ({ rule }) => rule },
          { title: 'Dataset', cell: ({ dataset }) => dataset },
          {
            title: 'Result',
            cell: ({ failed, score }) =>
              score === null ? (
                <Badge tone="plain">Nothing to check</Badge>
              ) : failed > 0n ? (
                <Badge tone="warn">{formatCount(failed)} fail</Badge>
              ) : (
                <Badge tone="good">Holds</Badge>
              ),
          },
          { title: 'Rows checked', numeric: true, cell: ({ checked }) => formatCount(checked) },
          { title: 'Rows failed', numeric: true, cell: ({ failed }) => formatCount(failed) },
          { title: 'Score', numeric: true, cell: ({ score }) => formatScore(score) },
        ]}
      />
    </section>
  );
}

function FreshnessPanel({ rows }: { rows: Row<'pipeline_freshness'>[] }) {
  return (
    <section class="panel" aria-labelledby="freshness">
      <header class="panel-head">
        <div>
          <h2 id="freshness">Freshness</h2>
          <p class="note">The newest data of each dataset. Lag is the time from the newest event to the newest load.</p>
        </div>
      </header>
      <DataTable
        caption="Freshness of each dataset"
        items={rows}
        keyOf={({ dataset }) => dataset}
        columns={[
          { title: 'Dataset', cell: ({ dataset }) => dataset },
          { title: 'Newest event, UTC', cell: (row) => instant(row.newest_event_at) },
          { title: 'Newest load, UTC', cell: (row) => instant(row.newest_load_at) },
          {
            title: 'Lag',
            numeric: true,
            cell: ({ lag_seconds: lag }) => (lag === null ? '–' : formatDuration(lag)),
          },
        ]}
      />
    </section>
  );
}

function QuarantinePanel({ rows }: { rows: Row<'quarantine_summary'>[] }) {
  const all = sum(rows, ({ events }) => events);
  return (
    <Panel
      title="Quarantine reasons"
      note={`${formatCount(all)} events are set aside, not dropped; they come back when the cause is gone.`}
      table={
        <DataTable
          caption="Events in quarantine by reason"
          items={rows}
          keyOf={(row) => `${row.rule_id} ${row.reason_code}`}
          columns={[
            { title: 'Reason', cell: (row) => row.reason_code, total: 'Total' },
            { title: 'What it means', cell: (row) => row.description },
            { title: 'Events', numeric: true, cell: (row) => formatCount(row.events), total: formatCount(all) },
            { title: 'First, UTC', cell: (row) => instant(row.first_enqueued_at) },
            { title: 'Last, UTC', cell: (row) => instant(row.last_enqueued_at) },
          ]}
        />
      }
    >
      <BarList
        label="Events in quarantine by reason"
        rows={rows.map((row) => ({
          key: `${row.rule_id} ${row.reason_code}`,
          label: <ReasonLabel {...row} />,
          bars: [{ color: 'quarantined', value: Number(row.events), text: formatCount(row.events) }],
          details: [
            { label: 'Events', value: formatCount(row.events), color: 'quarantined' },
            { label: 'Share of all', value: formatShare(share(row.events, all)) },
            { label: 'First', value: instant(row.first_enqueued_at) },
            { label: 'Last', value: instant(row.last_enqueued_at) },
          ],
        }))}
      />
    </Panel>
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

function ReasonLabel({ description, reason_code: code }: Row<'quarantine_summary'>) {
  return (
    <>
      {description || code}
      {description && <span class="bar-code">{code}</span>}
    </>
  );
}

function instant(date: Date | null): string {
  return date ? formatMinute(date) : '–';
}
