import { useMemo } from 'preact/hooks';
import { BarList } from '../components/bar-list';
import { Card, Cards } from '../components/card';
import { Choice } from '../components/choice';
import { DataTable } from '../components/data-table';
import { Needs } from '../components/needs';
import { Panel } from '../components/panel';
import type { Marts } from '../data/export-store';
import type { Row } from '../data/marts';
import { monthlyFigures, type MonthRange, type Organization } from '../data/monthly-figures';
import { formatMonth } from '../data/times';
import { TimePanels } from './time-panels';
import { compactMoney, formatCount, formatMoney, formatShare, share, sum } from '../data/units';

interface MonthlyProps {
  range: MonthRange;
  onRange(range: MonthRange): void;
}

const ranges: { value: MonthRange; text: string }[] = [
  { value: '1y', text: '1 year' },
  { value: '5y', text: '5 years' },
  { value: '10y', text: '10 years' },
  { value: 'all', text: 'All' },
];

/** Encounters, cost and payments month by month, and the organizations with the largest cost. */
export function MonthlyView({ marts, ...props }: MonthlyProps & { marts: Marts }) {
  return (
    <Needs mart="encounters_by_org_month" marts={marts}>
      {(rows) => <Monthly rows={rows} {...props} />}
    </Needs>
  );
}

function Monthly({ rows, range, onRange }: MonthlyProps & { rows: Row<'encounters_by_org_month'>[] }) {
  const figures = useMemo(() => monthlyFigures(rows, range), [rows, range]);
  const { months, organizations, encounters, claimCost, payments } = figures;
  const period = `${formatMonth(months[0]!.date)} to ${formatMonth(months.at(-1)!.date)}`;
  return (
    <>
      <div class="filter wide">
        <Choice label="Time" options={ranges} chosen={range} onChoose={onRange} />
        <span class="note">{period}, months of admission in UTC</span>
      </div>
      <Cards key={range}>
        <Card label="Encounters" value={formatCount(encounters)} />
        <Card label="Claim cost" value={compactMoney(claimCost)} exact={formatMoney(claimCost)} />
        <Card label="Payments" value={compactMoney(payments)} exact={formatMoney(payments)} />
        <Card
          label="Organizations"
          value={formatCount(BigInt(organizations.length))}
          note={`over ${formatCount(BigInt(months.length))} months`}
        />
      </Cards>
      <TimePanels months={months} />
      <OrganizationPanel organizations={organizations} />
    </>
  );
}

function OrganizationPanel({ organizations }: { organizations: Organization[] }) {
  const shown = organizations.slice(0, 15);
  const all = sum(organizations, ({ claimCost }) => claimCost);
  const cost = sum(shown, ({ claimCost }) => claimCost);
  return (
    <Panel
      wide
      title={organizations.length > 15 ? 'Top 15 organizations' : 'Organizations'}
      note={`By claim cost, USD. Together ${formatMoney(cost)}, ${formatShare(share(cost, all))} of all.`}
      table={<OrganizationTable organizations={shown} />}
    >
      <BarList
        label="Organizations by claim cost"
        rows={shown.map(({ id, name, state, encounters, claimCost, payments }) => ({
          key: id,
          label: name,
          bars: [{ color: 'cost', value: Number(claimCost), text: compactMoney(claimCost) }],
          details: [
            { label: 'Claim cost', value: formatMoney(claimCost), color: 'cost' },
            { label: 'Share of all', value: formatShare(share(claimCost, all)) },
            { label: 'Payments', value: formatMoney(payments) },
            { label: 'Encounters', value: formatCount(encounters) },
            { label: 'State', value: state || '–' },
          ],
        }))}
      />
    </Panel>
  );
}

function OrganizationTable({ organizations }: { organizations: Organization[] }) {
  return (
    <DataTable
      caption="Organizations by claim cost"
      items={organizations}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Organization', cell: ({ name }) => name },
        { title: 'State', cell: ({ state }) => state },
        { title: 'Encounters', numeric: true, cell: ({ encounters }) => formatCount(encounters) },
        { title: 'Claim cost', numeric: true, cell: ({ claimCost }) => formatMoney(claimCost) },
        { title: 'Payments', numeric: true, cell: ({ payments }) => formatMoney(payments) },
      ]}
    />
  );
}
