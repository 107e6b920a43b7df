import type { ConnectionPool } from 'mssql';

/** What the warehouse holds, as the summary of `start` and `status` show it. */
export interface WarehouseFacts {
  /** Rows per table of each medallion schema. */
  rows: Record<'bronze' | 'silver' | 'gold', Record<string, number>>;
  quarantined: { reason: string; rows: number }[];
  totals?: { encounters: number; totalClaimCost: string; payerCoverage: string; payments: string };
}

/** Reads the facts; a schema or table that does not exist yet counts as empty. */
export async function readWarehouseFacts(pool: ConnectionPool): Promise<WarehouseFacts> {
  const tables = await pool.query<{ name: string; tableSchema: string }>(
    `SELECT TABLE_SCHEMA AS tableSchema, TABLE_NAME AS name FROM INFORMATION_SCHEMA.TABLES
     WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA IN ('bronze', 'silver', 'gold')`,
  );
  const published = tables.recordset.filter(({ name }) => !/__(next|prev|delta)$/.test(name));
  const rows: WarehouseFacts['rows'] = { bronze: {}, silver: {}, gold: {} };
  if (published.length) {
    const counts = await pool.query<{ tableSchema: string; name: string; rowCount: string }>(
      published
        .map(({ tableSchema, name }) => {
          return `SELECT '${tableSchema}' AS tableSchema, '${name}' AS name, COUNT_BIG(*) AS [rowCount] FROM [${tableSchema}].[${name}]`;
        })
        .join('\nUNION ALL\n'),
    );
    for (const one of counts.recordset) rows[one.tableSchema as keyof typeof rows][one.name] = Number(one.rowCount);
  }
  return {
    rows,
    quarantined: 'encounter_quarantine' in rows.silver ? await readQuarantine(pool) : [],
    totals: 'payer_coverage_summary' in rows.gold ? await readTotals(pool) : undefined,
  };
}

async function readQuarantine(pool: ConnectionPool): Promise<WarehouseFacts['quarantined']> {
  const result = await pool.query<{ reason: string; rowCount: string }>(
    `SELECT reason_code AS reason, COUNT_BIG(*) AS [rowCount] FROM silver.encounter_quarantine
     GROUP BY reason_code ORDER BY reason_code`,
  );
  return result.recordset.map(({ reason, rowCount }) => ({ reason, rows: Number(rowCount) }));
}

/** Money is read as text: a decimal would come through the driver as a double. */
async function readTotals(pool: ConnectionPool): Promise<WarehouseFacts['totals']> {
  const result = await pool.query<{ encounters: string; cost: string; coverage: string; payments: string }>(
    `SELECT ISNULL(SUM(CAST(encounter_count AS bigint)), 0) AS encounters,
            CAST(ISNULL(SUM(total_claim_cost), 0) AS varchar(40)) AS cost,
            CAST(ISNULL(SUM(total_payer_coverage), 0) AS varchar(40)) AS coverage,
            CAST(ISNULL(SUM(total_payments), 0) AS varchar(40)) AS payments
     FROM gold.payer_coverage_summary`,
  );
  const row = result.recordset[0]!;
  return {
    encounters: Number(row.encounters),
    totalClaimCost: row.cost,
    payerCoverage: row.coverage,
    payments: row.payments,
  };
}
