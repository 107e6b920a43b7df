/**
 * Functions that DuckDB lacks, written in JavaScript. Each call crosses to the main thread (about 400,000 rows/s), so what DuckDB can
 * say itself is never one of these.
 */
import { createHash } from 'node:crypto';
import {
  BLOB,
  DuckDBBlobValue,
  DuckDBScalarFunction,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { inOrder } from './date-order';
import { divideDecimals, multiplyDecimals } from './decimals';
import { formatDate } from './format-date';
import { formatNumber } from './format-number';
import { formatTime } from './format-time';
import { patternRegex } from './like-pattern';
import { jsonElements, jsonModify, jsonPairs, jsonRaw } from './json-text';

/** Text arguments without NULL; a result of null is NULL. An error's message is `TSQL:<number>:<text>`. */
type Implementation = (...args: string[]) => DuckDBValue;

const FUNCTIONS: Readonly<Record<string, { arity: number; run: Implementation; returns?: DuckDBType }>> = {
  tsql_multiply: { arity: 3, run: (a, b, scale) => multiplyDecimals(a!, b!, Number(scale)) },
  tsql_divide: { arity: 3, run: (a, b, scale) => divideDecimals(a!, b!, Number(scale)) },
  tsql_format_number: {
    arity: 4,
    run: (value, pattern, culture, kind) => formatNumber(value!, pattern!, culture!, kind!),
  },
  tsql_format_date: { arity: 3, run: (value, pattern, culture) => formatDate(value!, pattern!, culture!) },
  tsql_format_time: { arity: 2, run: (value, pattern) => formatTime(value!, pattern!) },
  tsql_in_order: { arity: 3, run: (text, order, legacy) => inOrder(text!, order!, legacy === 'true') },
  tsql_like_rx: { arity: 2, run: (pattern, escape) => patternRegex(pattern!, escape!) },
  tsql_json_raw: { arity: 2, run: (text, path) => jsonRaw(text!, path!) },
  tsql_json_elements: { arity: 2, run: (text, path) => jsonElements(text!, path!) },
  tsql_json_pairs: { arity: 2, run: (text, path) => jsonPairs(text!, path!) },
  tsql_json_modify: { arity: 4, run: (text, path, mode, value) => jsonModify(text!, path!, mode!, value!) },
  tsql_sha512: {
    arity: 1,
    run: (hex) => new DuckDBBlobValue(createHash('sha512').update(hex!, 'hex').digest()),
    returns: BLOB,
  },
};

/** Makes the functions known to every connection of the instance. */
export function registerFunctions(connection: DuckDBConnection): void {
  for (const [name, { arity, run, returns = VARCHAR }] of Object.entries(FUNCTIONS))
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: Array.from({ length: arity }, () => VARCHAR),
        returnType: returns,
        mainFunction(info, input, output) {
          const columns = Array.from({ length: arity }, (_, i) => input.getColumnVector(i));
          try {
            for (let row = 0; row < input.rowCount; row++) {
              const args = columns.map((column) => column.getItem(row));
              output.setItem(row, args.includes(null) ? null : run(...(args as string[])));
            }
            output.flush();
          } catch (failure) {
            info.setError(failure instanceof Error ? failure.message : String(failure));
          }
        },
      }),
    );
}
