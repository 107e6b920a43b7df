import { groupBy } from './group';
import type { Row } from './marts';
import { monthDate, monthNumber } from './times';
import { byLargest, sum } from './units';

/** How many months up to the newest one; the whole time is `all`. */
export const monthRanges = { '1y': 12, '5y': 60, '10y': 120, all: Number.POSITIVE_INFINITY } as const;
export type MonthRange = keyof typeof monthRanges;

interface Amounts {
  encounters: bigint;
  /** Cents. */
  claimCost: bigint;
  payments: bigint;
}

export interface Month extends Amounts {
  /** First day, UTC. */
  date: Date;
}

export interface Organization extends Amounts {
  id: string;
  name: string;
  state: string;
}

export interface MonthlyFigures extends Amounts {
  /** Every month from the first to the last, those without encounters too. */
  months: Month[];
  /** By claim cost, the largest first. */
  organizations: Organization[];
}

type MonthRow = Row<'encounters_by_org_month'>;

/** Sums by month and by organization over the newest months of the data. */
export function monthlyFigures(rows: readonly MonthRow[], range: MonthRange): MonthlyFigures {
  const numbers = rows.map((row) => monthNumber(row.month));
  const newest = numbers.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const taken = rows.filter((_, at) => newest - numbers[at]! < monthRanges[range]);
  const byMonth = groupBy(taken, (row) => monthNumber(row.month));
  const oldest = [...byMonth.keys()].reduce((one, other) => Math.min(one, other), newest);
  const months = Array.from({ length: rows.length ? newest - oldest + 1 : 0 }, (_, at) => ({
    date: monthDate(oldest + at),
    ...amounts(byMonth.get(oldest + at) ?? []),
  }));
  const organizations = [...groupBy(taken, (row) => row.organization_id)].map(([id, own]) => ({
    id,
    name: own[0]!.organization_name || id,
    state: own[0]!.organization_state,
    ...amounts(own),
  }));
  return { months, organizations: byLargest(organizations, ({ claimCost }) => claimCost), ...amounts(taken) };
}

/** Sums of calendar years, for a time that is too long to show its months. */
export function byYear(months: readonly Month[]): Month[] {
  return [...groupBy(months, ({ date }) => date.getUTCFullYear())].map(([year, own]) => ({
    date: monthDate(year * 12),
    encounters: sum(own, ({ encounters }) => encounters),
    claimCost: sum(own, ({ claimCost }) => claimCost),
    payments: sum(own, ({ payments }) => payments),
  }));
}

function amounts(rows: readonly MonthRow[]): Amounts {
  return {
    encounters: sum(rows, (row) => row.encounter_count),
    claimCost: sum(rows, (row) => row.total_claim_cost),
    payments: sum(rows, (row) => row.total_payments),
  };
}
