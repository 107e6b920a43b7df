import type { Encounter, Hospital } from './encounters';
import { money, monthOf, ratio, stamp } from './read';

/** A row as text, as the warehouse writes it with the kinds of `martColumns`; null is NULL. */
export type PlainRow = Record<string, string | null>;

const hour = 3_600_000;
const day = 24 * hour;
const isSmall = (count: bigint): string => (count < 11n ? '1' : '0');
const sum = (rows: readonly Encounter[], of: (row: Encounter) => bigint): bigint =>
  rows.reduce((total, row) => total + of(row), 0n);
const largest = (values: readonly (string | null)[]): string | null =>
  values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);

/** Encounters by the given keys; the keys are columns of the result. */
function grouped(
  encounters: readonly Encounter[],
  keysOf: (one: Encounter) => PlainRow,
  measure: (rows: readonly Encounter[]) => PlainRow,
): PlainRow[] {
  const groups = new Map<string, { keys: PlainRow; rows: Encounter[] }>();
  for (const one of encounters) {
    const keys = keysOf(one);
    const name = JSON.stringify(keys);
    const group = groups.get(name) ?? { keys, rows: [] };
    group.rows.push(one);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ keys, rows }) => ({ ...keys, ...measure(rows) }));
}

const totals = (rows: readonly Encounter[]) => {
  const [cost, coverage, payments] = [
    (r: Encounter) => r.cost,
    (r: Encounter) => r.coverage,
    (r: Encounter) => r.payments,
  ].map((of) => sum(rows, of)) as [bigint, bigint, bigint];
  return { count: String(rows.length), cost, coverage, payments };
};

export function encountersByDepartment({ encounters }: Hospital): PlainRow[] {
  return grouped(
    encounters,
    ({ department }) => ({ department }),
    (rows) => {
      const { count, cost, payments } = totals(rows);
      return {
        encounter_count: count,
        total_claim_cost: money(cost),
        total_payments: money(payments),
        payment_rate: ratio(payments, cost, 6),
      };
    },
  );
}

export function encountersByOrgMonth({ encounters }: Hospital): PlainRow[] {
  return grouped(
    encounters,
    (one) => ({ organization_id: one.organizationId, month: monthOf(one.admission) }),
    (rows) => {
      const { count, cost, payments } = totals(rows);
      return {
        organization_name: largest(rows.map((row) => row.organizationName)),
        organization_state: largest(rows.map((row) => row.organizationState)),
        encounter_count: count,
        total_claim_cost: money(cost),
        total_payments: money(payments),
      };
    },
  );
}

export function payerCoverageSummary({ encounters }: Hospital): PlainRow[] {
  return grouped(
    encounters,
    ({ payerId }) => ({ payer_id: payerId }),
    (rows) => {
      const { count, cost, coverage, payments } = totals(rows);
      const insured = rows[0]!.isInsured;
      return {
        payer_name: rows[0]!.payerName,
        is_insured: insured === null ? null : insured ? '1' : '0',
        encounter_count: count,
        total_claim_cost: money(cost),
        total_payer_coverage: money(coverage),
        total_payments: money(payments),
        coverage_rate: ratio(coverage, cost, 6),
        payment_rate: ratio(payments, cost, 6),
      };
    },
  );
}

export function departmentDemographics({ encounters }: Hospital): PlainRow[] {
  return grouped(
    encounters,
    (one) => ({
      department: one.department,
      month: monthOf(one.admission),
      age_group: one.ageGroup,
      gender: one.gender,
    }),
    (rows) => ({
      encounter_count: String(rows.length),
      total_claim_cost: money(totals(rows).cost),
      is_suppressed: isSmall(BigInt(rows.length)),
    }),
  );
}

export function payerMixMonth({ encounters }: Hospital): PlainRow[] {
  return grouped(
    encounters,
    (one) => ({ payer_id: one.payerId, organization_id: one.organizationId, month: monthOf(one.admission) }),
    (rows) => {
      const { count, cost, coverage } = totals(rows);
      return {
        payer_name: rows[0]!.payerName,
        encounter_count: count,
        total_claim_cost: money(cost),
        total_payer_coverage: money(coverage),
        coverage_rate: ratio(coverage, cost, 6),
      };
    },
  );
}

export function lengthOfStay({ encounters }: Hospital): PlainRow[] {
  return grouped(
    encounters.filter((one) => one.discharge !== undefined),
    (one) => ({
      organization_id: one.organizationId,
      department: one.department,
      month: monthOf(one.admission),
    }),
    (rows) => {
      const minutes = rows.map((row) => Math.floor((row.discharge! - row.admission) / 60_000)).sort((a, b) => a - b);
      return {
        encounter_count: String(rows.length),
        median_minutes: percentile(minutes, 5),
        p90_minutes: percentile(minutes, 9),
      };
    },
  );
}

/** The percentile (in tenths) of sorted whole numbers, interpolated as PERCENTILE_CONT does; exact, with two decimals. */
function percentile(sorted: readonly number[], tenths: number): string {
  const position = tenths * (sorted.length - 1);
  const at = Math.floor(position / 10);
  const below = sorted[at]!;
  const above = sorted[at + 1] ?? below;
  const value = below * 10 + (position % 10) * (above - below);
  return `${Math.floor(value / 10)}.${value % 10}0`;
}

export function departmentCensusHourly({ encounters }: Hospital): PlainRow[] {
  const wards = new Map<string, { keys: PlainRow; hours: Map<number, [number, number]> }>();
  for (const one of encounters) {
    const keys = { organization_id: one.organizationId, department: one.department };
    const name = JSON.stringify(keys);
    const ward = wards.get(name) ?? { keys, hours: new Map<number, [number, number]>() };
    wards.set(name, ward);
    const count = (at: number, side: 0 | 1): void => {
      const start = Math.floor(at / hour) * hour;
      const counts = ward.hours.get(start) ?? [0, 0];
      counts[side]++;
      ward.hours.set(start, counts);
    };
    count(one.admission, 0);
    if (one.discharge !== undefined) count(one.discharge, 1);
  }
  return [...wards.values()].flatMap(({ keys, hours }) => {
    const starts = [...hours.keys()].sort((a, b) => a - b);
    let inProgress = 0;
    return starts.map((start, at) => {
      const [arrivals, departures] = hours.get(start)!;
      inProgress += arrivals - departures;
      const next = starts[at + 1];
      return {
        ...keys,
        hour_start: stamp(start),
        arrivals: String(arrivals),
        departures: String(departures),
        in_progress: String(inProgress),
        holds_until: next === undefined ? null : stamp(next),
      };
    });
  });
}

export function readmissions30d({ encounters, patients }: Hospital): PlainRow[] {
  const stays = encounters.filter(({ department }) => department === 'inpatient');
  const byPatient = new Map<string, Encounter[]>();
  for (const stay of stays) byPatient.set(stay.patientId, [...(byPatient.get(stay.patientId) ?? []), stay]);
  return stays.flatMap((stay) => {
    const died = patients.get(stay.patientId)?.deathDate;
    if (stay.discharge === undefined || (died && died <= stamp(stay.discharge).slice(0, 10))) return [];
    const later = byPatient
      .get(stay.patientId)!
      .filter((other) => other !== stay && other.admission >= stay.discharge!)
      .map((other) => other.admission);
    const next = later.length ? later.reduce((a, b) => Math.min(a, b)) : undefined;
    const days = next === undefined ? undefined : Math.floor(next / day) - Math.floor(stay.discharge / day);
    return [
      {
        encounter_id: stay.id,
        patient_id: stay.patientId,
        organization_id: stay.organizationId,
        admission_time: stamp(stay.admission),
        discharge_time: stamp(stay.discharge),
        next_admission_at: next === undefined ? null : stamp(next),
        days_to_readmit: days === undefined ? null : String(days),
        is_readmitted_30d: days !== undefined && days <= 30 ? '1' : '0',
      },
    ];
  });
}
