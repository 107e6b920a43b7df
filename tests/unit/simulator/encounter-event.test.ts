import { describe, expect, test } from '@jest/globals';
import { ageAt, encodeEvent, eventsOf } from '../../../simulator/produce/encounter-event';

const row = [
  '57f2562b-445c-f11c-ba40-edc55af3c84f',
  '2023-01-27T16:17:47Z',
  '2023-01-27T16:32:47Z',
  'p1',
  'o1',
  'd1',
  'y1',
  'Ambulatory',
  '77.49',
  '3798.0900000000001',
  '0.00',
];
const patient = { birthDate: 2014_10_06, gender: 'M' };

describe('the events of an encounter', () => {
  test('are one completed event, field by field', () => {
    expect(eventsOf(row, patient, false)).toEqual([
      {
        event_type: 'encounter.completed',
        event_time: '2023-01-27T16:32:47Z',
        schema_version: 1,
        encounter_id: '57f2562b-445c-f11c-ba40-edc55af3c84f',
        patient_id: 'p1',
        gender: 'M',
        age: 8,
        department: 'ambulatory',
        admission_time: '2023-01-27T16:17:47Z',
        discharge_time: '2023-01-27T16:32:47Z',
        organization_id: 'o1',
        provider_id: 'd1',
        payer_id: 'y1',
        base_encounter_cost: 77.49,
        total_claim_cost: 3798.09,
        payer_coverage: 0,
      },
    ]);
  });

  test('start with an admission that knows no discharge and no claim, when the lifecycle is wanted', () => {
    const [started, completed] = eventsOf(row, patient, true);
    expect(started).toMatchObject({
      event_type: 'encounter.started',
      event_time: '2023-01-27T16:17:47Z',
      discharge_time: null,
      total_claim_cost: null,
      payer_coverage: null,
      base_encounter_cost: 77.49,
    });
    expect(completed!.event_type).toBe('encounter.completed');
  });

  test('are a started event only while the patient is not discharged', () => {
    const events = eventsOf(row.with(2, ''), patient, false);
    expect(events.map((event) => event.event_type)).toEqual(['encounter.started']);
  });

  test('say null for what the source does not know', () => {
    const [event] = eventsOf(row.with(4, '').with(9, '').with(10, 'NaN'), undefined, false);
    expect(event).toMatchObject({
      gender: null,
      age: null,
      organization_id: null,
      total_claim_cost: null,
      payer_coverage: null,
    });
  });

  test('carry an id that follows from all other fields', () => {
    const encode = (fields: string[]) => encodeEvent(eventsOf(fields, patient, false)[0]);
    expect(encode(row)).toEqual(encode([...row]));
    expect(encode(row).eventId).not.toBe(encode(row.with(9, '3798.10')).eventId);
    expect(encode(row).eventId).toBe('f1325bd2-2953-89f4-ae71-011e416ab113');
    expect(JSON.parse(encode(row).text)).toEqual({
      event_id: encode(row).eventId,
      ...eventsOf(row, patient, false)[0],
    });
  });
});

test.each([
  [1987_05_06, '2007-05-05T23:59:59Z', 19],
  [1987_05_06, '2007-05-06T00:00:00Z', 20],
  [2000_02_29, '2001-02-28T10:00:00Z', 0],
  [2000_02_29, '2001-03-01T10:00:00Z', 1],
  [2000_01_01, '2000-01-01T00:00:00Z', 0],
  [null, '2001-03-01T10:00:00Z', null],
  [2000_01_01, 'yesterday', null],
])('a patient born on %s is at %s %s years old', (birthDate, time, years) => {
  expect(ageAt(birthDate, time)).toBe(years);
});
