import { driverError, safeMessage } from '../connection/errors';
import type { AssertionResult, ActionError } from '../results/model';
import type { Step } from '../sql/step';

/** A statement of an action failed. */
export class StepFailure extends Error {
  constructor(
    readonly step: Step,
    override readonly cause: unknown,
  ) {
    super(safeMessage(cause));
  }

  toActionError(file: string): ActionError {
    const { number } = driverError(this.cause);
    return { message: this.message, number, step: this.step.purpose, statement: this.step.sql, file };
  }
}

/** The new version broke its rules: it is not published. */
export class AuditFailure extends Error {
  constructor(
    readonly results: readonly AssertionResult[],
    readonly rows?: number,
  ) {
    super(
      results
        .filter(({ status }) => status !== 'passed')
        .map(describe)
        .join('; '),
    );
  }
}

/** The table on disk does not fit what the query gives. */
export class SchemaChange extends Error {}

function describe({ assertion, status, failingRows, error }: AssertionResult): string {
  const name = assertion.slice(assertion.indexOf('.') + 1);
  if (status === 'error') return `${name} could not run: ${error}`;
  return `${name}: ${failingRows} ${failingRows === 1 ? 'row' : 'rows'}`;
}
