import type { Row } from './marts';
import { byLargest, share, sum } from './units';

/** One department; money in cents, shares in millionths. */
export interface Department {
  name: string;
  encounters: bigint;
  claimCost: bigint;
  payments: bigint;
  shareOfEncounters: bigint | null;
  paymentRate: bigint | null;
}

export interface DepartmentFigures {
  /** By encounters, the largest first. */
  departments: Department[];
  encounters: bigint;
  claimCost: bigint;
  payments: bigint;
  paymentRate: bigint | null;
}

export function departmentFigures(rows: readonly Row<'encounters_by_department'>[]): DepartmentFigures {
  const encounters = sum(rows, (row) => row.encounter_count);
  const claimCost = sum(rows, (row) => row.total_claim_cost);
  const payments = sum(rows, (row) => row.total_payments);
  const departments = rows.map((row) => ({
    name: readableDepartment(row.department),
    encounters: row.encounter_count,
    claimCost: row.total_claim_cost,
    payments: row.total_payments,
    shareOfEncounters: share(row.encounter_count, encounters),
    paymentRate: share(row.total_payments, row.total_claim_cost),
  }));
  return {
    departments: byLargest(departments, (department) => department.encounters),
    encounters,
    claimCost,
    payments,
    paymentRate: share(payments, claimCost),
  };
}

const names: Record<string, string> = {
  '': 'Unknown',
  urgentcare: 'Urgent care',
  snf: 'Skilled nursing',
};

/** Synthea's encounter class as people write it. */
function readableDepartment(department: string): string {
  return names[department] ?? department.charAt(0).toUpperCase() + department.slice(1);
}
