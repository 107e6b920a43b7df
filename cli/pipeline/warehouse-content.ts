import type { ConnectionPool } from 'mssql';
import type { Settings } from '../../azure/settings';
import { connectSynapse } from '../../azure/synapse';

export interface TableRows {
  schema: string;
  table: string;
  rows: number;
}

/** What the warehouse holds now. */
export interface WarehouseContent {
  tables: TableRows[];
  /** Events held back, by reason. */
  quarantine: { reason: string; description: string; events: number }[];
  /** Totals of gold.payer_coverage_summary, US dollars with two decimals; null before gold is built. */
  totals: { encounters: number; totalClaimCost: string; payerCoverage: string; payments: string } | null;
}

const layers = ['bronze', 'silver', 'gold'];

/** Rows of every table of bronze, silver and gold, quarantined events by reason, and the totals of gold. */
export async function readContent(settings: Settings): Promise<WarehouseContent> {
  const pool = await connectSynapse(settings, { poolSize: 1, applicationName: 'MedStream summary' });
  try {
    const tables = await countTables(pool);
    const has = (schema: string, table: string) => tables.some((one) => one.schema === schema && one.table === table);
    return {
      tables,
      quarantine: has('gold', 'quarantine_summary') ? await readQuarantine(pool) : [],
      totals: has('gold', 'payer_coverage_summary') ? await readTotals(pool) : null,
    };
  } finally {
    await pool.close();
  }
}

/** Without the runner's own tables: previous (`__prev`) and unpublished (`__next`) versions, kept failing rows. */
async function countTables(pool: ConnectionPool): Promise<TableRows[]> {
  const names = await query<{ schema: string; table: string }>(
    pool,
    `SELECT TABLE_SCHEMA AS [schema], TABLE_NAME AS [table] FROM INFORMATION_SCHEMA.TABLES
WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA IN (${layers.map((layer) => `'${layer}'`).join(', ')})
ORDER BY TABLE_SCHEMA, TABLE_NAME`,
  );
  const own = names.filter(({ table }) => !table.includes('__'));
  if (own.length === 0) return [];
  const counts = await query<{ position: number; n: string }>(
    pool,
    own
      .map(({ schema, table }, at) => `SELECT ${at} AS position, COUNT_BIG(*) AS n FROM [${schema}].[${table}]`)
      .join('\nUNION ALL '),
  );
  const rows = new Map(counts.map(({ position, n }) => [position, Number(n)]));
  return own.map((name, at) => ({ ...name, rows: rows.get(at)! }));
}

async function readQuarantine(pool: ConnectionPool): Promise<WarehouseContent['quarantine']> {
  const rows = await query<{ reason_code: string; description: string; events: string }>(
    pool,
    'SELECT reason_code, description, events FROM gold.quarantine_summary WHERE events > 0 ORDER BY events DESC, reason_code',
  );
  return rows.map((row) => ({ reason: row.reason_code, description: row.description, events: Number(row.events) }));
}

/** Money leaves the warehouse as text: tedious reads decimals as doubles. */
async function readTotals(pool: ConnectionPool): Promise<WarehouseContent['totals']> {
  const sum = (column: string) => `CAST(ISNULL(SUM(${column}), 0) AS varchar(40))`;
  const [row] = await query<{ encounters: string; cost: string; coverage: string; payments: string }>(
    pool,
    `SELECT CAST(ISNULL(SUM(CAST(encounter_count AS bigint)), 0) AS varchar(40)) AS encounters, ${sum('total_claim_cost')} AS cost,
${sum('total_payer_coverage')} AS coverage, ${sum('total_payments')} AS payments FROM gold.payer_coverage_summary`,
  );
  return {
    encounters: Number(row!.encounters),
    totalClaimCost: row!.cost,
    payerCoverage: row!.coverage,
    payments: row!.payments,
  };
}

async function query<Row>(pool: ConnectionPool, text: string): Promise<Row[]> {
  return (await pool.request().query<Row>(text)).recordset;
}
