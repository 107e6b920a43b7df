import { ExitCode, MedStreamError } from '../../common/errors';
import { hintFor } from './compile-hints';
import { missingInput, missingName } from './core-messages';
import type { CompiledGraph, CoreError } from './core';
import type { LoadedFile } from './loader';

/** One thing that is wrong in the project. */
export interface CompileProblem {
  readonly file: string;
  /** 1-based; undefined where core does not tell and the text does not show it. */
  readonly line?: number;
  readonly message: string;
  readonly hint?: string;
}

/** Core's errors with the line of the source, a hint, and without those that only repeat another one. */
export function locateErrors(compiled: CompiledGraph, files: ReadonlyMap<string, LoadedFile>): CompileProblem[] {
  const errors = (compiled.graphErrors?.compilationErrors ?? []).filter(({ message }) => !isAccepted(message ?? ''));
  const names = [...(compiled.tables ?? []), ...(compiled.operations ?? []), ...(compiled.declarations ?? [])].map(
    ({ target }) => (target.schema ? `${target.schema}.${target.name}` : target.name),
  );
  const problems = new Map<string, CompileProblem>();
  for (const error of errors) {
    const file = (error.fileName ?? 'dataform.json').split('\\').join('/');
    const message = rewrite(error);
    const problem = { file, line: lineOf(error, file, files.get(file)), message, hint: hintFor(error, names) };
    const key = `${problem.file}:${missingName(error.message ?? '') ?? message}`;
    if (!problems.has(key)) problems.set(key, problem);
  }
  for (const { enumType, query, disabled, fileName } of compiled.tables ?? [])
    if (!disabled && enumType !== 'UNKNOWN_TYPE' && isEmpty(query ?? ''))
      problems.set(`${fileName}:empty`, {
        file: fileName ?? '',
        line: 1,
        message: 'The query is empty.',
        hint: 'Write a SELECT below the config block, or disable the model ("disabled: true").',
      });
  return [...problems.values()];
}

/** True for SQL of nothing but blanks and comments. */
function isEmpty(sql: string): boolean {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === '';
}

/** One error for all problems of a compilation. */
export function compileFailure(problems: readonly CompileProblem[]): MedStreamError {
  const lines = problems.map(({ file, line, message, hint }) => {
    const place = line ? `${file}:${line}` : file;
    return `${place}  ${message}${hint ? `\n           ${hint}` : ''}`;
  });
  return new MedStreamError({
    code: 'MS4001',
    what:
      problems.length === 1
        ? 'The project does not compile.'
        : `The project does not compile: ${problems.length} problems.`,
    where: lines.join('\n         '),
    next: 'Correct the definitions, then run `medstream compile`. Nothing was sent to the warehouse.',
    exitCode: ExitCode.usage,
  });
}

/** What core refuses and this runner does. */
function isAccepted(message: string): boolean {
  return message.startsWith('Merging using unique keys for SQLDataWarehouse');
}

function rewrite({ message = '', actionName }: CoreError): string {
  const missing = missingName(message);
  if (missing) return `"${missing}" is referred to, but no definition has that name.`;
  if (message.startsWith('Duplicate canonical target')) return `Two definitions are named ${actionName ?? 'the same'}.`;
  if (message.startsWith('Duplicate action name')) return `Two definitions are named ${actionName ?? 'the same'}.`;
  const cycle = /Circular dependency detected in chain: \[(.*)\]/s.exec(message)?.[1];
  if (cycle) return `These definitions depend on each other in a circle: ${readableCycle(cycle)}.`;
  const input = missingInput(message);
  if (input) return `A unit test of this model gives no input "${input}", which the model reads.`;
  const dataset = /^Dataset (.+) could not be found\.$/.exec(message)?.[1];
  if (dataset) return `The unit test is for "${dataset}", but no definition has that name.`;
  return message
    .replace(/ Supported properties are: .*/s, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function readableCycle(chain: string): string {
  return chain
    .split(' > ')
    .map((part) => {
      try {
        const target = JSON.parse(part) as { schema?: string; name: string };
        return target.schema ? `${target.schema}.${target.name}` : target.name;
      } catch {
        return part.split('.').slice(-2).join('.');
      }
    })
    .join(' → ');
}

/** The line of the source: from the stack by way of the generated code, else where the text shows what the message names. */
function lineOf(error: CoreError, file: string, loaded: LoadedFile | undefined): number | undefined {
  if (!loaded) return undefined;
  const source = loaded.source.split('\n');
  const at = new RegExp(`${escape(file)}:(\\d+)`).exec(error.stack ?? '');
  if (at) {
    const line = Number(at[1]);
    if (!file.endsWith('.sqlx')) return line;
    const found = sameText(loaded.generated.split('\n')[line - 1] ?? '', source);
    if (found) return found;
  }
  const message = error.message ?? '';
  const names = [
    missingName(message)?.split('.').at(-1),
    /^(\w+) is not defined$/.exec(message)?.[1],
    missingInput(message),
    /^(?:Unrecognized action type:|Dataset) (\w+)/.exec(message)?.[1],
    ...[...message.matchAll(/["']([\w.]+)["']/g)].map((match) => match[1]!),
  ];
  for (const name of names) {
    if (!name) continue;
    const index = source.findIndex((text) => new RegExp(`\\b${escape(name)}\\b`).test(text));
    if (index >= 0) return index + 1;
  }
  return file.endsWith('.sqlx') ? 1 : undefined;
}

function sameText(generated: string, source: readonly string[]): number | undefined {
  const wanted = generated.trim();
  if (wanted.length < 3) return undefined;
  const exact = source.findIndex((text) => text.trim() === wanted);
  if (exact >= 0) return exact + 1;
  const inside = source
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text.length > 5 && wanted.includes(text))
    .sort((a, b) => b.text.length - a.text.length)[0];
  return inside?.line;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
