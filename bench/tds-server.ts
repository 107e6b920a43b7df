import { DuckDBInstance } from '@duckdb/node-api';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { RawTds } from './raw-tds';
import { peakMemoryMiB, percentile, round, timed, withFolder, type Bench } from './support';

/** Ten columns as a mart has them. */
const columns = `id::bigint as encounter_key, 'encounter-' || id as encounter_id, 'ambulatory' as department, (id % 100)::int as age,
  (id * 1.37)::decimal(18,2) as total_claim_cost, (id * 0.41)::decimal(18,2) as payer_coverage,
  timestamp '2020-01-01' + to_seconds(id) as admission_time, date '2020-01-01' + (id % 1000)::int as admission_day,
  (id % 2 = 0) as is_insured, case when id % 10 = 0 then null else (id % 7)::double end as score`;

/**
 * The local Synapse as a server, seen by a client that decodes nothing: rows per second to the socket against DuckDB alone, `select 1`
 * while another session streams, cancel, 200 sessions, memory of a result of ten million rows.
 */
export const tdsServerBench: Bench = async (report, args) => {
  const rows = Number(args[0] ?? 1_000_000);
  const longRows = Number(args[1] ?? 10_000_000);
  await withFolder(async (folder) => {
    await makeWarehouse(folder, rows, columns);
    const alone = await median(5, () => readAlone(path.join(folder, 'warehouse.duckdb'), rows));
    await withServer(folder, async (port, pid) => {
      const open = (): Promise<RawTds> => RawTds.open(port, 'bench', 'bench', 'medstream');
      const client = await open();
      const seconds = await median(
        5,
        async () => (await timed(() => client.batch('select * from bench.rows'))).seconds,
      );
      report({
        bench: 'tds-server',
        unit: 'rows/s to the socket',
        value: round(rows / seconds, 0),
        baseline: { what: 'DuckDB alone, chunks fetched and not read, rows/s', value: round(rows / alone, 0) },
        ratio: round(alone / seconds),
        better: 'higher',
        details: { rows, seconds: round(seconds, 3), MBytesPerSecond: round(client.bytes / 6 / seconds / 1e6, 0) },
      });
      await fairness(report, open);
      await cancelling(report, open);
      await manySessions(report, open);
      await flatMemory(report, open, pid, longRows);
    });
  });
};

/** The local Synapse over a folder, in a process of its own as a user has it; login and password are `bench`. */
export async function withServer(folder: string, body: (port: number, pid: number) => Promise<void>): Promise<void> {
  const server = spawn(process.execPath, [path.join(__dirname, 'synapse-process.js'), folder], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await body(await printedPort(server), server.pid!);
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
}

type Report = Parameters<Bench>[0];
type Open = () => Promise<RawTds>;

async function median(times: number, work: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let n = 0; n < times; n++) values.push(await work());
  return percentile(values, 0.5);
}

/** A warehouse file with `bench.rows` of `rows` rows. */
export async function makeWarehouse(folder: string, rows: number, columns: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(path.join(folder, 'warehouse.duckdb'), {
    storage_compatibility_version: 'v1.4.0',
  });
  const connection = await instance.connect();
  await connection.run('create schema bench');
  await connection.run(`create table bench.rows as select ${columns} from range(${rows}) r(id)`);
  connection.closeSync();
  instance.closeSync();
}

async function readAlone(file: string, rows: number): Promise<number> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const { seconds } = await timed(async () => {
    const result = await connection.stream('select * from bench.rows');
    let read = 0;
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
      read += chunk.rowCount;
    if (read !== rows) throw new Error(`read ${read} of ${rows} rows`);
  });
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

async function printedPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    server.stdout!.once('data', (data) => resolve(Number(String(data))));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

async function fairness(report: Report, open: Open): Promise<void> {
  const [streaming, other] = [await open(), await open()];
  let isStreaming = true;
  const stream = (async () => {
    while (isStreaming) await streaming.batch('select * from bench.rows');
  })();
  const times: number[] = [];
  for (let n = 0; n < 500; n++) times.push((await timed(() => other.batch('select 1'))).seconds * 1000);
  isStreaming = false;
  await stream;
  streaming.close();
  other.close();
  report({
    bench: 'tds-server',
    unit: 'ms of `select 1` (p99) while another session streams',
    value: round(percentile(times, 0.99)),
    baseline: { what: 'the bar, ms', value: 30 },
    ratio: round(percentile(times, 0.99) / 30),
    better: 'lower',
    details: { median: round(percentile(times, 0.5)), worst: round(percentile(times, 1)), requests: times.length },
  });
}

async function cancelling(report: Report, open: Open): Promise<void> {
  const client = await open();
  const times: number[] = [];
  const statements = [
    'select count_big(*) from bench.rows a join bench.rows b on a.age < b.age join bench.rows c on b.age <> c.age',
    'select * from bench.rows',
  ];
  for (const statement of statements) {
    for (let n = 0; n < 10; n++) {
      const answer = client.batch(statement);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const started = performance.now();
      client.cancel();
      await answer;
      await client.message();
      times.push(performance.now() - started);
    }
  }
  client.close();
  report({
    bench: 'tds-server',
    unit: 'ms from cancel to its acknowledgement (worst)',
    value: round(percentile(times, 1)),
    baseline: { what: 'the bar, ms', value: 100 },
    ratio: round(percentile(times, 1) / 100),
    better: 'lower',
    details: { median: round(percentile(times, 0.5)), cancels: times.length },
  });
}

async function manySessions(report: Report, open: Open): Promise<void> {
  const { seconds: login, result: clients } = await timed(() => Promise.all(Array.from({ length: 200 }, open)));
  const { seconds } = await timed(() =>
    Promise.all(clients.map((client) => client.batch('select count(*) from bench.rows where age = 42'))),
  );
  for (const client of clients) client.close();
  report({
    bench: 'tds-server',
    unit: 'seconds for 200 sessions to answer one query each',
    value: round(seconds),
    baseline: null,
    ratio: null,
    better: 'lower',
    details: { secondsToLogIn: round(login) },
  });
}

async function flatMemory(report: Report, open: Open, pid: number, rows: number): Promise<void> {
  const client = await open();
  const times = Math.ceil(Math.sqrt(rows));
  const numbers = `(select top ${times} encounter_key as n from bench.rows)`;
  await client.batch(`select * from ${numbers} a cross join ${numbers} b where a.n < 100`);
  const before = peakMemoryMiB(pid);
  const { seconds } = await timed(() =>
    client.batch(
      `select a.n, b.n, 'a text for row ' + cast(a.n as varchar(10)) from ${numbers} a cross join ${numbers} b`,
    ),
  );
  const after = peakMemoryMiB(pid);
  client.close();
  report({
    bench: 'tds-server',
    unit: 'MiB that the peak memory rises by over a long result',
    value: after - before,
    baseline: { what: 'peak before it, MiB', value: before },
    ratio: round((after - before) / before),
    better: 'lower',
    details: { rows: times * times, seconds: round(seconds), MBytes: round(client.bytes / 1e6, 0) },
  });
}
