import type { Row } from './marts';
import { byLargest, share, sum } from './units';

/** Money in cents, shares in millionths. */
interface Amounts {
  encounters: bigint;
  claimCost: bigint;
  coverage: bigint;
  payments: bigint;
  /** What payers cover ÷ claim cost. */
  coverageRate: bigint | null;
  /** What was paid, by payers and patients ÷ claim cost. */
  paymentRate: bigint | null;
}

export interface Payer extends Amounts {
  id: string;
  name: string;
  insured: boolean;
  shareOfCost: bigint | null;
}

export interface PayerFigures extends Amounts {
  /** By claim cost, the largest first. */
  payers: Payer[];
  /** Share of all encounters that a payer insures. */
  insuredShare: bigint | null;
  /** Claim cost of the five largest payers, and of the rest. */
  topFive: bigint;
  others: bigint;
}

type PayerRow = Row<'payer_coverage_summary'>;

export function payerFigures(rows: readonly PayerRow[]): PayerFigures {
  const total = amounts(rows);
  const payers = rows.map((row) => ({
    id: row.payer_id,
    name: readableName(row.payer_name) || row.payer_id,
    insured: row.is_insured,
    shareOfCost: share(row.total_claim_cost, total.claimCost),
    ...amounts([row]),
  }));
  const ordered = byLargest(payers, ({ claimCost }) => claimCost);
  const insured = rows.filter((row) => row.is_insured);
  return {
    ...total,
    payers: ordered,
    insuredShare: share(
      sum(insured, (row) => row.encounter_count),
      total.encounters,
    ),
    topFive: sum(ordered.slice(0, 5), ({ claimCost }) => claimCost),
    others: sum(ordered.slice(5), ({ claimCost }) => claimCost),
  };
}

function amounts(rows: readonly PayerRow[]): Amounts {
  const claimCost = sum(rows, (row) => row.total_claim_cost);
  const coverage = sum(rows, (row) => row.total_payer_coverage);
  const payments = sum(rows, (row) => row.total_payments);
  return {
    encounters: sum(rows, (row) => row.encounter_count),
    claimCost,
    coverage,
    payments,
    coverageRate: share(coverage, claimCost),
    paymentRate: share(payments, claimCost),
  };
}

/** Synthea writes the absence of a payer as NO_INSURANCE. */
function readableName(name: string): string {
  return name === 'NO_INSURANCE' ? 'No insurance' : name;
}
