import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../azure/settings';
import { connectSynapse } from '../azure/synapse';
import { runProgram } from './child';
import type { ExportMeasure } from './export-child';
import { type Bench, round, withFolder, withStack } from './support';
import { withStackProcess } from './with-stack-process';

/**
 * CPU seconds and peak memory of `medstream export` of `fact_encounter` (33 columns, from the local Synapse over TDS,
 * into the local lake, verified), against parquetjs-lite that writes the rows of the same query to a local file. Each
 * in a process of its own; the stand-ins are in another. `reading` is the same query with its rows thrown away: what
 * both spend before they write. parquetjs-lite writes money as DOUBLE and keys as text, for lack of what it needs.
 */
export const exportBench: Bench = async (report, args) => {
  const rows = Number(args[0] ?? 1_000_000);
  await withFolder(async (folder) => {
    const home = path.join(folder, 'home');
    await fillFact(home, rows);
    await withStackProcess(home, async (settings, _lake, environment) => {
      const measure = (what: string) => measured(what, environment, folder);
      const reading = await measure('read');
      const exported = await measure('export');
      const unchanged = await measure('export');
      await changeAllRows(settings);
      const replaced = await measure('export');
      const lite = await measure('parquetjs-lite');
      for (const { rows: seen } of [reading, exported, lite])
        if (seen !== rows) throw new Error(`${seen} of ${rows} rows`);
      report({
        bench: 'export',
        unit: 'CPU seconds of an export',
        value: round(exported.cpuSeconds),
        baseline: { what: 'CPU seconds of parquetjs-lite, same query', value: round(lite.cpuSeconds) },
        ratio: round(exported.cpuSeconds / lite.cpuSeconds, 3),
        better: 'lower',
        details: {
          rows,
          seconds: round(exported.seconds),
          peakMiB: Math.max(exported.peakMiB, replaced.peakMiB),
          megabytes: round(exported.bytes / 1e6),
          unchangedSeconds: round(unchanged.seconds),
          replacedSeconds: round(replaced.seconds),
          readingCpuSeconds: round(reading.cpuSeconds),
          parquetjsLite: { ...lite, megabytes: round(lite.bytes / 1e6) },
          timesLessCpu: round(lite.cpuSeconds / exported.cpuSeconds),
          timesLessCpuOfWriting: round(
            (lite.cpuSeconds - reading.cpuSeconds) / (exported.cpuSeconds - reading.cpuSeconds),
          ),
        },
      });
    });
  });
};

/** Every file of the next export differs from the last, which then has to be kept beside it. */
async function changeAllRows(settings: Settings): Promise<void> {
  const pool = await connectSynapse(settings);
  await pool.request().batch('UPDATE silver.fact_encounter SET total_charges = total_charges + 1');
  await pool.close();
}

async function measured(what: string, environment: Record<string, string>, folder: string): Promise<ExportMeasure> {
  const run = await runProgram(process.execPath, [path.join(__dirname, 'export-child.js'), what, folder], environment);
  return run.document as unknown as ExportMeasure;
}

/** A warehouse with `silver.fact_encounter`: ten years of encounters, made by DuckDB, with the columns of its contract. */
async function fillFact(home: string, rows: number): Promise<void> {
  mkdirSync(home, { recursive: true });
  await withStack(home, async () => {});
  const instance = await DuckDBInstance.create(path.join(home, 'synapse', 'warehouse.duckdb'));
  const connection = await instance.connect();
  await connection.run('create schema if not exists silver');
  await connection.run(
    `create table silver.fact_encounter as
    with base as (
      select id, hash(id) as h, hash(id + 7919) as g,
        timestamp '2015-01-01' + to_milliseconds((id * (10 * 365 * 86400000::bigint) // ${rows})) as admitted,
        ((hash(id + 3) % 4000000) / 100.0)::decimal(18,2) + 85.55 as cost
      from range(${rows}) r(id))
    select (h >> 1)::bigint as encounter_key, uuid_of(h, g) as encounter_id, (g >> 1)::bigint as patient_key,
      (h % 1000)::bigint as organization_key, (g % 5000)::bigint as provider_key, (h % 10)::bigint as payer_key,
      uuid_of(g, 1::ubigint) as patient_id, uuid_of(h % 1000, 2::ubigint) as organization_id,
      uuid_of(g % 5000, 3::ubigint) as provider_id, uuid_of(h % 10, 4::ubigint) as payer_id,
      ['ambulatory', 'wellness', 'outpatient', 'emergency', 'inpatient', 'urgentcare'][1 + (h % 6)::int] as department,
      ['F', 'M'][1 + (g % 2)::int] as gender, (g % 95)::int as age,
      ['0-17', '18-34', '35-49', '50-64', '65-79', '80+'][1 + (g % 6)::int] as age_group,
      'Hospital ' || (h % 1000) || ' of Zürich' as organization_name, 'MA' as organization_state,
      'Payer ' || (h % 10) as payer_name, h % 10 > 0 as is_insured,
      case when g % 10 < 7 then null else (g % 100000)::varchar end as primary_condition_code,
      case when g % 10 < 7 then null else 'Condition ' || (g % 200) || ' (disorder)' end as primary_condition,
      '' as dq_flags, (h % 600)::bigint as duration_minutes, 85.55::decimal(18,2) as base_encounter_cost,
      cost::decimal(18,2) as total_claim_cost, (cost * (g % 101) / 100)::decimal(18,2) as payer_coverage,
      (h % 3)::int as claim_count, cost::decimal(18,2) as total_charges, (cost * 0.8)::decimal(18,2) as total_payments,
      (cost * 0.6)::decimal(18,2) as payer_payments, (cost * 0.2)::decimal(18,2) as patient_payments,
      date_trunc('month', admitted)::date as admission_month, admitted as admission_time,
      admitted + to_minutes((h % 600)::bigint) as discharge_time
    from base`.replaceAll(/uuid_of\(([^,]+), ([^)]+)\)/g, "substr(md5($1 || '/' || $2), 1, 36)"),
  );
  connection.closeSync();
  instance.closeSync();
}
