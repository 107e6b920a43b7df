import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { listDataFolder } from '../../../common/synthea/data-folder';

/** One row of a Synthea file: value by upper-case column name, so that `Id`, `ID` and `id` are one; '' where there is none. */
export type SourceRow = (column: string) => string;

/** The rows of a table of a data folder, from all its files, plain or gzipped; none where the table is missing. */
export async function* rowsOf(folder: string, table: string): AsyncGenerator<SourceRow> {
  const { files } = await listDataFolder(folder);
  for (const file of files.filter((one) => one.table === table)) {
    const source = createReadStream(file.path);
    const bytes = file.path.toLowerCase().endsWith('.gz') ? source.pipe(createGunzip()) : source;
    const parser = bytes.pipe(parse({ bom: true, relax_quotes: true, skip_empty_lines: true }));
    let header: Map<string, number> | undefined;
    for await (const values of parser as AsyncIterable<string[]>) {
      if (!header) header = new Map(values.map((name, at) => [name.trim().toUpperCase(), at]));
      else {
        const at = header;
        yield (column) => values[at.get(column) ?? -1]?.trim() ?? '';
      }
    }
  }
}

/** Whole cents of a decimal text, half a cent away from zero; 0 for ''. No floating point. */
export function cents(text: string): bigint {
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match) throw new Error('A money field is no number.');
  const exponent = Number(match[4] ?? 0);
  const digits = `${match[2]}${match[3]}`;
  const shift = exponent + 2 - match[3]!.length;
  const scaled = shift >= 0 ? BigInt(`0${digits}${'0'.repeat(shift)}`) : divideRounded(BigInt(`0${digits}`), -shift);
  return match[1] ? -scaled : scaled;
}

function divideRounded(value: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places);
  return (value + divisor / 2n) / divisor;
}

/** Cents as `12.34`. */
export function money(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** part / whole with so many decimals, rounded half up; null where the whole is 0. Neither may be negative. */
export function ratio(part: bigint, whole: bigint, decimals: number): string | null {
  if (whole === 0n) return null;
  const scale = 10n ** BigInt(decimals);
  const scaled = (2n * part * scale + whole) / (2n * whole);
  const digits = String(scaled).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** `2020-01-31T10:00:00Z` → milliseconds UTC; undefined for '' and for Synthea's open end of 1970. */
export function instant(text: string): number | undefined {
  if (text === '' || text === '1970-01-01T00:00:00Z') return undefined;
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  return Date.parse(/[zZ]$/.test(plain) ? plain : `${plain}Z`);
}

/** Milliseconds UTC as T-SQL style 121 writes them: `2020-01-31 10:00:00.000`. */
export function stamp(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}

/** First day of the month, UTC. */
export function monthOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 7)}-01`;
}

/** Whole years from a birth date `YYYY-MM-DD` to an instant, UTC. A leap-day birthday is reached on 1 March of other years. */
export function ageAt(birthDate: string, at: number): number {
  const [year, rest] = [birthDate.slice(0, 4), birthDate.slice(5, 10)];
  const now = new Date(at).toISOString();
  const years = Number(now.slice(0, 4)) - Number(year) - (now.slice(5, 10) < rest ? 1 : 0);
  return Math.max(years, 0);
}

export function ageGroup(age: number): string {
  const next = [18, 35, 50, 65, 80].findIndex((limit) => age < limit);
  return ['0-17', '18-34', '35-49', '50-64', '65-79'][next] ?? '80+';
}
