import { BarList } from '../components/bar-list';
import { Card, Cards, noFigure } from '../components/card';
import { DataTable, type Column } from '../components/data-table';
import { Legend } from '../components/legend';
import { Needs } from '../components/needs';
import { Panel } from '../components/panel';
import { departmentFigures, type Department, type DepartmentFigures } from '../data/department-figures';
import type { Marts } from '../data/export-store';
import { payerFigures } from '../data/payer-figures';
import { byLargest, compactMoney, formatCount, formatMoney, formatShare } from '../data/units';

/** How many encounters each department has, and what they cost beside what was paid. */
export function DepartmentView({ marts }: { marts: Marts }) {
  return (
    <Needs mart="encounters_by_department" marts={marts}>
      {(rows) => <Departments figures={departmentFigures(rows)} marts={marts} />}
    </Needs>
  );
}

function Departments({ figures, marts }: { figures: DepartmentFigures; marts: Marts }) {
  const { departments, encounters, claimCost, payments, paymentRate } = figures;
  return (
    <>
      <Cards>
        <Card label="Encounters" value={formatCount(encounters)} note={`in ${departments.length} departments`} />
        <Card
          label="Claim cost"
          value={compactMoney(claimCost)}
          exact={formatMoney(claimCost)}
          note="of all encounters"
        />
        <Card
          label="Payments"
          value={compactMoney(payments)}
          exact={formatMoney(payments)}
          note={`${formatShare(paymentRate)} of the claim cost`}
        />
        <CoverageCard marts={marts} />
      </Cards>
      <Panel
        title="Encounters by department"
        note="Number of encounters"
        table={<DepartmentTable caption="Departments by encounters" figures={figures} order={departments} />}
      >
        <BarList
          tall
          label="Encounters by department"
          rows={departments.map((department) => ({
            key: department.name,
            label: department.name,
            bars: [
              { color: 'encounters', value: Number(department.encounters), text: formatCount(department.encounters) },
            ],
            details: [
              { label: 'Encounters', value: formatCount(department.encounters), color: 'encounters' },
              { label: 'Share of all', value: formatShare(department.shareOfEncounters) },
            ],
          }))}
        />
      </Panel>
      <CostPanel figures={figures} />
    </>
  );
}

/** Coverage is a matter of payers: it comes from their mart. */
function CoverageCard({ marts }: { marts: Marts }) {
  const mart = marts.payer_coverage_summary;
  if (!mart || 'problem' in mart) return <Card label="Coverage rate" value={noFigure} note={mart?.problem} />;
  const { coverageRate, coverage } = payerFigures(mart.rows);
  return (
    <Card
      label="Coverage rate"
      value={formatShare(coverageRate)}
      exact={formatMoney(coverage)}
      note="of the claim cost is covered by payers"
    />
  );
}

function CostPanel({ figures }: { figures: DepartmentFigures }) {
  const byCost = byLargest(figures.departments, ({ claimCost }) => claimCost);
  return (
    <Panel
      title="Claim cost beside payments"
      note="USD by department. Payments are part of the cost, so the bars stand side by side."
      controls={
        <Legend
          entries={[
            { color: 'cost', label: 'Claim cost' },
            { color: 'payments', label: 'Payments' },
          ]}
        />
      }
      table={<DepartmentTable caption="Departments by claim cost" figures={figures} order={byCost} />}
    >
      <BarList
        label="Claim cost and payments by department"
        rows={byCost.map(({ name, claimCost, payments, paymentRate }) => ({
          key: name,
          label: name,
          bars: [
            { color: 'cost', value: Number(claimCost), text: compactMoney(claimCost) },
            { color: 'payments', value: Number(payments), text: compactMoney(payments) },
          ],
          details: [
            { label: 'Claim cost', value: formatMoney(claimCost), color: 'cost' },
            { label: 'Payments', value: formatMoney(payments), color: 'payments' },
            { label: 'Payment rate', value: formatShare(paymentRate) },
          ],
        }))}
      />
    </Panel>
  );
}

interface DepartmentTableProps {
  caption: string;
  figures: DepartmentFigures;
  order: Department[];
}

function DepartmentTable({ caption, figures, order }: DepartmentTableProps) {
  const columns: Column<Department>[] = [
    { title: 'Department', cell: ({ name }) => name, total: 'Total' },
    {
      title: 'Encounters',
      numeric: true,
      cell: ({ encounters }) => formatCount(encounters),
      total: formatCount(figures.encounters),
    },
    {
      title: 'Claim cost',
      numeric: true,
      cell: ({ claimCost }) => formatMoney(claimCost),
      total: formatMoney(figures.claimCost),
    },
    {
      title: 'Payments',
      numeric: true,
      cell: ({ payments }) => formatMoney(payments),
      total: formatMoney(figures.payments),
    },
    {
      title: 'Payment rate',
      numeric: true,
      cell: ({ paymentRate }) => formatShare(paymentRate),
      total: formatShare(figures.paymentRate),
    },
  ];
  return <DataTable caption={caption} columns={columns} items={order} keyOf={({ name }) => name} />;
}
