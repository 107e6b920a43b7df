import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../common/project-root';
import { runProgram } from './child';
import { runAll } from './incremental';
import { fillBronze } from './prepare';
import { type Bench, peakMemoryMiB, round, timed, withFolder, withStack } from './support';

/**
 * A full refresh by `medstream run` on the local Synapse, against the same statements (as the translator made them) run
 * one after the other in DuckDB on a copy of the same bronze tables, and against the stock `npx dataform run`.
 */
export const warehouseBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 1000);
  await withFolder(async (folder) => {
    const home = path.join(folder, 'home');
    const file = path.join(home, 'synapse', 'warehouse.duckdb');
    await withStack(home, (settings) => fillBronze(settings, folder, { patients, seed: 1 }));
    copyFileSync(file, path.join(folder, 'bronze.duckdb'));
    const recorded: string[] = [];
    const run = await withStack(home, async (settings) => {
      const stop = recordStatements(recorded);
      try {
        return await timed(() => runAll(settings, true));
      } finally {
        stop();
      }
    });
    const direct = await replay(path.join(folder, 'bronze.duckdb'), recorded.filter(builds));
    const again = await withStack(home, (settings) => timed(() => runAll(settings, true)));
    const stock = await stockDataform(home);
    report({
      bench: 'warehouse',
      unit: 's, medstream run --full-refresh',
      value: round(run.seconds),
      baseline: { what: 'the same statements in DuckDB directly, s', value: round(direct.seconds) },
      ratio: round(run.seconds / direct.seconds),
      better: 'lower',
      details: {
        patients,
        again: round(again.seconds),
        statements: run.result.statements,
        replayed: direct.statements,
        notReplayed: direct.failed,
        stockDataform: stock === undefined ? 'failed' : round(stock),
        ratioToStock: stock === undefined ? null : round(run.seconds / stock),
        slowest: [...run.result.actions]
          .sort((a, b) => b.seconds - a.seconds)
          .slice(0, 5)
          .map(({ action, seconds }) => [action, round(seconds)]),
        peakMiB: peakMemoryMiB('self'),
      },
    });
  });
};

/** Notes the text of every statement that this process gives to DuckDB, in the order of their start. */
function recordStatements(into: string[]): () => void {
  const prototype = DuckDBConnection.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const names = ['run', 'runAndReadAll', 'stream', 'runAndRead', 'extractStatements', 'prepare'].filter(
    (name) => typeof prototype[name] === 'function',
  );
  const originals = names.map((name) => prototype[name]!);
  names.forEach((name, i) => {
    prototype[name] = function (this: unknown, ...args: unknown[]) {
      if (typeof args[0] === 'string' && into.at(-1) !== args[0]) into.push(args[0]);
      return originals[i]!.apply(this, args);
    };
  });
  return () => names.forEach((name, i) => (prototype[name] = originals[i]!));
}

/** Statements that build or change relations; transactions and catalog queries are the server's own business. */
function builds(statement: string): boolean {
  return /^\s*(create|insert|update|delete|merge|drop|alter)\b/i.test(statement);
}

async function replay(file: string, statements: readonly string[]) {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  let failed = 0;
  const { seconds } = await timed(async () => {
    for (const statement of statements) await connection.run(statement).catch(() => failed++);
  });
  connection.closeSync();
  instance.closeSync();
  return { seconds, statements: statements.length, failed };
}

/** Seconds of `npx dataform run --full-refresh` against the same home, or undefined where it fails. */
async function stockDataform(home: string): Promise<number | undefined> {
  return withStack(home, async (_, stack) => {
    const credentials = path.join(home, '.df-credentials.json');
    writeFileSync(credentials, JSON.stringify({ ...stack.login, encrypt: false }), { mode: 0o600 });
    const cli = require.resolve('@dataform/cli/bundle.js', { paths: [projectRoot] });
    const args = [cli, 'run', projectRoot, '--credentials', credentials, '--full-refresh'];
    return runProgram(process.execPath, args, {}).then(
      (result) => result.seconds,
      () => undefined,
    );
  });
}
