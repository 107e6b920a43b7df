import type { SyntheaFile } from '../../common/synthea/header-families';
import { fieldAt } from '../../common/synthea/csv';
import type { CsvRecord } from '../../common/synthea/records';

/** The column by which rows of a table grow; tables without one are always loaded whole. First name that the header has. */
const timeColumns: Partial<Record<SyntheaFile, readonly string[]>> = {
  encounters: ['STOP', 'START'],
  conditions: ['START'],
  medications: ['START'],
  procedures: ['START'],
  claims: ['LASTBILLEDDATE1', 'SERVICEDATE'],
  claims_transactions: ['FROMDATE'],
  payer_transitions: ['START_DATE', 'START_YEAR'],
};

export interface RowTimes {
  /** The row's ISO time, or '' where it has none. */
  of(record: CsvRecord): string;
}

/** Reads the time of a table's rows, or undefined where the table has no time column. */
export function rowTimes(table: SyntheaFile, header: readonly string[]): RowTimes | undefined {
  const positions = (timeColumns[table] ?? []).map((name) => header.indexOf(name)).filter((at) => at >= 0);
  if (!positions.length) return undefined;
  return {
    of(record) {
      for (const at of positions) {
        const value = fieldAt(record, at);
        if (isIsoTime(value)) return value;
      }
      return '';
    },
  };
}

function isIsoTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text);
}

/** The watermark minus the overlap, as a text that compares with the rows' ISO times. */
export function lowerBound(watermark: string, overlapDays: number): string {
  const time = Date.parse(watermark.length === 10 ? `${watermark}T00:00:00Z` : watermark);
  if (Number.isNaN(time)) return '';
  return new Date(time - overlapDays * 86_400_000).toISOString().slice(0, 10);
}

/** The later of two watermarks; null is earlier than any. */
export function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}
