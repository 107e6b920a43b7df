/** Compile, plan, run, test, list and roll back the Dataform project on Synapse. */
export { compileProject, tryCompile, type Compilation, type CompileOptions } from './graph/compile';
export { compileFailure, type CompileProblem } from './graph/compile-errors';
export { runProject, type RunOptions } from './run/run';
export type { FailingRows } from './run/context';
export type { ActionResult, AssertionResult, RunSummary } from './results/model';
export { readRuns } from './results/run-file';
export type { Selection } from './select/select';
