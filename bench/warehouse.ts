import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../azure/settings';
import { projectRoot } from '../common/project-root';
import { runMedstream, runProgram } from './child';
import { runAll } from './incremental';
import { fillBronze } from './prepare';
import { recordStatements, replayStatements } from './replay';
import { type Bench, round, timed, withFolder, withStack } from './support';
import { withStackProcess } from './with-stack-process';

/**
 * The first build of the warehouse from the same bronze tables, three ways: `medstream run`, the stock `npx dataform run`
 * (each a process of its own against the local Synapse in another), and the statements that the local Synapse made of it, run one
 * after the other in DuckDB: no TDS, no translation, no catalog, no publication.
 */
export const warehouseBench: Bench = async (report, args) => {
  const patients = Number(args[0] ?? 1000);
  await withFolder(async (folder) => {
    const bronze = path.join(folder, 'bronze');
    await withStack(bronze, (settings) => fillBronze(settings, folder, { patients, seed: 1 }));
    // One copy at a time: at 10,000 patients each takes gigabytes.
    const onCopy = async <T>(name: string, work: (home: string) => Promise<T>): Promise<T> => {
      const home = path.join(folder, name);
      cpSync(path.join(bronze, 'synapse'), path.join(home, 'synapse'), { recursive: true });
      try {
        return await work(home);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    };
    const own = await onCopy('own', (home) =>
      withStackProcess(home, (_settings, _lake, environment) => runMedstream(home, ['run'], environment)),
    );
    const stock = await onCopy('stock', (home) =>
      withStackProcess(home, (settings) => stockDataform(folder, settings)),
    );
    const recorded = await onCopy('recorded', (home) =>
      withStack(home, async (settings) => recordStatements(async () => timed(() => runAll(settings, false)))),
    );
    const direct = await onCopy('direct', (home) =>
      replayStatements(path.join(home, 'synapse', 'warehouse.duckdb'), recorded.statements),
    );
    const run = own.document as unknown as Awaited<ReturnType<typeof runAll>>;
    report({
      bench: 'warehouse',
      unit: 's, medstream run',
      value: round(run.seconds),
      baseline: { what: 'the same statements in DuckDB directly, s', value: round(direct.seconds) },
      ratio: round(run.seconds / direct.seconds),
      better: 'lower',
      details: {
        patients,
        actions: run.actions.length,
        statements: run.statements,
        replayed: direct.statements,
        notReplayed: direct.failed,
        inOneProcess: round(recorded.result.seconds),
        processSeconds: round(own.seconds),
        slowest: [...run.actions]
          .sort((a, b) => b.seconds - a.seconds)
          .slice(0, 5)
          .map(({ action, seconds }) => [action, round(seconds)]),
      },
    });
    report({
      bench: 'warehouse-stock',
      unit: 's, medstream run as a process',
      value: round(own.seconds),
      baseline: { what: 'npx dataform run as a process, s', value: round(stock.seconds) },
      ratio: round(own.seconds / stock.seconds),
      better: 'lower',
      details: { patients, peakMiB: own.peakMiB, peakMiBStock: stock.peakMiB },
    });
  });
};

function stockDataform(folder: string, { synapse }: Settings) {
  const { server, port, database, user, password } = synapse;
  const credentials = path.join(folder, '.df-credentials.json');
  writeFileSync(credentials, JSON.stringify({ server, port, database, username: user, password }), { mode: 0o600 });
  const cli = require.resolve('@dataform/cli/bundle.js', { paths: [projectRoot] });
  return runProgram(process.execPath, [cli, 'run', projectRoot, '--credentials', credentials, '--timeout', '60s'], {});
}
