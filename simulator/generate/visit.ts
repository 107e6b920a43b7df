import { commonMedications, type Medication } from './catalogue/medications';
import { dialysis, influenzaVaccine, proceduresAt } from './catalogue/procedures';
import type { EncounterKind } from './catalogue/encounter-kinds';
import type { Illness } from './history';
import { splitCents } from './money';
import type { Organization, Provider } from './network';
import type { PlanYear } from './plans';
import { classProfile } from './timeline';
import type { EncounterClass, Profile } from './profiles';
import type { Random } from './random';

/** One encounter with all that belongs to it. Money in cents, times in seconds. */
export interface Visit {
  readonly id: string;
  readonly encounterClass: EncounterClass;
  readonly kind: EncounterKind;
  readonly start: number;
  readonly stop: number;
  readonly age: number;
  readonly organization: Organization;
  readonly provider: Provider;
  readonly plan: PlanYear;
  /** Part of each bill that the payer takes. */
  readonly coverage: number;
  readonly price: number;
  readonly total: number;
  readonly payerCoverage: number;
  readonly found: readonly Illness[];
  readonly reason?: Illness;
  readonly procedures: readonly PerformedProcedure[];
  /** Cents of the vaccine line; 0 = no vaccine. */
  readonly vaccine: number;
  readonly drugs: readonly OrderedDrug[];
}

export interface PerformedProcedure {
  readonly code: string;
  readonly description: string;
  readonly start: number;
  readonly stop: number;
  readonly cents: number;
}

export interface OrderedDrug {
  readonly medication: Medication;
  /** Second of the end; undefined while it is taken. */
  readonly stop?: number;
  /** Price of one dispense. */
  readonly cents: number;
  readonly payerCoverage: number;
  readonly reason?: Illness;
}

/** What an encounter costs in all, and the lines of its claim besides the visit itself. */
export function billedItems(
  random: Random,
  profile: Profile,
  visit: { encounterClass: EncounterClass; series: boolean; start: number; price: number },
): Pick<Visit, 'total' | 'procedures' | 'vaccine'> {
  // A few claims are waived: everything on them is 0.00.
  if (random.chance(0.004)) return { total: 0, procedures: [], vaccine: 0 };
  const { cost } = classProfile(profile, visit.encounterClass);
  const total = Math.max(
    visit.price,
    Math.round(visit.series ? random.int(...profile.seriesCost) : random.quantile(cost)),
  );
  const extras = total - visit.price;
  if (extras === 0) return { total, procedures: [], vaccine: 0 };
  // Laboratory, devices and supplies count in the total and have no line of their own.
  const listed = random.chance(profile.fullyListed) ? extras : Math.floor(extras * (0.3 + random.unit() * 0.65));
  const vaccinated = visit.encounterClass === 'wellness' && listed > influenzaVaccine.cents && random.chance(0.5);
  const vaccine = vaccinated ? influenzaVaccine.cents : 0;
  return { total, vaccine, procedures: procedures(random, profile, visit, listed - vaccine) };
}

function procedures(
  random: Random,
  profile: Profile,
  visit: { series: boolean; start: number },
  cents: number,
): PerformedProcedure[] {
  if (cents <= 0) return [];
  let count = 1;
  for (let u = random.unit(); count < profile.procedureLines.length && u >= profile.procedureLines[count - 1]!; count++)
    u -= profile.procedureLines[count - 1]!;
  const parts = splitCents(
    cents,
    Array.from({ length: count }, () => 1 + random.int(0, 9)),
  );
  let at = visit.start;
  return parts.map((part, i) => {
    const done = visit.series && i === 0 ? dialysis : random.pick(proceduresAt(part));
    const start = at;
    at += done.minutes * 60 + random.int(0, 59);
    return { code: done.code, description: done.description, start, stop: at, cents: part };
  });
}

/** The drugs that a visit orders: those of its illnesses first. */
export function orderedDrugs(
  random: Random,
  profile: Profile,
  visit: { encounterClass: EncounterClass; series: boolean; start: number; coverage: number; lifeEnd: number },
  illnesses: readonly Illness[],
): OrderedDrug[] {
  const chances = visit.series ? seriesDrugs : classProfile(profile, visit.encounterClass).medications;
  let count = 0;
  for (let u = random.unit(); count < chances.length - 1 && u >= chances[count]!; count++) u -= chances[count]!;
  if (count === 0) return [];
  const drugs: OrderedDrug[] = [];
  const order = (medication: Medication, reason?: Illness): void => {
    if (drugs.length >= count || drugs.some((d) => d.medication === medication)) return;
    const stop = visit.start + medication.days * 86_400;
    const free = random.chance(0.02);
    const cents = free ? 0 : Math.max(1, Math.round(medication.cents * (0.85 + random.unit() * 0.3)));
    drugs.push({
      medication,
      reason,
      cents,
      payerCoverage: Math.round(cents * visit.coverage),
      stop: medication.days === 0 || stop > visit.lifeEnd ? undefined : stop,
    });
  };
  // Newest illness first: a visit treats what brought it about.
  for (let i = illnesses.length - 1; i >= 0 && drugs.length < count; i--)
    for (const medication of illnesses[i]!.condition.medications) order(medication, illnesses[i]);
  for (let i = 0; i < 4 && drugs.length < count; i++) order(random.pick(commonMedications));
  return drugs;
}

const seriesDrugs = [0.7, 0.3];
