/** A procedure: SNOMED code and text; `upTo` is the price in cents below which it is plausible. */
export interface Procedure {
  readonly code: string;
  readonly description: string;
  readonly minutes: number;
}

const procedure = (code: string, description: string, minutes: number): Procedure => ({ code, description, minutes });

/** By price of the line in cents: the first list whose limit is not exceeded. */
const byPrice: readonly { upTo: number; procedures: readonly Procedure[] }[] = [
  {
    upTo: 60_000,
    procedures: [
      procedure('430193006', 'Medication Reconciliation (procedure)', 15),
      procedure('710824005', 'Assessment of health and social care needs (procedure)', 40),
      procedure('171207006', 'Depression screening (procedure)', 12),
      procedure('428211000124100', 'Assessment of substance use (procedure)', 14),
      procedure(
        '868187001',
        'Assessment using Car  Relax  Alone  Forget  Friends  Trouble Screening Test (procedure)',
        18,
      ),
      procedure(
        '454711000124102',
        'Depression screening using Patient Health Questionnaire Two-Item score (procedure)',
        10,
      ),
    ],
  },
  {
    upTo: 250_000,
    procedures: [
      procedure('430193006', 'Medication Reconciliation (procedure)', 15),
      procedure('399208008', 'Plain chest X-ray (procedure)', 20),
      procedure('23426006', 'Measurement of respiratory function (procedure)', 20),
      procedure('117015009', 'Throat culture (procedure)', 15),
      procedure('274804006', 'Evaluation of uterine fundal height', 20),
      procedure('225158009', 'Auscultation of the fetal heart', 15),
    ],
  },
  {
    upTo: 2_500_000,
    procedures: [
      procedure('265764009', 'Renal dialysis (procedure)', 200),
      procedure('73761001', 'Colonoscopy', 45),
      procedure('16114001', 'Fracture of ankle repair', 60),
      procedure('80146002', 'Excision of appendix', 90),
      procedure('66348005', 'Childbirth', 400),
      procedure('703423002', 'Combined chemotherapy and radiation therapy (procedure)', 90),
    ],
  },
  {
    upTo: Number.MAX_SAFE_INTEGER,
    procedures: [
      procedure('232717009', 'Coronary artery bypass grafting', 240),
      procedure('415070008', 'Percutaneous coronary intervention', 120),
      procedure('447365002', 'Insertion of biventricular implantable cardioverter defibrillator', 180),
      procedure('609588000', 'Total knee replacement', 150),
    ],
  },
];

/** The procedures that are plausible at a price. */
export function proceduresAt(cents: number): readonly Procedure[] {
  return byPrice.find((group) => cents <= group.upTo)!.procedures;
}

/** The vaccine of wellness visits: a charge line whose TODATE is 1970, for it has no end. */
export const influenzaVaccine = {
  code: '140',
  description: 'Influenza  seasonal  injectable  preservative free',
  cents: 14_052,
} as const;

export const dialysis = byPrice[2]!.procedures[0]!;
