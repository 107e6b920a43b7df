import { hash } from 'node:crypto';

/** The event contract between hospital and lake, version 1 (docs/generate-and-produce.md). */
export interface EncounterEvent {
  /** Deterministic from everything else in the event, so the same fact produced twice is one event downstream. */
  event_id: string;
  event_type: 'encounter.started' | 'encounter.completed';
  /** ISO 8601 UTC: admission for `started`, discharge for `completed`. */
  event_time: string;
  schema_version: 1;
  encounter_id: string;
  patient_id: string | null;
  gender: string | null;
  /** Whole years at admission. */
  age: number | null;
  /** Synthea's encounter class, lower case. */
  department: string | null;
  admission_time: string | null;
  discharge_time: string | null;
  organization_id: string | null;
  provider_id: string | null;
  payer_id: string | null;
  /** Money: at most two decimals. */
  base_encounter_cost: number | null;
  total_claim_cost: number | null;
  payer_coverage: number | null;
}

/** An event before it has its id. */
export type EventContent = Omit<EncounterEvent, 'event_id'>;

/** The columns of `encounters.csv` that an event needs; the same in every header family. */
export const encounterColumns = [
  'Id',
  'START',
  'STOP',
  'PATIENT',
  'ORGANIZATION',
  'PROVIDER',
  'PAYER',
  'ENCOUNTERCLASS',
  'BASE_ENCOUNTER_COST',
  'TOTAL_CLAIM_COST',
  'PAYER_COVERAGE',
] as const;

/** One row of `encounters.csv`, in the order of `encounterColumns`; '' is null. */
export type EncounterRow = readonly string[];

/** What the event takes from `patients.csv`. */
export interface PatientFacts {
  /** Year, month and day as one number: 19870506. */
  birthDate: number | null;
  gender: string | null;
}

/**
 * The events of one encounter. Without `lifecycle` that is one `encounter.completed`, or one `encounter.started` where
 * the patient is not discharged yet; with `lifecycle` a `started` at admission and then the `completed`.
 * The row must have an Id and a START.
 */
export function eventsOf(
  row: EncounterRow,
  patient: PatientFacts | undefined,
  lifecycle: boolean,
): [EventContent] | [EventContent, EventContent] {
  const [id, start, stop, patientId, organization, provider, payer, department, base, total, coverage] = row;
  const common = {
    schema_version: 1 as const,
    encounter_id: id!,
    patient_id: patientId || null,
    gender: patient?.gender ?? null,
    age: ageAt(patient?.birthDate ?? null, start!),
    department: department ? department.toLowerCase() : null,
    admission_time: isoUtc(start!),
  };
  const keys = {
    organization_id: organization || null,
    provider_id: provider || null,
    payer_id: payer || null,
    base_encounter_cost: money(base!),
  };
  const completed = (): EventContent => {
    const discharge = isoUtc(stop!);
    return {
      event_type: 'encounter.completed',
      event_time: discharge,
      ...common,
      discharge_time: discharge,
      ...keys,
      total_claim_cost: money(total!),
      payer_coverage: money(coverage!),
    };
  };
  if (stop && !lifecycle) return [completed()];
  // At admission the claim is not known yet: only the price of the visit is.
  const started: EventContent = {
    event_type: 'encounter.started',
    event_time: common.admission_time,
    ...common,
    discharge_time: null,
    ...keys,
    total_claim_cost: null,
    payer_coverage: null,
  };
  return stop ? [started, completed()] : [started];
}

/** The JSON text of an event with its `event_id` first: a name-based UUID over the text of all other fields. */
export function encodeEvent(content: EventContent): { eventId: string; text: string } {
  const json = JSON.stringify(content);
  const eventId = nameBasedUuid(json);
  return { eventId, text: `{"event_id":"${eventId}",${json.slice(1)}` };
}

/** A UUID of version 8 (RFC 9562) that depends on `name` only: the head of its SHA-256. */
function nameBasedUuid(name: string): string {
  const hex = hash('sha256', name, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Whole years between a birth date (19870506) and a time stamp; null where either is missing or the time is no date. */
export function ageAt(birthDate: number | null, time: string): number | null {
  const day = dayNumber(time);
  if (birthDate === null || day === null) return null;
  return Math.floor((day - birthDate) / 10000);
}

/** `1987-05-06…` as 19870506; null for anything else. */
export function dayNumber(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  return match ? Number(match[1]) * 10000 + Number(match[2]) * 100 + Number(match[3]) : null;
}

/** Synthea writes UTC with `Z` already; a plain date becomes midnight UTC. Anything else is passed on as it is. */
function isoUtc(text: string): string {
  if (text.endsWith('Z')) return text;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$/.test(text)) return `${text}Z`;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}

/** Money as a number with at most two decimals (older exports carry float noise); null where it is empty or no number. */
function money(text: string): number | null {
  if (text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null;
}
