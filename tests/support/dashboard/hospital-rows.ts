import type { Cell } from '../../../exports/parquet/sink';
import type { ExportRows } from './export-folder';

/** The rows of an invented hospital group; the same seed gives the same rows. */
export function hospitalRows(seed = 7): ExportRows {
  const random = randomNumbers(seed);
  const money = (dollars: number) => (Math.round(dollars * 100) / 100).toFixed(2);
  const rate = (part: string, whole: string) => (Number(part) / Number(whole)).toFixed(6);
  const departments = [
    ['wellness', 31_204, 16_150_000.11, 3_800_000.5],
    ['ambulatory', 23_372, 29_800_000.42, 24_900_000.2],
    ['outpatient', 9_886, 8_600_000.51, 4_350_000.1],
    ['emergency', 3_372, 9_600_000, 1_650_000.02],
    ['inpatient', 1_291, 25_780_122.49, 13_350_499.31],
    ['urgentcare', 1_135, 279_000.07, 56_000.9],
    ['hospice', 84, 90_210.4, 90_210.4],
  ] as const;
  const payers = [
    ['Medicare', true, 0.71],
    ['Humana', true, 0.52],
    ['Blue Cross Blue Shield', true, 0.46],
    ['UnitedHealthcare', true, 0.4],
    ['Aetna', true, 0.55],
    ['Cigna Health', true, 0.38],
    ['Medicaid', true, 0.83],
    ['Anthem', true, 0.41],
    ['Dual Eligible', true, 0.9],
    ['NO_INSURANCE', false, 0],
  ] as const;
  const organizations = Array.from({ length: 64 }, (_, at) => [
    `org-${String(at).padStart(3, '0')}`,
    organizationNames[at] ?? `PRIMARY CARE ASSOCIATES ${at}`,
    ['MA', 'NH', 'RI'][at % 3]!,
  ]);
  const months: Cell[][] = [];
  for (let month = 0; month < 132; month++)
    for (const [at, organization] of organizations.entries()) {
      if (random() < 0.25) continue;
      const weight = 30 / (at + 3);
      const season = 1 + 0.2 * Math.sin((month / 12) * 2 * Math.PI) + month / 260;
      const cost = money(9_000 * weight * season * (0.6 + random() * 0.8));
      months.push([
        ...organization,
        new Date(Date.UTC(2015, month, 1)),
        String(Math.ceil(4 * weight * season * (0.5 + random()))),
        cost,
        money(Number(cost) * (0.3 + random() * 0.35)),
      ]);
    }
  return {
    encounters_by_department: departments.map(([name, encounters, cost, payments]) => [
      name,
      String(encounters),
      money(cost),
      money(payments),
      rate(money(payments), money(cost)),
    ]),
    encounters_by_org_month: months,
    payer_coverage_summary: payers.map(([name, insured, coverage], at) => {
      const cost = money(24_045_462.84 / (at + 1) + random() * 1000);
      const covered = money(Number(cost) * coverage);
      const paid = money(Number(cost) * (0.3 + random() * 0.3));
      const encounters = String(Math.round(2226 * (10 - at) * random() + 90));
      return [`payer-${at}`, name, insured, encounters, cost, covered, paid, rate(covered, cost), rate(paid, cost)];
    }),
    ...qualityRows,
  };
}

const runs = ['20261124T041233Z-1a2b3c', '20261125T041230Z-9f8e7d'];
const at = (text: string) => new Date(text);
const measuredAt = (run: string) => at(run === runs[0] ? '2026-11-24T04:12:40Z' : '2026-11-25T04:12:30Z');

function scored(run: string, dataset: string, id: string, demand: string, action: string, failed: number): Cell[] {
  const score = (1 - failed / 72_110).toFixed(6);
  return [run, dataset, `${id} some_rule`, '72110', String(failed), score, action, 'error', demand, measuredAt(run)];
}

const qualityRows: ExportRows = {
  data_quality_scorecard: runs.flatMap((run) => [
    scored(
      run,
      'silver.encounter_event_outcomes',
      'E09',
      'discharge_time is not before admission_time',
      'quarantine',
      412,
    ),
    scored(
      run,
      'silver.encounter_event_outcomes',
      'E20',
      'age equals the years between birth and admission',
      'repair',
      312,
    ),
    scored(run, 'silver.encounter_event_outcomes', 'E11', 'patient_id is in the patients file', 'quarantine', 0),
    scored(run, 'silver.fact_encounter', 'D01', 'An encounter is one row', 'stop', 0),
    scored(run, 'silver.fact_encounter', 'D03', 'payer_coverage is from 0 to total_claim_cost', 'stop', 0),
    scored(run, 'silver.dim_patient', 'D22', 'gender is M or F', 'warn', 2),
    scored(run, 'gold.payer_coverage_summary', 'D107', 'The sum of total_claim_cost is that of the fact', 'stop', 0),
  ]),
  layer_reconciliation: runs.flatMap((run) => [
    [run, 'bronze.encounters_raw → silver.encounters_clean', '72110', '70344', '906', '860', '0', measuredAt(run)],
    [run, 'silver.encounters_clean → silver.fact_encounter', '70344', '70344', '0', '0', '0', measuredAt(run)],
    [run, 'silver.fact_encounter → gold.encounters_by_department', '70344', '70344', '0', '0', '0', measuredAt(run)],
  ]),
  pipeline_freshness: [
    ['encounters', at('2026-11-25T03:58:12Z'), at('2026-11-25T04:10:02Z'), '710'],
    ['patients', at('2026-11-24T22:00:00Z'), at('2026-11-25T04:01:00Z'), '21660'],
    ['claims_transactions', at('2026-11-20T10:00:00Z'), at('2026-11-25T04:01:30Z'), '410490'],
    ['payer_transitions', null, at('2026-11-25T04:01:31Z'), null],
  ],
  quality_alerts: [
    [
      'A04',
      'much_quarantined',
      'warning',
      'silver.encounters_clean',
      'More than 1 in 100 events is in quarantine.',
      '0.012564',
      '0.010000',
      true,
      runs[1]!,
    ],
    [
      'A06',
      'stale',
      'warning',
      'bronze.patients',
      'The newest load is more than 7 days old.',
      '21660',
      '604800',
      false,
      runs[1]!,
    ],
  ],
  volume_anomaly: [
    ['silver.fact_encounter', runs[1]!, '70344', '2110', '12', '1980.00', '120.00', '0.730708', false],
    ['silver.claims', runs[1]!, '104201', '-45000', '12', '2900.50', '410.00', '-78.803000', true],
    ['silver.dim_patient', runs[1]!, '1163', null, '0', null, null, null, false],
  ],
  quarantine_summary: [
    [
      'R03',
      'BAD_TIME',
      'The discharge is before the admission',
      '412',
      at('2026-11-01T00:00:00Z'),
      at('2026-11-25T03:00:00Z'),
    ],
    ['R01', 'BAD_JSON', 'The body is no JSON object', '296', at('2026-11-02T00:00:00Z'), at('2026-11-25T02:00:00Z')],
    [
      'R07',
      'UNKNOWN_PATIENT',
      'The patient is in no patients file',
      '171',
      at('2026-11-03T00:00:00Z'),
      at('2026-11-24T19:00:00Z'),
    ],
    [
      'R05',
      'BAD_DEPARTMENT',
      'The department is not in the list',
      '27',
      at('2026-11-09T00:00:00Z'),
      at('2026-11-20T00:00:00Z'),
    ],
  ],
};

const organizationNames = [
  'GOOD SAMARITAN MEDICAL CENTER',
  'HALLMARK HEALTH SYSTEM',
  "SAINT ANNE'S HOSPITAL",
  'COOLEY DICKINSON HOSPITAL INC, THE',
  'FALMOUTH HOSPITAL',
  'NEWTON-WELLESLEY HOSPITAL',
  'BETH ISRAEL DEACONESS HOSPITAL - PLYMOUTH',
  'NORTH SHORE MEDICAL CENTER',
  'SIGNATURE HEALTHCARE BROCKTON HOSPITAL',
  'STURDY MEMORIAL HOSPITAL',
  'LAHEY HOSPITAL & MEDICAL CENTER, BURLINGTON',
  'MILFORD REGIONAL MEDICAL CENTER',
  'WINCHESTER HOSPITAL',
];

/** A linear congruential generator: enough for rows that look alive. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
