import fc from 'fast-check';
import type { ColumnType } from '../../exports/column-type';
import type { Cell } from '../../exports/parquet/sink';
import type { Plain } from './parquet-readers';

const day = 86_400_000_000n;
const firstDay = -719_162n;
const lastDay = 2_932_896n;

/** Values of a column as `Plain`: the whole range of the type, often its corners, often NULL. */
export function plainValue(type: ColumnType): fc.Arbitrary<Plain> {
  return fc.option(
    values(type).map((value) => String(value)),
    { freq: 5, nil: null },
  );
}

function values(type: ColumnType): fc.Arbitrary<string | bigint | boolean> {
  switch (type.kind) {
    case 'text':
      return text;
    case 'boolean':
      return fc.boolean();
    case 'int32':
      return whole(-(2n ** 31n), 2n ** 31n - 1n);
    case 'int64':
      return whole(-(2n ** 63n), 2n ** 63n - 1n, [2n ** 53n + 1n, -(2n ** 53n) - 1n]);
    case 'decimal': {
      const most = 10n ** BigInt(type.precision) - 1n;
      return fc.oneof(
        whole(-most, most, [2n ** 53n + 1n, -5n, 2n ** 50n - 1n, 2n ** 50n]),
        fc.bigInt(-99_999n, 99_999n),
      );
    }
    case 'date':
      return whole(firstDay, lastDay, [-1n, 0n]);
    case 'timestamp':
      return whole(firstDay * day, (lastDay + 1n) * day - 1n, [-1n, 0n, 1n, lastDay * day]);
  }
}

/** The range, its ends and the other corners each as likely as a random value. */
function whole(least: bigint, most: bigint, corners: bigint[] = []): fc.Arbitrary<bigint> {
  const within = corners.filter((corner) => corner >= least && corner <= most);
  return fc.oneof(fc.bigInt(least, most), fc.constantFrom(least, most, 0n, ...within));
}

/** Names as people have them, quotes, commas, emoji; no spaces at the ends, which T-SQL compares as nothing. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom(
      "O'Brien",
      '"quoted", twice ""',
      'Zoë 🏥',
      '👩‍👩‍👧‍👦',
      '李',
      'a,b;c|d',
      'Łukasz',
      'NULL',
      '\u00a0x\u00a0',
      '0',
    ),
  )
  .filter((value) => value.trim() === value && !/[\r\n\0]/.test(value));

/** The value as `mssql` hands it out. Decimals that are exact as a double come as a number, as in an export. */
export function driverCell(type: ColumnType, plain: Plain): Cell {
  if (plain === null) return null;
  switch (type.kind) {
    case 'boolean':
      return plain === 'true';
    case 'int32':
      return Number(plain);
    case 'decimal': {
      const unscaled = BigInt(plain);
      const isExact = (unscaled < 0n ? -unscaled : unscaled) < 2n ** 50n;
      return isExact ? Number(unscaled) / 10 ** type.scale : scaled(unscaled, type.scale);
    }
    case 'date':
      return new Date(Number(plain) * 86_400_000);
    case 'timestamp': {
      const micros = BigInt(plain);
      const finer = ((micros % 1000n) + 1000n) % 1000n;
      return Object.assign(new Date(Number((micros - finer) / 1000n)), { nanosecondsDelta: Number(finer) / 1e6 });
    }
    default:
      return plain;
  }
}

/** `-5` at scale 2 → `-0.05`. */
export function scaled(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const at = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, at)}${scale ? '.' : ''}${digits.slice(at)}`;
}

/** The value as a CSV file or a T-SQL literal has it: ISO dates and times, a point in decimals, 1 and 0. */
export function writtenText(type: ColumnType, plain: Plain): string | null {
  if (plain === null) return null;
  switch (type.kind) {
    case 'boolean':
      return plain === 'true' ? '1' : '0';
    case 'decimal':
      return scaled(BigInt(plain), type.scale);
    case 'date':
      return isoDate(BigInt(plain));
    case 'timestamp': {
      const micros = BigInt(plain);
      const ofDay = ((micros % day) + day) % day;
      const two = (value: bigint) => String(value % 60n).padStart(2, '0');
      const time = `${String(ofDay / 3_600_000_000n).padStart(2, '0')}:${two(ofDay / 60_000_000n)}:${two(ofDay / 1_000_000n)}`;
      return `${isoDate((micros - ofDay) / day)}T${time}.${String(ofDay % 1_000_000n).padStart(6, '0')}`;
    }
    default:
      return plain;
  }
}

function isoDate(days: bigint): string {
  return new Date(Number(days) * 86_400_000).toISOString().slice(0, 10);
}
