import type { HeaderFamily } from '../../common/synthea/header-families';
import { dayOf } from './calendar';

export type { HeaderFamily as Family };

/** What a family decides apart from its headers. */
export interface FamilyFacts {
  /** Last day of the run: nothing but the end of a stay lies after it. */
  readonly endDay: number;
  /** `0` (v3.0) or empty for "no insurance" in claims. */
  readonly noInsurance: '0' | '';
  /** PAYMENTS and ADJUSTMENTS of rows that are neither: empty (v3.0) or 0.00. */
  readonly noMoney: '' | '0.00';
  /** v3.0 books the whole copay even where it is larger than the price, so claims do not balance. */
  readonly copayMayExceedPrice: boolean;
  /** Share of insured charge lines with an ADJUSTMENT row. */
  readonly adjustmentShare: number;
  /** Share of empty patient ZIP codes. */
  readonly emptyZip: number;
}

export const families: Readonly<Record<HeaderFamily, FamilyFacts>> = {
  A: {
    endDay: dayOf(2021, 11, 19),
    noInsurance: '0',
    noMoney: '',
    copayMayExceedPrice: true,
    adjustmentShare: 0,
    emptyZip: 0.45,
  },
  B: newer(dayOf(2023, 11, 15)),
  C: newer(dayOf(2025, 3, 31)),
  D: newer(dayOf(2025, 12, 21)),
};

function newer(endDay: number): FamilyFacts {
  return { endDay, noInsurance: '', noMoney: '0.00', copayMayExceedPrice: false, adjustmentShare: 0.02, emptyZip: 0 };
}
