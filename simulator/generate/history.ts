import { dayOfTime } from './calendar';
import { acute, chronic, type Condition, dialysisReason, findings } from './catalogue/conditions';
import type { EncounterKind } from './catalogue/encounter-kinds';
import { ageOn, type Person } from './person';
import type { EncounterClass, Profile } from './profiles';
import { type Random, Weighted } from './random';

/** A condition that a patient has or had. */
export interface Illness {
  readonly condition: Condition;
  /** Second of the onset; never after the visit that recorded it. */
  readonly onset: number;
  /** Day of the end; undefined while it lasts. */
  readonly endDay?: number;
  readonly encounterId: string;
}

const findingDraw = new Weighted(findings, (c) => c.weight);
const acuteDraw = new Weighted(acute, (c) => c.weight);
const chronicDraw = new Weighted(chronic, (c) => c.weight);
const pregnancy = acute.find((c) => c.code === '72892002')!;
const prenatal = new Set(['424619006', '424441002', '169762003', '183460006']);

/** The medical history of one patient, which grows visit by visit in order of time. */
export class History {
  /** Chronic illnesses so far, oldest first. */
  readonly lasting: Illness[] = [];
  private pregnancy?: Illness;
  private renal?: Illness;

  constructor(
    private readonly random: Random,
    private readonly person: Person,
    private readonly profile: Profile,
  ) {}

  /**
   * What a visit finds: the illnesses that it records for the first time, and the reason for the visit, which may be an
   * older illness.
   */
  visit(
    encounterClass: EncounterClass,
    kind: EncounterKind,
    series: boolean,
    start: number,
    encounterId: string,
  ): { found: Illness[]; reason?: Illness } {
    const { random } = this;
    const age = ageOn(this.person, dayOfTime(start));
    const found: Illness[] = [];
    const record = (condition: Condition): Illness => {
      const illness = this.illness(condition, start, encounterId);
      found.push(illness);
      if (!condition.days && findings.indexOf(condition) < 0) this.lasting.push(illness);
      return illness;
    };
    if (series) return { found, reason: (this.renal ??= record(dialysisReason)) };
    if (prenatal.has(kind.code)) {
      const running = this.pregnancy && this.pregnancy.onset + 280 * 86_400 > start;
      return { found, reason: running ? this.pregnancy! : (this.pregnancy = record(pregnancy)) };
    }
    if (encounterClass === 'wellness') {
      for (let i = random.chance(0.8) ? random.int(1, 2) : 0; i > 0; i--)
        this.recordOne(findingDraw, age, found, record);
      if (random.chance(0.24)) this.recordNewChronic(age, found, record);
      return { found };
    }
    if (random.chance(0.12)) this.recordNewChronic(age, found, record);
    if (random.chance(acuteShare[encounterClass])) this.recordOne(acuteDraw, age, found, record);
    if (!random.chance(this.profile.reasonShare / reasonableShare(this.profile))) return { found };
    if (found.length) return { found, reason: found.at(-1)! };
    if (this.lasting.length) return { found, reason: random.pick(this.lasting) };
    this.recordOne(acuteDraw, age, found, record);
    return { found, reason: found.at(-1) };
  }

  private illness(condition: Condition, start: number, encounterId: string): Illness {
    if (!condition.days) return { condition, onset: start, encounterId };
    const endDay = dayOfTime(start) + this.random.int(condition.days[0], condition.days[1]);
    return {
      condition,
      onset: start,
      encounterId,
      endDay: endDay <= dayOfTime(this.person.lifeEnd) ? endDay : undefined,
    };
  }

  private recordOne(
    draw: Weighted<Condition>,
    age: number,
    found: readonly Illness[],
    record: (condition: Condition) => Illness,
  ): void {
    for (let attempt = 0; attempt < 6; attempt++) {
      const condition = draw.draw(this.random);
      if (this.suits(condition, age) && !found.some((f) => f.condition === condition)) {
        record(condition);
        return;
      }
    }
  }

  private recordNewChronic(age: number, found: readonly Illness[], record: (condition: Condition) => Illness): void {
    const condition = chronicDraw.draw(this.random);
    const known = this.lasting.some((illness) => illness.condition === condition);
    if (!known && this.suits(condition, age) && !found.some((f) => f.condition === condition)) record(condition);
  }

  private suits(condition: Condition, age: number): boolean {
    return (
      age >= condition.minAge &&
      age <= condition.maxAge &&
      (!condition.gender || condition.gender === this.person.gender)
    );
  }
}

/** Probability that a visit of a class records a new acute illness. */
const acuteShare: Readonly<Record<EncounterClass, number>> = {
  wellness: 0,
  ambulatory: 0.3,
  outpatient: 0.12,
  urgentcare: 0.3,
  emergency: 0.6,
  inpatient: 0.4,
  home: 0.1,
  hospice: 0.1,
  snf: 0.1,
  virtual: 0.4,
};

/** Share of visits that can state a reason: all but wellness and the series, which always does. */
function reasonableShare(profile: Profile): number {
  return 1 - profile.classes.wellness!.share / 100 + profile.seriesShare * 0.5;
}
