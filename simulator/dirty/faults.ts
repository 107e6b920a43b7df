import type { EventContent } from '../produce/encounter-event';
import type { Random } from '../generate/random';

/** What silver must do with an event. */
export type Fate = 'accepted' | 'repaired' | 'quarantined' | 'superseded';

/** Reasons and flags by the names of includes/encounter_rules.js (a unit test holds the two together). */
export const codes = {
  ageRepaired: 'age_repaired',
  malformedJson: 'malformed_json',
  invalidAdmissionTime: 'invalid_admission_time',
  futureAdmission: 'future_admission',
  dischargeBeforeAdmission: 'discharge_before_admission',
  unknownDepartment: 'unknown_department',
  unknownPatient: 'unknown_patient',
  unknownOrganization: 'unknown_organization',
  invalidCost: 'invalid_cost',
  negativeCost: 'negative_cost',
  absurdCost: 'absurd_cost',
  coverageAboveCost: 'coverage_above_cost',
  duplicateEvent: 'duplicate_event',
  newerVersion: 'newer_version',
} as const;
export type Code = (typeof codes)[keyof typeof codes];

/** A change of one event before it is sent. */
export interface Fault {
  readonly name: string;
  readonly fate: 'accepted' | 'repaired' | 'quarantined';
  /** The reason or flag that silver must give, if any. */
  readonly code?: Code;
  /** False where the fault would be none, such as a cost above the limit in an event without a cost. */
  applies(event: EventContent): boolean;
  /** The fields that are replaced; unknown names and wrong types are meant. */
  change?(event: EventContent, random: Random): Record<string, unknown>;
  /** What is done to the JSON text. */
  cut?(text: string, random: Random): string;
  /** How the event is sent: once, twice, at the end of the run, or followed by an older version of itself. */
  readonly delivery?: 'twice' | 'late' | 'older-after';
}

const always = () => true;
const hasCost = (event: EventContent) => event.total_claim_cost !== null && event.payer_coverage !== null;
const isCompleted = (event: EventContent) => event.discharge_time !== null;

/** An id that no source has: UUID version 8, all zeros but a number. */
const unknownId = (random: Random) => `00000000-0000-8000-8000-${String(random.int(1, 999_999_999)).padStart(12, '0')}`;

/** The faults that `--dirty` injects, one per faulty event (the list of issue 4). */
export const faults: readonly Fault[] = [
  {
    name: 'impossible_age',
    fate: 'repaired',
    code: codes.ageRepaired,
    applies: (event) => event.age !== null,
    change: (_, random) => ({ age: random.pick([-3, 131, 150, 999]) }),
  },
  {
    name: 'future_admission',
    fate: 'quarantined',
    code: codes.futureAdmission,
    applies: always,
    change: (event) => ({
      admission_time: inFuture(event.admission_time),
      discharge_time: inFuture(event.discharge_time),
      event_time: inFuture(event.event_time),
    }),
  },
  {
    name: 'missing_time',
    fate: 'quarantined',
    code: codes.invalidAdmissionTime,
    applies: always,
    change: () => ({ admission_time: null }),
  },
  {
    name: 'non_iso_time',
    fate: 'quarantined',
    code: codes.invalidAdmissionTime,
    applies: always,
    change: (event, random) => ({
      admission_time: random.pick([usStyle(event.admission_time!), 'yesterday', '2023-13-45T99:00:00Z']),
    }),
  },
  {
    name: 'discharge_before_admission',
    fate: 'quarantined',
    code: codes.dischargeBeforeAdmission,
    applies: isCompleted,
    change: (event) => ({ discharge_time: yearEarlier(event.admission_time!) }),
  },
  {
    name: 'unknown_department',
    fate: 'quarantined',
    code: codes.unknownDepartment,
    applies: always,
    change: (_, random) => ({ department: random.pick(['cafeteria', 'icu-9', '']) }),
  },
  {
    name: 'unknown_patient',
    fate: 'quarantined',
    code: codes.unknownPatient,
    applies: always,
    change: (_, random) => ({ patient_id: unknownId(random) }),
  },
  {
    name: 'unknown_organization',
    fate: 'quarantined',
    code: codes.unknownOrganization,
    applies: always,
    change: (_, random) => ({ organization_id: unknownId(random) }),
  },
  {
    name: 'negative_cost',
    fate: 'quarantined',
    code: codes.negativeCost,
    applies: hasCost,
    change: (event) => ({ total_claim_cost: -Math.max(1, event.total_claim_cost!), payer_coverage: 0 }),
  },
  {
    name: 'absurd_cost',
    fate: 'quarantined',
    code: codes.absurdCost,
    applies: hasCost,
    change: () => ({ total_claim_cost: 9_999_999_999.99 }),
  },
  {
    name: 'coverage_above_cost',
    fate: 'quarantined',
    code: codes.coverageAboveCost,
    applies: hasCost,
    change: (event) => ({ payer_coverage: Math.round((event.total_claim_cost! + 100) * 100) / 100 }),
  },
  {
    name: 'malformed_json',
    fate: 'quarantined',
    code: codes.malformedJson,
    applies: always,
    cut: (text, random) => text.slice(0, Math.floor(text.length * (0.2 + random.unit() * 0.7))),
  },
  {
    name: 'wrong_type',
    fate: 'quarantined',
    code: codes.invalidCost,
    applies: hasCost,
    change: (event, random) =>
      random.pick([
        { total_claim_cost: 'a lot' },
        { total_claim_cost: { amount: event.total_claim_cost } },
        { payer_coverage: [1] },
      ]),
  },
  {
    name: 'extra_field',
    fate: 'accepted',
    applies: always,
    change: (_, random) => ({ ward: `ward ${random.int(1, 20)}`, triage: { level: random.int(1, 5), nurse: 'n/a' } }),
  },
  { name: 'duplicate', fate: 'accepted', applies: always, delivery: 'twice' },
  { name: 'late', fate: 'accepted', applies: always, delivery: 'late' },
  {
    name: 'older_version',
    fate: 'accepted',
    applies: (event) => isCompleted(event) && Number.isFinite(Date.parse(event.event_time)),
    delivery: 'older-after',
  },
];

function inFuture(time: string | null): string | null {
  return time === null ? null : `2199${time.slice(4)}`.replace('-02-29', '-02-28');
}

function yearEarlier(time: string): string {
  return `${Number(time.slice(0, 4)) - 1}${time.slice(4)}`.replace('-02-29', '-02-28');
}

function usStyle(time: string): string {
  return `${time.slice(5, 7)}/${time.slice(8, 10)}/${time.slice(0, 4)} ${time.slice(11, 16)}`;
}
