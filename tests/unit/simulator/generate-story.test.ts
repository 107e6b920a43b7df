import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cents, generateInto, type Row, rowsOf } from './dataset';

describe.each(['A', 'B', 'C', 'D'] as const)('a generated data set of family %s', (family) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'medstream-generate-'));
  const tables: Record<string, Row[]> = {};
  const table = (name: string): Row[] => (tables[name] ??= rowsOf(folder, name));
  const by = (rows: readonly Row[], key: string) => new Map(rows.map((row) => [row[key]!, row]));
  beforeAll(() => generateInto(folder, family, 30));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('has unique keys', () => {
    for (const [name, key] of [
      ['patients', 'Id'],
      ['encounters', 'Id'],
      ['claims', 'Id'],
      ['claims_transactions', 'ID'],
      ['organizations', 'Id'],
      ['providers', 'Id'],
      ['payers', 'Id'],
    ] as const)
      expect([name, by(table(name), key).size]).toEqual([name, table(name).length]);
  });

  test.each([
    ['encounters', 'PATIENT', 'patients'],
    ['encounters', 'ORGANIZATION', 'organizations'],
    ['encounters', 'PROVIDER', 'providers'],
    ['encounters', 'PAYER', 'payers'],
    ['providers', 'ORGANIZATION', 'organizations'],
    ['claims', 'PATIENTID', 'patients'],
    ['claims', 'PROVIDERID', 'providers'],
    ['claims', 'APPOINTMENTID', 'encounters'],
    ['claims_transactions', 'CLAIMID', 'claims'],
    ['claims_transactions', 'APPOINTMENTID', 'encounters'],
    ['claims_transactions', 'PLACEOFSERVICE', 'organizations'],
    ['claims_transactions', 'PATIENTINSURANCEID', 'patients'],
    ['medications', 'PAYER', 'payers'],
    ['medications', 'ENCOUNTER', 'encounters'],
    ['conditions', 'ENCOUNTER', 'encounters'],
    ['procedures', 'ENCOUNTER', 'encounters'],
    ['payer_transitions', 'PATIENT', 'patients'],
    ['payer_transitions', 'PAYER', 'payers'],
  ])('%s.%s has no orphan in %s', (child, column, parent) => {
    const ids = by(table(parent), 'Id');
    expect(table(child).filter((row) => !ids.has(row[column]!))).toEqual([]);
  });

  test('has one claim per encounter and one per medication', () => {
    expect(table('claims')).toHaveLength(table('encounters').length + table('medications').length);
  });

  test('keeps every encounter in the life of its patient, one after the other', () => {
    const patients = by(table('patients'), 'Id');
    const wrong = table('encounters').filter((encounter, i, all) => {
      const patient = patients.get(encounter['PATIENT']!)!;
      const previous = all[i - 1]?.['PATIENT'] === encounter['PATIENT'] ? all[i - 1] : undefined;
      return (
        encounter['START']!.slice(0, 10) < patient['BIRTHDATE']! ||
        encounter['STOP']! < encounter['START']! ||
        (patient['DEATHDATE'] !== '' && encounter['STOP']!.slice(0, 10) > patient['DEATHDATE']!) ||
        (previous !== undefined && encounter['START']! < previous['STOP']!)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('ends the life of the dead with a certificate', () => {
    const last = new Map(table('encounters').map((row) => [row['PATIENT']!, row]));
    const dead = table('patients').filter((row) => row['DEATHDATE']);
    expect(dead.length).toBeGreaterThan(0);
    for (const patient of dead) expect(last.get(patient['Id']!)!['DESCRIPTION']).toBe('Death Certification');
  });

  test('lets every diagnosis of a claim be known before the service', () => {
    const onset = new Map<string, string>();
    for (const row of table('conditions')) {
      const key = `${row['PATIENT']} ${row['CODE']}`;
      if (!onset.has(key) || row['START']! < onset.get(key)!) onset.set(key, row['START']!);
    }
    const encounters = by(table('encounters'), 'Id');
    const wrong = table('claims').filter((claim) => {
      const codes = Array.from({ length: 8 }, (_, i) => claim[`DIAGNOSIS${i + 1}`]!);
      const known = (code: string) => {
        if (!code || code === encounters.get(claim['APPOINTMENTID']!)!['CODE']) return true;
        const start = onset.get(`${claim['PATIENTID']} ${code}`);
        return start !== undefined && start <= claim['SERVICEDATE']!.slice(0, 10);
      };
      return codes[0] === '' || claim['CURRENTILLNESSDATE']! > claim['SERVICEDATE']! || !codes.every(known);
    });
    expect(wrong).toEqual([]);
  });

  test('covers between nothing and the whole of each claim', () => {
    const uninsured = table('payers').find((row) => row['NAME'] === 'NO_INSURANCE')!['Id'];
    const wrong = table('encounters').filter((row) => {
      const covered = cents(row['PAYER_COVERAGE']!);
      return covered < 0 || covered > cents(row['TOTAL_CLAIM_COST']!) || (row['PAYER'] === uninsured && covered !== 0);
    });
    expect(wrong).toEqual([]);
  });

  test('has plan years without gap or overlap', () => {
    const start = family === 'A' ? 'START_YEAR' : 'START_DATE';
    const end = family === 'A' ? 'END_YEAR' : 'END_DATE';
    let previous: Row | undefined;
    for (const row of table('payer_transitions')) {
      expect(row[end]! > row[start]!).toBe(true);
      if (previous?.['PATIENT'] === row['PATIENT']) expect(row[start]).toBe(previous![end]);
      previous = row;
    }
    const uninsured = table('payers').find((row) => row['NAME'] === 'NO_INSURANCE')!['Id'];
    for (const row of table('payer_transitions')) expect(row['MEMBERID'] === '').toBe(row['PAYER'] === uninsured);
  });

  test('writes "no insurance" in claims as the family does', () => {
    const payers = by(table('payers'), 'Id');
    const none = table('claims').filter((row) => !payers.has(row['PRIMARYPATIENTINSURANCEID']!));
    expect(none.length).toBeGreaterThan(0);
    expect(new Set(none.map((row) => row['PRIMARYPATIENTINSURANCEID']))).toEqual(new Set([family === 'A' ? '0' : '']));
  });

  test('marks every id as invented: UUID version 8', () => {
    for (const row of table('patients'))
      expect(row['Id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(table('patients').every((row) => row['SSN']!.startsWith('999-'))).toBe(true);
  });
});
