import { secondsPerDay } from './calendar';
import { femaleNames, maleNames } from './catalogue/people';
import type { Payer } from './catalogue/payers';
import { ageOn, personName, type Person } from './person';
import type { Profile } from './profiles';
import { type Random, Weighted } from './random';

/** A payer with its place in the file and its id. */
export interface PayerEntry extends Payer {
  readonly id: string;
  readonly index: number;
}

/** One row of payer_transitions: who pays in a year of a patient's life. */
export interface PlanYear {
  readonly start: number;
  readonly end: number;
  readonly payer: PayerEntry;
  readonly secondary?: PayerEntry;
  readonly memberId: string;
  readonly ownership: '' | 'Self' | 'Guardian' | 'Spouse';
  readonly owner: string;
  /** Cents at each visit or drug; 0 = none. */
  readonly copay: number;
}

/** Shares of people under 65. */
export interface PayerMix {
  readonly uninsured: number;
  readonly medicaid: number;
}

/** Real plan years in these exports are 53 weeks: the payer is chosen anew at the first wellness visit of a year. */
const planSeconds = 371 * secondsPerDay;

/** The plan years of a patient, without a gap, from a week after birth to the end of life (or of the run). */
export function planYears(
  random: Random,
  person: Person,
  payers: readonly PayerEntry[],
  mix: PayerMix,
  profile: Profile,
): PlanYear[] {
  const habit = random.unit();
  const guardian = `${personName(random, random.chance(0.5) ? femaleNames : maleNames)} ${person.last}`;
  const self = `${person.first} ${person.last}`;
  const spouse = random.chance(0.2) ? `${personName(random, maleNames)} ${person.last}` : undefined;
  const years: PlanYear[] = [];
  let previous: PlanYear | undefined;
  let start = person.lifeStart + 8 * secondsPerDay;
  while (start < person.lifeEnd) {
    const end = Math.min(start + planSeconds, person.lifeEnd);
    const age = ageOn(person, Math.floor(start / secondsPerDay));
    const payer = choosePayer(random, age, habit, payers, mix, previous?.payer);
    const insured = payer.kind !== 'none';
    const dependent = age < 18 && payer.kind === 'commercial';
    const partner = !dependent && age >= 25 && payer.kind === 'commercial' && spouse !== undefined;
    const year: PlanYear = {
      start,
      end,
      payer,
      secondary: payer.kind === 'medicare' && random.chance(0.5) ? commercial(random, payers) : undefined,
      memberId: !insured ? '' : previous?.payer === payer ? previous.memberId : random.uuid(),
      ownership: !insured ? '' : dependent ? 'Guardian' : partner ? 'Spouse' : 'Self',
      owner: !insured ? '' : dependent ? guardian : partner ? spouse : self,
      copay: insured && random.chance(profile.copayShare) ? random.pick(profile.copays) : 0,
    };
    years.push(year);
    previous = year;
    start = end;
  }
  return years;
}

/** The plan in force at a time; before the first one starts, the first. `from` is where the last search ended. */
export function planAt(years: readonly PlanYear[], time: number, from: number): number {
  let i = from;
  while (i < years.length - 1 && years[i]!.end <= time) i++;
  return i;
}

function choosePayer(
  random: Random,
  age: number,
  habit: number,
  payers: readonly PayerEntry[],
  mix: PayerMix,
  previous: PayerEntry | undefined,
): PayerEntry {
  const [dual, medicare, medicaid] = [payers[0]!, payers[1]!, payers[2]!];
  if (age >= 65) return habit < mix.medicaid * 0.6 ? dual : habit > 0.94 ? payers.at(-1)! : medicare;
  if (habit < mix.medicaid) return medicaid;
  if (habit > 1 - mix.uninsured) return payers.at(-1)!;
  // Employers change plans often: seven years in ten bring another commercial payer.
  return previous?.kind === 'commercial' && random.chance(0.3) ? previous : commercial(random, payers);
}

const cache = new WeakMap<readonly PayerEntry[], Weighted<PayerEntry>>();

function commercial(random: Random, payers: readonly PayerEntry[]): PayerEntry {
  let draw = cache.get(payers);
  if (!draw)
    cache.set(
      payers,
      (draw = new Weighted(
        payers.filter((p) => p.kind === 'commercial'),
        () => 1,
      )),
    );
  return draw.draw(random);
}
