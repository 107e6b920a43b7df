import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWithData, syntheaData } from '../../support/shared-data';
import { cents, generateInto, rowsOf } from './dataset';

/** What is compared; money in dollars. */
interface Likeness {
  perPatient: number[];
  byClass: Map<string, number[]>;
  total: number;
  coverage: number;
  claimsPerEncounter: number;
}

function measure(
  encounters: { patient: string; encounterClass: string; total: number; coverage: number }[],
  medications: number,
): Likeness {
  const perPatient = new Map<string, number>();
  const byClass = new Map<string, number[]>();
  let [total, coverage] = [0, 0];
  for (const e of encounters) {
    perPatient.set(e.patient, (perPatient.get(e.patient) ?? 0) + 1);
    if (!byClass.has(e.encounterClass)) byClass.set(e.encounterClass, []);
    byClass.get(e.encounterClass)!.push(e.total);
    total += e.total;
    coverage += e.coverage;
  }
  const ascending = (a: number, b: number) => a - b;
  for (const list of byClass.values()) list.sort(ascending);
  return {
    perPatient: [...perPatient.values()].sort(ascending),
    byClass,
    total: encounters.length,
    coverage: coverage / total,
    claimsPerEncounter: 1 + medications / encounters.length,
  };
}

const quantile = (sorted: readonly number[], p: number) => sorted[Math.floor(p * (sorted.length - 1))]!;
const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;

function realRows(file: string): string[][] {
  const text = gunzipSync(readFileSync(path.join(syntheaData('ma1163-partial'), `${file}.csv.gz`))).toString('utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

describeWithData('ma1163-partial', 'a generated data set of family A beside the 1K sample', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'medstream-likeness-'));
  let real: Likeness;
  let made: Likeness;
  let transactionsPerClaim = 0;

  beforeAll(async () => {
    real = measure(
      realRows('encounters').map((f) => ({
        patient: f[3]!,
        encounterClass: f[7]!,
        total: Number(f[11]),
        coverage: Number(f[12]),
      })),
      realRows('medications').length,
    );
    await generateInto(folder, 'A', 600, 1);
    made = measure(
      rowsOf(folder, 'encounters').map((row) => ({
        patient: row['PATIENT']!,
        encounterClass: row['ENCOUNTERCLASS']!,
        total: cents(row['TOTAL_CLAIM_COST']!) / 100,
        coverage: cents(row['PAYER_COVERAGE']!) / 100,
      })),
      rowsOf(folder, 'medications').length,
    );
    const lines = (file: string) => readFileSync(path.join(folder, `${file}.csv`), 'latin1').split('\n').length - 2;
    transactionsPerClaim = lines('claims_transactions') / lines('claims');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['p10', 0.1, 0.25],
    ['p50', 0.5, 0.2],
    ['p90', 0.9, 0.25],
  ])('encounters per patient, %s, within the tolerance', (_, p, tolerance) => {
    const ratio = quantile(made.perPatient, p) / quantile(real.perPatient, p);
    expect(Math.abs(ratio - 1)).toBeLessThan(tolerance);
  });

  test('encounters per patient: mean within 15 %, and a long tail', () => {
    expect(Math.abs(mean(made.perPatient) / mean(real.perPatient) - 1)).toBeLessThan(0.15);
    expect(made.perPatient.at(-1)!).toBeGreaterThan(300);
  });

  test.each(['wellness', 'ambulatory', 'outpatient', 'urgentcare', 'emergency', 'inpatient'])(
    'class %s: share within 4 points, median cost within 25 %, mean cost within 30 %',
    (encounterClass) => {
      const [a, b] = [made.byClass.get(encounterClass)!, real.byClass.get(encounterClass)!];
      expect(Math.abs(a.length / made.total - b.length / real.total)).toBeLessThan(0.04);
      expect(Math.abs(quantile(a, 0.5) / quantile(b, 0.5) - 1)).toBeLessThan(0.25);
      expect(Math.abs(mean(a) / mean(b) - 1)).toBeLessThan(0.3);
    },
  );

  test('claims per encounter within 10 %', () => {
    expect(Math.abs(made.claimsPerEncounter / real.claimsPerEncounter - 1)).toBeLessThan(0.1);
  });

  test('transactions per claim within 15 % of the 6.0 that the sample had', () => {
    expect(Math.abs(transactionsPerClaim / 6.03 - 1)).toBeLessThan(0.15);
  });

  test('coverage ratio within 6 points', () => {
    expect(Math.abs(made.coverage - real.coverage)).toBeLessThan(0.06);
  });
});
