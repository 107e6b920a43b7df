import { Badge } from '../components/badge';
import { BarList } from '../components/bar-list';
import { Card, Cards } from '../components/card';
import { DataTable } from '../components/data-table';
import { Legend } from '../components/legend';
import { Needs } from '../components/needs';
import { Panel } from '../components/panel';
import { ShareBar, type Part } from '../components/share-bar';
import type { Marts } from '../data/export-store';
import { payerFigures, type Payer, type PayerFigures } from '../data/payer-figures';
import { compactMoney, formatCount, formatMoney, formatShare, share, sum } from '../data/units';

/** Who covers the cost, what is paid of it, and how much rests on the five largest payers. */
export function PayersView({ marts }: { marts: Marts }) {
  return (
    <Needs mart="payer_coverage_summary" marts={marts}>
      {(rows) => <Payers figures={payerFigures(rows)} />}
    </Needs>
  );
}

function Payers({ figures }: { figures: PayerFigures }) {
  const { payers, encounters, claimCost, coverage, payments, coverageRate, paymentRate, insuredShare } = figures;
  return (
    <>
      <Cards>
        <Card
          label="Encounters"
          value={formatCount(encounters)}
          note={`${formatShare(insuredShare)} of them insured`}
        />
        <Card
          label="Claim cost"
          value={compactMoney(claimCost)}
          exact={formatMoney(claimCost)}
          note={`${payers.length} payers`}
        />
        <Card
          label="Coverage rate"
          value={formatShare(coverageRate)}
          exact={formatMoney(coverage)}
          note="Payer coverage ÷ claim cost"
        />
        <Card
          label="Payment rate"
          value={formatShare(paymentRate)}
          exact={formatMoney(payments)}
          note="Payments by payers and patients ÷ claim cost"
        />
      </Cards>
      <TopFivePanel figures={figures} />
      <RatesPanel payers={payers} />
      <section class="panel wide" aria-labelledby="payer-table">
        <header class="panel-head">
          <h2 id="payer-table">All payers</h2>
        </header>
        <PayerTable figures={figures} />
      </section>
    </>
  );
}

function TopFivePanel({ figures: { payers, claimCost, topFive, others } }: { figures: PayerFigures }) {
  const first = payers.slice(0, 5);
  const rest = payers.slice(5);
  const parts: Part[] = [
    ...first.map(({ name, claimCost: amount }, at) => ({ color: `rank-${at + 1}`, label: name, amount })),
    { color: 'others', label: `${rest.length} others`, amount: others },
  ];
  const shown = parts.filter(({ amount, label }) => amount > 0n || !label.endsWith('others'));
  return (
    <Panel
      title="Top 5 against others"
      note="Share of the claim cost"
      table={
        <DataTable
          caption="Claim cost of the five largest payers and of the others"
          items={shown}
          keyOf={({ label }) => label}
          columns={[
            { title: 'Payer', cell: ({ label }) => label, total: 'Total' },
            {
              title: 'Claim cost',
              numeric: true,
              cell: ({ amount }) => formatMoney(amount),
              total: formatMoney(claimCost),
            },
            { title: 'Share', numeric: true, cell: ({ amount }) => formatShare(share(amount, claimCost)) },
          ]}
        />
      }
    >
      <div class="share-heads">
        <ShareHead label={`Top ${first.length}`} amount={topFive} whole={claimCost} />
        {others > 0n && <ShareHead label={`${rest.length} others`} amount={others} whole={claimCost} />}
      </div>
      <ShareBar label="Claim cost" parts={shown} />
      <ol class="share-list">
        {shown.map(({ color, label, amount }) => (
          <li key={label}>
            <span class={`swatch fill-${color}`} />
            <span class="share-name">{label}</span>
            <span class="share-amount">{compactMoney(amount)}</span>
            <span class="share-percent">{formatShare(share(amount, claimCost))}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function ShareHead({ label, amount, whole }: { label: string; amount: bigint; whole: bigint }) {
  return (
    <div class="share-head">
      <span class="note">{label}</span>
      <span class="share-figure">{formatShare(share(amount, whole))}</span>
      <span class="note">{formatMoney(amount)}</span>
    </div>
  );
}

function RatesPanel({ payers }: { payers: Payer[] }) {
  return (
    <Panel
      title="Coverage rate and payment rate"
      note="Share of each payer's claim cost. What a payer covers is not what has been paid."
      controls={
        <Legend
          entries={[
            { color: 'coverage', label: 'Coverage' },
            { color: 'payments', label: 'Payments' },
          ]}
        />
      }
      table={<RatesTable payers={payers} />}
    >
      <BarList
        label="Coverage rate and payment rate by payer"
        fullWidth={1_000_000}
        rows={payers.map(({ id, name, coverageRate, paymentRate, coverage, payments, claimCost }) => ({
          key: id,
          label: name,
          bars: [
            { color: 'coverage', value: Number(coverageRate ?? 0n), text: formatShare(coverageRate) },
            { color: 'payments', value: Number(paymentRate ?? 0n), text: formatShare(paymentRate) },
          ],
          details: [
            { label: 'Payer coverage', value: formatMoney(coverage), color: 'coverage' },
            { label: 'Payments', value: formatMoney(payments), color: 'payments' },
            { label: 'Claim cost', value: formatMoney(claimCost) },
          ],
        }))}
      />
    </Panel>
  );
}

function RatesTable({ payers }: { payers: Payer[] }) {
  return (
    <DataTable
      caption="Coverage rate and payment rate by payer"
      items={payers}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Payer', cell: ({ name }) => name },
        { title: 'Coverage rate', numeric: true, cell: ({ coverageRate }) => formatShare(coverageRate) },
        { title: 'Payment rate', numeric: true, cell: ({ paymentRate }) => formatShare(paymentRate) },
      ]}
    />
  );
}

function PayerTable({ figures }: { figures: PayerFigures }) {
  const total = (amount: (payer: Payer) => bigint) => sum(figures.payers, amount);
  return (
    <DataTable
      caption="All payers by claim cost"
      items={figures.payers}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Payer', cell: ({ name }) => name, total: 'Total' },
        {
          title: 'Insured',
          cell: ({ insured }) =>
            insured ? <Badge tone="good">Insured</Badge> : <Badge tone="plain">Not insured</Badge>,
        },
        {
          title: 'Encounters',
          numeric: true,
          cell: ({ encounters }) => formatCount(encounters),
          total: formatCount(total(({ encounters }) => encounters)),
        },
        {
          title: 'Claim cost',
          numeric: true,
          cell: ({ claimCost }) => formatMoney(claimCost),
          total: formatMoney(figures.claimCost),
        },
        {
          title: 'Payer coverage',
          numeric: true,
          cell: ({ coverage }) => formatMoney(coverage),
          total: formatMoney(figures.coverage),
        },
        {
          title: 'Payments',
          numeric: true,
          cell: ({ payments }) => formatMoney(payments),
          total: formatMoney(figures.payments),
        },
        {
          title: 'Coverage rate',
          numeric: true,
          cell: ({ coverageRate }) => formatShare(coverageRate),
          total: formatShare(figures.coverageRate),
        },
        {
          title: 'Payment rate',
          numeric: true,
          cell: ({ paymentRate }) => formatShare(paymentRate),
          total: formatShare(figures.paymentRate),
        },
      ]}
    />
  );
}
