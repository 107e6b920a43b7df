import type { Family } from '../families';

/** A payer and the plan behaviour that follows from its kind. Commercial payers are invented. */
export interface Payer {
  readonly name: string;
  readonly ownership: 'GOVERNMENT' | 'PRIVATE' | 'NO_INSURANCE';
  readonly kind: 'medicare' | 'medicaid' | 'dual' | 'commercial' | 'none';
  /** Part of a bill that it covers. */
  readonly coverage: number;
  /** ADDRESS, CITY, STATE_HEADQUARTERED, ZIP and PHONE as five CSV fields. */
  readonly location: string;
}

const payer = (
  name: string,
  ownership: Payer['ownership'],
  kind: Payer['kind'],
  coverage: number,
  location: string,
): Payer => ({ name, ownership, kind, coverage, location });

const government = '7500 Synthetic Blvd,Baltimore,MD,21244,1-555-010-0000';

/** In v3.0 most commercial payers cover next to nothing (the deductible is never met). */
const coverageOf: Readonly<Record<'v3' | 'newer', readonly number[]>> = {
  v3: [0.92, 0.79, 0.94, 0, 0.65, 0, 0.001, 0.0005, 0],
  newer: [0.97, 0.8, 0.97, 0.72, 0.8, 0.66, 0.7, 0.76, 0.62],
};

/** The payers of a family, in file order. Their ids differ between families, as in real exports. */
export function payersOf(family: Family): readonly Payer[] {
  const rate = coverageOf[family === 'A' ? 'v3' : 'newer'];
  return [
    payer('Dual Eligible', 'GOVERNMENT', 'dual', rate[0]!, government),
    payer('Medicare', 'GOVERNMENT', 'medicare', rate[1]!, government),
    payer('Medicaid', 'GOVERNMENT', 'medicaid', rate[2]!, government),
    payer(
      'Bay Colony Health (synthetic)',
      'PRIVATE',
      'commercial',
      rate[3]!,
      '1 Example Wharf,Boston,MA,02110,1-555-010-0101',
    ),
    payer(
      'Blue Harbor Shield (synthetic)',
      'PRIVATE',
      'commercial',
      rate[4]!,
      '2 Example Street,Chicago,IL,60601,1-555-010-0102',
    ),
    payer(
      'Commonwealth Mutual (synthetic)',
      'PRIVATE',
      'commercial',
      rate[5]!,
      '3 Example Lane,Minnetonka,MN,55343,1-555-010-0103',
    ),
    payer(
      'Evergreen Benefit (synthetic)',
      'PRIVATE',
      'commercial',
      rate[6]!,
      '4 Example Avenue,Hartford,CT,06156,1-555-010-0104',
    ),
    payer(
      'Northstar Assurance (synthetic)',
      'PRIVATE',
      'commercial',
      rate[7]!,
      '5 Example Road,Bloomfield,CT,06002,1-555-010-0105',
    ),
    payer(
      'Pilgrim Care (synthetic)',
      'PRIVATE',
      'commercial',
      rate[8]!,
      '6 Example Avenue,Indianapolis,IN,46204,1-555-010-0106',
    ),
    payer('NO_INSURANCE', 'NO_INSURANCE', 'none', 0, ',,,,'),
  ];
}
