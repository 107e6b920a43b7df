import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contentOf, startLakehouse, type Lakehouse } from '../support/lakehouse';
import { generateInto, rowsOf } from '../unit/simulator/dataset';

jest.setTimeout(900_000);

interface Period {
  is_current: boolean;
  is_deleted: boolean;
  marital_status: string | null;
  valid_from: Date;
  valid_to: Date | null;
}

/** Full loads one after the other: the first patient is missing, comes, marries, disappears and comes back. */
describe('Reference data that come late, change, disappear and come back', () => {
  let root: string;
  let lakehouse: Lakehouse;
  let patient: string;
  let encounters: number;
  const seen: { loaded: string; facts: number; waiting: number }[] = [];

  beforeAll(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'medstream-late-'));
    const whole = path.join(root, 'whole');
    await generateInto(whole, 'A', 3);
    patient = rowsOf(whole, 'patients')[0]!['Id']!;
    encounters = rowsOf(whole, 'encounters').filter((row) => row['PATIENT'] === patient).length;
    const variant = (name: string, change: (line: string) => string | undefined): string => {
      const folder = path.join(root, name);
      cpSync(whole, folder, { recursive: true });
      const lines = readFileSync(path.join(whole, 'patients.csv'), 'utf8').trimEnd().split('\n');
      const changed = lines.flatMap((line) => (line.startsWith(patient) ? (change(line) ?? []) : line));
      writeFileSync(path.join(folder, 'patients.csv'), `${changed.join('\n')}\n`);
      return folder;
    };
    const married = (line: string): string => {
      const fields = line.split(',');
      fields[11] = 'M';
      return fields.join(',');
    };
    const single = (line: string): string => {
      const fields = line.split(',');
      fields[11] = 'S';
      return fields.join(',');
    };
    lakehouse = await startLakehouse();
    await lakehouse.produce(whole);
    for (const folder of [
      variant('missing', () => undefined),
      variant('single', single),
      variant('married', married),
      variant('gone', () => undefined),
      variant('back', married),
    ]) {
      await lakehouse.load(folder);
      await lakehouse.toBronze();
      await lakehouse.build();
      const [counts] = await lakehouse.query<{ facts: number; waiting: number }>(
        `SELECT (SELECT COUNT(*) FROM silver.fact_encounter f WHERE f.patient_id = '${patient}') AS facts,
           (SELECT COUNT(*) FROM silver.encounter_quarantine q WHERE q.reason_code = 'unknown_patient') AS waiting`,
      );
      seen.push({ loaded: path.basename(folder), ...counts! });
    }
  });

  afterAll(async () => {
    await lakehouse?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  test('the events wait in quarantine, are replayed when the patient arrives, and stay when he disappears', () => {
    expect(encounters).toBeGreaterThan(0);
    expect(seen).toEqual([
      { loaded: 'missing', facts: 0, waiting: encounters },
      { loaded: 'single', facts: encounters, waiting: 0 },
      { loaded: 'married', facts: encounters, waiting: 0 },
      { loaded: 'gone', facts: encounters, waiting: 0 },
      { loaded: 'back', facts: encounters, waiting: 0 },
    ]);
  });

  test('his history has a period for each, without overlap or hole', async () => {
    const periods = await lakehouse.query<Period>(
      `SELECT h.is_current, h.is_deleted, h.marital_status, h.valid_from, h.valid_to
       FROM silver.dim_patient_history h WHERE h.patient_id = '${patient}' ORDER BY h.valid_from`,
    );
    expect(
      periods.map(({ is_current, is_deleted, marital_status }) => [is_current, is_deleted, marital_status]),
    ).toEqual([
      [false, false, 'S'],
      [false, false, 'M'],
      [false, true, 'M'],
      [true, false, 'M'],
    ]);
    for (const [i, { valid_from }] of periods.slice(1).entries()) expect(periods[i]!.valid_to).toEqual(valid_from);
    expect(periods.at(-1)!.valid_to).toBeNull();
  });

  test('a run without news changes nothing, and neither does a full refresh', async () => {
    const tables = ['dim_patient_history', 'dim_organization_history', 'fact_encounter', 'encounter_event_outcomes'];
    const before = await Promise.all(tables.map((table) => contentOf(lakehouse, table, true)));
    await lakehouse.build();
    const again = await Promise.all(tables.map((table) => contentOf(lakehouse, table, true)));
    await lakehouse.build({ fullRefresh: true });
    const refreshed = await Promise.all(tables.map((table) => contentOf(lakehouse, table, true)));
    expect(again).toEqual(before);
    expect(refreshed).toEqual(before);
  });
});
