import { readFileSync } from 'node:fs';
import type { Cell, Outcome } from './tsql';

/**
 * A statement and what a pool answers, from a file of tests/fixtures/tsql-answers:
 *
 *     SELECT LEFT('abc', 2) AS a, 1 / 2.0 AS b
 *     --= varchar(2), numeric(7,6)
 *     --= ["ab", "0.500000"]
 *
 * `--=` gives the types of the last result set (may be left out) and then its rows as JSON, one a line; `--= none` is a result
 * set without rows. `--! 245 text` is an error with that number whose message contains the text (may be left out). `--# text` is a message that was
 * printed. A statement runs to its answer; statements without an answer of their own belong to the next one's script.
 */
export interface Answer {
  readonly script: string;
  readonly line: number;
  readonly types?: string;
  readonly rows?: readonly (readonly Cell[])[];
  readonly error?: { readonly number: number; readonly text: string };
  readonly messages: readonly string[];
}

export function readAnswers(file: string): Answer[] {
  const answers: Answer[] = [];
  let script: string[] = [];
  let notes: string[] = [];
  let line = 1;
  const finish = (at: number): void => {
    if (notes.length) answers.push(answer(script.join('\n').trim(), line, notes));
    if (notes.length || !script.some((text) => text.trim())) line = at;
    if (notes.length) script = [];
    notes = [];
  };
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (/^--[=!#] /.test(text)) notes.push(text);
      else {
        if (notes.length) finish(index + 1);
        if (!script.length) line = index + 1;
        if (script.length || text.trim()) script.push(text);
      }
    });
  finish(0);
  return answers;
}

function answer(script: string, line: number, notes: readonly string[]): Answer {
  const of = (kind: string): string[] => notes.filter((note) => note[2] === kind).map((note) => note.slice(4).trim());
  const results = of('=');
  const types = results.find((text) => !text.startsWith('[') && text !== 'none');
  const [failure] = of('!');
  const [, number, text] = /^(\d+) ?(.*)$/.exec(failure ?? '') ?? [];
  return {
    script,
    line,
    messages: of('#'),
    ...(types ? { types } : {}),
    ...(results.length
      ? { rows: results.filter((text) => text.startsWith('[')).map((text) => JSON.parse(text) as Cell[]) }
      : {}),
    ...(number ? { error: { number: Number(number), text: text ?? '' } } : {}),
  };
}

/** What was answered in the form of what was expected, so that the two can be compared (and shown) side by side. */
export function asAnswered(wanted: Answer, outcome: Outcome): Omit<Answer, 'script' | 'line'> {
  const set = outcome.sets.at(-1);
  const { error } = outcome;
  return {
    messages: wanted.messages.length ? outcome.messages : [],
    ...(wanted.types
      ? { types: set?.columns.map((column) => /[a-z0-9_]+(\([^()]*\))?$/.exec(column)![0]).join(', ') }
      : {}),
    ...(wanted.rows
      ? { rows: set?.rows.map((row, r) => row.map((value, c) => near(wanted.rows![r]?.[c], value))) }
      : {}),
    ...(error
      ? {
          error: {
            number: error.number,
            text: wanted.error && error.message.includes(wanted.error.text) ? wanted.error.text : error.message,
          },
        }
      : {}),
  };
}
/** Numbers that a double holds are equal to 15 digits. */
const near = (wanted: Cell | undefined, value: Cell): Cell =>
  typeof wanted === 'number' && typeof value === 'number' && Math.abs(wanted - value) <= 1e-14 * Math.abs(wanted)
    ? wanted
    : value;
export const expected = ({ script: _script, line: _line, ...rest }: Answer): Omit<Answer, 'script' | 'line'> => rest;
