import { secondsPerDay } from './calendar';
import type { Person } from './person';
import { type ClassProfile, type EncounterClass, encounterClasses, type Profile } from './profiles';
import { type Random, Weighted } from './random';

/** When a patient comes, and for what class of visit; seconds since 1970. */
export interface Appointment {
  start: number;
  stop: number;
  readonly encounterClass: EncounterClass;
  /** One of a long series of treatments (dialysis). */
  readonly series: boolean;
}

const tenYears = 3652 * secondsPerDay;
const mixes = new WeakMap<Profile, Weighted<EncounterClass>>();

/**
 * The visits of a life, in order of time; a visit starts after the one before has ended, and none starts outside the
 * life. Of the living the last ten years are exported almost in full and the time before only in part; of the dead the
 * whole life is (as Synthea does).
 */
export function timeline(random: Random, person: Person, profile: Profile): Appointment[] {
  const days = Math.floor((person.lifeEnd - person.lifeStart) / secondsPerDay);
  const dead = person.deathDay !== undefined;
  const drawn = random.quantile(profile.encountersPerPatient);
  // A whole life is longer than ten years: of the dead the larger of two draws.
  const wanted = Math.floor(dead ? Math.max(drawn, random.quantile(profile.encountersPerPatient)) : drawn);
  // Nobody has more visits than a busy infancy and one a fortnight allow, unless in a series.
  const count = Math.min(wanted, 4 + Math.floor(days / 14));
  const series = count > profile.seriesFrom ? count - profile.seriesFrom : 0;
  const appointments: Appointment[] = [];
  for (let i = 0; i < count - series; i++) {
    const encounterClass = classMix(profile).draw(random);
    appointments.push(visit(random, profile, encounterClass, momentOf(random, person, dead), false));
    // One inpatient stay in five is followed by another within a month.
    if (encounterClass === 'inpatient' && i + 1 < count - series && random.chance(0.2)) {
      const again = appointments.at(-1)!.stop + random.int(2, 29) * secondsPerDay;
      appointments.push(visit(random, profile, 'inpatient', again, false));
      i++;
    }
  }
  addSeries(random, person, profile, series, appointments);
  return inOrder(random, person, appointments);
}

function addSeries(random: Random, person: Person, profile: Profile, count: number, into: Appointment[]): void {
  if (count === 0) return;
  // Three visits a week, up to the end of life.
  const step = Math.floor((7 * secondsPerDay) / 3);
  let at = Math.max(person.lifeStart + 30 * secondsPerDay, person.lifeEnd - (count + 20) * step);
  for (let i = 0; i < count && at < person.lifeEnd; i++) {
    into.push(visit(random, profile, 'ambulatory', at + random.int(0, 7200), true));
    at += step;
  }
}

function visit(
  random: Random,
  profile: Profile,
  encounterClass: EncounterClass,
  start: number,
  series: boolean,
): Appointment {
  const minutes = series ? random.int(190, 240) : random.quantile(classProfile(profile, encounterClass).minutes);
  return { start, stop: start + Math.floor(minutes) * 60, encounterClass, series };
}

/** A moment in a life at which a visit may start. */
function momentOf(random: Random, person: Person, dead: boolean): number {
  const { lifeStart, lifeEnd } = person;
  if (dead) {
    // More visits in later years: the larger of two draws, in half of the cases.
    const share = random.chance(0.5) ? random.unit() : Math.max(random.unit(), random.unit());
    return lifeStart + Math.floor(share * (lifeEnd - lifeStart));
  }
  const recent = Math.max(lifeStart, lifeEnd - tenYears);
  if (recent === lifeStart || random.chance(0.64)) return recent + Math.floor(random.unit() * (lifeEnd - recent));
  const share = Math.max(random.unit(), random.unit());
  return lifeStart + Math.floor(share * (recent - lifeStart));
}

function inOrder(random: Random, person: Person, appointments: Appointment[]): Appointment[] {
  appointments.sort((a, b) => a.start - b.start || a.stop - b.stop);
  const kept: Appointment[] = [];
  let free = person.lifeStart;
  for (const appointment of appointments) {
    if (appointment.start < free) {
      const shift = free - appointment.start + random.int(600, 43_200);
      appointment.start += shift;
      appointment.stop += shift;
    }
    if (appointment.start > person.lifeEnd) continue;
    // A stay ends with life; of the living it may go on after the end of the run.
    if (person.deathDay !== undefined) appointment.stop = Math.min(appointment.stop, person.lifeEnd);
    kept.push(appointment);
    free = appointment.stop;
  }
  return kept;
}

/** The facts of a class; every class that is drawn has them. */
export function classProfile(profile: Profile, encounterClass: EncounterClass): ClassProfile {
  return profile.classes[encounterClass]!;
}

/** The class mix of visits outside a series, so that all visits together have the shares of the profile. */
function classMix(profile: Profile): Weighted<EncounterClass> {
  let mix = mixes.get(profile);
  if (!mix) {
    mix = new Weighted(
      encounterClasses.filter((c) => profile.classes[c]),
      (c) => classProfile(profile, c).share - (c === 'ambulatory' ? profile.seriesShare * 100 : 0),
    );
    mixes.set(profile, mix);
  }
  return mix;
}
