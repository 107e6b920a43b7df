import { MedStreamError } from '../common/errors';
import { fits, sourceTypeName, type SourceColumn } from './column-type';
import type { Contract } from './contract';

/** One way in which the warehouse no longer gives what a contract promises. */
export interface Violation {
  table: string;
  column?: string;
  problem: string;
  /** The report fields that would break. */
  reports: string[];
}

/**
 * Compares one contract with the columns that its source has now.
 * @param columns of the source in the warehouse; empty when there is no such table.
 */
export function findViolations(contract: Contract, columns: readonly SourceColumn[]): Violation[] {
  if (columns.length === 0) {
    const reports = [...new Set(contract.columns.flatMap((column) => column.reports))];
    return [{ table: contract.source, problem: 'the table does not exist', reports }];
  }
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  return contract.columns.flatMap(({ name, type, typeName, reports }) => {
    const column = byName.get(name);
    const problem = !column
      ? 'the column is gone'
      : fits(type, column)
        ? undefined
        : `the column is ${sourceTypeName(column)} now, the contract says ${typeName}`;
    return problem ? [{ table: contract.source, column: name, problem, reports: [...reports] }] : [];
  });
}

/** Columns of the source that the contract does not export. */
export function extraColumns(contract: Contract, columns: readonly SourceColumn[]): string[] {
  const known = new Set(contract.columns.map((column) => column.name));
  return columns.map((column) => column.name).filter((name) => !known.has(name.toLowerCase()));
}

/** MS5001 (exit 1): nothing was published; names each column and each report field that would break. */
export function contractError(violations: readonly Violation[]): MedStreamError {
  const broken = [...new Set(violations.flatMap((violation) => violation.reports))];
  return new MedStreamError({
    code: 'MS5001',
    what: `The warehouse breaks ${violations.length === 1 ? 'an export contract' : `export contracts in ${violations.length} places`}; nothing was published.`,
    where: violations
      .map(({ table, column, problem }) => `${column ? `${table}.${column}` : table}: ${problem}`)
      .join('; '),
    why: broken.length
      ? `These report fields would break: ${broken.join('; ')}.`
      : 'No report field uses it, but readers of the lake rely on the contract.',
    next: 'Restore the column in the model, or change exports/contracts/<table>.json together with the reports that use it.',
  });
}
