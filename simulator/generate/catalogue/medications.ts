/** A drug: RxNorm code and text, price of one dispense in cents, and how it is dispensed. */
export interface Medication {
  readonly code: string;
  readonly description: string;
  readonly cents: number;
  /** Days of a course; 0 = taken on, until stopped. */
  readonly days: number;
  readonly dispenses: number;
}

const drug = (code: string, description: string, cents: number, days: number, dispenses: number): Medication => ({
  code,
  description,
  cents,
  days,
  dispenses,
});

export const medications = {
  lisinopril: drug('314076', 'lisinopril 10 MG Oral Tablet', 2, 371, 371),
  hydrochlorothiazide: drug('310798', 'Hydrochlorothiazide 25 MG Oral Tablet', 1, 371, 12),
  amlodipine: drug('308136', 'amLODIPine 2.5 MG Oral Tablet', 2, 371, 371),
  insulin: drug(
    '106892',
    'insulin human  isophane 70 UNT/ML / Regular Insulin  Human 30 UNT/ML Injectable Suspension [Humulin]',
    43423,
    371,
    12,
  ),
  metformin: drug('860975', '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet', 21066, 371, 12),
  simvastatin: drug('314231', 'Simvastatin 10 MG Oral Tablet', 2, 371, 371),
  simvastatin20: drug('312961', 'Simvastatin 20 MG Oral Tablet', 2320, 371, 12),
  albuterol: drug('2123111', 'NDA020503 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler', 42525, 371, 12),
  fluticasone: drug('895994', '120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler', 2990, 0, 12),
  nitroglycerin: drug('705129', 'Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray', 14967, 182, 6),
  clopidogrel: drug('309362', 'Clopidogrel 75 MG Oral Tablet', 6116, 371, 12),
  digoxin: drug('197604', 'Digoxin 0.125 MG Oral Tablet', 6883, 371, 12),
  warfarin: drug('855332', 'Warfarin Sodium 5 MG Oral Tablet', 9242, 371, 12),
  furosemide: drug('313988', 'Furosemide 40 MG Oral Tablet', 7, 371, 12),
  epoetin: drug('205923', '1 ML Epoetin Alfa 4000 UNT/ML Injection [Epogen]', 6064, 30, 1),
  paclitaxel: drug('583214', 'Paclitaxel 100 MG Injection', 664373, 21, 1),
  cisplatin: drug('1736854', 'Cisplatin 50 MG Injection', 46577, 21, 1),
  epinephrine: drug('1870230', 'NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector', 35290, 0, 1),
  loratadine: drug('665078', 'Loratadine 5 MG Chewable Tablet', 724, 0, 12),
  contraceptive: drug('757594', 'Jolivette 28 Day Pack', 3376, 371, 12),
  amoxicillin: drug('308192', 'Amoxicillin 500 MG Oral Tablet', 1037, 10, 1),
  clavulanate: drug('562251', 'Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet', 6153, 14, 1),
  penicillin: drug('834061', 'Penicillin V Potassium 250 MG Oral Tablet', 1860, 10, 1),
  acetaminophen: drug('313782', 'Acetaminophen 325 MG Oral Tablet', 646, 14, 1),
  ibuprofen: drug('310965', 'Ibuprofen 200 MG Oral Tablet', 1896, 14, 1),
  naproxen: drug('849574', 'Naproxen sodium 220 MG Oral Tablet', 1416, 30, 1),
  hydrocodone: drug('856987', 'Acetaminophen 300 MG / HYDROcodone Bitartrate 5 MG Oral Tablet', 85259, 14, 1),
  dextromethorphan: drug(
    '1043400',
    'Acetaminophen 21.7 MG/ML / Dextromethorphan Hydrobromide 1 MG/ML / doxylamine succinate 0.417 MG/ML Oral Solution',
    825,
    14,
    1,
  ),
} as const satisfies Record<string, Medication>;

/** What is given where no condition calls for anything particular. */
export const commonMedications: readonly Medication[] = [
  medications.acetaminophen,
  medications.ibuprofen,
  medications.naproxen,
  medications.simvastatin,
  medications.hydrochlorothiazide,
];
