import { DuckDBInstance } from '@duckdb/node-api';
import { Client } from 'pg';
import sql from 'mssql';
import { type Bench, round, timed, withFolder } from './support';
import { makeWarehouse, withServer } from './tds-server';

/** One row as a mart has it: keys, texts, money, times. */
const columns = `id * 7919 % 1000003 as encounter_key, 'encounter-' || id as encounter_id, 'ambulatory' as department,
  (id % 100)::int as age, (id * 1.37)::decimal(18,2) as total_claim_cost, (id * 0.41)::decimal(18,2) as payer_coverage,
  timestamp '2020-01-01' + to_seconds(id) as admission_time, (id % 2 = 0) as is_insured`;

/**
 * Rows per second to `mssql` from the local Synapse, against reading the same rows from DuckDB in process, and against
 * `pg` where BENCH_POSTGRES holds a connection string (the same rows, made by generate_series).
 */
export const tdsBench: Bench = async (report, args) => {
  const rows = Number(args[0] ?? 300_000);
  await withFolder(async (folder) => {
    const direct = await readDirectly(rows);
    await makeWarehouse(folder, rows, columns);
    await withServer(folder, async (port) => {
      const login = { server: '127.0.0.1', port, user: 'bench', password: 'bench', database: 'medstream' };
      const pool = await new sql.ConnectionPool({ ...login, options: { encrypt: false } }).connect();
      await readByTds(pool, 'select top 1000 * from bench.rows');
      const tds = await timed(() => readByTds(pool, 'select * from bench.rows'));
      await pool.close();
      if (tds.result !== rows) throw new Error(`read ${tds.result} of ${rows} rows`);
      report({
        bench: 'tds',
        unit: 'rows/s',
        value: round(rows / tds.seconds, 0),
        baseline: { what: 'DuckDB in process to JavaScript values, rows/s', value: round(rows / direct, 0) },
        ratio: round(direct / tds.seconds),
        better: 'higher',
        details: { rows, seconds: round(tds.seconds), ...(await postgres(rows, tds.seconds)) },
      });
    });
  });
};

async function readByTds(pool: sql.ConnectionPool, text: string): Promise<number> {
  const request = pool.request();
  request.stream = true;
  let rows = 0;
  const done = new Promise<void>((resolve, reject) => {
    request.on('row', () => rows++);
    request.on('error', reject);
    request.on('done', () => resolve());
  });
  void request.query(text);
  await done;
  return rows;
}

async function readDirectly(rows: number): Promise<number> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`create table rows as select ${columns} from range(${rows}) r(id)`);
  const { seconds } = await timed(async () => {
    const result = await connection.stream('select * from rows');
    let read = 0;
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
      read += chunk.getRows().length;
    if (read !== rows) throw new Error(`read ${read} of ${rows} rows`);
  });
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

async function postgres(rows: number, tdsSeconds: number): Promise<Record<string, unknown>> {
  const connectionString = process.env['BENCH_POSTGRES'];
  if (!connectionString) return { postgres: 'not measured (set BENCH_POSTGRES to a connection string)' };
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { seconds } = await timed(() =>
      client.query(
        `select id::bigint * 7919 % 1000003 as encounter_key, 'encounter-' || id as encounter_id, 'ambulatory' as department,
           (id % 100)::int as age, (id * 1.37)::decimal(18,2) as total_claim_cost,
           (id * 0.41)::decimal(18,2) as payer_coverage,
           timestamp '2020-01-01' + id * interval '1 second' as admission_time, (id % 2 = 0) as is_insured
         from generate_series(0, ${rows - 1}) as id`,
      ),
    );
    return { postgresRowsPerSecond: round(rows / seconds, 0), ratioToPostgres: round(seconds / tdsSeconds) };
  } finally {
    await client.end();
  }
}
