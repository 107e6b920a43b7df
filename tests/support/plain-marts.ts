import { readHospital } from './plain-marts/encounters';
import {
  departmentCensusHourly,
  departmentDemographics,
  encountersByDepartment,
  encountersByOrgMonth,
  lengthOfStay,
  payerCoverageSummary,
  payerMixMonth,
  readmissions30d,
  type PlainRow,
} from './plain-marts/marts';
import { conditionPrevalence } from './plain-marts/prevalence';

/** How the warehouse must write a column as text, to be compared with plain code. */
const asText = {
  text: (column: string) => `CONVERT(varchar(400), ${column})`,
  number: (column: string) => `CONVERT(varchar(40), ${column})`,
  date: (column: string) => `CONVERT(varchar(10), ${column}, 23)`,
  time: (column: string) => `CONVERT(varchar(23), ${column}, 121)`,
};
type Kind = keyof typeof asText;

/** Columns of each mart that plain code computes, in any order. */
export const martColumns = {
  encounters_by_department: {
    text: 'department',
    number: 'encounter_count total_claim_cost total_payments payment_rate',
  },
  encounters_by_org_month: {
    text: 'organization_id organization_name organization_state',
    date: 'month',
    number: 'encounter_count total_claim_cost total_payments',
  },
  payer_coverage_summary: {
    text: 'payer_id payer_name',
    number:
      'is_insured encounter_count total_claim_cost total_payer_coverage total_payments coverage_rate payment_rate',
  },
  encounters_by_department_demographics: {
    text: 'department age_group gender',
    date: 'month',
    number: 'encounter_count total_claim_cost is_suppressed',
  },
  department_census_hourly: {
    text: 'organization_id department',
    time: 'hour_start holds_until',
    number: 'arrivals departures in_progress',
  },
  length_of_stay: {
    text: 'organization_id department',
    date: 'month',
    number: 'encounter_count median_minutes p90_minutes',
  },
  readmissions_30d: {
    text: 'encounter_id patient_id organization_id',
    time: 'admission_time discharge_time next_admission_at',
    number: 'days_to_readmit is_readmitted_30d',
  },
  condition_prevalence: {
    text: 'condition_code condition_name age_group gender',
    number: 'year patients per_1000 is_suppressed',
  },
  payer_mix_month: {
    text: 'payer_id payer_name organization_id',
    date: 'month',
    number: 'encounter_count total_claim_cost total_payer_coverage coverage_rate',
  },
} as const satisfies Record<string, Partial<Record<Kind, string>>>;

export type PlainMartName = keyof typeof martColumns;
export const plainMartNames = Object.keys(martColumns) as PlainMartName[];

/**
 * The marts of models.md computed from the CSV files of a Synthea export in plain code: integer cents, no SQL, nothing of the
 * models. Each mart is a list of rows as JSON texts with sorted columns, sorted; compare it with `warehouseMart`.
 */
export async function plainMarts(folder: string): Promise<Record<PlainMartName, string[]>> {
  const hospital = await readHospital(folder);
  return {
    encounters_by_department: canonical(encountersByDepartment(hospital)),
    encounters_by_org_month: canonical(encountersByOrgMonth(hospital)),
    payer_coverage_summary: canonical(payerCoverageSummary(hospital)),
    encounters_by_department_demographics: canonical(departmentDemographics(hospital)),
    department_census_hourly: canonical(departmentCensusHourly(hospital)),
    length_of_stay: canonical(lengthOfStay(hospital)),
    readmissions_30d: canonical(readmissions30d(hospital)),
    condition_prevalence: canonical(await conditionPrevalence(folder, hospital)),
    payer_mix_month: canonical(payerMixMonth(hospital)),
  };
}

/** The rows of `gold.<mart>` in the form of `plainMarts`. */
export async function warehouseMart(
  query: (sql: string) => Promise<PlainRow[]>,
  mart: PlainMartName,
): Promise<string[]> {
  const kinds = Object.entries(martColumns[mart]) as [Kind, string][];
  const columns = kinds.flatMap(([kind, names]) =>
    names.split(' ').map((name) => `${asText[kind](`m.[${name}]`)} AS [${name}]`),
  );
  return canonical(await query(`SELECT ${columns.join(', ')} FROM gold.${mart} m`));
}

/** Number of rows of a mart, and the first rows that only one side has; equal to `sameRows(expected)` where there is none. */
export function compareRows(rows: readonly string[], expected: readonly string[]) {
  return { rows: rows.length, unexpected: firstOnlyIn(rows, expected), missing: firstOnlyIn(expected, rows) };
}

export function sameRows(expected: readonly string[]) {
  return { rows: expected.length, unexpected: [], missing: [] };
}

/** A row that stands twice on one side and once on the other counts too. */
function firstOnlyIn(these: readonly string[], those: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of those) left.set(row, (left.get(row) ?? 0) + 1);
  const only = these.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
  return only.slice(0, 3);
}

function canonical(rows: readonly PlainRow[]): string[] {
  return rows
    .map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))))
    .sort();
}
