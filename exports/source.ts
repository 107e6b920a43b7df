import type { ConnectionPool } from 'mssql';
import { stoppedError } from '../common/errors';
import { isWide, selectExpression, sizeExpression, type SourceColumn } from './column-type';
import type { Contract } from './contract';
import type { Cell } from './parquet/sink';

/** The columns that the sources of these contracts have now, by `schema.table`; none where the table does not exist. */
export async function readSourceColumns(
  pool: ConnectionPool,
  contracts: readonly Contract[],
): Promise<Map<string, SourceColumn[]>> {
  const schemas = [...new Set(contracts.map((contract) => contract.source.split('.')[0]!))];
  const result = await pool.request().query<Record<string, string | number | null>>(
    `SELECT TABLE_SCHEMA AS table_schema, TABLE_NAME AS table_name, COLUMN_NAME AS column_name, DATA_TYPE AS data_type,
       NUMERIC_PRECISION AS numeric_precision, NUMERIC_SCALE AS numeric_scale
     FROM INFORMATION_SCHEMA.COLUMNS
     WHERE TABLE_SCHEMA IN (${schemas.map((schema) => `'${schema}'`).join(', ')})
     ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`,
  );
  const columns = new Map<string, SourceColumn[]>(contracts.map((contract) => [contract.source, []]));
  for (const row of result.recordset) {
    columns.get(`${row['table_schema']}.${row['table_name']}`)?.push({
      name: String(row['column_name']),
      dataType: String(row['data_type']),
      precision: numberOrNull(row['numeric_precision']),
      scale: numberOrNull(row['numeric_scale']),
    });
  }
  return columns;
}

function numberOrNull(value: string | number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** What a statement needs to know of the data: how many rows, and in which columns values are too large to travel cheaply. */
export interface SourceSize {
  rows: number;
  wide: ReadonlySet<string>;
}

export async function measureSource(pool: ConnectionPool, { source, columns }: Contract): Promise<SourceSize> {
  const measured = columns.flatMap(({ name, type }, at) => {
    const size = sizeExpression(name, type);
    return size ? [{ name, type, alias: `size_${at}`, size }] : [];
  });
  const list = ['COUNT_BIG(*) AS n', ...measured.map(({ size, alias }) => `${size} AS ${alias}`)];
  const result = await pool
    .request()
    .query<Record<string, string | number | null>>(`SELECT ${list.join(', ')} FROM ${bracketed(source)}`);
  const row = result.recordset[0]!;
  const wide = measured.filter(({ type, alias }) => isWide(type, Number(row[alias] ?? 0)));
  return { rows: Number(row['n']), wide: new Set(wide.map(({ name }) => name)) };
}

/** The statement that reads a whole table, ordered so that equal data gives equal files and months come one after another. */
export function exportStatement(contract: Contract, wide: ReadonlySet<string>): string {
  const list = contract.columns.map(({ name, type }) => selectExpression(name, type, wide.has(name)));
  const order = [...new Set([...(contract.partitionBy ? [contract.partitionBy] : []), ...contract.key])];
  return [
    `SELECT ${list.join(', ')}`,
    `FROM ${bracketed(contract.source)} AS source`,
    `ORDER BY ${order.map((name) => `source.[${name}]`).join(', ')}`,
    `OPTION (LABEL = 'medstream export ${contract.table}')`,
  ].join('\n');
}

/** `gold.table` → `[gold].[table]`. Contracts allow plain lower-case names only. */
export function bracketed(source: string): string {
  return source
    .split('.')
    .map((part) => `[${part}]`)
    .join('.');
}

/**
 * Streams the rows of a statement in bounded memory. `take` is called in order; while a promise that it returned is
 * pending, the connection is paused and no further row is taken.
 * @returns the number of rows. @throws MS1004 when the signal aborts.
 */
export function streamRows(
  pool: ConnectionPool,
  statement: string,
  take: (row: Cell[]) => Promise<void> | undefined,
  signal?: AbortSignal,
): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const request = pool.request();
    request.stream = true;
    request.arrayRowMode = true;
    const waiting: Cell[][] = [];
    let rows = 0;
    let ended = false;
    let busy = false;
    let failure: unknown;
    const fail = (error: unknown) => {
      if (failure !== undefined) return;
      failure = error;
      waiting.length = 0;
      request.cancel();
      settle();
    };
    const onAbort = () => fail(stoppedError());
    const settle = () => {
      if (failure === undefined && !(ended && !busy && waiting.length === 0)) return;
      signal?.removeEventListener('abort', onAbort);
      if (failure === undefined) resolve(rows);
      else reject(failure);
    };
    const takeWaiting = () => {
      while (!busy && failure === undefined && waiting.length > 0) {
        try {
          const pending = take(waiting.shift()!);
          rows++;
          if (!pending) continue;
          busy = true;
          request.pause();
          pending.then(() => {
            busy = false;
            takeWaiting();
            if (!busy && failure === undefined) {
              request.resume();
              settle();
            }
          }, fail);
        } catch (error) {
          fail(error);
        }
      }
    };
    signal?.addEventListener('abort', onAbort);
    request.on('row', (row: Cell[]) => {
      if (failure !== undefined) return;
      waiting.push(row);
      takeWaiting();
    });
    request.on('error', fail);
    request.on('done', () => {
      ended = true;
      settle();
    });
    if (signal?.aborted) fail(stoppedError());
    else request.query(statement).catch(fail);
  });
}
