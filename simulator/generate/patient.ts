import { dayOfTime, secondsPerDay } from './calendar';
import { deathCertification, dialysisVisit, encounterKinds, type EncounterKind } from './catalogue/encounter-kinds';
import type { Family, FamilyFacts } from './families';
import { History, type Illness } from './history';
import { placeOf, type Network } from './network';
import { ageOn, createPerson, type Person } from './person';
import { planAt, planYears, type PayerEntry, type PayerMix, type PlanYear } from './plans';
import type { EncounterClass, Profile } from './profiles';
import { Random } from './random';
import { Stream } from './streams';
import { type Appointment, timeline } from './timeline';
import { billedItems, orderedDrugs, type Visit } from './visit';

/** What the patients of one data set share. */
export interface World {
  readonly seed: number;
  readonly family: Family;
  readonly facts: FamilyFacts;
  readonly profile: Profile;
  readonly payers: readonly PayerEntry[];
  readonly payerMix: PayerMix;
  readonly network: Network;
  /** Years by which births are later than in the 1K sample, whose run ended in 2021. */
  readonly birthShiftYears: number;
}

/** A life: who, insured by whom, and every visit in order of time. */
export interface PatientRecord {
  readonly person: Person;
  readonly plans: readonly PlanYear[];
  readonly visits: readonly Visit[];
  /** The patient's own random stream, from which the claims are drawn too. */
  readonly random: Random;
}

/** Patient number `index` (from 0). It depends on the seed, the family and the number of organizations only. */
export function createPatient(world: World, index: number): PatientRecord {
  const random = new Random(world.seed, Stream.patient, index);
  const person = createPerson(random, world.facts, world.birthShiftYears);
  const plans = planYears(random, person, world.payers, world.payerMix, world.profile);
  const history = new History(random, person, world.profile);
  const team = world.network.careTeam(random);
  const visits: Visit[] = [];
  let plan = 0;
  for (const appointment of timeline(random, person, world.profile)) {
    plan = planAt(plans, appointment.start, plan);
    const organization = placeOf(team, appointment.encounterClass, random);
    visits.push(createVisit(random, world, person, history, appointment, plans[plan]!, organization));
  }
  if (person.deathDay !== undefined) visits.push(certificate(random, person, plans.at(-1)!, team.primary, visits));
  for (const visit of visits) {
    visit.organization.encounters++;
    visit.provider.encounters++;
    visit.provider.procedures += visit.procedures.length;
  }
  return { person, plans, visits, random };
}

function createVisit(
  random: Random,
  world: World,
  person: Person,
  history: History,
  appointment: Appointment,
  plan: PlanYear,
  organization: Visit['organization'],
): Visit {
  const { encounterClass, series, start, stop } = appointment;
  const id = random.uuid();
  const age = ageOn(person, dayOfTime(start));
  const kind = series ? dialysisVisit : kindOf(random, encounterClass, age, person.gender);
  const { found, reason } = history.visit(encounterClass, kind, series, start, id);
  const price = world.profile.visitPrices[kind.price === 'low' ? 0 : 1];
  const items = billedItems(random, world.profile, { encounterClass, series, start, price });
  const coverage = coverageOf(random, plan, world.profile);
  const treated: Illness[] = [...history.lasting, ...found];
  return {
    id,
    encounterClass,
    kind,
    start,
    stop,
    age,
    organization,
    provider: random.pick(organization.providers),
    plan,
    coverage,
    price,
    ...items,
    payerCoverage: Math.min(items.total, Math.round(items.total * coverage)),
    found,
    reason,
    drugs: orderedDrugs(
      random,
      world.profile,
      { encounterClass, series, start, coverage, lifeEnd: person.lifeEnd },
      treated,
    ),
  };
}

/** The last record of a dead patient, on the day of death. */
function certificate(
  random: Random,
  person: Person,
  plan: PlanYear,
  organization: Visit['organization'],
  visits: readonly Visit[],
): Visit {
  const free = Math.max(visits.at(-1)?.stop ?? 0, person.deathDay! * secondsPerDay);
  const start = Math.min(free, person.lifeEnd - 900);
  return {
    id: random.uuid(),
    encounterClass: 'wellness',
    kind: deathCertification,
    start,
    stop: Math.min(start + 900, person.lifeEnd),
    age: ageOn(person, person.deathDay!),
    organization,
    provider: random.pick(organization.providers),
    plan,
    coverage: 0,
    price: 0,
    total: 0,
    vaccine: 0,
    procedures: [],
    payerCoverage: 0,
    found: [],
    drugs: [],
  };
}

function kindOf(random: Random, encounterClass: EncounterClass, age: number, gender: 'F' | 'M'): EncounterKind {
  const kinds = encounterKinds[encounterClass];
  const suits = (k: EncounterKind) =>
    age >= (k.minAge ?? 0) && age <= (k.maxAge ?? 200) && (k.gender === undefined || k.gender === gender);
  let total = 0;
  for (const kind of kinds) if (suits(kind)) total += kind.weight;
  let at = random.unit() * total;
  let last = kinds[0]!;
  for (const kind of kinds) {
    if (!suits(kind)) continue;
    last = kind;
    at -= kind.weight;
    if (at < 0) break;
  }
  return last;
}

/** The part of this visit's bills that the payer takes; on average the plan's rate. */
function coverageOf(random: Random, plan: PlanYear, profile: Profile): number {
  const rate = plan.payer.coverage;
  if (rate === 0) return 0;
  if (rate < 0.01) return random.chance(rate * 10) ? 0.1 : 0;
  if (!profile.allOrLittle) return Math.min(1, rate * (0.96 + random.unit() * 0.08));
  const whole = rate * rate;
  return random.chance(whole) ? 1 : (rate - whole) / (1 - whole);
}
