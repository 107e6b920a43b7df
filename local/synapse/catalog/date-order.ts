import type { DuckDBConnection } from '@duckdb/node-api';

/** DuckDB's variable that holds the session's DATEFORMAT: conversions are macros, which know no session. */
export const DATE_ORDER = 'tsql_date_order';
export const isDateOrder = (text: string): boolean => /^(mdy|dmy|ymd|ydm|myd|dym)$/.test(text);

/** Makes `order` (one of the six) the order that numeric dates are read in. */
export async function setDateOrder(connection: DuckDBConnection, order: string): Promise<void> {
  await connection.run(`SET VARIABLE ${DATE_ORDER} = '${order}'`);
}
