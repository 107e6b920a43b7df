/** Compile, plan, run, test, list and roll back the Dataform project on Synapse. */
export { compileProject, tryCompile, type Compilation, type CompileOptions } from './graph/compile';
export { compileFailure, type CompileProblem } from './graph/compile-errors';
export { listProject, type ListedAction, type ListOptions } from './list';
export { planDot } from './plan/dot';
export { planProject, type PlannedAction, type PlanOptions, type PlanSummary } from './plan/plan';
export type { ActionResult, AssertionResult, RunSummary } from './results/model';
export { openLineageEvents } from './results/open-lineage';
export { readRuns } from './results/run-file';
export { rollbackProject, type RollbackOptions, type RollbackSummary } from './rollback';
export type { FailingRows } from './run/context';
export { runProject, type RunOptions } from './run/run';
export type { Selection } from './select/select';
export { testProject, type TestOptions, type TestResult, type TestSummary } from './tests/test-project';
