import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import path from 'node:path';
import { registerFunctions } from '../local/synapse/engine/functions';
import { SETTINGS } from '../local/synapse/tsql/run/state';
import { timed } from './support';

/** Runs `work` and notes the text of every statement that this process gives to DuckDB meanwhile, in the order of their start. */
export async function recordStatements<T>(work: () => Promise<T>): Promise<T & { statements: string[] }> {
  const statements: string[] = [];
  const prototype = DuckDBConnection.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const names = ['run', 'runAndReadAll', 'stream', 'runAndRead', 'extractStatements', 'prepare'].filter(
    (name) => typeof prototype[name] === 'function',
  );
  const originals = names.map((name) => prototype[name]!);
  names.forEach((name, i) => {
    prototype[name] = function (this: unknown, ...args: unknown[]) {
      // One of these calls another: the same text twice in a row is one statement.
      if (typeof args[0] === 'string' && statements.at(-1) !== args[0]) statements.push(args[0]);
      return originals[i]!.apply(this, args);
    };
  });
  try {
    return Object.assign((await work()) as T & object, { statements });
  } finally {
    names.forEach((name, i) => (prototype[name] = originals[i]!));
  }
}

/** Statements that build or check data. Transactions, settings and the server's own catalog are its own business. */
function isWork(statement: string): boolean {
  const builds = /^\s*(create|insert|update|delete|merge|drop|alter)\b/i.test(statement);
  const audits = /^\s*(with|select|\()/i.test(statement) && /failing_rows/i.test(statement);
  return (builds || audits) && !/\btsql\.(objects|columns|settings)\b/.test(statement);
}

/** Runs the recorded work one statement after the other in DuckDB on a copy of the same bronze tables. */
export async function replayStatements(
  file: string,
  statements: readonly string[],
): Promise<{ seconds: number; statements: number; failed: number }> {
  const work = statements.filter(isWork);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  registerFunctions(connection);
  await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS medstream`);
  for (const setting of ['USE medstream.dbo', ...SETTINGS]) await connection.run(setting);
  let failed = 0;
  const { seconds } = await timed(async () => {
    for (const statement of work)
      await connection.run(statement).catch((error: Error) => {
        failed++;
        if (process.env['BENCH_DEBUG'])
          process.stderr.write(`${path.basename(file)}: ${error.message}\n${statement.slice(0, 300)}\n`);
      });
  });
  connection.closeSync();
  instance.closeSync();
  return { seconds, statements: work.length, failed };
}
