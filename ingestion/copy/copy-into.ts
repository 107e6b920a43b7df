import { text, name } from './sql';

/** How often COPY INTO may meet a row that it cannot read: never, because `load` has kept such rows out. */
const maxErrors = 0;

/** COPY INTO for CSV files with the same header: one text column per column of the file, in its order. */
export function copyCsv(
  table: string,
  header: readonly string[],
  lineEnd: 'LF' | 'CRLF',
  urls: readonly string[],
): string {
  const columns = header.map((column, i) => `${name(column)} ${i + 1}`).join(', ');
  const options = [
    `FILE_TYPE = 'CSV'`,
    'FIRSTROW = 2',
    `FIELDTERMINATOR = ','`,
    `FIELDQUOTE = '"'`,
    `ROWTERMINATOR = '${lineEnd === 'LF' ? '0x0A' : '0x0D0A'}'`,
  ];
  return statement(table, columns, urls, options);
}

/** COPY INTO for NDJSON files: each line whole in one column. 0x0B is a control character, which JSON never holds unescaped. */
export function copyLines(table: string, urls: readonly string[]): string {
  const options = [`FILE_TYPE = 'CSV'`, `FIELDTERMINATOR = '0x0B'`, `FIELDQUOTE = '0x0B'`, `ROWTERMINATOR = '0x0A'`];
  return statement(table, '[line] 1', urls, options);
}

function statement(table: string, columns: string, urls: readonly string[], options: readonly string[]): string {
  const all = [
    ...options,
    `ENCODING = 'UTF8'`,
    `MAXERRORS = ${maxErrors}`,
    `CREDENTIAL = (IDENTITY = 'Managed Identity')`,
  ];
  return `COPY INTO ${table} (${columns})
FROM ${urls.map(text).join(', ')}
WITH (${all.join(', ')})
OPTION (LABEL = 'medstream:copy:${table}')`;
}
