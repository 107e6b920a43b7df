import { ageAt, ageGroup, cents, instant, rowsOf } from './read';

const departments = new Set(
  'wellness ambulatory outpatient inpatient emergency urgentcare hospice home snf virtual'.split(' '),
);

export interface Patient {
  birthDate: string | undefined;
  deathDate: string | undefined;
  gender: string | null;
}

/** One encounter as the fact must have it. Money in cents, times in milliseconds UTC. */
export interface Encounter {
  id: string;
  patientId: string;
  organizationId: string | null;
  organizationName: string | null;
  organizationState: string | null;
  payerId: string | null;
  payerName: string | null;
  isInsured: boolean | null;
  department: string;
  gender: string | null;
  ageGroup: string;
  admission: number;
  discharge: number | undefined;
  cost: bigint;
  coverage: bigint;
  payments: bigint;
}

export interface Hospital {
  patients: ReadonlyMap<string, Patient>;
  encounters: readonly Encounter[];
}

const orNull = (text: string): string | null => (text === '' ? null : text);

/**
 * Reads a Synthea export: its patients, and its encounters with the payments of their claims. Encounters that the rules of
 * includes/encounter_rules.js hold back are left out.
 */
export async function readHospital(folder: string): Promise<Hospital> {
  const patients = new Map<string, Patient>();
  for await (const row of rowsOf(folder, 'patients')) {
    const [birthDate, deathDate] = [row('BIRTHDATE'), row('DEATHDATE')];
    patients.set(row('ID'), {
      birthDate: birthDate.slice(0, 10) || undefined,
      deathDate: deathDate.slice(0, 10) || undefined,
      gender: orNull(row('GENDER').toUpperCase()),
    });
  }
  const organizations = new Map<string, { name: string | null; state: string | null }>();
  for await (const row of rowsOf(folder, 'organizations'))
    organizations.set(row('ID'), { name: orNull(row('NAME')), state: orNull(row('STATE')) });
  const payers = new Map<string, string | null>();
  for await (const row of rowsOf(folder, 'payers')) payers.set(row('ID'), orNull(row('NAME')));
  const payments = await readPayments(folder);
  const encounters = new Map<string, Encounter>();
  for await (const row of rowsOf(folder, 'encounters')) {
    const patient = patients.get(row('PATIENT'));
    const admission = instant(row('START'));
    const discharge = instant(row('STOP'));
    const department = row('ENCOUNTERCLASS').toLowerCase();
    const organizationId = orNull(row('ORGANIZATION'));
    const organization = organizations.get(organizationId ?? '');
    const payerId = orNull(row('PAYER'));
    const [base, cost, coverage] = ['BASE_ENCOUNTER_COST', 'TOTAL_CLAIM_COST', 'PAYER_COVERAGE'].map((name) =>
      cents(row(name)),
    ) as [bigint, bigint, bigint];
    const heldBack =
      !patient?.birthDate ||
      admission === undefined ||
      (discharge !== undefined && discharge < admission) ||
      !departments.has(department) ||
      (organizationId !== null && !organization) ||
      [base, cost, coverage].some((amount) => amount < 0n || amount > 1_000_000_000n) ||
      coverage > cost;
    if (heldBack) continue;
    const known = encounters.get(row('ID'));
    if (known && (known.discharge ?? known.admission) > (discharge ?? admission)) continue;
    encounters.set(row('ID'), {
      id: row('ID'),
      patientId: row('PATIENT'),
      organizationId,
      organizationName: organization?.name ?? null,
      organizationState: organization?.state ?? null,
      payerId,
      payerName: payers.get(payerId ?? '') ?? null,
      isInsured: payers.has(payerId ?? '') ? payers.get(payerId ?? '') !== 'NO_INSURANCE' : null,
      department,
      gender: patient.gender,
      ageGroup: ageGroup(ageAt(patient.birthDate!, admission)),
      admission,
      discharge,
      cost: discharge === undefined ? 0n : cost,
      coverage: discharge === undefined ? 0n : coverage,
      payments: payments.get(row('ID')) ?? 0n,
    });
  }
  return { patients, encounters: [...encounters.values()] };
}

/** Cents paid by encounter: transactions belong to claims, claims to encounters. */
async function readPayments(folder: string): Promise<Map<string, bigint>> {
  const encounterOf = new Map<string, string>();
  for await (const row of rowsOf(folder, 'claims')) encounterOf.set(row('ID'), row('APPOINTMENTID'));
  const payments = new Map<string, bigint>();
  const seen = new Set<string>();
  for await (const row of rowsOf(folder, 'claims_transactions')) {
    const paid = row('PAYMENTS');
    if (paid === '' || seen.has(row('ID'))) continue;
    seen.add(row('ID'));
    const encounter = encounterOf.get(row('CLAIMID'));
    if (encounter !== undefined) payments.set(encounter, (payments.get(encounter) ?? 0n) + cents(paid));
  }
  return payments;
}
