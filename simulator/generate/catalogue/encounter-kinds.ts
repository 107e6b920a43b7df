import type { EncounterClass } from '../profiles';

/** A kind of visit: SNOMED code and text. One code may have several texts, as in real exports. */
export interface EncounterKind {
  readonly code: string;
  readonly description: string;
  readonly weight: number;
  /** Which of the two visit prices it has. */
  readonly price: 'low' | 'high';
  readonly minAge?: number;
  readonly maxAge?: number;
  readonly gender?: 'F' | 'M';
}

const kind = (
  code: string,
  description: string,
  weight: number,
  price: 'low' | 'high',
  who: Pick<EncounterKind, 'minAge' | 'maxAge' | 'gender'> = {},
): EncounterKind => ({ code, description, weight, price, ...who });

export const encounterKinds: Readonly<Record<EncounterClass, readonly EncounterKind[]>> = {
  wellness: [
    kind('410620009', 'Well child visit (procedure)', 1, 'high', { maxAge: 17 }),
    kind('162673000', 'General examination of patient (procedure)', 1, 'high', { minAge: 18 }),
  ],
  ambulatory: [
    kind('185345009', 'Encounter for symptom', 40, 'low'),
    kind('390906007', 'Follow-up encounter', 30, 'low'),
    kind('390906007', 'Hypertension follow-up encounter', 2, 'low', { minAge: 18 }),
    kind('185347001', 'Encounter for problem', 20, 'low'),
    kind('185347001', 'Encounter for problem (procedure)', 9, 'low'),
    kind('371883000', 'Outpatient procedure', 20, 'high'),
    kind('424619006', 'Prenatal visit', 26, 'high', { gender: 'F', minAge: 16, maxAge: 45 }),
    kind('424441002', 'Prenatal initial visit', 8, 'high', { gender: 'F', minAge: 16, maxAge: 45 }),
    kind('169762003', 'Postnatal visit', 3, 'high', { gender: 'F', minAge: 16, maxAge: 45 }),
    kind('448337001', 'Telemedicine consultation with patient', 12, 'high'),
    kind('308335008', 'Patient encounter procedure', 11, 'high'),
    kind('185349003', "Encounter for 'check-up'", 10, 'low'),
    kind('394701000', 'Asthma follow-up', 3, 'high'),
  ],
  outpatient: [
    kind('185349003', 'Encounter for check up (procedure)', 48, 'low'),
    kind('308335008', 'Patient encounter procedure', 18, 'high'),
    kind('185347001', 'Encounter for problem (procedure)', 14, 'low'),
    kind('698314001', 'Consultation for treatment', 13, 'high'),
    kind('33879002', 'Administration of vaccine to produce active immunity (procedure)', 13, 'high'),
    kind('185345009', 'Encounter for symptom', 2, 'low'),
  ],
  urgentcare: [kind('702927004', 'Urgent care clinic (procedure)', 1, 'high')],
  emergency: [
    kind('50849002', 'Emergency Room Admission', 8, 'high'),
    kind('50849002', 'Emergency room admission (procedure)', 7, 'high'),
    kind('183460006', 'Obstetric emergency hospital admission', 3, 'high', { gender: 'F', minAge: 16, maxAge: 45 }),
    kind('183478001', 'Emergency hospital admission for asthma', 1, 'high'),
    kind('185347001', 'Encounter for problem', 1, 'low'),
  ],
  inpatient: [
    kind('185347001', 'Encounter for problem', 8, 'low'),
    kind('183452005', 'Encounter Inpatient', 4, 'low'),
    kind('56876005', 'Drug rehabilitation and detoxification', 1, 'high', { minAge: 18 }),
    kind('310061009', 'Gynecology service (qualifier value)', 1, 'high', { gender: 'F', minAge: 16 }),
    kind('305351004', 'Admission to intensive care unit (procedure)', 1, 'high'),
  ],
  home: [kind('439708006', 'Home visit (procedure)', 1, 'high')],
  hospice: [kind('305336008', 'Admission to hospice (procedure)', 1, 'high')],
  snf: [kind('449411000124106', 'Admission to skilled nursing facility (procedure)', 1, 'high')],
  virtual: [kind('448337001', 'Telemedicine consultation with patient', 1, 'high')],
};

/** One visit of the treatment series of a dialysis patient. */
export const dialysisVisit = kind('185347001', 'Encounter for problem', 1, 'high');
/** The last record of a dead patient. */
export const deathCertification = kind('308646001', 'Death Certification', 1, 'high');

/** `DEPARTMENTID` of claims; wellness is 10 under 18 years and 20 above. */
export function departmentNumber(encounterClass: EncounterClass, age: number): string {
  if (encounterClass === 'wellness') return age < 18 ? '10' : '20';
  return departments[encounterClass];
}

const departments: Readonly<Record<Exclude<EncounterClass, 'wellness'>, string>> = {
  ambulatory: '1',
  outpatient: '2',
  inpatient: '3',
  emergency: '4',
  urgentcare: '5',
  hospice: '6',
  home: '7',
  snf: '8',
  virtual: '9',
};
