import type { Family } from './families';
import { newerProfile } from './profile-newer';
import { v3Profile } from './profile-v3';
import type { Quantiles } from './random';

export const encounterClasses = [
  'wellness',
  'ambulatory',
  'outpatient',
  'urgentcare',
  'emergency',
  'inpatient',
  'home',
  'hospice',
  'snf',
  'virtual',
] as const;
export type EncounterClass = (typeof encounterClasses)[number];

export interface ClassProfile {
  /** Share of all encounters, in %. */
  readonly share: number;
  /** TOTAL_CLAIM_COST in cents. */
  readonly cost: Quantiles;
  /** Length of the visit in minutes. */
  readonly minutes: Quantiles;
  /** How many medications an encounter of this class orders: probability of 0, 1, 2, … */
  readonly medications: readonly number[];
}

/** What the real data sets look like (measured; docs/generate-and-produce.md says against what). */
export interface Profile {
  readonly encountersPerPatient: Quantiles;
  /** Encounters of a patient above this number are a treatment series (dialysis), class ambulatory. */
  readonly seriesFrom: number;
  /** TOTAL_CLAIM_COST of a visit of a series, in cents, from and to. */
  readonly seriesCost: readonly [from: number, to: number];
  /** Share of all encounters that the series make up; the class mix is corrected for it. */
  readonly seriesShare: number;
  readonly classes: Readonly<Partial<Record<EncounterClass, ClassProfile>>>;
  /** Prices of the visit itself, in cents, the low and the high one. */
  readonly visitPrices: readonly [low: number, high: number];
  /** Share of encounters that state a reason. */
  readonly reasonShare: number;
  /** Probability of 1, 2, 3, … procedure lines on an encounter that costs more than the visit. */
  readonly procedureLines: readonly number[];
  /** Share of encounters above the visit's price whose claim lists every item. */
  readonly fullyListed: number;
  /** True where a payer mostly takes a bill whole or takes little of it; false where it takes a fixed part. */
  readonly allOrLittle: boolean;
  /** Share of plan years with a copay, and its amounts in cents. */
  readonly copayShare: number;
  readonly copays: readonly number[];
}

/** The profile that a family's data follows. */
export function profileOf(family: Family): Profile {
  return family === 'A' ? v3Profile : newerProfile;
}
