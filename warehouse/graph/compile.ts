import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, MedStreamError } from '../../common/errors';
import { compileFailure, locateErrors, type CompileProblem } from './compile-errors';
import { newSession, type CompiledGraph, type ProjectConfig } from './core';
import { compileIncrementalTests } from './incremental-tests';
import { ProjectLoader, projectFiles } from './loader';
import type { Graph } from './model';
import { toGraph } from './to-graph';

export interface CompileOptions {
  /** Folder of `dataform.json`. */
  projectDir: string;
  /** `--vars`: over those of `dataform.json`. */
  vars?: Record<string, string>;
  /** `--schema-suffix`. */
  schemaSuffix?: string;
  defaultDatabase?: string;
}

export interface Compilation {
  /** The document of `dataform compile --json`. */
  readonly compiled: CompiledGraph;
  readonly graph: Graph;
  readonly seconds: number;
}

/**
 * Compiles a Dataform 2 project for `sqldatawarehouse` in this process, with `@dataform/core`. The graph is the stock CLI's;
 * only `uniqueKey` on a table with a distribution, which the stock CLI refuses, and tests of incremental tables are accepted on top.
 * @throws MedStreamError MS4001 (exit 2) that lists every problem with file, line and what to change.
 */
export function compileProject(options: CompileOptions): Compilation {
  const { compilation, problems } = tryCompile(options);
  if (problems.length) throw compileFailure(problems);
  return compilation;
}

/** As `compileProject`, but the problems are returned beside what could be compiled. */
export function tryCompile(options: CompileOptions): { compilation: Compilation; problems: CompileProblem[] } {
  const started = performance.now();
  const root = path.resolve(options.projectDir);
  const { original, config } = readConfig(root, options);
  const session = newSession(root, config, original);
  const loader = new ProjectLoader(root, session);
  const files = projectFiles(root);
  const load = (file: string): unknown => {
    try {
      return loader.load(file);
    } catch (error) {
      session.compileError(error, file);
      return undefined;
    }
  };
  // As in the stock CLI, an include sees another one by its name only from within its functions, or by require().
  const includes = files.includes.map((file) => [path.basename(file).split('.')[0]!, load(file)] as const);
  loader.expose(Object.fromEntries(includes));
  for (const name of ['publish', 'operate', 'assert', 'declare', 'test'] as const)
    loader.expose({ [name]: (session[name] as (...parts: unknown[]) => unknown).bind(session) });
  for (const file of files.definitions) load(file);
  const { result, incrementalTests } = compileIncrementalTests(session, () => session.compile());
  const compiled = JSON.parse(JSON.stringify(result)) as CompiledGraph;
  const graph = toGraph(compiled, incrementalTests);
  const problems = locateErrors(compiled, loader.files);
  return { compilation: { compiled, graph, seconds: (performance.now() - started) / 1000 }, problems };
}

function readConfig(root: string, options: CompileOptions): { original: ProjectConfig; config: ProjectConfig } {
  const file = path.join(root, 'dataform.json');
  const wrong = (what: string): MedStreamError =>
    new MedStreamError({
      code: 'MS4001',
      what,
      where: file,
      next: 'Run the command in a folder with a Dataform 2 project, or name one with --project.',
      exitCode: ExitCode.usage,
    });
  if (!existsSync(file)) throw wrong('This is no Dataform project: dataform.json is missing.');
  let original: ProjectConfig;
  try {
    original = JSON.parse(readFileSync(file, 'utf8')) as ProjectConfig;
  } catch (error) {
    throw wrong(`dataform.json is no valid JSON: ${(error as Error).message}`);
  }
  if (original.warehouse !== 'sqldatawarehouse')
    throw wrong(
      `dataform.json says "warehouse": ${JSON.stringify(original.warehouse)}; MedStream runs "sqldatawarehouse".`,
    );
  original.defaultDatabase ??= original.gcloudProjectId;
  delete original.gcloudProjectId;
  const vars = { ...original.vars, ...options.vars };
  for (const [name, value] of Object.entries(vars))
    if (typeof value !== 'string') throw wrong(`The variable ${name} in "vars" is no string.`);
  const config: ProjectConfig = { ...original, vars };
  if (options.schemaSuffix) config.schemaSuffix = options.schemaSuffix;
  if (options.defaultDatabase) config.defaultDatabase = options.defaultDatabase;
  return { original, config };
}
