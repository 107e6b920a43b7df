import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectRoot } from '../../common/project-root';
import { tokenize } from '../../local/synapse/tsql/syntax/tokens';
import { startTSql, type Outcome, type TSqlServer } from '../support/tsql';
import { readAnswers } from '../support/tsql-answers';

/** Statements that no one should send: an error or an answer, and the session goes on. Never a hang, a crash or a text of the engine's own. */
const folder = path.join(projectRoot, 'tests', 'fixtures', 'tsql-answers');
let server: TSqlServer;
beforeAll(async () => {
  server = await startTSql();
});
afterAll(() => server.stop());

const tooDeep: readonly (readonly [string, string])[] = [
  ['parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['open parentheses', `SELECT ${'('.repeat(10_000)}`],
  ['conditions in parentheses', `SELECT 1 WHERE ${'('.repeat(10_000)}1 = 1${')'.repeat(10_000)}`],
  ['NOT', `SELECT 1 WHERE ${'NOT '.repeat(10_000)}1 = 1`],
  ['signs', `SELECT ${'- '.repeat(10_000)}1`],
  ['CASE', `SELECT ${'CASE WHEN 1 = 1 THEN '.repeat(5000)}1${' END'.repeat(5000)}`],
  ['blocks', `${'BEGIN '.repeat(10_000)}SELECT 1${' END'.repeat(10_000)}`],
  ['IF', `${'IF 1 = 1 '.repeat(10_000)}SELECT 1`],
  ['derived tables', `${'SELECT * FROM ('.repeat(5000)}SELECT 1 AS a${') AS t'.repeat(5000)}`],
  ['functions', `SELECT ${'UPPER('.repeat(5000)}'a'${')'.repeat(5000)}`],
  ['sums', `SELECT 1${' + 1'.repeat(10_000)}`],
];
test.each(tooDeep)('ten thousand %s are Msg 191', async (_name, statement) => {
  expect((await server.run(statement)).error?.number).toBe(191);
});

const large: readonly (readonly [string, string, unknown])[] = [
  ['a filter of 3,000 conditions', `SELECT 1 AS x WHERE 1 = 0${' OR 1 = 1'.repeat(3000)}`, 1],
  [
    'a list of 10,000 values',
    `SELECT 1 AS x WHERE 5 IN (${Array.from({ length: 10_000 }, (_, n) => n).join(', ')})`,
    1,
  ],
  ['20 REPLACE in each other', `SELECT ${'REPLACE('.repeat(20)}'abc'${", 'a', 'b')".repeat(20)} AS x`, 'bbc'],
  [
    '20 CHARINDEX in each other',
    `SELECT ${"CHARINDEX('a', CAST(".repeat(20)}'abc'${' AS varchar(10)))'.repeat(20)} AS x`,
    0,
  ],
  ['20 divisions in each other', `SELECT ${'('.repeat(20)}CAST(1 AS float)${' / 1)'.repeat(20)} AS x`, 1],
  ['50 MB of text', `SELECT LEN('${'x'.repeat(25_000_000)}') AS x`, 25_000_000],
  ['50 MB of comment', `/*${'x'.repeat(25_000_000)}*/ SELECT 1 AS x`, 1],
];
test.each(large)('%s are answered', async (_name, statement, value) => {
  const { sets, error } = await server.run(statement);
  expect(error).toBeUndefined();
  expect(sets[0]?.rows).toEqual([[value]]);
});

test.each([
  ['unclosed text', `SELECT '${'x'.repeat(1_000_000)}`, 105],
  ['an unclosed comment', `${'/*'.repeat(100_000)} SELECT 1`, 113],
  ['an unclosed OPTION', 'SELECT 1 AS x OPTION (HASH JOIN', 102],
  [
    'too many tables',
    `SELECT 1 AS x FROM sys.objects AS t0${Array.from({ length: 100 }, (_, n) => `, sys.objects AS t${n + 1}`).join('')}`,
    40517,
  ],
  ['a name of 129 characters', `CREATE TABLE dbo.long (${'a'.repeat(129)} int)`, 103],
  ['a byte that is no text', 'SELECT \u0000 1', 102],
])('%s is an error', async (_name, statement, number) => {
  expect((await server.run(statement)).error?.number).toBe(number);
});

/** mulberry32: the same statements on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pieces(statement: string): string[] {
  return tokenize(statement)
    .slice(0, -1)
    .map((token) => statement.slice(token.start, token.end));
}

/** Texts that only DuckDB or a defect writes. */
const isOurs = ({ number, message }: NonNullable<Outcome['error']>): boolean =>
  !/LINE \d|tsql\.|list_transform|Binder Error|Catalog Error|Parser Error|undefined|\[object|could not run|in its translation/.test(
    message,
  ) && number > 0;

test('1,500 mutated statements and token soups are answered or refused in T-SQL', async () => {
  const next = random(20_240_101);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const scripts = readdirSync(folder)
    .filter((name) => !/security|lake/.test(name))
    .flatMap((name) => readAnswers(path.join(folder, name)))
    .map((answer) => answer.script)
    // Loops that a mutation makes endless are no defect.
    .filter((script) => !/WHILE|GO$/im.test(script));
  const vocabulary = [...new Set(scripts.flatMap(pieces))];
  const mutant = (): string => {
    if (next() < 0.2) return Array.from({ length: 1 + Math.floor(next() * 12) }, () => pick(vocabulary)).join(' ');
    const tokens = pieces(pick(scripts));
    for (let change = 1 + Math.floor(next() * 3); change > 0; change--) {
      const at = Math.floor(next() * tokens.length);
      const kind = next();
      if (kind < 0.3) tokens.splice(at, 1);
      else if (kind < 0.6) tokens[at] = pick(vocabulary);
      else tokens.splice(at, 0, kind < 0.8 ? pick(vocabulary) : (tokens[at] ?? ''));
    }
    return tokens.join(' ');
  };
  const strange: { statement: string; error: Outcome['error'] }[] = [];
  for (let n = 0; n < 1500; n++) {
    const statement = mutant();
    const { error } = await server.run(statement);
    if (error && !isOurs(error)) strange.push({ statement, error });
    await server.run('IF @@TRANCOUNT > 0 ROLLBACK');
  }
  expect(strange).toEqual([]);
  expect((await server.run('SELECT 1 AS x')).sets[0]?.rows).toEqual([[1]]);
});
