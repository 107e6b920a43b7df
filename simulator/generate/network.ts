import { towns } from './catalogue/towns';
import type { EncounterClass } from './profiles';
import { Random, Weighted } from './random';
import { Stream } from './streams';

/** One organization with its providers. Counters grow while patients are generated. */
export interface Organization {
  readonly index: number;
  readonly id: string;
  readonly kind: 'hospital' | 'clinic' | 'urgentcare';
  readonly providers: readonly Provider[];
  encounters: number;
}

export interface Provider {
  readonly id: string;
  encounters: number;
  procedures: number;
}

/** Where a patient goes, by class of encounter. */
export interface CareTeam {
  readonly primary: Organization;
  readonly hospital: Organization;
  readonly specialists: readonly Organization[];
  readonly urgentcare: Organization;
}

/** The organizations of a data set. Few of them see most of the patients. */
export class Network {
  readonly organizations: readonly Organization[];
  private readonly byKind: Readonly<Record<Organization['kind'], readonly Organization[]>>;

  constructor(
    readonly seed: number,
    patients: number,
  ) {
    this.organizations = Array.from({ length: organizationCount(patients) }, (_, index) => this.create(index));
    const of = (kind: Organization['kind']) => this.organizations.filter((o) => o.kind === kind);
    this.byKind = { hospital: of('hospital'), clinic: of('clinic'), urgentcare: of('urgentcare') };
  }

  careTeam(random: Random): CareTeam {
    const clinics = this.byKind.clinic;
    return {
      primary: popular(random, clinics),
      hospital: popular(random, this.byKind.hospital),
      specialists: [popular(random, clinics), popular(random, clinics), popular(random, this.byKind.hospital)],
      urgentcare: popular(random, this.byKind.urgentcare),
    };
  }

  private create(index: number): Organization {
    const random = new Random(this.seed, Stream.organization, index);
    const kind = index % 6 === 0 ? 'hospital' : index % 6 === 3 ? 'urgentcare' : 'clinic';
    const id = random.uuid();
    const providers = Array.from({ length: kind === 'hospital' ? random.int(2, 6) : random.int(1, 3) }, () => ({
      id: random.uuid(),
      encounters: 0,
      procedures: 0,
    }));
    return { index, id, kind, providers, encounters: 0 };
  }
}

/** The organization where a visit of this class takes place. */
export function placeOf(team: CareTeam, encounterClass: EncounterClass, random: Random): Organization {
  switch (encounterClass) {
    case 'wellness':
    case 'virtual':
      return team.primary;
    case 'urgentcare':
      return team.urgentcare;
    case 'emergency':
    case 'inpatient':
    case 'hospice':
    case 'snf':
      return team.hospital;
    default:
      return random.chance(0.4) ? team.hospital : random.pick(team.specialists);
  }
}

/** The 1K sample has 1,127 organizations for 1,163 patients; a larger population shares them. */
function organizationCount(patients: number): number {
  return patients <= 1163 ? Math.max(12, Math.round(patients * 0.97)) : 1128 + Math.floor((patients - 1163) / 25);
}

export const townDraw = new Weighted(towns, (town) => town.weight);

/** The sixth power of a uniform number: a tenth of the list gets about two thirds of the choices. */
function popular(random: Random, list: readonly Organization[]): Organization {
  const u = random.unit();
  const cube = u * u * u;
  return list[Math.floor(list.length * cube * cube)]!;
}
