/** DuckDB's errors as T-SQL's. No translated SQL ever reaches a client. */
import { TSqlError } from '../../contract';

type Rule = readonly [RegExp, (m: RegExpExecArray) => TSqlError];
const error = (number: number, text: string, state = 1): TSqlError => new TSqlError(number, text, state);
export const nullRefused = (column: string, table: string, verb = 'INSERT'): TSqlError =>
  error(
    515,
    `Cannot insert the value NULL into column '${column}', table '${table}'; column does not allow nulls. ${verb} fails.`,
    2,
  );
/** The translation names something that DuckDB does not have, or uses what it does not know. */
export const untranslatable = 40517;
const INT_NAMES: Readonly<Record<string, string>> = {
  UINT8: 'tinyint',
  INT8: 'smallint',
  INT16: 'smallint',
  INT32: 'int',
  INT64: 'bigint',
  INT128: 'numeric',
  BOOL: 'bit',
  FLOAT: 'real',
  DOUBLE: 'float',
};

const RULES: readonly Rule[] = [
  [/TSQL:(\d+):([^\n]*)/, (m) => error(Number(m[1]), m[2]!)],
  [/NOT NULL constraint failed: (?:.*\.)?([^.\s]+)\.([^.\s]+)/, (m) => nullRefused(m[2]!, m[1]!)],
  [
    /Type (?:DOUBLE|FLOAT) with value (-?[\d.e+]+) can't be cast.*destination type (UINT8|INT16|INT32|FLOAT)/i,
    (m) => error(232, `Arithmetic overflow error for type ${INT_NAMES[m[2]!]}, value = ${Number(m[1]).toFixed(6)}.`, 3),
  ],
  [
    /Failed to cast decimal value -?[\d.]+ to type (\w+)/,
    (m) => {
      const type = INT_NAMES[m[1]!] ?? 'int';
      const from = type === 'int' || type === 'bigint' ? 'expression' : 'numeric';
      return error(8115, `Arithmetic overflow error converting ${from} to data type ${type}.`, 2);
    },
  ],
  [/with value (-?[\d.e+]+) can't be cast.*destination type (\w+)/i, (m) => overflow(INT_NAMES[m[2]!] ?? m[2]!, m[1]!)],
  [
    /Casting value "(-?[\d.]+)" to type DECIMAL/,
    () => error(8115, 'Arithmetic overflow error converting numeric to data type numeric.', 8),
  ],
  [
    /Could not cast value -?\d+ to DECIMAL/,
    () => error(8115, 'Arithmetic overflow error converting int to data type numeric.', 8),
  ],
  [
    /Could not convert string "[^"]*" to DECIMAL/,
    () => error(8115, 'Arithmetic overflow error converting varchar to data type numeric.', 8),
  ],
  [
    /Could not (?:cast|convert).*DECIMAL/,
    () => error(8115, 'Arithmetic overflow error converting expression to data type numeric.', 8),
  ],
  [
    /Overflow in (\w+) of (?:DECIMAL|INT128)/,
    () => error(8115, 'Arithmetic overflow error converting expression to data type numeric.'),
  ],
  [
    /Overflow in \w+ of (\w+)/,
    (m) => error(8115, `Arithmetic overflow error converting expression to data type ${INT_NAMES[m[1]!] ?? 'int'}.`, 2),
  ],
  [
    /More than one row returned by a subquery/,
    () =>
      error(
        512,
        'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
      ),
  ],
  [
    /Duplicate key "([^"]*)" violates (primary|unique)/,
    (m) => {
      const names = m[1]!.split(', ').map((part) => part.replace(/^[^:]*: /, ''));
      const kind = m[2] === 'primary' ? 'PRIMARY' : 'UNIQUE';
      return error(
        2627,
        `Violation of ${kind} KEY constraint. Cannot insert duplicate key in object. The duplicate key value is (${names.join(', ')}).`,
      );
    },
  ],
  [
    /PRIMARY KEY or UNIQUE constraint violat|duplicate key/i,
    () => error(2627, 'Violation of PRIMARY KEY constraint. Cannot insert duplicate key in object.'),
  ],
  [/CHECK constraint failed/, () => error(547, 'The statement conflicted with a CHECK constraint.', 0)],
  [
    /Maximum call stack size exceeded|expression depth limit/i,
    () =>
      error(
        191,
        'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.',
      ),
  ],
  [/Malformed JSON/, () => error(13609, 'JSON text is not properly formatted. Unexpected character is found.')],
  [
    /Date out of range|timestamp.*out of range|Interval value|cannot add interval/i,
    () => error(517, "Adding a value to a 'datetime' column caused an overflow."),
  ],
  [/Out of Range Error/, () => error(8115, 'Arithmetic overflow error converting expression to data type numeric.')],
  [
    /write-write conflict|Transaction conflict|Conflict on|Cannot (?:update|delete) a table that has been altered|has been (?:altered|deleted|dropped) by another transaction|TransactionContext Error: Failed to commit/i,
    () =>
      new TSqlError(
        1205,
        'Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.',
        51,
        13,
      ),
  ],
  [
    /MERGE.*(?:multiple|same).*row|matched.*more than once/i,
    () => error(8672, 'The MERGE statement attempted to UPDATE or DELETE the same row more than once.'),
  ],
  [
    /No files found|Cannot open file|IO Error/,
    () =>
      error(
        13807,
        'Content of directory on path cannot be listed, or a file cannot be opened because it does not exist or it is used by another process.',
      ),
  ],
  [
    /CSV Error on Line: (\d+)/,
    (m) => error(13812, `Cannot read the file: line ${m[1]} is no valid row of the format that was given.`),
  ],
  [/INTERRUPT|Interrupted/i, () => new TSqlError(3617, 'The current operation has been canceled.', 1, 11)],
  [/Out of Memory/, () => new TSqlError(701, 'There is insufficient system memory to run this query.', 1, 17)],
  [
    /Parquet|magic bytes/i,
    () => error(13812, 'Cannot read the file: it is no Parquet file or its columns do not match.'),
  ],
  [
    /cannot ORDER BY|Invalid unit|Binder Error|Catalog Error|Parser Error|Not implemented/i,
    (m) =>
      error(
        untranslatable,
        `The local Synapse cannot run this statement (${m[0].toLowerCase()} in its translation). Please report it.`,
      ),
  ],
];
function overflow(type: string, value: string): TSqlError {
  if (type === 'tinyint' || type === 'smallint')
    return error(220, `Arithmetic overflow error for data type ${type}, value = ${value.replace(/\..*/, '')}.`, 2);
  return error(8115, `Arithmetic overflow error converting expression to data type ${type}.`, 2);
}

/** Any failure as the T-SQL error it stands for. */
export function mapError(failure: unknown): TSqlError {
  if (failure instanceof TSqlError) return failure;
  const text = failure instanceof Error ? failure.message : String(failure);
  for (const [rule, make] of RULES) {
    const match = rule.exec(text);
    if (match) return make(match);
  }
  return error(50000, 'The local Synapse could not run this statement.');
}
/** True for failures that another try may not meet. */
export const isTransient = (failure: unknown): boolean => mapError(failure).number === 1205;
