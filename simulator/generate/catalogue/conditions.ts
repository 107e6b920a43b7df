import { medications as drugs, type Medication } from './medications';

/** A condition or finding: SNOMED code, text, for whom, for how long, and the drugs that go with it. */
export interface Condition {
  readonly code: string;
  readonly description: string;
  readonly weight: number;
  readonly minAge: number;
  readonly maxAge: number;
  readonly gender?: 'F' | 'M';
  /** Days that it lasts, from and to; undefined = for life. */
  readonly days?: readonly [from: number, to: number];
  readonly medications: readonly Medication[];
}

interface Who {
  age?: readonly [from: number, to: number];
  gender?: 'F' | 'M';
  days?: readonly [from: number, to: number];
  medications?: readonly Medication[];
}

const condition = (code: string, description: string, weight: number, who: Who = {}): Condition => ({
  code,
  description,
  weight,
  minAge: who.age?.[0] ?? 0,
  maxAge: who.age?.[1] ?? 120,
  gender: who.gender,
  days: who.days,
  medications: who.medications ?? [],
});

/** Findings about a person's life, taken at wellness visits; most are asked again a year later. */
export const findings: readonly Condition[] = [
  condition('160903007', 'Full-time employment (finding)', 130, { age: [18, 67], days: [364, 742] }),
  condition('73595000', 'Stress (finding)', 50, { age: [18, 120], days: [364, 742] }),
  condition('160904001', 'Part-time employment (finding)', 24, { age: [18, 75], days: [364, 742] }),
  condition('422650009', 'Social isolation (finding)', 12, { age: [18, 120], days: [364, 1100] }),
  condition('423315002', 'Limited social contact (finding)', 12, { age: [18, 120], days: [364, 1100] }),
  condition('741062008', 'Not in labor force (finding)', 11, { age: [18, 120], days: [364, 742] }),
  condition('706893006', 'Victim of intimate partner abuse (finding)', 6, { age: [18, 90], days: [364, 1500] }),
  condition('424393004', 'Reports of violence in the environment (finding)', 6, { age: [12, 120], days: [364, 742] }),
  condition('224299000', 'Received higher education (finding)', 5, { age: [18, 80] }),
  condition('5251000175109', 'Received certificate of high school equivalency (finding)', 3, { age: [18, 80] }),
  condition('10939881000119104', 'Unhealthy alcohol drinking behavior (finding)', 2, {
    age: [18, 90],
    days: [364, 2200],
  }),
  condition('105531004', 'Housing unsatisfactory (finding)', 2, { age: [18, 120] }),
  condition('65363002', 'Otitis media', 9, { age: [0, 12], days: [7, 30], medications: [drugs.amoxicillin] }),
];

/** Illnesses and injuries that bring a patient to a visit and pass. */
export const acute: readonly Condition[] = [
  condition('444814009', 'Viral sinusitis (disorder)', 120, { days: [7, 28] }),
  condition('195662009', 'Acute viral pharyngitis (disorder)', 68, { days: [7, 14] }),
  condition('10509002', 'Acute bronchitis (disorder)', 57, {
    days: [7, 28],
    medications: [drugs.acetaminophen, drugs.dextromethorphan],
  }),
  condition('72892002', 'Normal pregnancy', 110, { age: [16, 45], gender: 'F', days: [230, 280] }),
  condition('43878008', 'Streptococcal sore throat (disorder)', 16, {
    age: [3, 40],
    days: [7, 14],
    medications: [drugs.penicillin],
  }),
  condition('75498004', 'Acute bacterial sinusitis (disorder)', 8, {
    days: [14, 42],
    medications: [drugs.clavulanate],
  }),
  condition('44465007', 'Sprain of ankle', 12, { age: [5, 90], days: [14, 35], medications: [drugs.ibuprofen] }),
  condition('39848009', 'Whiplash injury to neck', 5, { age: [16, 90], days: [14, 35], medications: [drugs.naproxen] }),
  condition('263102004', 'Fracture subluxation of wrist', 5, { days: [30, 90], medications: [drugs.hydrocodone] }),
  condition('62106007', 'Concussion with no loss of consciousness', 5, { days: [7, 60] }),
  condition('386661006', 'Fever (finding)', 8, { days: [3, 20] }),
  condition('840544004', 'Suspected COVID-19', 5, { days: [1, 5] }),
  condition('74400008', 'Appendicitis', 3, { age: [5, 70], days: [1, 14] }),
  condition('19169002', 'Miscarriage in first trimester', 12, { age: [16, 45], gender: 'F' }),
];

/** Illnesses that stay. */
export const chronic: readonly Condition[] = [
  condition('59621000', 'Hypertension', 30, {
    age: [20, 110],
    medications: [drugs.hydrochlorothiazide, drugs.lisinopril, drugs.amlodipine],
  }),
  condition('162864005', 'Body mass index 30+ - obesity (finding)', 30, { age: [14, 110] }),
  condition('15777000', 'Prediabetes', 26, { age: [20, 100] }),
  condition('271737000', 'Anemia (disorder)', 20, { age: [20, 110] }),
  condition('44054006', 'Diabetes', 9, { age: [25, 100], medications: [drugs.insulin, drugs.metformin] }),
  condition('55822004', 'Hyperlipidemia', 14, { age: [25, 100], medications: [drugs.simvastatin] }),
  condition('40055000', 'Chronic sinusitis (disorder)', 18, { age: [5, 100] }),
  condition('278860009', 'Chronic low back pain (finding)', 14, { age: [20, 90], medications: [drugs.naproxen] }),
  condition('53741008', 'Coronary Heart Disease', 7, {
    age: [35, 110],
    medications: [drugs.nitroglycerin, drugs.clopidogrel, drugs.simvastatin20],
  }),
  condition('49436004', 'Atrial Fibrillation', 4, { age: [45, 110], medications: [drugs.warfarin, drugs.digoxin] }),
  condition('88805009', 'Chronic congestive heart failure (disorder)', 3, {
    age: [50, 110],
    medications: [drugs.furosemide, drugs.lisinopril],
  }),
  condition('233678006', 'Childhood asthma', 9, {
    age: [1, 17],
    medications: [drugs.fluticasone, drugs.albuterol],
  }),
  condition('232353008', 'Perennial allergic rhinitis with seasonal variation', 6, {
    age: [2, 60],
    medications: [drugs.loratadine, drugs.epinephrine],
  }),
  condition('64859006', 'Osteoporosis (disorder)', 5, { age: [50, 110] }),
  condition('239873007', 'Osteoarthritis of knee', 5, { age: [40, 110], medications: [drugs.naproxen] }),
  condition('254837009', 'Malignant neoplasm of breast (disorder)', 3, {
    age: [30, 100],
    gender: 'F',
    medications: [drugs.paclitaxel, drugs.cisplatin],
  }),
];

/** Why a patient comes to a long series of visits. */
export const dialysisReason = condition('46177005', 'End stage renal disease (disorder)', 1, {
  medications: [drugs.epoetin],
});
