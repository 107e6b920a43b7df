import { useMemo } from 'preact/hooks';
import { DataTable } from '../components/data-table';
import { Legend } from '../components/legend';
import { LineChart } from '../components/line-chart';
import { Panel } from '../components/panel';
import { byYear, type Month } from '../data/monthly-figures';
import { formatMonth } from '../data/times';
import { formatCount, formatMoney, sum, tickMoney } from '../data/units';

/** More months than this are drawn as years. */
const mostMonths = 240;

/** Encounters, and cost with payments, over time; the table behind them has every month. */
export function TimePanels({ months }: { months: Month[] }) {
  const isLong = months.length > mostMonths;
  const points = useMemo(() => (isLong ? byYear(months) : months), [months, isLong]);
  const dates = useMemo(() => points.map(({ date }) => date), [points]);
  const unit = isLong ? 'year' : 'month';
  const formatDate = isLong ? (date: Date) => String(date.getUTCFullYear()) : formatMonth;
  const table = <MonthTable months={months} />;
  const last = months.at(-1)!.date;
  const partial = isLong && last.getUTCMonth() < 11 ? `; the last year runs to ${formatMonth(last)}` : '';
  return (
    <>
      <Panel title={`Encounters by ${unit}`} note={`Number of encounters${partial}`} table={table}>
        <LineChart
          label={`Encounters by ${unit}`}
          dates={dates}
          formatDate={formatDate}
          formatTick={(value) => formatCount(BigInt(Math.round(value)))}
          series={[
            {
              color: 'encounters',
              label: 'Encounters',
              values: points.map(({ encounters }) => Number(encounters)),
              text: (at) => formatCount(points[at]!.encounters),
            },
          ]}
        />
      </Panel>
      <Panel
        title={`Cost and payments by ${unit}`}
        note={`Claim cost and payments in USD${partial}`}
        controls={
          <Legend
            entries={[
              { color: 'cost', label: 'Claim cost' },
              { color: 'payments', label: 'Payments' },
            ]}
          />
        }
        table={table}
      >
        <LineChart
          label={`Cost and payments by ${unit}`}
          dates={dates}
          formatDate={formatDate}
          formatTick={tickMoney}
          series={[
            {
              color: 'cost',
              label: 'Claim cost',
              values: points.map(({ claimCost }) => Number(claimCost)),
              text: (at) => formatMoney(points[at]!.claimCost),
            },
            {
              color: 'payments',
              label: 'Payments',
              values: points.map(({ payments }) => Number(payments)),
              text: (at) => formatMoney(points[at]!.payments),
            },
          ]}
        />
      </Panel>
    </>
  );
}

function MonthTable({ months }: { months: Month[] }) {
  return (
    <DataTable
      caption="Months, the newest first"
      items={months.toReversed()}
      keyOf={({ date }) => date.getTime()}
      columns={[
        { title: 'Month', cell: ({ date }) => formatMonth(date), total: 'Total' },
        {
          title: 'Encounters',
          numeric: true,
          cell: ({ encounters }) => formatCount(encounters),
          total: formatCount(sum(months, ({ encounters }) => encounters)),
        },
        {
          title: 'Claim cost',
          numeric: true,
          cell: ({ claimCost }) => formatMoney(claimCost),
          total: formatMoney(sum(months, ({ claimCost }) => claimCost)),
        },
        {
          title: 'Payments',
          numeric: true,
          cell: ({ payments }) => formatMoney(payments),
          total: formatMoney(sum(months, ({ payments }) => payments)),
        },
      ]}
    />
  );
}
