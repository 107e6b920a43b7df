import { connectSynapse } from '../azure/synapse';
import { isLoopback, type Settings } from '../azure/settings';
import { synapseUrl } from '../azure/data-lake';
import { ExitCode, MedStreamError } from '../common/errors';
import { serverlessType } from './column-type';
import { writtenColumns, type Contract } from './contract';
import { publishedFolder } from './lake';

/** The statement that makes `dbo.vw_pbi_<table>` on a serverless endpoint, over the Parquet files of that table. */
export function viewStatement(settings: Settings, contract: Contract): string {
  const columns = writtenColumns(contract);
  const url = synapseUrl(settings, 'gold', `${publishedFolder}/${contract.table}/**`);
  return [
    `CREATE OR ALTER VIEW [dbo].[vw_pbi_${contract.table}] AS`,
    `SELECT ${columns.map(({ name }) => `r.[${name}]`).join(', ')}`,
    `FROM OPENROWSET(BULK '${url}', FORMAT = 'PARQUET')`,
    `WITH (${columns.map(({ name, type }) => `[${name}] ${serverlessType(type)}`).join(', ')}) AS r`,
  ].join('\n');
}

/** @throws MS5007 (exit 2) where no endpoint is set that could have the views. */
export function assertServerless({ synapse }: Settings): void {
  if (!synapse.serverlessServer && !isLoopback(synapse.server)) throw noServerless();
}

/** Creates or replaces the views; returns their names. */
export async function createViews(settings: Settings, contracts: readonly Contract[]): Promise<string[]> {
  assertServerless(settings);
  const pool = await connectSynapse(settings, { serverless: true, poolSize: 1, applicationName: 'MedStream export' });
  try {
    for (const contract of contracts) await pool.request().batch(viewStatement(settings, contract));
  } finally {
    await pool.close();
  }
  return contracts.map((contract) => `dbo.vw_pbi_${contract.table}`);
}

function noServerless(): MedStreamError {
  return new MedStreamError({
    code: 'MS5007',
    what: 'Setting SYNAPSE_SERVERLESS_SERVER is missing.',
    why: 'Views over Parquet need OPENROWSET, which a dedicated SQL pool does not have.',
    next: 'Set it to <workspace>-ondemand.sql.azuresynapse.net, or leave --views out.',
    exitCode: ExitCode.usage,
  });
}
