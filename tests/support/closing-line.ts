import type { AggregatedResult } from '@jest/reporters';

/** Jest reporter: one closing line that CI reads. A suite that could not run counts as one failure. */
export default class ClosingLine {
  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
