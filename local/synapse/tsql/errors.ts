/** Builders of the T-SQL errors that several units raise. Numbers and texts are SQL Server's (sys.messages). */
import { TSqlError } from '../contract';

/** Msg 102 (or another number of the parser) at a line. */
export function syntaxError(near: string, line: number, number = 102, text?: string): TSqlError {
  return new TSqlError(number, text ?? `Incorrect syntax near '${near}'.`, 1, 15, line);
}

/** Something that T-SQL or Synapse has and the local Synapse has not. 40517 is SQL's "keyword or statement option not supported". */
export function notSupported(construct: string, line = 1): TSqlError {
  return new TSqlError(40517, `${construct} is not supported by the local Synapse.`, 1, 16, line);
}

/** Something that a dedicated SQL pool itself refuses. */
export function refusedByPool(construct: string, line = 1): TSqlError {
  return new TSqlError(104467, `${construct} is not supported in a dedicated SQL pool.`, 1, 16, line);
}

export const invalidObject = (name: string): TSqlError => new TSqlError(208, `Invalid object name '${name}'.`);
export const invalidColumn = (name: string): TSqlError => new TSqlError(207, `Invalid column name '${name}'.`);
export const unbound = (name: string): TSqlError =>
  new TSqlError(4104, `The multi-part identifier "${name}" could not be bound.`);
export const ambiguous = (name: string): TSqlError => new TSqlError(209, `Ambiguous column name '${name}'.`);
export const alreadyExists = (name: string): TSqlError =>
  new TSqlError(2714, `There is already an object named '${name}' in the database.`, 6);
export const cannotFind = (what: string, name: string): TSqlError =>
  new TSqlError(
    3701,
    `Cannot drop the ${what} '${name}', because it does not exist or you do not have permission.`,
    5,
    11,
  );
export const operandClash = (left: string, right: string): TSqlError =>
  new TSqlError(206, `Operand type clash: ${left} is incompatible with ${right}`, 2);
export const forJsonIn = (statement: 'INSERT' | 'SELECT INTO' | 'ASSIGNMENT', line = 1): TSqlError =>
  new TSqlError(13602, `The FOR JSON clause is not allowed in a ${statement} statement.`, 1, 16, line);
/** VALUES whose rows have different numbers of columns. */
export const unevenRows = (line = 1, severity = 15): TSqlError =>
  new TSqlError(
    10709,
    'The number of columns for each row in a table value constructor must be the same.',
    1,
    severity,
    line,
  );
