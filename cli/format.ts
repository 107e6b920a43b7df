/** Numbers and tables for people: thousands separators, aligned columns. */

export function count(value: number | bigint): string {
  return value.toLocaleString('en-US');
}

/** Such as `1 file`, `2,000 files`. */
export function counted(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? '' : 's'}`;
}

/** Counts by reason, such as `2 too_large, 1 no_id`. */
export function byReason(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([reason, n]) => `${count(n)} ${reason}`)
    .join(', ');
}

/** A decimal text such as `1234567.89` as `$1,234,567.89`; never through a double. */
export function dollars(decimal: string): string {
  const [, sign, whole, cents] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(decimal)!;
  return `${sign}$${BigInt(whole!).toLocaleString('en-US')}.${(cents ?? '').padEnd(2, '0').slice(0, 2)}`;
}

export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** Rows as text columns; columns named in `right` are right-aligned. */
export function table(header: string[], rows: string[][], right: readonly number[] = []): string {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

/** A size in bytes as `12.3 MB` (decimal units). */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
