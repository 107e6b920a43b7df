import { heap } from './bronze-tables';
import type { Warehouse } from './warehouse';

/** Copies of one table run one after the other, so each has one staging table, which a killed run leaves and the next one replaces. */
function stagingTable(table: string): string {
  return `bronze.${table}__copy`;
}

/**
 * Runs `work` with an empty staging table. COPY INTO cannot be part of a transaction on a dedicated pool: it fills the
 * staging table, whose rows are then checked and published together with the ledger's in one transaction.
 */
export async function withStagingTable<T>(
  warehouse: Warehouse,
  table: string,
  columns: string,
  work: (staging: string) => Promise<T>,
): Promise<T> {
  const staging = stagingTable(table);
  const drop = `IF OBJECT_ID('${staging}', 'U') IS NOT NULL DROP TABLE ${staging}`;
  await warehouse.query(drop);
  await warehouse.query(`CREATE TABLE ${staging} (${columns}) ${heap}`);
  try {
    return await work(staging);
  } finally {
    await warehouse.query(drop).catch(() => undefined);
  }
}
