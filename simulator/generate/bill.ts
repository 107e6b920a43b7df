import type { FamilyFacts } from './families';
import type { PlanYear } from './plans';
import type { Random } from './random';

/** One row of claims_transactions without the columns that all rows of its line share. Money in cents. */
export interface Transaction {
  readonly type: 'CHARGE' | 'PAYMENT' | 'ADJUSTMENT' | 'TRANSFEROUT' | 'TRANSFERIN';
  readonly method: '' | 'COPAY' | 'ECHECK' | 'CASH' | 'CHECK' | 'CC' | 'SYSTEM';
  /** Who owes next: 1 primary payer, 2 secondary payer, p patient. */
  readonly transferType: '' | '1' | '2' | 'p';
  /** Price, payment, adjustment or balance moved, as the type says. */
  readonly cents: number;
  /** Balance of the line after this row. */
  readonly outstanding: number;
}

/**
 * The rows by which one line of a claim is settled, in Synthea's order: CHARGE, copay, adjustment, primary payer,
 * transfer and payment of the secondary payer, transfer and payment of the patient; each only if above zero.
 * In families B–D payments and adjustments add up to the charge; in A a copay may exceed the price.
 * @param main the line of the visit or drug itself: only there is a copay due
 */
export function settle(
  random: Random,
  facts: FamilyFacts,
  plan: PlanYear,
  coverage: number,
  cents: number,
  main: boolean,
): Transaction[] {
  const insured = plan.payer.kind !== 'none';
  const rows: Transaction[] = [
    { type: 'CHARGE', method: '', transferType: insured ? '1' : 'p', cents, outstanding: cents },
  ];
  let left = cents;
  const pay = (method: Transaction['method'], amount: number): void => {
    left = Math.max(0, left - amount);
    rows.push({ type: 'PAYMENT', method, transferType: '', cents: amount, outstanding: left });
  };
  const transfer = (to: '2' | 'p'): void => {
    rows.push({ type: 'TRANSFEROUT', method: '', transferType: '', cents: left, outstanding: left });
    rows.push({ type: 'TRANSFERIN', method: '', transferType: to, cents: left, outstanding: left });
  };
  if (cents === 0) return rows;
  if (!insured) {
    pay(patientMethod(random), left);
    return rows;
  }
  if (main && plan.copay > 0) pay('COPAY', facts.copayMayExceedPrice ? plan.copay : Math.min(plan.copay, left));
  if (left > 0 && random.chance(facts.adjustmentShare)) {
    const adjustment = Math.max(1, Math.floor(left * 0.1));
    left -= adjustment;
    rows.push({ type: 'ADJUSTMENT', method: 'SYSTEM', transferType: '', cents: adjustment, outstanding: left });
  }
  const covered = Math.min(left, Math.round(left * coverage));
  if (covered > 0) pay('ECHECK', covered);
  if (left > 0 && plan.secondary) {
    transfer('2');
    pay('ECHECK', left);
  }
  if (left > 0) {
    transfer('p');
    pay(patientMethod(random), left);
  }
  return rows;
}

function patientMethod(random: Random): 'CASH' | 'CHECK' | 'CC' {
  return random.pick(['CASH', 'CHECK', 'CC'] as const);
}
