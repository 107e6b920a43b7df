import type { Family } from './families';
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

const usd = (...points: [p: number, value: number][]): Quantiles => points.map(([p, v]) => [p, v * 100]);

/** The public 1K sample (Synthea v3.0), 1,163 patients. */
const v3: Profile = {
  encountersPerPatient: [
    [0, 4],
    [0.05, 12],
    [0.1, 15],
    [0.25, 21],
    [0.5, 40],
    [0.75, 64],
    [0.9, 92],
    [0.95, 116],
    [0.97, 160],
    [0.99, 290],
    [0.997, 440],
    [0.9995, 1000],
    [1, 1563],
  ],
  seriesFrom: 120,
  seriesCost: [55_000, 75_000],
  seriesShare: 0.1,
  classes: {
    wellness: {
      share: 39.1,
      cost: usd(
        [0, 129.16],
        [0.04, 129.16],
        [0.05, 269.68],
        [0.1, 645.81],
        [0.25, 786.33],
        [0.5, 926.85],
        [0.75, 1383],
        [0.9, 1633],
        [0.97, 4500],
        [0.99, 31550],
        [0.998, 62000],
        [1, 112297],
      ),
      minutes: [
        [0, 15],
        [1, 15.99],
      ],
      medications: [0.42, 0.22, 0.17, 0.11, 0.05, 0.02, 0.01],
    },
    ambulatory: {
      share: 32.7,
      cost: usd(
        [0, 77.49],
        [0.3, 77.49],
        [0.42, 129.16],
        [0.5, 400],
        [0.54, 1300],
        [0.6, 10500],
        [0.7, 13000],
        [0.86, 17500],
        [0.93, 28000],
        [0.985, 67694],
        [1, 83693],
      ),
      minutes: [
        [0, 15],
        [0.75, 15.99],
        [0.9, 57],
        [0.99, 221],
        [1, 400],
      ],
      medications: [0.72, 0.19, 0.06, 0.02, 0.01],
    },
    outpatient: {
      share: 17.6,
      cost: usd(
        [0, 77.49],
        [0.4, 77.49],
        [0.5, 129.16],
        [0.75, 1655],
        [0.9, 8441],
        [0.96, 21000],
        [0.99, 39495],
        [1, 51734],
      ),
      minutes: [
        [0, 15],
        [0.9, 16],
        [0.99, 64],
        [1, 120],
      ],
      medications: [0.38, 0.22, 0.17, 0.1, 0.06, 0.05, 0.02],
    },
    urgentcare: {
      share: 4.2,
      cost: usd([0, 129.16], [0.5, 129.16], [0.75, 270], [0.82, 8000], [0.9, 27989], [0.99, 45245], [1, 53541]),
      minutes: [
        [0, 15],
        [1, 15.99],
      ],
      medications: [0.99, 0.01],
    },
    emergency: {
      share: 3.5,
      cost: usd(
        [0, 129.16],
        [0.4, 129.16],
        [0.5, 646],
        [0.6, 2300],
        [0.75, 8998],
        [0.9, 15744],
        [0.98, 42000],
        [0.99, 73864],
        [0.9995, 250000],
        [1, 873646],
      ),
      minutes: [
        [0, 60],
        [0.95, 61],
        [0.99, 11218],
        [1, 14000],
      ],
      medications: [0.62, 0.27, 0.08, 0.03],
    },
    inpatient: {
      share: 2.8,
      cost: usd(
        [0, 77.49],
        [0.2, 77.49],
        [0.25, 312],
        [0.5, 6493],
        [0.75, 14692],
        [0.9, 19163],
        [0.99, 30661],
        [0.998, 70000],
        [1, 284855],
      ),
      minutes: [
        [0, 1440],
        [0.9, 1441],
        [0.97, 4320],
        [0.99, 14442],
        [0.999, 60000],
        [1, 180000],
      ],
      medications: [0.42, 0.33, 0.15, 0.06, 0.04],
    },
  },
  visitPrices: [7749, 12916],
  reasonShare: 0.19,
  procedureLines: [0.7, 0.18, 0.08, 0.04],
  fullyListed: 0.2,
  allOrLittle: false,
  copayShare: 0.62,
  copays: [4000, 5500, 6000, 6000, 6500, 7000, 7500, 8000],
};

/** Newer exports (from 2022): other class mix, better coverage, more charge lines. */
const newer: Profile = {
  encountersPerPatient: [
    [0, 4],
    [0.1, 16],
    [0.25, 24],
    [0.5, 40],
    [0.75, 72],
    [0.9, 124],
    [0.97, 220],
    [0.99, 400],
    [1, 706],
  ],
  seriesFrom: 120,
  seriesCost: [90_000, 125_000],
  seriesShare: 0.15,
  classes: {
    wellness: {
      share: 14.9,
      cost: usd([0, 136.8], [0.1, 300], [0.25, 704], [0.5, 935], [0.75, 1420], [0.9, 2300], [0.99, 9000], [1, 30000]),
      minutes: [
        [0, 15],
        [0.5, 45],
        [0.9, 120],
        [1, 145],
      ],
      medications: [0.55, 0.25, 0.12, 0.05, 0.03],
    },
    ambulatory: {
      share: 62.2,
      cost: usd(
        [0, 85.55],
        [0.15, 85.55],
        [0.3, 440],
        [0.5, 1020],
        [0.75, 1900],
        [0.9, 5200],
        [0.97, 14000],
        [0.99, 32000],
        [1, 78000],
      ),
      minutes: [
        [0, 15],
        [0.5, 30],
        [0.9, 190],
        [1, 400],
      ],
      medications: [0.68, 0.2, 0.08, 0.03, 0.01],
    },
    outpatient: {
      share: 12.4,
      cost: usd([0, 85.55], [0.2, 146.18], [0.5, 815], [0.75, 1330], [0.9, 2600], [0.97, 6500], [1, 24000]),
      minutes: [
        [0, 15],
        [0.5, 20],
        [0.9, 75],
        [1, 145],
      ],
      medications: [0.5, 0.25, 0.13, 0.08, 0.04],
    },
    urgentcare: {
      share: 5.1,
      cost: usd([0, 142.58], [0.25, 480], [0.5, 859], [0.75, 1250], [0.95, 1900], [1, 5200]),
      minutes: [
        [0, 15],
        [1, 60],
      ],
      medications: [0.85, 0.12, 0.03],
    },
    emergency: {
      share: 3.4,
      cost: usd([0, 146.18], [0.25, 520], [0.5, 1009], [0.75, 6500], [0.9, 17500], [0.98, 62000], [1, 330000]),
      minutes: [
        [0, 60],
        [0.5, 60],
        [0.95, 300],
        [0.99, 10000],
        [1, 14000],
      ],
      medications: [0.58, 0.29, 0.1, 0.03],
    },
    inpatient: {
      share: 1,
      cost: usd(
        [0, 146.18],
        [0.1, 900],
        [0.25, 3100],
        [0.5, 7544],
        [0.75, 14500],
        [0.9, 24500],
        [0.99, 70000],
        [1, 190000],
      ),
      minutes: [
        [0, 1440],
        [0.7, 1441],
        [0.9, 8000],
        [0.99, 20000],
        [1, 90000],
      ],
      medications: [0.4, 0.32, 0.17, 0.07, 0.04],
    },
    home: {
      share: 0.5,
      cost: usd([0, 85.55], [0.5, 560], [0.9, 1200], [1, 3000]),
      minutes: [
        [0, 30],
        [1, 120],
      ],
      medications: [0.8, 0.15, 0.05],
    },
    hospice: {
      share: 0.3,
      cost: usd([0, 1500], [0.5, 11354], [0.9, 17000], [1, 24000]),
      minutes: [
        [0, 5000],
        [0.5, 36000],
        [1, 43000],
      ],
      medications: [0.6, 0.3, 0.1],
    },
    snf: {
      share: 0.2,
      cost: usd([0, 2000], [0.5, 12141], [0.9, 30000], [1, 60000]),
      minutes: [
        [0, 8000],
        [0.5, 20000],
        [1, 60000],
      ],
      medications: [0.6, 0.3, 0.1],
    },
    virtual: {
      share: 0.1,
      cost: usd([0, 136.8], [0.5, 556], [0.8, 2500], [1, 14000]),
      minutes: [
        [0, 15],
        [1, 60],
      ],
      medications: [0.7, 0.25, 0.05],
    },
  },
  visitPrices: [8555, 14258],
  reasonShare: 0.65,
  procedureLines: [0.34, 0.24, 0.17, 0.11, 0.07, 0.04, 0.03],
  fullyListed: 0.66,
  allOrLittle: true,
  copayShare: 0.3,
  copays: [1000, 1500, 2000, 2500, 3000],
};

/** The profile that a family's data follows. */
export function profileOf(family: Family): Profile {
  return family === 'A' ? v3 : newer;
}
