import {
  headerFamilies,
  headerOf,
  requiredColumns,
  unionOfColumns,
  type HeaderFamily,
  type SyntheaFile,
} from './header-families';

export interface HeaderCheck {
  /** The families whose header this is, column for column: `ABCD`, `A`, …; undefined where none has it. */
  family?: string;
  /** Required columns that are missing: the file must be refused. */
  missing: string[];
  /** Columns that occur twice: the file must be refused. */
  repeated: string[];
  /** Columns that no family has: kept, and reported. */
  unknown: string[];
  /** What differs from the nearest known header, as sentences for a report. */
  drift: string[];
}

/** Compares a file's header to the known families. Column names are compared without case, as the warehouse does. */
export function checkHeader(file: SyntheaFile, header: readonly string[]): HeaderCheck {
  const names = header.map((name) => name.toLowerCase());
  const has = (column: string) => names.includes(column.toLowerCase());
  const same = headerFamilies.filter((family) => sameColumns(headerOf(file, family), names));
  const known = new Set(unionOfColumns(file).map((column) => column.toLowerCase()));
  const unknown = header.filter((name) => !known.has(name.toLowerCase()));
  const missing = requiredColumns(file).filter((column) => !has(column));
  const repeated = header.filter((_, i) => names.indexOf(names[i]!) < i);
  if (same.length) return { family: same.join(''), missing, repeated, unknown, drift: [] };
  const nearest = nearestFamily(file, names);
  const absent = headerOf(file, nearest).filter((column) => !has(column));
  const drift = unknown.map((column) => `new column ${column}`);
  for (const column of absent) drift.push(`no column ${column} (family ${nearest} has it)`);
  if (!drift.length) drift.push(`columns in another order than family ${nearest}`);
  return { missing, repeated, unknown, drift };
}

/** The family that shares the most columns with the header; of equal ones the newest. */
function nearestFamily(file: SyntheaFile, names: readonly string[]): HeaderFamily {
  const distance = (family: HeaderFamily) => {
    const expected = headerOf(file, family).map((column) => column.toLowerCase());
    const shared = expected.filter((column) => names.includes(column)).length;
    return expected.length + names.length - 2 * shared;
  };
  return headerFamilies.reduce((best, family) => (distance(family) <= distance(best) ? family : best));
}

function sameColumns(expected: readonly string[], names: readonly string[]): boolean {
  return expected.length === names.length && expected.every((column, i) => column.toLowerCase() === names[i]);
}
