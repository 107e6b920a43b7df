import { describe, expect, test } from '@jest/globals';
import { departmentFigures } from '../../../dashboard/page/data/department-figures';
import { byYear, monthlyFigures } from '../../../dashboard/page/data/monthly-figures';
import { payerFigures } from '../../../dashboard/page/data/payer-figures';
import { eventfulHops, reconciliation, scorecard } from '../../../dashboard/page/data/quality-figures';

describe('departments', () => {
  const row = (department: string, encounters: bigint, cost: bigint, payments: bigint) => ({
    department,
    encounter_count: encounters,
    total_claim_cost: cost,
    total_payments: payments,
  });

  test('sums, shares, and an order by encounters', () => {
    const figures = departmentFigures([row('inpatient', 1n, 1000n, 250n), row('urgentcare', 3n, 1000n, 750n)]);
    expect(figures).toMatchObject({ encounters: 4n, claimCost: 2000n, payments: 1000n, paymentRate: 500_000n });
    expect(figures.departments.map(({ name }) => name)).toEqual(['Urgent care', 'Inpatient']);
    expect(figures.departments[0]).toMatchObject({ shareOfEncounters: 750_000n, paymentRate: 750_000n });
  });

  test('no cost, no rate', () => {
    expect(departmentFigures([row('', 1n, 0n, 0n)])).toMatchObject({ paymentRate: null });
  });
});

describe('months', () => {
  const row = (organization: string, month: string, encounters: bigint, cost: bigint) => ({
    organization_id: organization,
    organization_name: organization.toUpperCase(),
    organization_state: 'MA',
    month: new Date(`${month}-01T00:00:00Z`),
    encounter_count: encounters,
    total_claim_cost: cost,
    total_payments: cost / 2n,
  });
  const rows = [row('a', '2021-02', 2n, 100n), row('b', '2021-02', 1n, 900n), row('a', '2020-11', 5n, 300n)];

  test('every month is there, those without encounters too', () => {
    const { months } = monthlyFigures(rows, 'all');
    expect(months.map(({ date, encounters }) => [date.toISOString().slice(0, 7), encounters])).toEqual([
      ['2020-11', 5n],
      ['2020-12', 0n],
      ['2021-01', 0n],
      ['2021-02', 3n],
    ]);
  });

  test('organizations come by cost, with their sums', () => {
    const { organizations, claimCost } = monthlyFigures(rows, 'all');
    expect(organizations.map(({ name, claimCost: cost }) => [name, cost])).toEqual([
      ['B', 900n],
      ['A', 400n],
    ]);
    expect(claimCost).toBe(1300n);
  });

  test('a range ends with the newest month of the data', () => {
    const old = row('a', '2019-02', 7n, 1n);
    expect(monthlyFigures([...rows, old], '1y').encounters).toBe(8n);
    expect(monthlyFigures([...rows, old], '5y').encounters).toBe(15n);
    const edge = [row('a', '2020-03', 1n, 1n), row('a', '2020-02', 1n, 1n), row('a', '2021-02', 1n, 1n)];
    expect(monthlyFigures(edge, '1y').months).toHaveLength(12);
  });

  test('years add their months up', () => {
    const years = byYear(monthlyFigures(rows, 'all').months);
    expect(years.map(({ date, encounters, claimCost }) => [date.toISOString(), encounters, claimCost])).toEqual([
      ['2020-01-01T00:00:00.000Z', 5n, 300n],
      ['2021-01-01T00:00:00.000Z', 3n, 1000n],
    ]);
  });

  test('no rows give no months', () => {
    expect(monthlyFigures([], 'all')).toMatchObject({ months: [], organizations: [], encounters: 0n });
  });
});

describe('payers', () => {
  const row = (name: string, cost: bigint, coverage: bigint, payments: bigint, insured = true) => ({
    payer_id: name,
    payer_name: name,
    is_insured: insured,
    encounter_count: 10n,
    total_claim_cost: cost,
    total_payer_coverage: coverage,
    total_payments: payments,
  });
  const rows = [
    row('NO_INSURANCE', 100n, 0n, 40n, false),
    ...[600n, 500n, 400n, 300n, 200n].map((cost, at) => row(`p${at}`, cost, cost / 2n, cost / 4n)),
  ];

  test('coverage rate and payment rate are different things', () => {
    const { coverageRate, paymentRate, payers } = payerFigures(rows);
    expect([coverageRate, paymentRate]).toEqual([476_190n, 257_143n]);
    expect(payers.at(-1)).toMatchObject({ name: 'No insurance', coverageRate: 0n, paymentRate: 400_000n });
  });

  test('the five largest and the others make the whole', () => {
    const { topFive, others, claimCost, insuredShare } = payerFigures(rows);
    expect([topFive, others, claimCost]).toEqual([2000n, 100n, 2100n]);
    expect(insuredShare).toBe(833_333n);
  });
});

describe('quality', () => {
  const rule = (run: string, name: string, checked: bigint, failed: bigint) => ({
    run_id: run,
    dataset: 'silver.x',
    rule: name,
    description: '',
    action: 'warn',
    rows_checked: checked,
    rows_failed: failed,
    measured_at: measuredAt(run),
  });
  // "adhoc", the run id of the stock CLI, sorts behind all others and is older here.
  const measuredAt = (run: string) => new Date(run === 'adhoc' ? 0 : 1000 * run.charCodeAt(7));

  test('the scorecard is of the newest run, the lowest score of broken rules first', () => {
    const card = scorecard([
      rule('20261124T000000Z-b', 'old', 10n, 10n),
      rule('adhoc', 'by the stock CLI', 10n, 10n),
      rule('20261125T000000Z-a', 'holds', 10n, 0n),
      rule('20261125T000000Z-a', 'breaks', 10n, 1n),
      rule('20261125T000000Z-a', 'breaks more', 10n, 2n),
      rule('20261125T000000Z-a', 'nothing', 0n, 0n),
    ]);
    expect(card?.rules.map((one) => one.rule)).toEqual(['breaks', 'breaks more', 'holds', 'nothing']);
    expect(card?.broken.map((one) => one.rule)).toEqual(['breaks more', 'breaks']);
    expect(card?.datasets).toEqual([{ name: 'silver.x', rules: 4, broken: 2 }]);
    expect(card).toMatchObject({ checked: 30n, failed: 3n, score: 900_000n });
  });

  test('one failure in many is never a full score', () => {
    expect(scorecard([rule('r', 'x', 100_000_000n, 1n)])?.score).toBe(999_999n);
    expect(scorecard([])).toBeUndefined();
  });

  test('reconciliation keeps the newest run and its order', () => {
    const hop = (run: string, name: string) => ({
      run_id: run,
      hop: name,
      rows_read: 5n,
      accepted: 4n,
      quarantined: 0n,
      superseded: 0n,
      difference: 1n,
      measured_at: measuredAt(run),
    });
    const newest = '20261125T000000Z-a';
    const { runId, hops } = reconciliation([hop('adhoc', 'old'), hop(newest, 'second'), hop(newest, 'first')]);
    expect([runId, hops.map(({ name }) => name)]).toEqual([newest, ['second', 'first']]);
    expect(reconciliation([])).toEqual({ runId: undefined, hops: [] });
  });

  test('hops that lose rows come before those that set rows aside; the others are left out', () => {
    const hop = (name: string, quarantined: bigint, difference: bigint) => ({
      name,
      read: 100n,
      accepted: 100n - quarantined - difference,
      quarantined,
      superseded: 0n,
      difference,
    });
    const hops = [hop('whole', 0n, 0n), hop('aside', 50n, 0n), hop('doubled', 0n, -1n), hop('lost', 0n, 2n)];
    expect(eventfulHops(hops).map(({ name }) => name)).toEqual(['lost', 'doubled', 'aside']);
  });
});
