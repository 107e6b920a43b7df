import type { Table } from '../connection/warehouse';

export interface CellChange {
  readonly column: string;
  readonly expected: string;
  readonly actual: string;
}

/** How two sets of rows differ. Rows are shown as `column = value` texts: tests hold invented rows only. */
export interface RowDiff {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** Rows that are alike but for some cells. */
  readonly changed: readonly { readonly row: string; readonly cells: readonly CellChange[] }[];
  readonly missingColumns: readonly string[];
  readonly unexpectedColumns: readonly string[];
  /** Columns whose types differ: told, because a differing type often explains a differing value. */
  readonly types: readonly { readonly column: string; readonly expected: string; readonly actual: string }[];
}

/** Compares rows as sets (with their counts), by column name. @returns undefined when they are equal. */
export function diffTables(expected: Table, actual: Table): RowDiff | undefined {
  const expectedColumns = expected.columns.map(({ name }) => name);
  const actualNames = new Set(actual.columns.map(({ name }) => name.toLowerCase()));
  const expectedNames = new Set(expectedColumns.map((name) => name.toLowerCase()));
  const common = expectedColumns.filter((name) => actualNames.has(name.toLowerCase()));
  const missingColumns = expectedColumns.filter((name) => !actualNames.has(name.toLowerCase()));
  const unexpectedColumns = actual.columns
    .map(({ name }) => name)
    .filter((name) => !expectedNames.has(name.toLowerCase()));
  const left = rowsOf(expected, common);
  const right = rowsOf(actual, common);
  const { onlyLeft, onlyRight } = subtract(left, right);
  if (!onlyLeft.length && !onlyRight.length && !missingColumns.length && !unexpectedColumns.length) return undefined;
  const changed = pairUp(onlyLeft, onlyRight, common);
  return {
    missing: onlyLeft.map((row) => show(row, common)),
    unexpected: onlyRight.map((row) => show(row, common)),
    changed,
    missingColumns,
    unexpectedColumns,
    types: typeDifferences(expected, actual, common),
  };
}

/** The value in a form in which equal values are equal, whatever their SQL type: 1 = 1.00, dates by instant, bytes as hex. */
export function normalize(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  if (typeof value === 'number') return plainNumber(String(value));
  if (typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^-?\d+(\.\d+)?$/.test(text) && !/^-?0\d/.test(text) ? plainNumber(text) : text;
}

function plainNumber(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}

function rowsOf(table: Table, columns: readonly string[]): string[][] {
  const index = new Map(table.columns.map(({ name }, position) => [name.toLowerCase(), position]));
  return table.rows.map((row) => columns.map((name) => normalize(row[index.get(name.toLowerCase())!])));
}

function subtract(
  left: readonly string[][],
  right: readonly string[][],
): { onlyLeft: string[][]; onlyRight: string[][] } {
  const counts = new Map<string, number>();
  for (const row of right) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1);
  const onlyLeft: string[][] = [];
  for (const row of left) {
    const key = JSON.stringify(row);
    const count = counts.get(key) ?? 0;
    if (count) counts.set(key, count - 1);
    else onlyLeft.push(row);
  }
  const onlyRight: string[][] = [];
  for (const [key, count] of counts) for (let i = 0; i < count; i++) onlyRight.push(JSON.parse(key) as string[]);
  return { onlyLeft, onlyRight };
}

/** Takes rows that agree in at least half of their cells out of both lists. */
function pairUp(missing: string[][], unexpected: string[][], columns: readonly string[]): RowDiff['changed'][number][] {
  const changed: RowDiff['changed'][number][] = [];
  for (let i = missing.length - 1; i >= 0; i--) {
    const row = missing[i]!;
    let best = -1;
    let bestEqual = 0;
    unexpected.forEach((other, j) => {
      const equal = row.filter((value, column) => value === other[column]).length;
      if (equal > bestEqual) [best, bestEqual] = [j, equal];
    });
    if (best < 0 || bestEqual * 2 < columns.length) continue;
    const other = unexpected[best]!;
    const cells = columns.flatMap((column, at) =>
      row[at] === other[at] ? [] : [{ column, expected: row[at]!, actual: other[at]! }],
    );
    changed.unshift({
      row: show(
        row,
        columns,
        cells.map(({ column }) => column),
      ),
      cells,
    });
    missing.splice(i, 1);
    unexpected.splice(best, 1);
  }
  return changed;
}

function show(row: readonly string[], columns: readonly string[], without: readonly string[] = []): string {
  return columns.flatMap((name, index) => (without.includes(name) ? [] : [`${name} = ${row[index]}`])).join(', ');
}

function typeDifferences(expected: Table, actual: Table, columns: readonly string[]): RowDiff['types'] {
  const typeIn = (table: Table, name: string): string =>
    table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type ?? '';
  return columns
    .map((column) => ({ column, expected: typeIn(expected, column), actual: typeIn(actual, column) }))
    .filter((types) => types.expected !== types.actual);
}

/** The difference as a person reads it. */
export function diffText(diff: RowDiff): string {
  const types = new Map(
    diff.types.map(({ column, expected, actual }) => [column, `  (expected ${expected}, is ${actual})`]),
  );
  return [
    ...diff.missingColumns.map((name) => `column missing:     ${name}`),
    ...diff.unexpectedColumns.map((name) => `column unexpected:  ${name}`),
    ...diff.missing.map((row) => `row missing:        ${row}`),
    ...diff.unexpected.map((row) => `row unexpected:     ${row}`),
    ...diff.changed.flatMap(({ row, cells }) => [
      `row changed:        ${row}`,
      ...cells.map(
        ({ column, expected, actual }) => `  ${column}: expected ${expected}, is ${actual}${types.get(column) ?? ''}`,
      ),
    ]),
  ].join('\n');
}
