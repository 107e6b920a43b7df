import { DuckDBInstance } from '@duckdb/node-api';

/** Answers a query over exported Parquet files with DuckDB, independently of the page; every value as text. */
export async function queryParquet(sql: string): Promise<string[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(sql)).getRows();
    return rows.map((row) => row.map((value) => String(value)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** `1234567.80` as `$1,234,567.80`. */
export function asDollars(decimal: string): string {
  const [dollars, cents] = decimal.replace('-', '').split('.') as [string, string];
  return `${decimal.startsWith('-') ? '-' : ''}$${withSeparators(dollars)}.${cents}`;
}

/** `1234567` as `1,234,567`. */
export function withSeparators(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
