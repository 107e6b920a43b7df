import type { Hospital } from './encounters';
import type { PlainRow } from './marts';
import { ageGroup, ratio, rowsOf } from './read';

/** `gold.condition_prevalence`, from the conditions file of the folder. */
export async function conditionPrevalence(folder: string, { encounters, patients }: Hospital): Promise<PlainRow[]> {
  const last = encounters.reduce((year, one) => Math.max(year, new Date(one.admission).getUTCFullYear()), 0);
  const years = Array.from({ length: 10 }, (_, back) => last - back);
  /** Group of a person in a year, as age group and gender; undefined where the person did not live in it. */
  const groupIn = (patientId: string, year: number): [string, string | null] | undefined => {
    const patient = patients.get(patientId);
    const born = Number(patient?.birthDate?.slice(0, 4) ?? Infinity);
    const died = Number(patient?.deathDate?.slice(0, 4) ?? Infinity);
    return born <= year && died >= year ? [ageGroup(year - born), patient!.gender] : undefined;
  };
  const living = new Map<string, bigint>();
  for (const id of patients.keys())
    for (const year of years) {
      const group = groupIn(id, year);
      const name = JSON.stringify([year, group]);
      if (group) living.set(name, (living.get(name) ?? 0n) + 1n);
    }
  const names = new Map<string, string>();
  const cases = new Map<string, Set<string>>();
  for (const { patient, code, name, from, to } of await readDiagnoses(folder)) {
    if (name > (names.get(code) ?? '')) names.set(code, name);
    for (const year of years.filter((one) => Number(from) <= one && one <= Number(to || Infinity))) {
      const group = groupIn(patient, year);
      if (!group) continue;
      const key = JSON.stringify([code, year, group]);
      cases.set(key, (cases.get(key) ?? new Set()).add(patient));
    }
  }
  return [...cases].map(([key, people]) => {
    const [code, year, group] = JSON.parse(key) as [string, number, [string, string | null]];
    const count = BigInt(people.size);
    return {
      condition_code: code,
      condition_name: names.get(code) ?? null,
      year: String(year),
      age_group: group[0],
      gender: group[1],
      patients: String(count),
      per_1000: ratio(1000n * count, living.get(JSON.stringify([year, group]))!, 2),
      is_suppressed: count < 11n ? '1' : '0',
    };
  });
}

interface Diagnosis {
  patient: string;
  code: string;
  name: string;
  /** Years; '' where it is still open. */
  from: string;
  to: string;
}

/** One row a patient, encounter, code and start: real exports repeat them. Of several the one that lasts longest stays. */
async function readDiagnoses(folder: string): Promise<Iterable<Diagnosis>> {
  const stays = new Map<string, { stop: string; diagnosis: Diagnosis }>();
  for await (const row of rowsOf(folder, 'conditions')) {
    const [patient, code, start, stop] = [row('PATIENT'), row('CODE'), row('START'), row('STOP')];
    if (code === '') continue; // real exports hold such rows: a condition without a code is no condition
    const key = [patient, row('ENCOUNTER'), code, start].join();
    const known = stays.get(key);
    if (known && (known.stop || 'open') >= (stop || 'open')) continue;
    const diagnosis = { patient, code, name: row('DESCRIPTION'), from: start.slice(0, 4), to: stop.slice(0, 4) };
    stays.set(key, { stop, diagnosis });
  }
  return [...stays.values()].map(({ diagnosis }) => diagnosis);
}
