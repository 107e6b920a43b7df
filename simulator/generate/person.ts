import { dayOf, secondsPerDay, yearsBetween } from './calendar';
import { birthDecades, femaleNames, lastNames, maleNames, origins, streetKinds, streets } from './catalogue/people';
import type { Town } from './catalogue/towns';
import type { FamilyFacts } from './families';
import { townDraw } from './network';
import { type Random, Weighted } from './random';

/** Who a patient is. Days are day numbers, seconds count from 1970. */
export interface Person {
  readonly id: string;
  readonly birthDay: number;
  readonly deathDay?: number;
  /** From birth to death, or to the end of the run, in seconds. */
  readonly lifeStart: number;
  readonly lifeEnd: number;
  readonly gender: 'F' | 'M';
  readonly race: string;
  readonly ethnicity: string;
  readonly prefix: string;
  readonly first: string;
  readonly middle: string;
  readonly last: string;
  readonly suffix: string;
  readonly maiden: string;
  readonly marital: string;
  readonly ssn: string;
  readonly drivers: string;
  readonly passport: string;
  readonly birthplace: Town;
  readonly town: Town;
  readonly address: string;
  readonly zip: string;
  readonly lat: number;
  readonly lon: number;
  readonly income: number;
}

const decadeDraw = new Weighted(birthDecades, (d) => d.weight);
const originDraw = new Weighted(origins, (o) => o.weight);

export function createPerson(random: Random, facts: FamilyFacts, birthShiftYears: number): Person {
  const id = random.uuid();
  const life = lifeSpan(random, facts, birthShiftYears);
  const age = yearsBetween(life.birthDay, life.deathDay ?? facts.endDay);
  const gender = random.chance(0.5) ? 'F' : 'M';
  const origin = originDraw.draw(random);
  const first = personName(random, gender === 'F' ? femaleNames : maleNames);
  const middle = random.chance(0.85) ? personName(random, gender === 'F' ? femaleNames : maleNames) : '';
  const last = personName(random, lastNames);
  const marital = age < 20 || random.chance(0.08) ? '' : maritalStatus(random, age, facts);
  const maiden = gender === 'F' && marital === 'M' ? personName(random, lastNames) : '';
  const town = townDraw.draw(random);
  const zip = random.pick(town.zips);
  return {
    id,
    ...life,
    lifeStart: life.birthDay * secondsPerDay + random.int(0, secondsPerDay - 1),
    lifeEnd: (life.deathDay ?? facts.endDay) * secondsPerDay + (secondsPerDay - 1),
    gender,
    race: origin.race,
    ethnicity: origin.ethnicity,
    prefix: age < 18 ? '' : gender === 'M' ? 'Mr.' : marital === 'M' ? 'Mrs.' : 'Ms.',
    first,
    middle,
    last,
    suffix: age > 25 && random.chance(0.014) ? random.pick(['MD', 'PhD', 'JD']) : '',
    maiden,
    marital,
    ssn: `999-${random.int(10, 99)}-${random.int(1000, 9999)}`,
    drivers: age >= 16 ? `S999${random.int(10000, 99999)}` : '',
    passport: age >= 20 ? `X${random.int(10000000, 99999999)}X` : '',
    birthplace: townDraw.draw(random),
    town,
    address: `${random.int(100, 1099)} ${random.pick(streets)} ${random.pick(streetKinds)}${
      random.chance(0.35) ? ` Apt ${random.int(1, 99)}` : ''
    }`,
    zip: random.chance(facts.emptyZip) ? '' : zip,
    lat: town.lat + (random.unit() - 0.5) * 0.08,
    lon: town.lon + (random.unit() - 0.5) * 0.08,
    income: random.int(8, 90) * 1000 + random.int(0, 999),
  };
}

/** Age in whole years at a day. */
export function ageOn(person: Person, day: number): number {
  return yearsBetween(person.birthDay, day);
}

/** A name with digits, as Synthea writes them. */
export function personName(random: Random, names: readonly string[]): string {
  return random.pick(names) + random.int(1, 999);
}

function lifeSpan(random: Random, facts: FamilyFacts, shiftYears: number): { birthDay: number; deathDay?: number } {
  const { decade, dead } = decadeDraw.draw(random);
  const birth = dayOf(decade + shiftYears + random.int(0, 9), random.int(1, 12), random.int(1, 28));
  // The last decade is not over: births lie at least 60 days before the end of the run.
  const birthDay = Math.min(birth, facts.endDay - 60 - random.int(0, 500));
  if (!random.chance(dead)) return { birthDay };
  // Death comes late in the span that is left: the larger of two draws.
  const share = Math.max(random.unit(), random.unit());
  const deathDay = birthDay + 30 + Math.floor(share * (facts.endDay - birthDay - 31));
  return { birthDay, deathDay };
}

function maritalStatus(random: Random, age: number, facts: FamilyFacts): string {
  const u = random.unit();
  if (facts.noInsurance === '') {
    if (u < 0.08) return 'D';
    if (age > 60 && u < 0.2) return 'W';
  }
  return u < 0.8 ? 'M' : 'S';
}
